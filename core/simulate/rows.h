// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What the tables of rows share. */

#include "core/simulate/layout.h"

#define SIM_CDEV_MAJOR 511 /* of /dev/vfio/devices/vfioN: given when the driver comes up */

/* Rows by kind. A function that answers -ENOENT says that the thing is not there. */
#define ROW(path, what, permissions, function, fixed, writer) \
	{ \
		.pattern = path, .kind = what, .mode = permissions, .say = function, \
		.text = fixed, .write = writer \
	}
#define FOLDER_MODE(path, mode, there) ROW(path, SIM_DIR, mode, there, NULL, NULL)
#define FOLDER(path, there) FOLDER_MODE(path, 0755, there)
#define LINK_MODE(path, mode, target) ROW(path, SIM_LINK, mode, target, NULL, NULL)
#define LINK(path, target) LINK_MODE(path, 0777, target)
#define NODE(path, mode, number, fixed) ROW(path, SIM_CHAR, mode, number, fixed, NULL)
#define VALUE(path, mode, value) ROW(path, SIM_FILE, mode, value, NULL, NULL)
#define TEXT(path, mode, fixed) ROW(path, SIM_FILE, mode, NULL, fixed, NULL)
#define CONTROL(path, mode, value, writer) ROW(path, SIM_FILE, mode, value, NULL, writer)

/* Every device has these; without runtime power management this is what they say. */
#define SIM_POWER_ROWS(device) \
	VALUE(device "/power/autosuspend_delay_ms", 0644, sim_eio), \
		TEXT(device "/power/control", 0644, "auto\n"), \
		TEXT(device "/power/runtime_active_time", 0444, "0\n"), \
		TEXT(device "/power/runtime_status", 0444, "unsupported\n"), \
		TEXT(device "/power/runtime_suspended_time", 0444, "0\n")

int sim_eio(const SimPlace *place, GString *out);
int sim_to_vfio_dev_class(const SimPlace *place, GString *out);
