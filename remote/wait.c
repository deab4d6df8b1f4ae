// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/wait.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define FDS_MAX 4

/* The last of `fds` is the cancellable's. */
static WaitResult poll_all(struct pollfd *fds, guint n, gint64 deadline)
{
	for (;;) {
		gint64 left = deadline - g_get_monotonic_time();
		if (left < 0)
			left = 0;
		int ms = (int)MIN((left + 999) / 1000, G_MAXINT);
		int ready = poll(fds, n, ms);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready > 0 && fds[n - 1].revents)
			return WAIT_CANCELLED;
		if (ready != 0) /* an error of the descriptor shows itself when it is used */
			return WAIT_READY;
		if (g_get_monotonic_time() >= deadline)
			return WAIT_TIMEOUT;
	}
}

WaitResult wait_fds(struct pollfd *fds, guint n, gint64 deadline, GCancellable *cancel)
{
	struct pollfd all[FDS_MAX + 1] = { 0 };

	if (g_cancellable_is_cancelled(cancel))
		return WAIT_CANCELLED;
	n = MIN(n, FDS_MAX);
	memcpy(all, fds, n * sizeof *fds);
	all[n] = (struct pollfd){ .fd = cancel ? g_cancellable_get_fd(cancel) : -1,
		                  .events = POLLIN };
	WaitResult result = poll_all(all, n + 1, deadline);
	memcpy(fds, all, n * sizeof *fds);
	if (all[n].fd >= 0)
		g_cancellable_release_fd(cancel);
	return result;
}

WaitResult wait_fd(int fd, short events, gint64 deadline, GCancellable *cancel)
{
	struct pollfd one = { .fd = fd, .events = events };

	return wait_fds(&one, 1, deadline, cancel);
}
