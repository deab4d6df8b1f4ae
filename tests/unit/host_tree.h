// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A directory tree laid out like a host's root, made in a temporary folder. */

#include <glib.h>
#include <glib/gstdio.h>
#include <ftw.h>
#include <stdarg.h>
#include <unistd.h>

static inline char *host_tree_new(void)
{
	g_autoptr(GError) error = NULL;
	char *root = g_dir_make_tmp("mdevcon-test-XXXXXX", &error);
	if (!root)
		g_error("%s", error->message);
	return root;
}

static inline int host_tree_drop(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline void host_tree_free(char *root)
{
	nftw(root, host_tree_drop, 16, FTW_DEPTH | FTW_PHYS);
	g_free(root);
}

static inline char *host_tree_place(const char *root, const char *path)
{
	char *full = g_build_filename(root, path, NULL);
	g_autofree char *folder = g_path_get_dirname(full);
	if (g_mkdir_with_parents(folder, 0755) < 0)
		g_error("%s", folder);
	return full;
}

static inline void host_tree_bytes(const char *root, const char *path, const char *text, gssize len)
{
	g_autofree char *full = host_tree_place(root, path);
	g_autoptr(GError) error = NULL;
	if (!g_file_set_contents(full, text, len, &error))
		g_error("%s", error->message);
}

static inline void host_tree_file(const char *root, const char *path, const char *text)
{
	host_tree_bytes(root, path, text, -1);
}

static inline void host_tree_link(const char *root, const char *path, const char *target)
{
	g_autofree char *full = host_tree_place(root, path);
	if (symlink(target, full) < 0)
		g_error("%s", full);
}

static inline void host_tree_folder(const char *root, const char *path)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	if (g_mkdir_with_parents(full, 0755) < 0)
		g_error("%s", full);
}

#define HOST_TREE_UUID "11111111-1111-1111-1111-111111111111"
#define HOST_TREE_MTTY "/sys/devices/virtual/mtty/mtty"
#define HOST_TREE_TYPES HOST_TREE_MTTY "/mdev_supported_types"

/* The kernel's sample driver mtty with two types and one instance of the first, in group 3. */
static inline void host_tree_mtty(const char *root)
{
	host_tree_file(root, "/proc/sys/kernel/osrelease", "6.12.0\n");
	host_tree_file(root, "/proc/sys/kernel/arch", "x86_64\n");
	host_tree_file(root, "/proc/sys/kernel/hostname", "hy1\n");
	host_tree_file(root, "/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
	host_tree_file(root, HOST_TREE_TYPES "/mtty-1/name", "Single port serial\n");
	host_tree_file(root, HOST_TREE_TYPES "/mtty-1/device_api", "vfio-pci\n");
	host_tree_file(root, HOST_TREE_TYPES "/mtty-1/available_instances", "23\n");
	host_tree_file(root, HOST_TREE_TYPES "/mtty-2/name", "Dual port serial\n");
	host_tree_file(root, HOST_TREE_TYPES "/mtty-2/device_api", "vfio-pci\n");
	host_tree_file(root, HOST_TREE_TYPES "/mtty-2/available_instances", "11\n");
	host_tree_link(root, "/sys/class/mdev_bus/mtty", "../../devices/virtual/mtty/mtty");
	host_tree_folder(root, HOST_TREE_MTTY "/" HOST_TREE_UUID "/vfio-dev/vfio0");
	host_tree_link(root, HOST_TREE_MTTY "/" HOST_TREE_UUID "/mdev_type",
	               "../mdev_supported_types/mtty-1");
	host_tree_link(root, HOST_TREE_MTTY "/" HOST_TREE_UUID "/driver",
	               "../../../../../bus/mdev/drivers/mtty");
	host_tree_link(root, HOST_TREE_MTTY "/" HOST_TREE_UUID "/iommu_group",
	               "../../../../../kernel/iommu_groups/3");
	host_tree_link(root, "/sys/bus/mdev/devices/" HOST_TREE_UUID,
	               "../../../devices/virtual/mtty/mtty/" HOST_TREE_UUID);
	host_tree_folder(root, "/sys/module/mtty");
}

/* cmocka's set-up and tear-down: each test has a host with an mtty of its own. */
static inline int host_tree_set_up(void **state)
{
	char *root = host_tree_new();
	host_tree_mtty(root);
	*state = root;
	return 0;
}

static inline int host_tree_tear_down(void **state)
{
	host_tree_free(*state);
	return 0;
}
