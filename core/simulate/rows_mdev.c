// SPDX-License-Identifier: GPL-2.0-or-later

/* The mdev bus: parents, types, instances and drivers, as drivers/vfio/mdev makes them. */

#include "core/simulate/layout.h"

#include <errno.h>

#include "core/simulate/rows.h"

/* ---- parents and types ---- */

static int has_bus(const SimPlace *place, GString *out)
{
	(void)out;
	return place->kernel->profile->features & SIM_MDEV ? 0 : -ENOENT;
}

static int to_device(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/devices/%s", place->device->path);
	return 0;
}

static int is_parent(const SimPlace *place, GString *out)
{
	(void)out;
	return device_is_parent(place->kernel, place->device) ? 0 : -ENOENT;
}

static int type_name(const SimPlace *place, GString *out)
{
	const SimType *type = place->type;
	g_string_append_printf(out, "%s\n", type->name ? type->name : type->id);
	return 0;
}

static int type_description(const SimPlace *place, GString *out)
{
	if (!place->type->description)
		return -ENOENT;
	g_string_append_printf(out, "%s\n", place->type->description);
	return 0;
}

static int type_api(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%s\n", place->device->card->driver->device_api);
	return 0;
}

static int type_available(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "%u\n",
	                       kernel_available(place->kernel, place->device, place->type));
	return 0;
}

static gssize create(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	(void)wait;
	return kernel_create(place->kernel, place->device, place->type, bytes, len);
}

/* ---- instances ---- */

static int to_instance(const SimPlace *place, GString *out)
{
	g_autofree char *path = instance_path(place->instance);
	g_string_append(out, path);
	return 0;
}

/* What a removal takes away before it waits for the guest (vfio_unregister_group_dev). */
static int until_removal(const SimPlace *place, GString *out)
{
	(void)out;
	return place->instance->removing ? -ENOENT : 0;
}

static int to_type(const SimPlace *place, GString *out)
{
	if (place->instance->removing)
		return -ENOENT;
	g_string_append_printf(out, "/sys/devices/%s/mdev_supported_types/%s",
	                       place->instance->parent->path, place->instance->type->id);
	return 0;
}

static int to_driver(const SimPlace *place, GString *out)
{
	if (place->instance->removing)
		return -ENOENT;
	g_string_append_printf(out, "/sys/bus/mdev/drivers/%s", place->device->card->driver->name);
	return 0;
}

static int to_group(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/kernel/iommu_groups/%u", place->instance->group);
	return 0;
}

static int to_bus(const SimPlace *place, GString *out)
{
	if (place->instance->removing)
		return -ENOENT;
	g_string_append(out, "/sys/bus/mdev");
	return 0;
}

static int instance_uevent(const SimPlace *place, GString *out)
{
	if (place->instance->removing)
		return -ENOENT;
	g_string_append_printf(out, "DRIVER=%s\n", place->device->card->driver->name);
	return 0;
}

static gssize remove_instance(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	return kernel_remove(place->kernel, place->instance, bytes, len, wait);
}

/* mtty has a text of its own, mdpy and mbochs say what the type gives. */
static int vendor_attribute(const SimPlace *place, GString *out)
{
	const char *detail = place->instance->type->detail;
	if (place->instance->removing)
		return -ENOENT;
	if (detail)
		g_string_append_printf(out, "%s\n", detail);
	else
		g_string_append_printf(out, "This is MDEV %s\n", place->instance->uuid);
	return 0;
}

static bool has_params(const SimInstance *instance)
{
	return instance->parent->card->driver->pool_of_card && !instance->removing;
}

static int vgpu_params(const SimPlace *place, GString *out)
{
	if (!has_params(place->instance))
		return -ENOENT;
	if (place->instance->params)
		g_string_append(out, place->instance->params);
	g_string_append_c(out, '\n');
	return 0;
}

static gssize set_vgpu_params(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	(void)wait;
	if (place->instance->holder)
		return -EBUSY;
	g_free(place->instance->params);
	place->instance->params = g_strchomp(g_strndup(bytes, len));
	return (gssize)len;
}

/* ---- vfio devices of instances ---- */

static int to_vfio_device(const SimPlace *place, GString *out)
{
	if (place->instance)
		g_string_append_printf(out, "/sys/devices/%s/%s/vfio-dev/%s",
		                       place->instance->parent->path, place->instance->uuid,
		                       place->text);
	else
		g_string_append_printf(out, "/sys/devices/%s/vfio-dev/%s", place->device->path,
		                       place->text);
	return 0;
}

static int to_owner(const SimPlace *place, GString *out)
{
	return place->instance ? to_instance(place, out) : to_device(place, out);
}

static int cdev_number(const SimPlace *place, GString *out)
{
	if (!(place->kernel->profile->features & SIM_CDEV))
		return -ENOENT;
	g_string_append_printf(out, "%d:%u\n", SIM_CDEV_MAJOR, place->number);
	return 0;
}

static int cdev_uevent(const SimPlace *place, GString *out)
{
	if (place->kernel->profile->features & SIM_CDEV)
		g_string_append_printf(out, "MAJOR=%d\nMINOR=%u\nDEVNAME=vfio/devices/vfio%u\n",
		                       SIM_CDEV_MAJOR, place->number, place->number);
	return 0;
}

/* ---- debugfs ---- */

static int has_debugfs(const SimPlace *place, GString *out)
{
	(void)out;
	return place->kernel->profile->features & SIM_DEBUGFS ? 0 : -ENOENT;
}

static int migrates(const SimPlace *place, GString *out)
{
	(void)out;
	return place->device->card->driver->migrates ? 0 : -ENOENT;
}

#define TYPE "/sys/devices/<device>/mdev_supported_types/<type>"
#define INSTANCE "/sys/devices/<device>/<instance>"
#define VFIO INSTANCE "/vfio-dev/<vfio>"
#define FUNCTION_VFIO "/sys/devices/<device>/vfio-dev/<vfio>"
#define DRIVER "/sys/bus/mdev/drivers/<driver>"
#define MIGRATION "/sys/kernel/debug/vfio/<listed>/migration"

static int to_driver_module(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/module/%s", place->driver->module);
	return 0;
}

const SimRow sim_rows_mdev[] = {
	FOLDER("/sys/class/mdev_bus", has_bus),
	LINK("/sys/class/mdev_bus/<parent>", to_device),

	FOLDER("/sys/devices/<device>/mdev_supported_types", is_parent),
	FOLDER(TYPE, NULL),
	VALUE(TYPE "/name", 0444, type_name),
	VALUE(TYPE "/device_api", 0444, type_api),
	VALUE(TYPE "/available_instances", 0444, type_available),
	VALUE(TYPE "/description", 0444, type_description),
	CONTROL(TYPE "/create", 0200, NULL, create),
	FOLDER(TYPE "/devices", NULL),
	LINK(TYPE "/devices/<listed>", to_instance),

	FOLDER("/sys/bus/mdev", has_bus),
	FOLDER("/sys/bus/mdev/devices", NULL),
	LINK("/sys/bus/mdev/devices/<listed>", to_instance),
	FOLDER("/sys/bus/mdev/drivers", NULL),
	TEXT("/sys/bus/mdev/drivers_autoprobe", 0644, "1\n"),
	CONTROL("/sys/bus/mdev/drivers_probe", 0200, NULL, NULL),
	CONTROL("/sys/bus/mdev/uevent", 0200, NULL, NULL),
	FOLDER(DRIVER, NULL),
	CONTROL(DRIVER "/bind", 0200, NULL, NULL),
	CONTROL(DRIVER "/unbind", 0200, NULL, NULL),
	CONTROL(DRIVER "/uevent", 0200, NULL, NULL),
	LINK(DRIVER "/module", to_driver_module),
	LINK(DRIVER "/<listed>", to_instance),

	FOLDER(INSTANCE, NULL),
	LINK(INSTANCE "/driver", to_driver),
	LINK(INSTANCE "/iommu_group", to_group),
	LINK(INSTANCE "/mdev_type", to_type),
	LINK(INSTANCE "/subsystem", to_bus),
	CONTROL(INSTANCE "/remove", 0200, until_removal, remove_instance),
	VALUE(INSTANCE "/uevent", 0644, instance_uevent),
	FOLDER(INSTANCE "/power", until_removal),
	SIM_POWER_ROWS(INSTANCE),
	VALUE(INSTANCE "/vendor/<attribute>", 0444, vendor_attribute),
	CONTROL(INSTANCE "/nvidia/vgpu_params", 0644, vgpu_params, set_vgpu_params),
	FOLDER(INSTANCE "/vfio-dev", until_removal),
	FOLDER(VFIO, NULL),
	LINK(VFIO "/device", to_owner),
	LINK(VFIO "/subsystem", sim_to_vfio_dev_class),
	VALUE(VFIO "/uevent", 0644, cdev_uevent),
	VALUE(VFIO "/dev", 0444, cdev_number),
	FOLDER(VFIO "/power", NULL),
	SIM_POWER_ROWS(VFIO),
	FOLDER(FUNCTION_VFIO, NULL),
	LINK(FUNCTION_VFIO "/device", to_owner),
	LINK(FUNCTION_VFIO "/subsystem", sim_to_vfio_dev_class),
	VALUE(FUNCTION_VFIO "/uevent", 0644, cdev_uevent),
	VALUE(FUNCTION_VFIO "/dev", 0444, cdev_number),
	FOLDER("/sys/class/vfio-dev", NULL),
	LINK("/sys/class/vfio-dev/<vfio>", to_vfio_device),

	/* drivers/vfio/debugfs.c: a folder for each device, `migration` where the driver has it */
	FOLDER("/sys/kernel/debug/vfio", has_debugfs),
	FOLDER("/sys/kernel/debug/vfio/<listed>", NULL),
	FOLDER(MIGRATION, migrates),
	TEXT(MIGRATION "/state", 0400, "RUNNING\n"),
	TEXT(MIGRATION "/features", 0400, "stop-copy\np2p\npre-copy\ndirty-tracking\n"),
};
const guint sim_rows_mdev_count = G_N_ELEMENTS(sim_rows_mdev);
