// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hosts that change while they are read: parents, types, instances, definitions and processes come
 * and go. What stays is always shown as it is, and nothing fails but what went.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/hostile/ways.h"
#include "tests/unit/host_tree.h"

#define ROUND_MS 1500
#define DEVICE "/sys/devices/race"
#define INSTANCE DEVICE "/66666666-6666-6666-6666-666666666666"
#define DEFINITION "/etc/mdevctl.d/race/66666666-6666-6666-6666-666666666666"

typedef struct {
	const char *root;
	int stop; /* atomic */
	guint rounds;
} Race;

static void drop(const char *root, const char *path)
{
	g_autofree char *full = g_strconcat(root, path, NULL);
	nftw(full, host_tree_drop, 16, FTW_DEPTH | FTW_PHYS);
}

/* Files are written in place: what is half there is part of the game. */
static void put(const char *root, const char *path, const char *text)
{
	g_autofree char *full = host_tree_place(root, path);
	FILE *file = fopen(full, "w");
	if (file) {
		fputs(text, file);
		fclose(file);
	}
}

static gpointer come_and_go(gpointer data)
{
	Race *race = data;
	const char *root = race->root;

	while (!g_atomic_int_get(&race->stop)) {
		put(root, DEVICE "/mdev_supported_types/race-1/name", "a name\n");
		put(root, DEVICE "/mdev_supported_types/race-1/available_instances", "5\n");
		host_tree_link(root, "/sys/class/mdev_bus/race", "../../devices/race");
		host_tree_folder(root, INSTANCE "/vfio-dev/vfio9");
		host_tree_link(root, INSTANCE "/mdev_type", "../mdev_supported_types/race-1");
		host_tree_link(root, INSTANCE "/iommu_group", "../../../kernel/iommu_groups/9");
		host_tree_link(root, "/sys/bus/mdev/devices/66666666-6666-6666-6666-666666666666",
		               "../../../devices/race/66666666-6666-6666-6666-666666666666");
		put(root, DEFINITION, "{\"mdev_type\":\"race-1\",\"start\":\"auto\"}");
		host_tree_link(root, "/proc/4242/fd/9", "/dev/vfio/9");
		put(root, "/proc/4242/cmdline", "qemu");
		drop(root, "/proc/4242");
		drop(root, "/sys/bus/mdev/devices/66666666-6666-6666-6666-666666666666");
		drop(root, "/etc/mdevctl.d/race");
		drop(root, "/sys/class/mdev_bus/race");
		drop(root, DEVICE);
		race->rounds++;
	}
	return NULL;
}

/* Rows may name only what came and went. */
static void expect_only_race_fails(const Inventory *inventory)
{
	for (guint i = 0; i < inventory->errors->len; i++) {
		const ScanError *row = g_ptr_array_index(inventory->errors, i);
		if (!strstr(row->path, "race") && !strstr(row->path, "66666666"))
			way_fail(__FILE__, __LINE__, row->path, inventory);
	}
}

static void race_against(guint way, const char *root)
{
	Race race = { .root = root };
	gint64 end = g_get_monotonic_time() + ROUND_MS * 1000;
	GThread *thread = g_thread_new("race", come_and_go, &race);
	guint reads = 0;

	/* The other thread opens files too, so descriptors are not counted here. */
	while (g_get_monotonic_time() < end || reads < 3) {
		g_autoptr(Facts) facts = way_read(way, root);
		g_autoptr(Inventory) inventory = inventory_new(facts);
		EXPECT_SANE_REST(inventory);
		expect_only_race_fails(inventory);
		Parent *parent = inventory_parent(inventory, "race");
		for (guint i = 0; parent && i < parent->types->len; i++) {
			const Type *type = g_ptr_array_index(parent->types, i);
			EXPECT(type->available.state != READ_VALUE || type->available.n == 5);
		}
		reads++;
	}
	g_atomic_int_set(&race.stop, 1);
	g_thread_join(thread);
	EXPECT(race.rounds > 10);
	/* When it is over, it reads as if it had never been. */
	g_autoptr(Inventory) after = way_inventory(way, root);
	EXPECT_SANE_REST(after);
	EXPECT(after->parents->len == 1 && after->instances->len == 1);
	EXPECT_ROWS(after, 0);
}

static void test_race(void **state)
{
	host_tree_folder(*state, "/etc/mdevctl.d");
	host_tree_link(*state, "/proc/1/fd/0", "/dev/null");
	for (guint way = 0; way < WAY_COUNT; way++)
		race_against(way, *state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_race, host_tree_set_up, host_tree_tear_down),
	};
	return cmocka_run_group_tests_name("race", tests, NULL, NULL);
}
