// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A local scan against its floor, in one run: collecting and understanding a host of 64 parents
 * with 16 types and 16 instances each, beside a bare open/read/close and readlink of the same
 * files. Prints medians and their ratio. A directory of plain files stands in for sysfs.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/inventory.h"
#include "core/sysfs.h"

#define PARENTS 64
#define TYPES 16
#define INSTANCES 16
#define ROUNDS 11

static void put(const char *root, const char *path, const char *text)
{
	g_autofree char *file = g_strconcat(root, path, NULL);
	g_autofree char *dir = g_path_get_dirname(file);

	if (g_mkdir_with_parents(dir, 0755) < 0 || !g_file_set_contents(file, text, -1, NULL))
		g_error("%s cannot be made", file);
}

static void put_link(const char *root, const char *path, const char *target)
{
	g_autofree char *file = g_strconcat(root, path, NULL);
	g_autofree char *dir = g_path_get_dirname(file);

	if (g_mkdir_with_parents(dir, 0755) < 0 || symlink(target, file) < 0)
		g_error("%s cannot be made", file);
}

static void make_type(const char *root, const char *parent, int type)
{
	static const struct {
		const char *name, *text;
	} files[] = { { "name", "GRID V100-4Q\n" },
		      { "device_api", "vfio-pci\n" },
		      { "available_instances", "7\n" },
		      { "description", "num_heads=4, frl_config=60\n" } };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_strdup_printf(
			"/sys/devices/pci0000:00/%s/mdev_supported_types/nvidia-%d/%s", parent,
			500 + type, files[i].name);
		put(root, path, files[i].text);
	}
}

static void make_instance(const char *root, const char *parent, int nth)
{
	g_autofree char *uuid = g_uuid_string_random();
	g_autofree char *dir = g_strdup_printf("/sys/devices/pci0000:00/%s/%s", parent, uuid);
	g_autofree char *type = g_strdup_printf("%s/mdev_type", dir);
	g_autofree char *type_target =
		g_strdup_printf("../mdev_supported_types/nvidia-%d", 500 + nth);
	g_autofree char *group = g_strdup_printf("%s/iommu_group", dir);
	g_autofree char *bus = g_strdup_printf("/sys/bus/mdev/devices/%s", uuid);
	g_autofree char *bus_target =
		g_strdup_printf("../../../devices/pci0000:00/%s/%s", parent, uuid);

	put_link(root, type, type_target);
	put_link(root, group, "../../../../kernel/iommu_groups/7");
	put_link(root, bus, bus_target);
}

static void make_host(const char *root)
{
	for (int p = 0; p < PARENTS; p++) {
		g_autofree char *parent = g_strdup_printf("0000:%02x:00.0", p);
		g_autofree char *bus = g_strdup_printf("/sys/class/mdev_bus/%s", parent);
		g_autofree char *target = g_strdup_printf("../../devices/pci0000:00/%s", parent);
		for (int i = 0; i < TYPES; i++)
			make_type(root, parent, i);
		put_link(root, bus, target);
		for (int i = 0; i < INSTANCES; i++)
			make_instance(root, parent, i);
	}
}

/* Reads what the scan read, and nothing else. */
static void bare_loop(const Facts *facts, int rootfd)
{
	char buffer[4096];

	for (guint i = 0; i < facts_count(facts); i++) {
		const Fact *fact = facts_nth(facts, i);
		const char *path = fact->path + 1;
		if (fact->kind == FACT_LINK && readlinkat(rootfd, path, buffer, sizeof buffer) < 0)
			g_error("%s: readlink", path);
		if (fact->kind != FACT_VALUE)
			continue;
		int fd = openat(rootfd, path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, buffer, sizeof buffer) < 0)
			g_error("%s: read", path);
		close(fd);
	}
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *times)
{
	qsort(times, ROUNDS, sizeof *times, by_time);
	return times[ROUNDS / 2];
}

int main(void)
{
	g_autofree char *root = g_dir_make_tmp("mdevcon-bench-XXXXXX", NULL);
	double scans[ROUNDS], floors[ROUNDS];
	guint facts_read = 0, instances = 0;

	make_host(root);
	int rootfd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < ROUNDS; i++) {
		gint64 start = g_get_monotonic_time();
		g_autoptr(Facts) facts = sysfs_collect(root, (CollectOptions){ 0 }, NULL);
		g_autoptr(Inventory) inventory = inventory_new(facts);
		scans[i] = (double)(g_get_monotonic_time() - start) / 1000;
		start = g_get_monotonic_time();
		bare_loop(facts, rootfd);
		floors[i] = (double)(g_get_monotonic_time() - start) / 1000;
		facts_read = facts_count(facts);
		instances = inventory->instances->len;
	}
	close(rootfd);
	double scan = median(scans), floor = median(floors);
	printf("local scan, %u readings, %u instances: %.1f ms; bare loop %.1f ms; ratio %.2f\n",
	       facts_read, instances, scan, floor, scan / floor);

	const char *const remove[] = { "rm", "-rf", root, NULL };
	return g_spawn_sync(NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
	                    NULL, NULL, NULL)
	               ? 0
	               : 1;
}
