// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fleet_private.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define HANG_US (3 * G_USEC_PER_SEC) /* a request out for longer shows its host as stale */
#define GRACE_US (G_USEC_PER_SEC)    /* for workers to end when the fleet is freed */

void host_view_clear(HostView *view)
{
	g_clear_pointer(&view->inventory, inventory_unref);
	g_clear_pointer(&view->error, g_free);
	g_clear_pointer(&view->error_code, g_free);
	g_clear_pointer(&view->notice, g_free);
	g_clear_pointer(&view->question, g_free);
}

void fleet_reply_free(FleetReply *reply)
{
	if (!reply)
		return;
	plan_free(reply->plan);
	g_ptr_array_unref(reply->results);
	problem_free(reply->problem);
	g_free(reply);
}

Fleet *fleet_new(BackendOpen open, const BackendOptions *options, void (*wake)(void *), void *data)
{
	Fleet *fleet = g_new0(Fleet, 1);
	fleet->open = open;
	fleet->options = *options;
	fleet->wake = wake;
	fleet->wake_data = data;
	fleet->slots = g_ptr_array_new();
	fleet->replies = g_async_queue_new_full((GDestroyNotify)fleet_reply_free);
	g_queue_init(&fleet->waiting);
	g_queue_init(&fleet->out);
	g_mutex_init(&fleet->lock);
	return fleet;
}

guint fleet_add(Fleet *fleet, HostAddress *address)
{
	HostSlot *slot = g_new0(HostSlot, 1);

	slot->fleet = fleet;
	slot->address = address;
	slot->cancel = g_cancellable_new();
	slot->state = HOST_CONNECTING;
	slot->latency_ms = -1;
	slot->generation = 1;
	slot->asked_us = g_get_monotonic_time();
	slot->refresh = true;
	slot->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	g_queue_init(&slot->jobs);
	g_mutex_init(&slot->lock);
	g_cond_init(&slot->told);
	g_cond_init(&slot->go);
	g_mutex_lock(&fleet->lock);
	guint index = slot->index = fleet->slots->len;
	g_ptr_array_add(fleet->slots, slot);
	g_mutex_unlock(&fleet->lock);
	g_mutex_lock(&slot->lock); /* it may hand over to another at once */
	slot->thread = g_thread_new("host", fleet_worker, slot);
	g_mutex_unlock(&slot->lock);
	return index;
}

guint fleet_count(Fleet *fleet)
{
	g_mutex_lock(&fleet->lock);
	guint count = fleet->slots->len;
	g_mutex_unlock(&fleet->lock);
	return count;
}

HostSlot *fleet_slot(Fleet *fleet, guint host)
{
	g_mutex_lock(&fleet->lock);
	HostSlot *slot = g_ptr_array_index(fleet->slots, host);
	g_mutex_unlock(&fleet->lock);
	return slot;
}

static bool is_forgotten(HostSlot *slot)
{
	g_mutex_lock(&slot->lock);
	bool forgotten = slot->forgotten;
	g_mutex_unlock(&slot->lock);
	return forgotten;
}

int fleet_find(Fleet *fleet, const char *label)
{
	guint n = fleet_count(fleet);

	for (guint i = 0; i < n; i++) {
		HostSlot *slot = fleet_slot(fleet, i);
		if (g_str_equal(slot->address->label, label) && !is_forgotten(slot))
			return (int)i;
	}
	return -1;
}

/* A request that is out for too long makes its host stale before it fails. */
static void show_silence(HostView *view, const HostSlot *slot, gint64 now)
{
	gint64 silent = slot->failing_us ? now - slot->failing_us
	                : slot->asked_us ? now - slot->asked_us
	                                 : 0;

	if (view->state == HOST_UP && slot->asked_us && silent > HANG_US)
		view->state = HOST_STALE;
	if (view->state == HOST_STALE || view->state == HOST_CONNECTING)
		view->silent_us = silent;
}

void fleet_view(Fleet *fleet, guint host, HostView *view)
{
	HostSlot *slot = fleet_slot(fleet, host);
	gint64 now = g_get_monotonic_time();

	memset(view, 0, sizeof *view);
	g_mutex_lock(&slot->lock);
	view->address = slot->address;
	view->state = slot->state;
	view->inventory = slot->inventory ? inventory_ref(slot->inventory) : NULL;
	view->generation = slot->generation;
	view->live = slot->live;
	view->age_us = slot->seen_us ? now - slot->seen_us : -1;
	view->cached = slot->cached_at != 0;
	if (view->cached)
		view->age_us = MAX(g_get_real_time() - slot->cached_at, 0);
	view->error = g_strdup(slot->error);
	view->error_code = g_strdup(slot->error_code);
	view->notice = g_strdup(slot->notice);
	view->retry_us = slot->retry_us && !slot->asked_us ? MAX(slot->retry_us - now, 0) : -1;
	view->latency_ms = slot->latency_ms;
	view->question_id = slot->question_id;
	view->question_kind = slot->question.kind;
	view->question = slot->question_id ? g_strdup(slot->question.text) : NULL;
	show_silence(view, slot, now);
	if (view->live && view->state == HOST_UP)
		view->age_us = 0; /* a change would have been told */
	g_mutex_unlock(&slot->lock);
	if (view->state == HOST_RECORDING && view->inventory)
		view->age_us = g_get_real_time() - view->inventory->taken_at * G_USEC_PER_SEC;
}

guint64 fleet_generation(Fleet *fleet, guint host)
{
	HostSlot *slot = fleet_slot(fleet, host);

	g_mutex_lock(&slot->lock);
	guint64 generation = slot->generation;
	g_mutex_unlock(&slot->lock);
	return generation;
}

static void set_flag(HostSlot *slot, bool *flag, bool value)
{
	g_mutex_lock(&slot->lock);
	if (*flag != value) {
		*flag = value;
		slot_wake(slot);
	}
	g_mutex_unlock(&slot->lock);
}

void fleet_set_visible(Fleet *fleet, guint host, bool visible)
{
	HostSlot *slot = fleet_slot(fleet, host);
	set_flag(slot, &slot->visible, visible);
	fleet_connect_hurry(slot, visible);
}

void fleet_set_selected(Fleet *fleet, guint host, bool selected)
{
	HostSlot *slot = fleet_slot(fleet, host);
	set_flag(slot, &slot->selected, selected);
}

void fleet_refresh(Fleet *fleet, guint host)
{
	HostSlot *slot = fleet_slot(fleet, host);

	g_mutex_lock(&slot->lock);
	slot->refresh = true;
	slot->declined = false;
	slot_wake(slot);
	g_mutex_unlock(&slot->lock);
}

guint64 fleet_run(Fleet *fleet, guint host, Plan *plan)
{
	HostSlot *slot = fleet_slot(fleet, host);
	FleetJob *job = g_new0(FleetJob, 1);

	g_mutex_lock(&fleet->lock);
	guint64 id = ++fleet->next_id;
	g_mutex_unlock(&fleet->lock);
	job->id = id;
	job->plan = plan;
	g_mutex_lock(&slot->lock);
	g_queue_push_tail(&slot->jobs, job);
	bool refuse = slot->paused || slot->forgotten;
	slot_wake(slot);
	g_mutex_unlock(&slot->lock);
	if (refuse)
		fleet_refuse_jobs(slot);
	return id;
}

FleetReply *fleet_reply(Fleet *fleet)
{
	return g_async_queue_try_pop(fleet->replies);
}

void fleet_answer(Fleet *fleet, guint host, guint question_id, const char *answer)
{
	HostSlot *slot = fleet_slot(fleet, host);

	g_mutex_lock(&slot->lock);
	if (question_id != 0 && slot->question_id == question_id && !slot->answered) {
		slot->answer = g_strdup(answer);
		slot->answered = true;
		slot_wake(slot);
	}
	g_mutex_unlock(&slot->lock);
}

static void slot_free(HostSlot *slot)
{
	g_thread_join(slot->thread);
	fleet_refuse_jobs(slot);
	host_address_free(slot->address);
	g_object_unref(slot->cancel);
	g_clear_pointer(&slot->inventory, inventory_unref);
	g_free(slot->error);
	g_free(slot->error_code);
	g_free(slot->notice);
	g_free(slot->digest);
	if (slot->wake_fd >= 0)
		close(slot->wake_fd);
	g_free(slot->users);
	g_mutex_clear(&slot->lock);
	g_cond_clear(&slot->told);
	g_cond_clear(&slot->go);
	g_free(slot);
}

static bool has_ended(HostSlot *slot, gint64 until)
{
	g_mutex_lock(&slot->lock);
	while (!slot->ended && g_cond_wait_until(&slot->told, &slot->lock, until))
		;
	bool ended = slot->ended;
	g_mutex_unlock(&slot->lock);
	return ended;
}

void fleet_free(Fleet *fleet)
{
	gint64 until = g_get_monotonic_time() + GRACE_US;
	bool all = true;

	if (!fleet)
		return;
	for (guint i = 0; i < fleet->slots->len; i++) {
		HostSlot *slot = fleet_slot(fleet, i);
		g_mutex_lock(&slot->lock);
		slot->stop = true;
		slot_wake(slot);
		g_mutex_unlock(&slot->lock);
		fleet_cancel(slot);
	}
	for (guint i = 0; i < fleet->slots->len; i++) {
		if (has_ended(fleet_slot(fleet, i), until))
			slot_free(fleet_slot(fleet, i));
		else
			all = false;
	}
	if (!all)
		return; /* a worker hangs in the kernel: its memory stays valid until the process
		           ends */
	g_ptr_array_unref(fleet->slots);
	g_async_queue_unref(fleet->replies);
	facts_cache_free(fleet->cache);
	g_mutex_clear(&fleet->lock);
	g_free(fleet);
}
