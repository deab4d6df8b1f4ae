// SPDX-License-Identifier: GPL-2.0-or-later

/* The host itself: /proc, /etc, /dev, modules, classes, IOMMU groups. */

#include "core/simulate/layout.h"

#include <errno.h>
#include <string.h>

#include "core/simulate/rows.h"

/* pid:[4026531836] is the kernel's first namespace: every process is seen. */
#define FIRST_PID_NAMESPACE "pid:[4026531836]"

int sim_eio(const SimPlace *place, GString *out)
{
	(void)place;
	(void)out;
	return -EIO;
}

int sim_to_vfio_dev_class(const SimPlace *place, GString *out)
{
	(void)place;
	g_string_append(out, "/sys/class/vfio-dev");
	return 0;
}

/* ---- /proc and /etc ---- */

static int release(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%s\n", place->kernel->profile->release);
	return 0;
}

static int arch(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%s\n", place->kernel->profile->arch);
	return 0;
}

static int hostname(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%s\n", place->kernel->hostname);
	return 0;
}

static int boot_id(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%s\n", place->kernel->boot_id);
	return 0;
}

static int machine_id(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%s\n", place->kernel->machine_id);
	return 0;
}

static int pid_namespace(const SimPlace *place, GString *out)
{
	(void)place;
	g_string_append(out, FIRST_PID_NAMESPACE);
	return 0;
}

static void add_argument(GString *out, const char *text)
{
	g_string_append_len(out, text, (gssize)strlen(text) + 1);
}

/* As QEMU is started by libvirt, as far as it names the guest and its devices. */
static int command_line(const SimPlace *place, GString *out)
{
	const SimGuest *guest = place->guest;
	if (!guest) {
		add_argument(out, "/sbin/init");
		return 0;
	}
	add_argument(out, "/usr/bin/qemu-system-x86_64");
	add_argument(out, "-name");
	g_autofree char *name = g_strdup_printf("guest=%s,debug-threads=on", guest->name);
	add_argument(out, name);
	for (char **device = guest->devices; *device; device++) {
		bool pci = strchr(*device, ':');
		g_autofree char *option =
			g_strdup_printf("vfio-pci,%s%s",
		                        pci ? "host=" : "sysfsdev=/sys/bus/mdev/devices/", *device);
		add_argument(out, "-device");
		add_argument(out, option);
	}
	return 0;
}

/* The node that a guest has open for one of its devices. */
static void device_node(const SimPlace *place, const char *name, GString *out)
{
	bool cdev = place->kernel->profile->features & SIM_CDEV;
	g_autofree char *uuid = g_ascii_strdown(name, -1);
	const SimInstance *instance = kernel_instance(place->kernel, uuid);
	const SimDevice *device = instance ? NULL : kernel_device(place->kernel, name);
	if (instance)
		g_string_append_printf(out, cdev ? "/dev/vfio/devices/vfio%u" : "/dev/vfio/%u",
		                       cdev ? instance->slot : instance->group);
	else if (device)
		g_string_append_printf(out, cdev ? "/dev/vfio/devices/vfio%u" : "/dev/vfio/%u",
		                       cdev ? device_slot(place->kernel, device)
		                            : (guint)device->group);
}

static int descriptor(const SimPlace *place, GString *out)
{
	bool cdev = place->kernel->profile->features & SIM_CDEV;
	if (!place->guest || place->number < 3)
		g_string_append(out, "/dev/null");
	else if (place->number == 3)
		g_string_append(out, cdev ? "/dev/iommu" : "/dev/vfio/vfio");
	else
		device_node(place, place->guest->devices[place->number - 4], out);
	return 0;
}

/* ---- definitions ---- */

static int has_mdevctl(const SimPlace *place, GString *out)
{
	(void)out;
	return place->kernel->profile->features & SIM_MDEVCTL ? 0 : -ENOENT;
}

static int stored_text(const SimPlace *place, GString *out)
{
	GBytes *bytes = g_tree_lookup(place->kernel->files, place->path);
	gsize len = 0;
	const char *text = g_bytes_get_data(bytes, &len);
	g_string_append_len(out, text, (gssize)len);
	return 0;
}

static gssize store_text(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	(void)wait;
	g_tree_replace(place->kernel->files, g_strdup(place->path), g_bytes_new(bytes, len));
	return (gssize)len;
}

/* ---- modules ---- */

static int module_text(const char *text, GString *out)
{
	if (!text)
		return -ENOENT;
	g_string_append_printf(out, "%s\n", text);
	return 0;
}

static int module_version(const SimPlace *place, GString *out)
{
	return module_text(place->module->version, out);
}

static int module_srcversion(const SimPlace *place, GString *out)
{
	return module_text(place->module->srcversion, out);
}

static int module_size(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%u\n", place->module->size);
	return 0;
}

static int module_users(const SimPlace *place, GString *out)
{
	guint n = 0;
	for (const SimModule *const *other = place->kernel->profile->modules; *other; other++)
		n += g_strcmp0((*other)->uses, place->module->name) == 0;
	g_string_append_printf(out, "%u\n", n);
	return 0;
}

static int to_module(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/module/%s", place->module->name);
	return 0;
}

static int to_mdev_driver(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/bus/mdev/drivers/%s", place->driver->name);
	return 0;
}

static int enable_gvt(const SimPlace *place, GString *out)
{
	if (strcmp(place->module->name, "i915") != 0)
		return -ENOENT;
	g_string_append(out, "Y\n");
	return 0;
}

/* ---- groups ---- */

static int to_group_member(const SimPlace *place, GString *out)
{
	const SimDevice *device = place->instance ? place->instance->parent : place->device;
	g_string_append_printf(out, "/sys/devices/%s", device->path);
	if (place->instance)
		g_string_append_printf(out, "/%s", place->instance->uuid);
	return 0;
}

/* drivers/vfio/group.c names groups of devices without an IOMMU of their own so. */
static int group_name(const SimPlace *place, GString *out)
{
	if (!place->instance)
		return -ENOENT;
	g_string_append(out, "vfio-noiommu\n");
	return 0;
}

static int group_type(const SimPlace *place, GString *out)
{
	g_string_append(out, place->instance ? "unknown\n" : "DMA-FQ\n");
	return 0;
}

static int reserved_regions(const SimPlace *place, GString *out)
{
	if (!place->instance)
		g_string_append(out, "0x00000000fee00000 0x00000000feefffff msi\n");
	return 0;
}

static guint minor_of(const SimPlace *place)
{
	return place->instance ? place->instance->slot : device_slot(place->kernel, place->device);
}

static int group_node(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%d:%u\n", SIM_MAJOR, minor_of(place));
	return 0;
}

static int group_uevent(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "MAJOR=%d\nMINOR=%u\nDEVNAME=vfio/%u\n", SIM_MAJOR,
	                       minor_of(place), place->number);
	return 0;
}

static int to_vfio_group(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/devices/virtual/vfio/%u", place->number);
	return 0;
}

static int to_vfio_class(const SimPlace *place, GString *out)
{
	(void)place;
	g_string_append(out, "/sys/class/vfio");
	return 0;
}

static int cdev_node(const SimPlace *place, GString *out)
{
	if (!(place->kernel->profile->features & SIM_CDEV))
		return -ENOENT;
	g_string_append_printf(out, "%d:%u", SIM_CDEV_MAJOR, place->number);
	return 0;
}

/* ---- devices of a class ---- */

static int to_device(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/devices/%s", place->device->path);
	return 0;
}

#define MODULE "/sys/module/<module>"
#define GROUP "/sys/kernel/iommu_groups/<group>"
#define VFIO_GROUP "/sys/devices/virtual/vfio/<vfio-group>"
#define KERNEL "/proc/sys/kernel"

const SimRow sim_rows_host[] = {
	VALUE(KERNEL "/osrelease", 0444, release),
	VALUE(KERNEL "/arch", 0444, arch),
	VALUE(KERNEL "/hostname", 0444, hostname),
	VALUE(KERNEL "/random/boot_id", 0444, boot_id),
	VALUE("/etc/machine-id", 0444, machine_id),

	LINK("/proc/self/ns/pid", pid_namespace),
	FOLDER_MODE("/proc/<pid>", 0555, NULL),
	VALUE("/proc/<pid>/cmdline", 0444, command_line),
	FOLDER_MODE("/proc/<pid>/fd", 0500, NULL),
	LINK_MODE("/proc/<pid>/fd/<fd>", 0700, descriptor),
	LINK("/proc/<pid>/ns/pid", pid_namespace),

	FOLDER(SIM_DEFINITIONS, has_mdevctl),
	FOLDER(SIM_DEFINITIONS "/<folder>", NULL),
	CONTROL(SIM_DEFINITIONS "/<definition>", 0644, stored_text, store_text),

	FOLDER(MODULE, NULL),
	VALUE(MODULE "/version", 0444, module_version),
	VALUE(MODULE "/srcversion", 0444, module_srcversion),
	VALUE(MODULE "/coresize", 0444, module_size),
	TEXT(MODULE "/initsize", 0444, "0\n"),
	TEXT(MODULE "/initstate", 0444, "live\n"),
	VALUE(MODULE "/refcnt", 0444, module_users),
	TEXT(MODULE "/taint", 0444, "OE\n"),
	VALUE(MODULE "/parameters/enable_gvt", 0400, enable_gvt),
	CONTROL(MODULE "/uevent", 0200, NULL, NULL),
	FOLDER(MODULE "/holders", NULL),
	LINK(MODULE "/holders/<holder>", to_module),
	LINK(MODULE "/drivers/<drives>", to_mdev_driver),

	FOLDER("/sys/class/<class>", NULL),
	LINK("/sys/class/<class>/<member>", to_device),
	FOLDER("/sys/class/iommu", NULL),
	FOLDER("/sys/class/vfio", NULL),
	LINK("/sys/class/vfio/<vfio-group>", to_vfio_group),

	FOLDER("/sys/kernel/iommu_groups", NULL),
	FOLDER(GROUP, NULL),
	FOLDER(GROUP "/devices", NULL),
	LINK(GROUP "/devices/<group-member>", to_group_member),
	VALUE(GROUP "/name", 0444, group_name),
	VALUE(GROUP "/reserved_regions", 0444, reserved_regions),
	VALUE(GROUP "/type", 0644, group_type),

	FOLDER(VFIO_GROUP, NULL),
	VALUE(VFIO_GROUP "/dev", 0444, group_node),
	LINK(VFIO_GROUP "/subsystem", to_vfio_class),
	VALUE(VFIO_GROUP "/uevent", 0644, group_uevent),
	FOLDER(VFIO_GROUP "/power", NULL),
	SIM_POWER_ROWS(VFIO_GROUP),

	NODE("/dev/null", 0666, NULL, "1:3"),
	NODE("/dev/vfio/vfio", 0666, NULL, "10:196"),
	NODE("/dev/vfio/<vfio-group>", 0600, group_node, NULL),
	NODE("/dev/vfio/devices/<vfio>", 0600, cdev_node, NULL),
};
const guint sim_rows_host_count = G_N_ELEMENTS(sim_rows_host);
