// SPDX-License-Identifier: GPL-2.0-or-later
/* All devices of a guest at once, against every possible way of placing them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/compat/index.h"
#include "core/compat/mapping.h"
#include "tests/unit/worlds.h"

#define PARENTS 3
#define TYPES 2
#define DEVICES_MAX 4

/* A host of parents with two types each; parents 0 and 1 are functions of one card. */
typedef struct {
	int left[PARENTS][TYPES]; /* -1: not offered */
} Room;

static void put(Facts *facts, const char *value, const char *parent, const char *rest)
{
	g_autofree char *path = g_strdup_printf("/sys/class/mdev_bus/%s%s", parent, rest);
	facts_add_text(facts, FACT_VALUE, path, value, -1);
}

static void put_link(Facts *facts, const char *target, const char *parent, const char *rest)
{
	g_autofree char *path = g_strdup_printf("/sys/class/mdev_bus/%s%s", parent, rest);
	facts_add_text(facts, FACT_LINK, path, target, -1);
}

static void put_parent(Facts *facts, const char *name, const int *left, bool function)
{
	char *types[TYPES + 1] = { NULL };
	int n = 0;

	put_link(facts, "../../devices/pci0000:00/x", name, "");
	put_link(facts, "../../bus/pci/drivers/acme", name, "/driver");
	put_link(facts, "../../module/acme", name, "/driver/module");
	if (function)
		put_link(facts, "../0000:01:00.0", name, "/physfn");
	put(facts, "0x1234", name, "/vendor");
	put(facts, "0x1", name, "/device");
	for (int t = 0; t < TYPES; t++) {
		if (left[t] < 0)
			continue;
		types[n++] = t ? (char *)"acme-b" : (char *)"acme-a";
		g_autofree char *folder = g_strdup_printf("/mdev_supported_types/acme-%c", 'a' + t);
		g_autofree char *api = g_strconcat(folder, "/device_api", NULL);
		g_autofree char *count = g_strconcat(folder, "/available_instances", NULL);
		g_autofree char *number = g_strdup_printf("%d", left[t]);
		put(facts, "vfio-pci", name, api);
		put(facts, number, name, count);
	}
	g_autofree char *list =
		g_strdup_printf("/sys/class/mdev_bus/%s/mdev_supported_types", name);
	facts_add_names(facts, list, types);
}

static Inventory *make_host(const Room *room, const char *id)
{
	static char *names[] = { (char *)"0000:01:00.4", (char *)"0000:01:00.5",
		                 (char *)"0000:02:00.0", NULL };
	g_autoptr(Facts) facts = facts_new();

	facts_add_text(facts, FACT_VALUE, "/proc/sys/kernel/arch", "x86_64", -1);
	facts_add_text(facts, FACT_VALUE, "/proc/sys/kernel/osrelease", "6.12.0", -1);
	facts_add_text(facts, FACT_VALUE, "/etc/machine-id", id, -1);
	facts_add_names(facts, "/sys/class/mdev_bus", names);
	for (int p = 0; p < PARENTS; p++)
		put_parent(facts, names[p], room->left[p], p < 2);
	return inventory_new(facts);
}

/* ---- brute force ---- */

/* Places of the devices so far: is it possible by the counters, and is it proved? */
static bool fits(const Room *room, const int *type, const int *place, int count)
{
	for (int p = 0; p < PARENTS; p++)
		for (int t = 0; t < TYPES; t++) {
			int used = 0;
			for (int i = 0; i < count; i++)
				used += place[i] == p && type[i] == t;
			if (used > 0 && used > room->left[p][t])
				return false;
		}
	return true;
}

static bool is_proved(const int *type, const int *place, int count)
{
	for (int i = 0; i < count; i++)
		for (int k = 0; k < i; k++) {
			bool same_counter = place[i] == place[k] && type[i] == type[k];
			bool same_card = place[i] == place[k] || (place[i] < 2 && place[k] < 2);
			if (same_card && !same_counter)
				return false;
		}
	return true;
}

static void try_all(const Room *room, const int *type, int count, bool *found, bool *proved)
{
	int place[DEVICES_MAX] = { 0 };
	int ways = 1;

	for (int i = 0; i < count; i++)
		ways *= PARENTS;
	for (int way = 0; way < ways; way++) {
		for (int i = 0, rest = way; i < count; i++, rest /= PARENTS)
			place[i] = rest % PARENTS;
		if (!fits(room, type, place, count))
			continue;
		*found = true;
		*proved = *proved || is_proved(type, place, count);
	}
}

/* ---- ---- */

static void check_targets(const Mapping *mapping, const Room *room, const int *type, int count,
                          const Inventory *target)
{
	int place[DEVICES_MAX];

	for (int i = 0; i < count; i++) {
		place[i] = -1;
		for (int p = 0; p < PARENTS; p++)
			if (mapping->targets[i].parent == g_ptr_array_index(target->parents, p))
				place[i] = p;
		assert_true(place[i] >= 0);
	}
	assert_true(fits(room, type, place, count));
	if (mapping->proved)
		assert_true(is_proved(type, place, count));
}

static void check_room(const Room *room, const Inventory *source, const int *type, int count)
{
	g_autoptr(Inventory) target = make_host(room, "t");
	CompatQuestion q = { .source = { "s", source }, .target = { "t", target } };
	MappingSource sources[DEVICES_MAX] = { 0 };
	bool found = false, proved = false;

	for (int i = 0; i < count; i++)
		sources[i].type = parent_type(g_ptr_array_index(source->parents, 0),
		                              type[i] ? "acme-b" : "acme-a");
	try_all(room, type, count, &found, &proved);
	g_autoptr(Mapping) mapping = mapping_new(&q, sources, (guint)count);
	assert_int_equal(mapping->found, found);
	assert_int_equal(mapping->verdict <= VERDICT_ACTION, found);
	assert_int_equal(mapping->proved, proved);
	assert_int_equal(mapping->verdicts->len, count);
	if (found)
		check_targets(mapping, room, type, count, target);
}

static void test_against_brute_force(void **state)
{
	static const Room all = { { { 9, 9 }, { 9, 9 }, { 9, 9 } } };
	g_autoptr(Inventory) source = make_host(&all, "s");
	GRand *rand = g_rand_new_with_seed(25);

	(void)state;
	for (int round = 0; round < 1500; round++) {
		Room room;
		int type[DEVICES_MAX], count = g_rand_int_range(rand, 1, DEVICES_MAX + 1);
		for (int p = 0; p < PARENTS; p++)
			for (int t = 0; t < TYPES; t++)
				room.left[p][t] = g_rand_int_range(rand, -1, 3);
		for (int i = 0; i < count; i++)
			type[i] = g_rand_int_range(rand, 0, TYPES);
		check_room(&room, source, type, count);
	}
	g_rand_free(rand);
}

/* mtty-1 and mtty-2 with two ports left: each fits alone, and only creating both tells. */
static void test_coupled_types(void **state)
{
	(void)state;
	g_autoptr(World) world =
		world_new(WORLD_MTTY, "b v $T/available_instances 1\n"
	                              "b v $P/mdev_supported_types/mtty-1/available_instances 2");
	const Type *one = parent_type(world->type->parent, "mtty-1");
	CompatQuestion q = world_question(world);
	MappingSource both[] = { { one, NULL }, { NULL, world->source } };
	MappingSource twice[] = { { world->type, NULL }, { NULL, world->source } };
	g_autoptr(Mapping) coupled = mapping_new(&q, both, 2), full = mapping_new(&q, twice, 2);

	assert_true(coupled->found);
	assert_false(coupled->proved);
	assert_string_equal(coupled->text,
	                    "each of the 2 devices fits alone; together they are proved only by "
	                    "creating all: they share hardware");
	assert_false(full->found);
	assert_int_equal(full->verdict, VERDICT_BLOCKED);
	assert_string_equal(full->text, "b has no room for all 2 devices: one mtty-2 too many");
	assert_null(full->targets[0].parent);
	assert_null(full->targets[1].parent);
}

/* What mdevcon made counts beside the counter; what others made does not. */
static void test_idle_ones(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_MTTY, "b v $T/available_instances 1\nb j $t");
	CompatQuestion q = world_question(world);
	MappingSource twice[] = { { world->type, NULL }, { NULL, world->source } };
	g_autoptr(Mapping) others = mapping_new(&q, twice, 2);
	q.is_ours = world_is_ours;
	g_autoptr(Mapping) ours = mapping_new(&q, twice, 2);

	assert_false(others->found);
	assert_true(ours->found);
	assert_true(ours->proved);
	assert_true(!ours->targets[0].instance != !ours->targets[1].instance);
}

static void test_one_that_cannot(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_MTTY, "b n $P/mdev_supported_types mtty-1");
	const Type *one = parent_type(world->type->parent, "mtty-1");
	CompatQuestion q = world_question(world);
	MappingSource both[] = { { one, NULL }, { NULL, world->source } };
	g_autoptr(Mapping) mapping = mapping_new(&q, both, 2);

	assert_int_equal(mapping->verdict, VERDICT_INCOMPATIBLE);
	assert_int_equal(mapping->without, 1);
	assert_string_equal(mapping->text,
	                    "no target for the mtty-2: b does not offer mtty-2 (offers: mtty-1)");
}

/* "Why not anywhere" names the type that looks like it, and how many hosts have it. */
static void test_near_misses(void **state)
{
	(void)state;
	g_autoptr(World) world =
		world_new(WORLD_STRANGE, "b n $P/mdev_supported_types acme2-a1/other-x\n"
	                                 "b v $P/mdev_supported_types/other-x/name Acme one\n"
	                                 "b l $P/driver ../../bus/pci/drivers/acme2");
	g_autoptr(CompatIndex) index = compat_index_new();
	compat_index_set(index, "z", world->b);
	compat_index_set(index, "b", world->b);
	g_autoptr(GArray) rows = compat_index_near_misses(index, world->type, NULL);
	const NearMissRow *suffix = &g_array_index(rows, NearMissRow, 0);

	assert_int_equal(rows->len, 2);
	assert_int_equal(suffix->miss, MISS_SUFFIX);
	assert_string_equal(suffix->type_id, "acme2-a1");
	assert_string_equal(suffix->host, "b");
	assert_int_equal(suffix->hosts, 2);
	assert_int_equal(g_array_index(rows, NearMissRow, 1).miss, MISS_NAME);
	assert_int_equal(compat_index_offers(index, "acme-a1"), 0);
	assert_int_equal(compat_index_offers(index, "other-x"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_brute_force), cmocka_unit_test(test_coupled_types),
		cmocka_unit_test(test_idle_ones),           cmocka_unit_test(test_one_that_cannot),
		cmocka_unit_test(test_near_misses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
