// SPDX-License-Identifier: GPL-2.0-or-later

/* A host on which things come and go by themselves, the same way each time. */

#include "core/simulate/kernel_private.h"

#include <string.h>

#define FIRST_PID 4000

/* A number for this step: a few rounds of xorshift over the step's count. */
static guint32 draw(guint32 step)
{
	guint32 x = step * 2654435761u + 1;
	x ^= x << 13;
	x ^= x >> 17;
	return x ^ x << 5;
}

static void create_one(SimKernel *kernel, guint32 dice)
{
	SimDevice *parent = NULL;
	for (guint i = 0; !parent && i < kernel->devices->len; i++) {
		SimDevice *device =
			g_ptr_array_index(kernel->devices, (i + dice) % kernel->devices->len);
		if (device_is_parent(kernel, device))
			parent = device;
	}
	if (!parent)
		return;
	const SimDriver *driver = parent->card->driver;
	char uuid[37];
	g_snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-%012x", dice, kernel->steps);
	kernel_create(kernel, parent, &driver->types[dice % driver->n_types], uuid, strlen(uuid));
}

/* Takes away an idle instance, which never waits. */
static void remove_one(SimKernel *kernel, guint32 dice)
{
	static const SimWait no_wait = { .end = 1 };
	guint n = kernel->instances->len;
	for (guint i = 0; i < n; i++) {
		SimInstance *instance = g_ptr_array_index(kernel->instances, (i + dice) % n);
		if (instance->holder || instance->removing)
			continue;
		kernel_remove(kernel, instance, "1\n", 2, &no_wait);
		return;
	}
}

static void step_locked(SimKernel *kernel)
{
	guint32 dice = draw(++kernel->steps);
	guint n = kernel->instances->len;
	/* Around eight of them. */
	if (n < 4 || (n < 12 && dice % 2))
		create_one(kernel, dice >> 8);
	else
		remove_one(kernel, dice >> 8);
}

/* Every fourth step a guest changes: one at a time, on the eldest instance. */
static void change_guest(SimKernel *kernel)
{
	g_mutex_lock(&kernel->lock);
	guint32 step = kernel->steps;
	gint64 pid =
		kernel->guests->len ? ((SimGuest *)g_ptr_array_index(kernel->guests, 0))->pid : 0;
	g_autofree char *uuid =
		kernel->instances->len
			? g_strdup(((SimInstance *)g_ptr_array_index(kernel->instances, 0))->uuid)
			: NULL;
	g_mutex_unlock(&kernel->lock);
	if (pid) {
		sim_guest_stop(kernel, pid);
	} else if (uuid) {
		g_autofree char *name = g_strdup_printf("vm-%u", step / 4);
		const char *devices[] = { uuid, NULL };
		sim_guest_start(kernel, FIRST_PID + step, name, devices);
	}
}

void sim_step(SimKernel *kernel)
{
	g_mutex_lock(&kernel->lock);
	step_locked(kernel);
	bool guest = kernel->steps % 4 == 0;
	g_mutex_unlock(&kernel->lock);
	if (guest)
		change_guest(kernel);
	kernel_tell(kernel);
}
