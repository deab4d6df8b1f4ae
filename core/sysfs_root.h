// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Opening paths inside a root directory, whatever links they hold. */

#include <stdbool.h>

/* A descriptor of the root directory, above stdio, close-on-exec; or -errno. */
int root_open(const char *root);

/*
 * Opens the absolute host path `path` below `rootfd`; links and ".." cannot lead out. Returns a
 * descriptor or -errno. O_CLOEXEC is added. Any thread.
 */
int root_open_at(int rootfd, const char *path, int flags);

/* The same by openat2 alone: -ENOSYS where the kernel (before 5.6) lacks it. Async-signal-safe. */
int root_openat2(int rootfd, const char *path, int flags);
