// SPDX-License-Identifier: GPL-2.0-or-later

/* How a worker waits: for the UI, for the time of its next scan, and for its host's events. */

#include "core/fleet_private.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define QUIET_US (50 * 1000)  /* a burst is over when nothing came for so long */
#define BURST_US (200 * 1000) /* but what is on the screen is never older for its sake */
#define NO_WAKE_US (G_USEC_PER_SEC / 2)

void slot_wake(HostSlot *slot)
{
	guint64 one = 1;

	g_cond_broadcast(&slot->told);
	/* It fails only where the counter is full, and then the worker wakes anyway. */
	if (slot->wake_fd >= 0 && write(slot->wake_fd, &one, sizeof one) < 0)
		errno = 0;
}

static bool take_wake(HostSlot *slot)
{
	guint64 count;

	return slot->wake_fd >= 0 && read(slot->wake_fd, &count, sizeof count) == sizeof count;
}

/* Milliseconds for poll(2), rounded up. */
static int timeout_until(gint64 when)
{
	if (when < 0)
		return -1;
	gint64 left = when - g_get_monotonic_time(); /* not inside MAX, which asks twice */
	return (int)CLAMP((left + 999) / 1000, 0, G_MAXINT);
}

typedef enum { WAITED, WOKEN, SPOKEN, BROKEN } WaitEnd;

/* One poll(2) on both descriptors. */
static WaitEnd wait_once(HostSlot *slot, int event_fd, gint64 when)
{
	struct pollfd fds[] = { { .fd = slot->wake_fd, .events = POLLIN },
		                { .fd = event_fd, .events = POLLIN } };

	int n = poll(fds, G_N_ELEMENTS(fds), timeout_until(when));
	if (n < 0)
		return WOKEN; /* a signal: the caller looks around and comes back */
	if (fds[1].revents & (POLLERR | POLLHUP | POLLNVAL))
		return BROKEN;
	if (fds[1].revents)
		return SPOKEN;
	return fds[0].revents ? WOKEN : WAITED;
}

/*
 * After the first event of a burst: until it is quiet, or long enough. What else there is to do
 * ends it at once; lost events are no reason to wait for more.
 */
static void settle(HostSlot *slot, int event_fd)
{
	gint64 last = g_get_monotonic_time() + BURST_US;

	for (;;) {
		gint64 quiet = g_get_monotonic_time() + QUIET_US;
		if (wait_once(slot, event_fd, MIN(quiet, last)) != SPOKEN ||
		    g_get_monotonic_time() >= last ||
		    backend_take_events(slot->backend) == EVENTS_LOST)
			return;
	}
}

bool fleet_wait(HostSlot *slot, int event_fd, gint64 when)
{
	gint64 start = g_get_monotonic_time();

	if (slot->wake_fd < 0) /* out of descriptors: looking around now and then must do */
		when = when < 0 ? start + NO_WAKE_US : MIN(when, start + NO_WAKE_US);
	for (;;) {
		/* First: what an earlier call has read lies in a buffer, and the descriptor is
		 * silent. */
		BackendEvents events = backend_take_events(slot->backend);
		if (events == EVENTS_CHANGED)
			settle(slot, event_fd);
		if (events != EVENTS_NONE)
			return true;
		switch (wait_once(slot, event_fd, when)) {
		case SPOKEN:
			break;
		case BROKEN:
			return true;
		case WOKEN:
			take_wake(slot);
			return false;
		case WAITED:
			return false;
		}
	}
}
