// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Connects in flight are bounded: a thousand hosts neither stampede nor stall. Hosts on screen go
 * first. A connect that is out for much longer than they usually take is waiting, not working: it
 * makes room for another, so that hosts that swallow everything hold up nobody, up to a bound of
 * their own. Where all are slow, because whoever answers is busy, none makes room.
 */

#include "core/fleet_private.h"

#define IN_FLIGHT 16
#define SLOW_US (G_USEC_PER_SEC)
#define SLOW_TIMES 4  /* longer than usual */
#define OUT_MAX 64    /* the slow ones too; what is on screen may go a little further */
#define OUT_URGENT 16 /* by so many */

/* When the next connect in flight turns slow; 0: a place is free now. Called with the lock. */
static gint64 room_at(const Fleet *fleet, gint64 now)
{
	guint fresh = 0;
	gint64 patience = MAX(SLOW_US, SLOW_TIMES * fleet->usual_us);
	gint64 first = G_MAXINT64;

	for (const GList *item = fleet->out.head; item; item = item->next) {
		gint64 slow_at = ((const HostSlot *)item->data)->out_us + patience;
		fresh += slow_at > now;
		if (slow_at > now)
			first = MIN(first, slow_at);
	}
	return fresh < IN_FLIGHT ? 0 : first;
}

/* Who is next: the first on screen, else the first. Called with the lock. */
static HostSlot *next_waiting(const Fleet *fleet)
{
	for (const GList *item = fleet->waiting.head; item; item = item->next)
		if (((const HostSlot *)item->data)->urgent)
			return item->data;
	return g_queue_peek_head((GQueue *)&fleet->waiting);
}

/*
 * Lets in who may begin. Who is next of the others looks again by itself when a place may have
 * become free: returns when. Called with the lock.
 */
static gint64 admit(Fleet *fleet)
{
	for (;;) {
		HostSlot *next = next_waiting(fleet);
		gint64 now = g_get_monotonic_time(), room = room_at(fleet, now);
		guint most = next && next->urgent ? OUT_MAX + OUT_URGENT : OUT_MAX;
		if (!next)
			return -1;
		if (room || fleet->out.length >= most) {
			g_cond_signal(&next->go);
			return room ? room : now + SLOW_US;
		}
		g_queue_remove(&fleet->waiting, next);
		g_queue_push_tail(&fleet->out, next);
		next->out_us = now;
		g_cond_signal(&next->go);
	}
}

void fleet_connect_begin(HostSlot *slot)
{
	Fleet *fleet = slot->fleet;

	g_mutex_lock(&fleet->lock);
	slot->out_us = 0;
	g_queue_push_tail(&fleet->waiting, slot);
	gint64 look = admit(fleet);
	while (!slot->out_us && !g_cancellable_is_cancelled(slot->cancel)) {
		bool first = next_waiting(fleet) == slot;
		if (!first)
			g_cond_wait(&slot->go, &fleet->lock);
		else if (!g_cond_wait_until(&slot->go, &fleet->lock, look))
			look = admit(fleet);
	}
	g_queue_remove(&fleet->waiting, slot);
	g_mutex_unlock(&fleet->lock);
	slot->in_connect = true;
}

/* A mean in which the last ones weigh most. */
static void learn(Fleet *fleet, gint64 took_us)
{
	fleet->usual_us = fleet->usual_us ? (7 * fleet->usual_us + took_us) / 8 : took_us;
}

void fleet_connect_end(HostSlot *slot, bool answered)
{
	Fleet *fleet = slot->fleet;

	slot->in_connect = false;
	g_mutex_lock(&fleet->lock);
	if (answered && slot->out_us)
		learn(fleet, g_get_monotonic_time() - slot->out_us);
	g_queue_remove(&fleet->out, slot);
	admit(fleet);
	g_mutex_unlock(&fleet->lock);
}

void fleet_connect_hurry(HostSlot *slot, bool urgent)
{
	g_mutex_lock(&slot->fleet->lock);
	slot->urgent = urgent;
	admit(slot->fleet);
	g_mutex_unlock(&slot->fleet->lock);
}

void fleet_connect_cancel(HostSlot *slot)
{
	g_mutex_lock(&slot->fleet->lock);
	g_cond_signal(&slot->go);
	g_mutex_unlock(&slot->fleet->lock);
}
