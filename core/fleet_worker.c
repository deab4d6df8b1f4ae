// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/device_names.h"
#include "core/fleet_private.h"
#include "core/plan/journal.h"

#include <string.h>

/* How often a host is read: soon after a change, then ever less; what is not on screen, rarely. */
#define AFTER_CHANGE_US (300 * 1000)
#define VISIBLE_US (2 * G_USEC_PER_SEC)
#define HIDDEN_US (15 * G_USEC_PER_SEC)
#define RETRY_FIRST_US (G_USEC_PER_SEC / 2)
#define RETRY_VISIBLE_US (3 * G_USEC_PER_SEC)
#define RETRY_HIDDEN_US (30 * G_USEC_PER_SEC)
/* Where events make readings needless, a frozen host would look peaceful for ever. */
#define JITTER_OF 64
#define PING_VISIBLE_US (3 * G_USEC_PER_SEC)
#define PING_HIDDEN_US (15 * G_USEC_PER_SEC)
#define WORTH_A_THREAD_US (G_USEC_PER_SEC)

static void tell_ui(HostSlot *slot)
{
	slot->fleet->wake(slot->fleet->wake_data);
}

char *fleet_worker_ask(const Question *question, GCancellable *cancel, void *data)
{
	HostSlot *slot = data;
	static gint last_id;

	g_mutex_lock(&slot->lock);
	if (slot->declined || slot->stop || slot->hang_up || g_cancellable_is_cancelled(cancel)) {
		g_mutex_unlock(&slot->lock);
		return NULL;
	}
	slot->question =
		(Question){ question->kind, g_strdup(question->host), g_strdup(question->text) };
	slot->question_id = (guint)g_atomic_int_add(&last_id, 1) + 1;
	slot->answered = false;
	slot->generation++;
	g_mutex_unlock(&slot->lock);
	bool counted = slot->in_connect;
	if (counted)
		fleet_connect_end(
			slot, false); /* the operator may take his time: others connect meanwhile */
	tell_ui(slot);

	g_mutex_lock(&slot->lock);
	while (!slot->answered && !slot->stop && !slot->hang_up)
		g_cond_wait(&slot->told, &slot->lock);
	char *answer = g_steal_pointer(&slot->answer);
	slot->declined = slot->answered && !answer;
	slot->question_id = 0;
	slot->generation++;
	slot->asked_us = g_get_monotonic_time();
	g_free((char *)slot->question.host);
	g_free((char *)slot->question.text);
	slot->question = (Question){ 0 };
	g_mutex_unlock(&slot->lock);
	if (counted)
		fleet_connect_begin(slot);
	tell_ui(slot);
	return answer;
}

static bool same_use(const Inventory *a, const Inventory *b)
{
	if (!a || a->instances->len != b->instances->len)
		return false;
	for (guint i = 0; i < a->instances->len; i++) {
		const Instance *x = g_ptr_array_index(a->instances, i);
		const Instance *y = g_ptr_array_index(b->instances, i);
		if (x->in_use != y->in_use || x->users->len != y->users->len)
			return false;
	}
	return true;
}

/* Whether the backend has something else to say than before. Called with the lock. */
static bool take_notice(HostSlot *slot)
{
	if (g_strcmp0(slot->notice, slot->backend->notice) == 0)
		return false;
	g_free(slot->notice);
	slot->notice = g_strdup(slot->backend->notice);
	return true;
}

static void publish(HostSlot *slot, Inventory *inventory, bool changed, gint64 took_us)
{
	bool recording = !slot->backend->ops->live;

	slot->connected = true;
	g_mutex_lock(&slot->lock);
	if (slot->stop || slot->hang_up) {
		g_mutex_unlock(&slot->lock);
		return; /* nobody wants to know any more */
	}
	changed |= slot->state != HOST_UP || !same_use(slot->inventory, inventory);
	slot->state = recording ? HOST_RECORDING : HOST_UP;
	slot->seen_us = g_get_monotonic_time();
	slot->latency_ms = (int)(took_us / 1000);
	slot->failing_us = slot->retry_us = 0;
	slot->asked_us = 0;
	g_clear_pointer(&slot->error, g_free);
	g_clear_pointer(&slot->error_code, g_free);
	changed |= take_notice(slot);
	Inventory *old = NULL;
	if (changed) {
		old = slot->inventory;
		slot->inventory = inventory_ref(inventory);
		slot->cached_at = 0;
		slot->generation++;
	}
	g_mutex_unlock(&slot->lock);
	if (old)
		inventory_unref(old);
	slot->failures = 0;
	slot->heard_us = g_get_monotonic_time();
	slot->interval_us = changed ? AFTER_CHANGE_US : MIN(slot->interval_us * 3 / 2, VISIBLE_US);
	if (changed)
		tell_ui(slot);
}

static void publish_failure(HostSlot *slot, const GError *error)
{
	g_autoptr(Problem) problem = problem_from_backend(slot->address->label, error, NULL);

	slot->connected = false;
	slot->failures++;
	slot->jitter = (guint)g_random_int_range(0, JITTER_OF / 4);
	slot->users_us = 0;
	g_mutex_lock(&slot->lock);
	if (slot->stop || slot->hang_up) {
		g_mutex_unlock(&slot->lock);
		return;
	}
	slot->state = slot->inventory ? HOST_STALE : HOST_DOWN;
	slot->live = false;
	if (!slot->failing_us)
		slot->failing_us = slot->asked_us;
	slot->asked_us = 0;
	g_free(slot->error);
	slot->error = g_strdup(error->message);
	g_free(slot->error_code);
	slot->error_code = g_strdup(problem->code);
	slot->generation++;
	g_mutex_unlock(&slot->lock);
	tell_ui(slot);
}

static void begin_request(HostSlot *slot)
{
	g_mutex_lock(&slot->lock);
	slot->asked_us = g_get_monotonic_time();
	slot->refresh = false;
	g_mutex_unlock(&slot->lock);
}

static void scan(HostSlot *slot)
{
	gint64 start = g_get_monotonic_time();
	bool connected = slot->connected, changed = false;
	g_autoptr(GError) error = NULL;

	begin_request(slot);
	slot->worn = true;
	if (!connected)
		fleet_connect_begin(slot);
	g_autoptr(Facts) facts = fleet_read(slot, &changed, &error);
	if (!connected)
		fleet_connect_end(slot, facts != NULL);
	if (!facts) {
		publish_failure(slot, error);
		return;
	}
	fleet_cache_keep(slot, facts, changed);
	g_autoptr(Inventory) inventory = inventory_new_named(facts, device_name);
	journal_mark_ours(inventory);
	publish(slot, inventory, changed, g_get_monotonic_time() - start);
}

static void run_job(HostSlot *slot, FleetJob *job)
{
	FleetReply *reply = g_new0(FleetReply, 1);

	begin_request(slot);
	reply->id = job->id;
	reply->host = slot->index;
	reply->plan = job->plan;
	reply->results = plan_run(job->plan, slot->backend, NULL, NULL, slot->cancel);
	g_free(job);
	g_mutex_lock(&slot->lock);
	slot->in_job = false;
	g_mutex_unlock(&slot->lock);
	slot->interval_us = AFTER_CHANGE_US;
	slot->users_us = 0;
	scan(slot); /* first what is true now, then the word that it is done */
	g_async_queue_push(slot->fleet->replies, reply);
	tell_ui(slot);
}

/* A sign of life: what events left as it was is true still. */
static void ping(HostSlot *slot)
{
	g_autoptr(GError) error = NULL;

	g_mutex_lock(&slot->lock);
	slot->asked_us = g_get_monotonic_time();
	g_mutex_unlock(&slot->lock);
	if (!backend_ping(slot->backend, slot->cancel, &error)) {
		publish_failure(slot, error);
		return;
	}
	g_mutex_lock(&slot->lock);
	slot->seen_us = slot->heard_us = g_get_monotonic_time();
	slot->asked_us = 0;
	g_mutex_unlock(&slot->lock);
}

/*
 * When to scan next, by the clock alone; -1: never, something else will call. While events tell of
 * changes only the users of what is looked at are read by the clock (over SSH nothing tells of
 * them), and what the operator's own `interval` asks for. Called with the lock.
 */
static gint64 next_scan(const HostSlot *slot)
{
	if (slot->refresh)
		return 0;
	if (slot->connected && !slot->backend->ops->live)
		return -1;
	if (slot->failures) {
		gint64 most = slot->visible && !slot->declined ? RETRY_VISIBLE_US : RETRY_HIDDEN_US;
		gint64 wait = MIN((gint64)RETRY_FIRST_US << MIN(slot->failures - 1, 8), most);
		return slot->last_us + wait + wait * slot->jitter / JITTER_OF;
	}
	if (slot->visible && slot->address->interval_s)
		return slot->last_us + slot->address->interval_s * (gint64)G_USEC_PER_SEC;
	if (slot->live)
		return slot->selected ? slot->users_us + USERS_US : -1;
	return slot->last_us + (slot->visible ? slot->interval_us : HIDDEN_US);
}

/* When to ask for a sign of life; -1: there is no need. Called with the lock. */
static gint64 next_ping(const HostSlot *slot)
{
	if (!slot->live || !slot->backend->ops->ping)
		return -1;
	return slot->heard_us + (slot->visible ? PING_VISIBLE_US : PING_HIDDEN_US);
}

static gint64 earlier(gint64 a, gint64 b)
{
	return a < 0 || b < 0 ? MAX(a, b) : MIN(a, b);
}

/* What a worker does next. */
typedef struct {
	FleetJob *job;
	bool scan, ping;
	gint64 wait_until; /* if nothing of these; -1: without limit */
} Turn;

static bool is_due(gint64 when)
{
	return when >= 0 && when <= g_get_monotonic_time();
}

static Turn next_turn(HostSlot *slot, int event_fd)
{
	g_mutex_lock(&slot->lock);
	slot->live = event_fd >= 0 && slot->connected;
	gint64 scan_at = next_scan(slot), ping_at = next_ping(slot);
	slot->retry_us = slot->failures ? scan_at : 0;
	Turn turn = { .job = g_queue_pop_head(&slot->jobs) };
	slot->in_job = turn.job != NULL;
	turn.scan = !turn.job && is_due(scan_at);
	turn.ping = !turn.job && !turn.scan && is_due(ping_at);
	turn.wait_until = earlier(scan_at, ping_at);
	g_mutex_unlock(&slot->lock);
	return turn;
}

/*
 * True where a reading lies behind this thread, and a rest before it: another does the waiting. A
 * thread keeps what it freed (glibc's thread cache) and the pages its stack once had; that is 30 kB
 * a host, as much as half of its inventory.
 */
static bool is_worn(HostSlot *slot, const Turn *turn)
{
	gint64 long_rest = g_get_monotonic_time() + WORTH_A_THREAD_US;

	return slot->worn && !turn->job && !turn->scan && !turn->ping &&
	       (turn->wait_until < 0 || turn->wait_until > long_rest);
}

/* Does what is due, or waits for it. False: a fresh thread is to go on. */
static bool take_turn(HostSlot *slot)
{
	/* Before the scan, the first one too: nothing may fall between. */
	int event_fd = backend_event_fd(slot->backend);
	Turn turn = next_turn(slot, event_fd);

	if (is_worn(slot, &turn))
		return false;
	if (turn.ping) {
		ping(slot);
	} else if (!turn.job && !turn.scan && fleet_wait(slot, event_fd, turn.wait_until)) {
		slot->users_us = 0; /* an instance that comes or goes has other users */
		turn.scan = true;
	}
	if (turn.job)
		run_job(slot, turn.job);
	else if (turn.scan)
		scan(slot);
	if (turn.job || turn.scan)
		slot->last_us = g_get_monotonic_time();
	return true;
}

static bool must_stop(HostSlot *slot)
{
	g_mutex_lock(&slot->lock);
	bool stop = slot->stop;
	g_mutex_unlock(&slot->lock);
	return stop;
}

void fleet_open_line(HostSlot *slot)
{
	BackendOptions options = slot->fleet->options;

	options.ask = fleet_worker_ask;
	options.ask_data = slot;
	slot->interval_us = AFTER_CHANGE_US;
	slot->backend = slot->fleet->open(slot->address, &options);
}

/* False where there is no thread to be had: then this one goes on. */
static bool hand_over(HostSlot *slot)
{
	slot->worn = false;
	g_mutex_lock(&slot->lock);
	GThread *next = g_thread_try_new("host", fleet_worker, slot, NULL);
	if (next) {
		g_thread_unref(slot->thread);
		slot->thread = next;
	}
	g_mutex_unlock(&slot->lock);
	return next != NULL;
}

/* A thousand caches read at once are a stampede too: they take turns like connects. */
static void first_steps(HostSlot *slot)
{
	fleet_connect_begin(slot);
	fleet_cache_show(slot);
	fleet_open_line(slot);
	fleet_connect_end(slot, false);
}

gpointer fleet_worker(gpointer data)
{
	HostSlot *slot = data;

	if (!slot->backend)
		first_steps(slot);
	while (!must_stop(slot)) {
		if (fleet_rest(slot))
			slot->last_us = 0;
		else if (!take_turn(slot) && hand_over(slot))
			return NULL;
	}
	fleet_cache_close(slot);
	backend_close(slot->backend);
	fleet_refuse_jobs(slot);
	g_mutex_lock(&slot->lock);
	slot->ended = true;
	g_cond_broadcast(&slot->told);
	g_mutex_unlock(&slot->lock);
	return NULL;
}
