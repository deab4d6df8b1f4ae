// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Whether a uevent may change an inventory, by its properties SUBSYSTEM and MDEV_STATE (either may
 * be NULL). Instances come as mdev, vfio and vfio-dev; a parent, of whatever subsystem, registers
 * by a `change` with MDEV_STATE (drivers/vfio/mdev/mdev_core.c); pci tells of drivers that are
 * bound and of virtual functions that come and go. Pure.
 */
static inline bool uevent_matters(const char *subsystem, const char *mdev_state)
{
	static const char *const subsystems[] = { "mdev",     "vfio", "vfio-dev",
		                                  "mdev_bus", "pci",  NULL };
	return mdev_state || (subsystem && g_strv_contains(subsystems, subsystem));
}
