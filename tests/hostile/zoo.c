// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/hostile/zoo.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "tests/unit/host_tree.h"

#define FIFTY "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define CARD "/sys/devices/pci0000:00/0000:0b:00.0"
#define CARD_UUID "22222222-2222-2222-2222-222222222222"

const char *const zoo_names[ZOO_NAMES] = {
	"esc\033]0;owned\007",
	"esc\033[31mred",
	"cr\rname",
	"nl\nname\n.\nL\nv x y",
	"c1\xc2\x9b"
	"31m",
	"raw\x9b"
	"31m",
	"bidi\xe2\x80\xae"
	"drow",
	"iso\xe2\x81\xa6late\xe2\x81\xa9",
	"bytes\xff\xfe\xc0\x80\xed\xa0\x80",
	"del\x7f\x01",
	"$(touch x)`'\"\\;&|*?[a] -> b",
	"-rf",
	"perc%41%0a %",
	FIFTY FIFTY FIFTY FIFTY FIFTY "55555",
};

static void put_format(const char *root, const char *content, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static void put_format(const char *root, const char *content, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *path = g_strdup_vprintf(format, args);
	va_end(args);
	host_tree_file(root, path, content);
}

static void link_format(const char *root, const char *target, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static void link_format(const char *root, const char *target, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *path = g_strdup_vprintf(format, args);
	va_end(args);
	host_tree_link(root, path, target);
}

static void put_named(const char *root, const char *name, guint number)
{
	g_autofree char *device = g_strconcat("../../devices/odd/", name, NULL);
	g_autofree char *driver = g_strconcat("../../../bus/odd/drivers/", name, NULL);
	g_autofree char *place = g_strdup_printf("../../../devices/odd/%s/%s", name, name);
	g_autofree char *type = g_strconcat("../mdev_supported_types/", name, NULL);
	g_autofree char *group = g_strdup_printf("../../groups/%u", 100 + number);
	g_autofree char *json = g_strdup_printf("{\"mdev_type\":\"t\",\"start\":\"auto\"}");
	g_autofree char *instance = g_strdup_printf("/sys/devices/odd/%s/%s", name, name);

	link_format(root, device, "/sys/class/mdev_bus/%s", name);
	link_format(root, driver, "/sys/devices/odd/%s/driver", name);
	link_format(root, driver, "/sys/bus/odd/drivers/%s/module", name);
	const char *const values[] = { "name", "device_api", "description" };
	for (guint i = 0; i < G_N_ELEMENTS(values); i++)
		put_format(root, name, "/sys/devices/odd/%s/mdev_supported_types/%s/%s", name, name,
		           values[i]);
	put_format(root, "4\n", "/sys/devices/odd/%s/mdev_supported_types/%s/available_instances",
	           name, name);
	host_tree_folder(root, instance);
	link_format(root, type, "%s/mdev_type", instance);
	link_format(root, group, "%s/iommu_group", instance);
	link_format(root, place, "/sys/bus/mdev/devices/%s", name);
	put_format(root, json, "/etc/mdevctl.d/%s/" HOST_TREE_UUID, name);
}

void zoo_put_names(const char *root)
{
	for (guint i = 0; i < ZOO_NAMES; i++)
		put_named(root, zoo_names[i], i);
}

char *zoo_put_type(const char *root, const char *type, const char *available)
{
	put_format(root, "a name\n", HOST_TREE_TYPES "/%s/name", type);
	put_format(root, available, HOST_TREE_TYPES "/%s/available_instances", type);
	return g_strdup_printf("/sys/class/mdev_bus/mtty/mdev_supported_types/%s", type);
}

char **zoo_put_card(const char *root, const char *content, gsize len)
{
	static const char *const values[] = {
		"/proc/sys/kernel/osrelease",
		"/proc/sys/kernel/arch",
		"/proc/sys/kernel/hostname",
		"/proc/sys/kernel/random/boot_id",
		"/etc/machine-id",
		"/sys/class/mdev_bus/0000:0b:00.0/vendor",
		"/sys/class/mdev_bus/0000:0b:00.0/device",
		"/sys/class/mdev_bus/0000:0b:00.0/subsystem_vendor",
		"/sys/class/mdev_bus/0000:0b:00.0/subsystem_device",
		"/sys/class/mdev_bus/0000:0b:00.0/numa_node",
		"/sys/class/mdev_bus/0000:0b:00.0/mdev_supported_types/card-1/name",
		"/sys/class/mdev_bus/0000:0b:00.0/mdev_supported_types/card-1/device_api",
		"/sys/class/mdev_bus/0000:0b:00.0/mdev_supported_types/card-1/available_instances",
		"/sys/class/mdev_bus/0000:0b:00.0/mdev_supported_types/card-1/description",
		"/sys/kernel/debug/vfio/" CARD_UUID "/migration/state",
		"/etc/mdevctl.d/0000:0b:00.0/" CARD_UUID,
		"/sys/module/card/version",
		"/sys/module/card/srcversion",
		NULL,
	};

	host_tree_folder(root, CARD "/" CARD_UUID);
	host_tree_link(root, "/sys/class/mdev_bus/0000:0b:00.0",
	               "../../devices/pci0000:00/0000:0b:00.0");
	host_tree_link(root, "/sys/bus/mdev/devices/" CARD_UUID,
	               "../../../devices/pci0000:00/0000:0b:00.0/" CARD_UUID);
	host_tree_link(root, CARD "/" CARD_UUID "/mdev_type", "../mdev_supported_types/card-1");
	for (guint i = 0; values[i]; i++)
		host_tree_bytes(root, values[i], content, (gssize)len);
	return g_strdupv((char **)values);
}

gboolean zoo_put_fifo(const char *root, const char *path)
{
	g_autofree char *full = host_tree_place(root, path);
	return mkfifo(full, 0666) == 0;
}

gboolean zoo_put_socket(const char *root, const char *path)
{
	g_autofree char *full = host_tree_place(root, path);
	g_autofree char *folder = g_path_get_dirname(full);
	g_autofree char *base = g_path_get_basename(full);
	g_autofree char *before = g_get_current_dir();
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* The name of a socket is short, so its folder is where we stand. */
	g_strlcpy(address.sun_path, base, sizeof address.sun_path);
	gboolean ok = fd >= 0 && chdir(folder) == 0 &&
	              bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
	if (fd >= 0)
		close(fd);
	return chdir(before) == 0 && ok;
}

gboolean zoo_put_device(const char *root, const char *path)
{
	g_autofree char *full = host_tree_place(root, path);
	return mknod(full, S_IFCHR | 0666, makedev(1, 5)) == 0; /* zero: endless if it is read */
}
