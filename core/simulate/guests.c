// SPDX-License-Identifier: GPL-2.0-or-later

/* Guests: processes that hold instances, or virtual functions, open. */

#include "core/simulate/kernel_private.h"

#include <errno.h>

void guest_free(SimGuest *guest)
{
	g_free(guest->name);
	g_strfreev(guest->devices);
	g_free(guest);
}

SimGuest *kernel_guest(const SimKernel *kernel, gint64 pid)
{
	for (guint i = 0; i < kernel->guests->len; i++) {
		SimGuest *guest = g_ptr_array_index(kernel->guests, i);
		if (guest->pid == pid)
			return guest;
	}
	return NULL;
}

/* Where the holder of a device is noted: of an instance on the bus, or of a function with a type.
 */
static SimGuest **holder_of(SimKernel *kernel, const char *name)
{
	g_autofree char *uuid = g_ascii_strdown(name, -1);
	SimInstance *instance = kernel_instance(kernel, uuid);
	if (instance)
		return instance->removing ? NULL : &instance->holder;
	SimDevice *device = kernel_device(kernel, name);
	return device && device->type ? &device->holder : NULL;
}

static int check_devices(SimKernel *kernel, const char *const *devices)
{
	for (; *devices; devices++) {
		SimGuest **holder = holder_of(kernel, *devices);
		if (!holder)
			return -ENODEV;
		if (*holder)
			return -EBUSY;
	}
	return 0;
}

static int start_locked(SimKernel *kernel, gint64 pid, const char *name, const char *const *devices)
{
	/* 1 is init; /proc has a file for each. */
	if (pid <= 1 || kernel_guest(kernel, pid))
		return -EEXIST;
	int err = check_devices(kernel, devices);
	if (err)
		return err;
	SimGuest *guest = g_new0(SimGuest, 1);
	guest->pid = pid;
	guest->name = g_strdup(name);
	guest->devices = g_strdupv((char **)devices);
	g_ptr_array_add(kernel->guests, guest);
	for (; *devices; devices++)
		*holder_of(kernel, *devices) = guest;
	return 0;
}

int sim_guest_start(SimKernel *kernel, gint64 pid, const char *name, const char *const *devices)
{
	g_mutex_lock(&kernel->lock);
	int err = start_locked(kernel, pid, name, devices);
	g_mutex_unlock(&kernel->lock);
	return err;
}

static int stop_locked(SimKernel *kernel, gint64 pid)
{
	SimGuest *guest = kernel_guest(kernel, pid);
	if (!guest)
		return -ESRCH;
	for (guint i = 0; i < kernel->instances->len; i++) {
		SimInstance *instance = g_ptr_array_index(kernel->instances, i);
		if (instance->holder == guest)
			instance->holder = NULL;
	}
	for (guint i = 0; i < kernel->devices->len; i++) {
		SimDevice *device = g_ptr_array_index(kernel->devices, i);
		if (device->holder == guest)
			device->holder = NULL;
	}
	g_ptr_array_remove(kernel->guests, guest);
	kernel_finish_removals(kernel);
	return 0;
}

int sim_guest_stop(SimKernel *kernel, gint64 pid)
{
	g_mutex_lock(&kernel->lock);
	int err = stop_locked(kernel, pid);
	g_mutex_unlock(&kernel->lock);
	kernel_tell(kernel);
	return err;
}
