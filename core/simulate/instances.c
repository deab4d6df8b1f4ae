// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Instances: room, create and remove, as drivers/vfio/mdev/mdev_core.c and mdev_sysfs.c of Linux
 * 6.12 do them, with the sample drivers' ways of running out.
 */

#include "core/simulate/kernel_private.h"

#include <errno.h>
#include <string.h>

#include "core/simulate/matrix.h"

#define UUID_LENGTH 36

void instance_free(SimInstance *instance)
{
	matrix_free(instance->matrix);
	g_free(instance->params);
	g_free(instance);
}

char *instance_path(const SimInstance *instance)
{
	return g_strdup_printf("/sys/devices/%s/%s", instance->parent->path, instance->uuid);
}

SimInstance *kernel_instance(const SimKernel *kernel, const char *uuid)
{
	for (guint i = 0; i < kernel->instances->len; i++) {
		SimInstance *instance = g_ptr_array_index(kernel->instances, i);
		if (strcmp(instance->uuid, uuid) == 0)
			return instance;
	}
	return NULL;
}

/* ---- room ---- */

typedef struct {
	guint units, on_parent;
	guint cost; /* of the instances that are there, where one was seen */
} Taken;

static Taken count_taken(const SimKernel *kernel, const SimDevice *parent)
{
	Taken taken = { 0 };
	for (guint i = 0; i < kernel->instances->len; i++) {
		const SimInstance *instance = g_ptr_array_index(kernel->instances, i);
		taken.on_parent += instance->parent == parent;
		if (instance->parent != parent &&
		    (!parent->card->driver->pool_of_card || instance->parent->card != parent->card))
			continue;
		taken.units += instance->type->cost;
		taken.cost = instance->type->cost;
	}
	return taken;
}

static guint room_in_pool(const SimDriver *driver, const Taken *taken, const SimType *type)
{
	if (driver->pool_of_card && taken->on_parent > 0)
		return 0;
	if (driver->uniform && taken->cost && taken->cost != type->cost)
		return 0;
	guint room = (driver->pool - taken->units) / type->cost;
	return driver->pool_of_card ? MIN(room, 1) : room;
}

guint kernel_available(const SimKernel *kernel, const SimDevice *parent, const SimType *type)
{
	const SimDriver *driver = parent->card->driver;
	Taken taken = count_taken(kernel, parent);
	if (driver->most)
		return driver->most - taken.on_parent;
	return room_in_pool(driver, &taken, type);
}

/* ---- numbers ---- */

static bool group_is_taken(const SimKernel *kernel, guint n)
{
	for (guint i = 0; i < kernel->devices->len; i++)
		if (((SimDevice *)g_ptr_array_index(kernel->devices, i))->group == (int)n)
			return true;
	for (guint i = 0; i < kernel->instances->len; i++)
		if (((SimInstance *)g_ptr_array_index(kernel->instances, i))->group == n)
			return true;
	return false;
}

static bool slot_is_taken(const SimKernel *kernel, guint n)
{
	for (guint i = 0; i < kernel->instances->len; i++)
		if (((SimInstance *)g_ptr_array_index(kernel->instances, i))->slot == n)
			return true;
	return false;
}

/* The kernel gives the lowest free number (ida_alloc). */
static guint lowest_free(const SimKernel *kernel, bool (*taken)(const SimKernel *, guint))
{
	guint n = 0;
	while (taken(kernel, n))
		n++;
	return n;
}

/* ---- events ---- */

static void emit_group(SimKernel *kernel, const char *action, const SimInstance *instance)
{
	char path[64], name[32], major[32], minor[32];
	g_snprintf(path, sizeof path, "/sys/devices/virtual/vfio/%u", instance->group);
	g_snprintf(name, sizeof name, "DEVNAME=/dev/vfio/%u", instance->group);
	g_snprintf(major, sizeof major, "MAJOR=%d", SIM_MAJOR);
	g_snprintf(minor, sizeof minor, "MINOR=%u", instance->slot);
	kernel_emit(kernel, action, "vfio", path, name, major, minor, NULL);
}

static void emit_vfio_dev(SimKernel *kernel, const char *action, const SimInstance *instance,
                          const char *path)
{
	g_autofree char *dev = g_strdup_printf("%s/vfio-dev/vfio%u", path, instance->slot);
	kernel_emit(kernel, action, "vfio-dev", dev, NULL);
}

static void emit_created(SimKernel *kernel, const SimInstance *instance, const char *path)
{
	g_autofree char *driver =
		g_strconcat("DRIVER=", instance->parent->card->driver->name, NULL);
	emit_group(kernel, "add", instance);
	emit_vfio_dev(kernel, "add", instance, path);
	kernel_emit(kernel, "bind", "mdev", path, driver, NULL);
}

static void emit_removed(SimKernel *kernel, const SimInstance *instance, const char *path)
{
	emit_group(kernel, "remove", instance);
	kernel_emit(kernel, "unbind", "mdev", path, NULL);
	kernel_emit(kernel, "remove", "mdev", path, NULL);
}

/* ---- create ---- */

/* guid_parse takes either case, any variant and version; a byte after it is not looked at. */
static bool parse_uuid(const char *bytes, gsize len, char uuid[static UUID_LENGTH + 1])
{
	if (len < UUID_LENGTH || len > UUID_LENGTH + 1)
		return false;
	for (gsize i = 0; i < UUID_LENGTH; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? bytes[i] != '-' : !g_ascii_isxdigit(bytes[i]))
			return false;
		uuid[i] = g_ascii_tolower(bytes[i]);
	}
	uuid[UUID_LENGTH] = '\0';
	return true;
}

static SimInstance *add_instance(SimKernel *kernel, SimDevice *parent, const SimType *type,
                                 const char *uuid)
{
	SimInstance *instance = g_new0(SimInstance, 1);
	memcpy(instance->uuid, uuid, sizeof instance->uuid);
	instance->parent = parent;
	instance->type = type;
	instance->group = lowest_free(kernel, group_is_taken);
	instance->slot = lowest_free(kernel, slot_is_taken);
	if (strcmp(parent->card->driver->device_api, "vfio-ap") == 0)
		instance->matrix = matrix_new();
	g_ptr_array_add(kernel->instances, instance);
	return instance;
}

gssize kernel_create(SimKernel *kernel, SimDevice *parent, const SimType *type, const char *bytes,
                     gsize len)
{
	char uuid[UUID_LENGTH + 1];
	if (!parse_uuid(bytes, len, uuid))
		return -EINVAL;
	/* One that waits for its guest still has its name. */
	if (kernel_instance(kernel, uuid))
		return -EEXIST;
	const SimDriver *driver = parent->card->driver;
	bool room = kernel_available(kernel, parent, type) > 0;
	if (!room && driver->most)
		return -EUSERS;
	g_autofree char *path = g_strdup_printf("/sys/devices/%s/%s", parent->path, uuid);
	kernel_emit(kernel, "add", "mdev", path, NULL);
	if (!room) {
		kernel_emit(kernel, "remove", "mdev", path, NULL);
		return -driver->full;
	}
	emit_created(kernel, add_instance(kernel, parent, type, uuid), path);
	return (gssize)len;
}

/* ---- remove ---- */

bool parse_number(const char *bytes, gsize len, guint64 *n)
{
	if (len > 0 && bytes[len - 1] == '\n')
		len--;
	if (len > 0 && *bytes == '+') {
		bytes++;
		len--;
	}
	g_autofree char *text = g_strndup(bytes, len);
	guint base = 10;
	const char *digits = text;
	if (digits[0] == '0' && g_ascii_tolower(digits[1]) == 'x') {
		base = 16;
		digits += 2;
	} else if (digits[0] == '0' && digits[1]) {
		base = 8;
	}
	return strlen(text) == len &&
	       g_ascii_string_to_unsigned(digits, base, 0, G_MAXUINT64, n, NULL);
}

static void finish_removal(SimKernel *kernel, SimInstance *instance)
{
	g_autofree char *path = instance_path(instance);
	emit_removed(kernel, instance, path);
	g_ptr_array_remove(kernel->instances, instance);
}

void kernel_finish_removals(SimKernel *kernel)
{
	for (guint i = kernel->instances->len; i > 0; i--) {
		SimInstance *instance = g_ptr_array_index(kernel->instances, i - 1);
		if (instance->removing && !instance->holder)
			finish_removal(kernel, instance);
	}
	g_cond_broadcast(&kernel->changed);
}

gssize kernel_remove(SimKernel *kernel, SimInstance *instance, const char *bytes, gsize len,
                     const SimWait *wait)
{
	guint64 n = 0;
	if (!parse_number(bytes, len, &n))
		return -EINVAL;
	if (n == 0)
		return (gssize)len;
	g_autofree char *path = instance_path(instance);
	emit_vfio_dev(kernel, "remove", instance, path);
	instance->removing = true;
	if (!instance->holder) {
		finish_removal(kernel, instance);
		return (gssize)len;
	}
	/* Whoever lets go of it finishes the removal; the name is free only then. */
	char uuid[UUID_LENGTH + 1];
	memcpy(uuid, instance->uuid, sizeof uuid);
	for (;;) {
		const SimInstance *still = kernel_instance(kernel, uuid);
		if (!still || !still->removing)
			return (gssize)len;
		int err = kernel_wait(kernel, wait);
		if (err)
			return err;
	}
}
