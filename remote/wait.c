// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/wait.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>

static WaitResult poll_both(int fd, short events, gint64 deadline, int cancel_fd)
{
	struct pollfd fds[2] = { { .fd = fd, .events = events },
		                 { .fd = cancel_fd, .events = POLLIN } };

	for (;;) {
		gint64 left = deadline - g_get_monotonic_time();
		if (left < 0)
			left = 0;
		int ms = (int)MIN((left + 999) / 1000, G_MAXINT);
		int n = poll(fds, 2, ms);
		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0 && fds[1].revents)
			return WAIT_CANCELLED;
		if (n != 0) /* an error of the descriptor shows itself when it is used */
			return WAIT_READY;
		if (g_get_monotonic_time() >= deadline)
			return WAIT_TIMEOUT;
	}
}

WaitResult wait_fd(int fd, short events, gint64 deadline, GCancellable *cancel)
{
	if (g_cancellable_is_cancelled(cancel))
		return WAIT_CANCELLED;
	int cancel_fd = cancel ? g_cancellable_get_fd(cancel) : -1;
	WaitResult result = poll_both(fd, events, deadline, cancel_fd);
	if (cancel_fd >= 0)
		g_cancellable_release_fd(cancel);
	return result;
}
