// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What people call a PCI device: "A40" rather than 10de:2235. From udev's hardware database of the
 * machine that runs mdevcon, whatever host the ids came from.
 */

/*
 * A DeviceNamer (core/inventory.h). The name in brackets where the database has one, else vendor
 * and model; NULL without database or entry. Any thread: one lock, and every device is looked up
 * once.
 */
char *device_name(const char *vendor, const char *device, const char *subsystem_vendor,
                  const char *subsystem_device);
