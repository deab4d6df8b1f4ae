// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * This machine's device events. Where udevd runs its own group is heard, since permissions are
 * settled when it speaks; elsewhere the kernel's. udevd may come and go meanwhile. One thread.
 */

#include "core/backend.h"

typedef struct UdevWatch UdevWatch;

/* "udev" or "kernel": libudev's "udev" group is silent without `RUN_DIR/udev/control`. */
const char *udev_watch_group(const char *run_dir);

/* Hears from now on. `run_dir`: "/run". NULL where no monitor can be had. */
UdevWatch *udev_watch_new(const char *run_dir);
void udev_watch_free(UdevWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UdevWatch, udev_watch_free)

/* Readable when there is something to take; valid until the watch is freed. */
int udev_watch_fd(const UdevWatch *watch);
/* Takes all there is. EVENTS_LOST where the kernel dropped some, or the monitor changed. */
BackendEvents udev_watch_take(UdevWatch *watch);
