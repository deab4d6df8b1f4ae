// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gio/gio.h>
#include <poll.h>

typedef enum { WAIT_READY, WAIT_TIMEOUT, WAIT_CANCELLED } WaitResult;

/*
 * Waits until `fd` has one of the poll events, until `deadline` (g_get_monotonic_time) or until
 * `cancel` (may be NULL). A negative fd waits for the other two. Any thread.
 */
WaitResult wait_fd(int fd, short events, gint64 deadline, GCancellable *cancel);

/* The same for several, at most four; their `revents` are set. */
WaitResult wait_fds(struct pollfd *fds, guint n, gint64 deadline, GCancellable *cancel);
