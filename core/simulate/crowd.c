// SPDX-License-Identifier: GPL-2.0-or-later

/* A host that is full from the start: instances of whatever its parents still take, in turn. */

#include "core/simulate/kernel_private.h"

#include <string.h>

static bool create_on(SimKernel *kernel, SimDevice *parent, const char *uuid)
{
	const SimDriver *driver = parent->card->driver;
	const SimType *least = &driver->types[0];

	for (guint i = 1; i < driver->n_types; i++)
		if (driver->types[i].cost < least->cost)
			least = &driver->types[i];
	return kernel_available(kernel, parent, least) > 0 &&
	       kernel_create(kernel, parent, least, uuid, strlen(uuid)) > 0;
}

/* On the next parent with room; returns which that was, or -1. */
static int create_next(SimKernel *kernel, guint from, const char *uuid)
{
	for (guint i = 0; i < kernel->devices->len; i++) {
		guint at = (from + i) % kernel->devices->len;
		SimDevice *device = g_ptr_array_index(kernel->devices, at);
		if (device_is_parent(kernel, device) && create_on(kernel, device, uuid))
			return (int)at;
	}
	return -1;
}

void sim_fill(SimKernel *kernel, guint n)
{
	guint32 host = g_str_hash(kernel->hostname);
	int at = -1;

	g_mutex_lock(&kernel->lock);
	for (guint i = 0; i < n; i++) {
		char uuid[37];
		g_snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-%012x", host, i);
		at = create_next(kernel, (guint)(at + 1), uuid);
		if (at < 0)
			break;
	}
	g_mutex_unlock(&kernel->lock);
	kernel_tell(kernel);
}
