// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/bench/big_host.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "tests/bench/bench.h"

#define PARENTS 64
#define TYPES 16
#define INSTANCES 16
#define DEFINITIONS "/etc/mdevctl.d"

static char *place(const char *root, const char *path)
{
	char *file = g_strconcat(root, path, NULL);
	g_autofree char *dir = g_path_get_dirname(file);

	if (g_mkdir_with_parents(dir, 0755) < 0)
		g_error("%s cannot be made", dir);
	return file;
}

static void put(const char *root, const char *path, const char *text)
{
	g_autofree char *file = place(root, path);

	if (!g_file_set_contents(file, text, -1, NULL))
		g_error("%s cannot be made", file);
}

static void put_link(const char *root, const char *path, const char *target)
{
	g_autofree char *file = place(root, path);

	if (symlink(target, file) < 0)
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

char *big_host_new(void)
{
	char *root = g_dir_make_tmp("mdevcon-bench-XXXXXX", NULL);

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
	/* mdevctl wants these, even where they are empty. */
	g_free(place(root, DEFINITIONS "/scripts.d/callouts/."));
	g_free(place(root, DEFINITIONS "/scripts.d/notifiers/."));
	return root;
}

void big_host_free(char *root)
{
	const char *const remove[] = { "rm", "-rf", "--", root, NULL };

	bench_command(remove);
	g_free(root);
}

bool big_host_enter(const char *root)
{
	static const char *const covered[] = { "/sys", DEFINITIONS };

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	for (gsize i = 0; i < G_N_ELEMENTS(covered); i++) {
		g_autofree char *tree = g_strconcat(root, covered[i], NULL);
		if (g_file_test(covered[i], G_FILE_TEST_IS_DIR) &&
		    mount(tree, covered[i], NULL, MS_BIND, NULL) < 0)
			return false;
	}
	return true;
}
