// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The local collector: reads the facts of core/paths.h below a root directory, and writes one
 * attribute. Paths are resolved inside the root (openat2 RESOLVE_IN_ROOT): a hostile tree cannot
 * lead out of it, and FIFOs or device nodes are never opened for reading (their fact is the error
 * EMEDIUMTYPE, a folder's EISDIR).
 */

#include "core/collect.h"

/* Reads everything; single failures are facts, only an unusable root is an error. Blocking. */
Facts *sysfs_collect(const char *root, CollectOptions options, GError **error);

/*
 * Writes `value` and a newline to `path` (host path) below `root` in one write(2), in a child
 * process that is given up after `deadline_ms`: a `remove` of a device in use blocks its writer
 * uninterruptibly. Returns 0, or an errno; ETIMEDOUT means that the write is still pending in the
 * kernel. EINVAL also for a path that is not below /sys. Any thread; blocking for at most the
 * deadline.
 */
int sysfs_write(const char *root, const char *path, const char *value, int deadline_ms);

/*
 * Last check before a remove: opens the character device and closes it. 0: it could be opened, so
 * nobody holds it through the group; EBUSY: held. Other errno: cannot tell (EINVAL: not below
 * /dev/vfio; ENODEV: no character device). In a child process with a deadline of two seconds, too.
 */
int sysfs_try_open(const char *root, const char *devnode);
