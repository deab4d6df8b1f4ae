// SPDX-License-Identifier: GPL-2.0-or-later

/* Devices: virtual functions that are switched on and off, and vendor VFIO's types of them. */

#include "core/simulate/kernel_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VF_OFFSET 4 /* NVIDIA's cards: 3b:00.0 has 3b:00.4 as its first virtual function */

static char *function_path(const SimCard *card, guint function)
{
	if (function == 0)
		return g_strdup(card->path);
	/* The last segment is dddd:bb:dd.f. */
	gsize n = strlen(card->path);
	const char *place = card->path + n - strlen("00.0");
	guint at = (guint)strtoul(place, NULL, 16) * 8 + (guint)(place[3] - '0') + VF_OFFSET +
	           function - 1;
	return g_strdup_printf("%.*s%02x.%x", (int)(place - card->path), card->path, at / 8,
	                       at % 8);
}

static int next_group(const SimKernel *kernel)
{
	int next = 0;
	for (guint i = 0; i < kernel->devices->len; i++)
		next = MAX(next, ((SimDevice *)g_ptr_array_index(kernel->devices, i))->group + 1);
	return next;
}

void devices_add(SimKernel *kernel, const SimCard *card)
{
	for (guint i = 0; i <= card->vfs_total; i++) {
		SimDevice *device = g_new0(SimDevice, 1);
		device->card = card;
		device->function = i;
		device->present = i <= card->vfs;
		device->path = function_path(card, i);
		device->name = strrchr(device->path, '/') + 1;
		device->group = card->is_pci ? next_group(kernel) : -1;
		g_ptr_array_add(kernel->devices, device);
	}
}

void device_free(SimDevice *device)
{
	g_free(device->path);
	g_free(device);
}

bool device_is_parent(const SimKernel *kernel, const SimDevice *device)
{
	const SimCard *card = device->card;
	/* With SR-IOV the functions are parents, the card itself is none. */
	return device->present && card->driver && !card->vendor_vfio &&
	       (kernel->profile->features & SIM_MDEV) &&
	       (card->vfs_total == 0 || device->function > 0);
}

SimDevice *kernel_device(const SimKernel *kernel, const char *name)
{
	for (guint i = 0; i < kernel->devices->len; i++) {
		SimDevice *device = g_ptr_array_index(kernel->devices, i);
		if (device->present && strcmp(device->name, name) == 0)
			return device;
	}
	return NULL;
}

/* ---- virtual functions ---- */

guint device_count_vfs(const SimKernel *kernel, const SimDevice *device)
{
	guint n = 0;
	for (guint i = 0; i < kernel->devices->len; i++) {
		const SimDevice *other = g_ptr_array_index(kernel->devices, i);
		n += other->card == device->card && other->function > 0 && other->present;
	}
	return n;
}

static bool is_used(const SimKernel *kernel, const SimCard *card)
{
	for (guint i = 0; i < kernel->instances->len; i++)
		if (((SimInstance *)g_ptr_array_index(kernel->instances, i))->parent->card == card)
			return true;
	for (guint i = 0; i < kernel->devices->len; i++) {
		const SimDevice *device = g_ptr_array_index(kernel->devices, i);
		if (device->card == card && device->type)
			return true;
	}
	return false;
}

static void switch_function(SimKernel *kernel, SimDevice *device, bool on)
{
	g_autofree char *path = g_strconcat("/sys/devices/", device->path, NULL);
	g_autofree char *driver = g_strconcat("DRIVER=", device->card->bus_driver, NULL);
	g_autofree char *slot = g_strconcat("PCI_SLOT_NAME=", device->name, NULL);
	bool parent = device_is_parent(kernel, device);
	device->present = on;
	if (on) {
		kernel_emit(kernel, "add", "pci", path, slot, NULL);
		if (device_is_parent(kernel, device))
			kernel_emit(kernel, "change", "pci", path, "MDEV_STATE=registered", NULL);
		kernel_emit(kernel, "bind", "pci", path, driver, slot, NULL);
		return;
	}
	if (parent)
		kernel_emit(kernel, "change", "pci", path, "MDEV_STATE=unregistered", NULL);
	kernel_emit(kernel, "unbind", "pci", path, slot, NULL);
	kernel_emit(kernel, "remove", "pci", path, slot, NULL);
}

gssize device_set_vfs(SimKernel *kernel, SimDevice *device, const char *bytes, gsize len)
{
	guint64 n = 0;
	if (!parse_number(bytes, len, &n))
		return -EINVAL;
	/* drivers/pci/iov.c: ERANGE past the total, EBUSY from one number to another. */
	if (n > device->card->vfs_total)
		return -ERANGE;
	guint now = device_count_vfs(kernel, device);
	if (n == now)
		return (gssize)len;
	if ((n && now) || is_used(kernel, device->card))
		return -EBUSY;
	for (guint i = 0; i < kernel->devices->len; i++) {
		SimDevice *function = g_ptr_array_index(kernel->devices, i);
		if (function->card == device->card && function->function > 0 &&
		    function->present != (function->function <= n))
			switch_function(kernel, function, !function->present);
	}
	return (gssize)len;
}

/* ---- vendor VFIO ---- */

bool device_is_vendor_function(const SimDevice *device)
{
	return device->present && device->card->vendor_vfio && device->function > 0;
}

guint device_slot(const SimKernel *kernel, const SimDevice *device)
{
	guint slot = 0;
	for (guint i = 0; g_ptr_array_index(kernel->devices, i) != device; i++)
		slot += device_is_vendor_function(g_ptr_array_index(kernel->devices, i));
	return slot;
}

bool device_can_take(const SimKernel *kernel, const SimDevice *device, const SimType *type)
{
	guint units = 0, cost = 0;
	if (device->type)
		return false;
	for (guint i = 0; i < kernel->devices->len; i++) {
		const SimDevice *other = g_ptr_array_index(kernel->devices, i);
		if (other->card != device->card || !other->type)
			continue;
		units += other->type->cost;
		cost = other->type->cost;
	}
	return (!cost || cost == type->cost) && units + type->cost <= device->card->driver->pool;
}

static const SimType *type_numbered(const SimDriver *driver, guint64 n)
{
	for (guint i = 0; i < driver->n_types; i++)
		if (g_ascii_strtoull(strrchr(driver->types[i].id, '-') + 1, NULL, 10) == n)
			return &driver->types[i];
	return NULL;
}

/*
 * NVIDIA's driver is closed: that a function in use keeps its type, and that one type is not
 * written over another, is what tools that write it rely on; the errnos are ours.
 */
gssize device_set_type(SimKernel *kernel, SimDevice *device, const char *bytes, gsize len)
{
	guint64 n = 0;
	if (!parse_number(bytes, len, &n))
		return -EINVAL;
	if (device->holder)
		return -EBUSY;
	if (n == 0) {
		device->type = NULL;
		return (gssize)len;
	}
	const SimType *type = type_numbered(device->card->driver, n);
	if (!type || !device_can_take(kernel, device, type))
		return -EINVAL;
	device->type = type;
	return (gssize)len;
}
