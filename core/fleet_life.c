// SPDX-License-Identifier: GPL-2.0-or-later

/* Hosts that are disconnected, connected again and forgotten while the fleet runs. */

#include "core/fleet_private.h"

void fleet_refuse_jobs(HostSlot *slot)
{
	for (;;) {
		g_mutex_lock(&slot->lock);
		FleetJob *job = g_queue_pop_head(&slot->jobs);
		g_mutex_unlock(&slot->lock);
		if (!job)
			return;
		g_autofree char *text = g_strdup_printf("%s is disconnected: nothing was done",
		                                        slot->address->label);
		FleetReply *reply = g_new0(FleetReply, 1);
		reply->id = job->id;
		reply->host = slot->index;
		reply->plan = job->plan;
		reply->results = g_ptr_array_new();
		reply->problem = problem_new(slot->address->label, "UNREACHABLE", 0, "host", NULL,
		                             text, NULL);
		g_free(job);
		g_async_queue_push(slot->fleet->replies, reply);
		slot->fleet->wake(slot->fleet->wake_data);
	}
}

void fleet_cancel(HostSlot *slot)
{
	g_mutex_lock(&slot->lock);
	g_autoptr(GCancellable) cancel = g_object_ref(slot->cancel);
	g_mutex_unlock(&slot->lock);
	g_cancellable_cancel(cancel);
	fleet_connect_cancel(slot);
}

/* Shows the host in that state, and has its worker close the line. */
static void hang_up(HostSlot *slot, HostState state)
{
	g_mutex_lock(&slot->lock);
	slot->hang_up = true;
	slot->paused |= state == HOST_PAUSED;
	slot->stop |= state == HOST_FORGOTTEN;
	slot->forgotten |= state == HOST_FORGOTTEN;
	slot->state = slot->forgotten ? HOST_FORGOTTEN : state;
	slot->live = false;
	slot->failing_us = slot->asked_us = slot->retry_us = 0;
	slot->question_id = 0;
	g_clear_pointer(&slot->error, g_free);
	g_clear_pointer(&slot->error_code, g_free);
	g_clear_pointer(&slot->notice, g_free);
	Inventory *old = slot->forgotten ? g_steal_pointer(&slot->inventory) : NULL;
	slot->generation++;
	bool cut = !slot->in_job;
	slot_wake(slot);
	g_mutex_unlock(&slot->lock);
	inventory_unref(old);
	fleet_refuse_jobs(slot);
	if (cut)
		fleet_cancel(slot);
	slot->fleet->wake(slot->fleet->wake_data);
}

void fleet_pause(Fleet *fleet, guint host)
{
	hang_up(fleet_slot(fleet, host), HOST_PAUSED);
}

void fleet_forget(Fleet *fleet, guint host)
{
	hang_up(fleet_slot(fleet, host), HOST_FORGOTTEN);
}

void fleet_resume(Fleet *fleet, guint host)
{
	HostSlot *slot = fleet_slot(fleet, host);

	g_mutex_lock(&slot->lock);
	if (slot->paused && !slot->forgotten) {
		slot->paused = slot->declined = false;
		slot->refresh = true;
		slot->asked_us = g_get_monotonic_time();
		slot->state = slot->inventory ? HOST_STALE : HOST_CONNECTING;
		slot->generation++;
		slot_wake(slot);
	}
	g_mutex_unlock(&slot->lock);
	fleet->wake(fleet->wake_data);
}

/* The line is closed, and what was under way is over: whoever comes next starts afresh. */
static void close_line(HostSlot *slot)
{
	g_clear_pointer(&slot->backend, backend_close);
	slot->connected = false;
	slot->failures = 0;
	slot->users_us = 0;
	g_mutex_lock(&slot->lock);
	slot->hang_up = false;
	g_object_unref(slot->cancel);
	slot->cancel = g_cancellable_new();
	g_mutex_unlock(&slot->lock);
}

bool fleet_rest(HostSlot *slot)
{
	g_mutex_lock(&slot->lock);
	bool paused = slot->paused, closing = slot->hang_up;
	g_mutex_unlock(&slot->lock);
	if (closing)
		close_line(slot);
	g_mutex_lock(&slot->lock);
	while (slot->paused && !slot->stop && !slot->hang_up)
		g_cond_wait(&slot->told, &slot->lock);
	bool open = !slot->stop && !slot->hang_up;
	g_mutex_unlock(&slot->lock);
	if (open && !slot->backend)
		fleet_open_line(slot);
	return paused || closing;
}
