// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fleet_private.h"

#include <string.h>

/* How often a host is read: soon after a change, then ever less; what is not on screen, rarely. */
#define AFTER_CHANGE_US (300 * 1000)
#define VISIBLE_US (2 * G_USEC_PER_SEC)
#define HIDDEN_US (15 * G_USEC_PER_SEC)
#define USERS_US (5 * G_USEC_PER_SEC) /* looking through all processes costs the host more */
#define RETRY_FIRST_US (G_USEC_PER_SEC / 2)
#define RETRY_VISIBLE_US (3 * G_USEC_PER_SEC)
#define RETRY_HIDDEN_US (30 * G_USEC_PER_SEC)

static void tell_ui(HostSlot *slot)
{
	slot->fleet->wake(slot->fleet->wake_data);
}

/* Connects in flight are bounded: a thousand hosts neither stampede nor stall. */
static void connect_begin(HostSlot *slot)
{
	Fleet *fleet = slot->fleet;

	g_mutex_lock(&fleet->lock);
	while (fleet->connecting >= CONNECTS_IN_FLIGHT && !g_cancellable_is_cancelled(slot->cancel))
		g_cond_wait(&fleet->freed, &fleet->lock);
	fleet->connecting++;
	g_mutex_unlock(&fleet->lock);
	slot->in_connect = true;
}

static void connect_end(HostSlot *slot)
{
	Fleet *fleet = slot->fleet;

	slot->in_connect = false;
	g_mutex_lock(&fleet->lock);
	fleet->connecting--;
	g_cond_signal(&fleet->freed);
	g_mutex_unlock(&fleet->lock);
}

char *fleet_worker_ask(const Question *question, GCancellable *cancel, void *data)
{
	HostSlot *slot = data;
	static gint last_id;

	g_mutex_lock(&slot->lock);
	if (slot->declined || slot->stop || g_cancellable_is_cancelled(cancel)) {
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
		connect_end(slot); /* the operator may take his time: others connect meanwhile */
	tell_ui(slot);

	g_mutex_lock(&slot->lock);
	while (!slot->answered && !slot->stop)
		g_cond_wait(&slot->wake, &slot->lock);
	char *answer = g_steal_pointer(&slot->answer);
	slot->declined = answer == NULL;
	slot->question_id = 0;
	slot->generation++;
	slot->asked_us = g_get_monotonic_time();
	g_free((char *)slot->question.host);
	g_free((char *)slot->question.text);
	slot->question = (Question){ 0 };
	g_mutex_unlock(&slot->lock);
	if (counted)
		connect_begin(slot);
	tell_ui(slot);
	return answer;
}

static void digest_bytes(GChecksum *sum, const char *bytes, gsize len)
{
	if (bytes)
		g_checksum_update(sum, (const guchar *)bytes, (gssize)len);
	g_checksum_update(sum, (const guchar *)"", 1);
}

static bool is_process(const Fact *fact)
{
	return g_str_has_prefix(fact->path, "/proc/") && g_ascii_isdigit(fact->path[6]);
}

/* What a change shows by: every reading but those of processes. */
static char *digest_facts(const Facts *facts)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);

	for (guint i = 0; i < facts_count(facts); i++) {
		const Fact *fact = facts_nth(facts, i);
		if (is_process(fact))
			continue;
		digest_bytes(sum, fact->path, strlen(fact->path));
		digest_bytes(sum, (const char *)&fact->err, sizeof fact->err);
		digest_bytes(sum, fact->text, fact->text ? fact->len : 0);
		for (char **name = fact->names; name && *name; name++)
			digest_bytes(sum, *name, strlen(*name));
	}
	return g_strdup(g_checksum_get_string(sum));
}

static const char *const users_notes[] = { "users", "hidden" };

static void copy_users(Facts *to, const Facts *from)
{
	for (guint i = 0; i < facts_count(from); i++) {
		const Fact *fact = facts_nth(from, i);
		bool proof = g_str_equal(fact->path, "/proc/self/ns/pid");
		if (!is_process(fact) && !proof)
			continue;
		if (fact->err)
			facts_add_error(to, fact->kind, fact->path, fact->err);
		else if (fact->names)
			facts_add_names(to, fact->path, fact->names);
		else
			facts_add_text(to, fact->kind, fact->path, fact->text, (gssize)fact->len);
	}
	for (guint i = 0; i < G_N_ELEMENTS(users_notes); i++)
		if (facts_note(from, users_notes[i]))
			facts_set_note(to, users_notes[i], facts_note(from, users_notes[i]));
}

/* Keeps what the processes said, so that the scans between may be cheap. */
static void keep_users(HostSlot *slot, const Facts *facts)
{
	g_clear_pointer(&slot->users, facts_free);
	slot->users = facts_new();
	copy_users(slot->users, facts);
	slot->users_us = g_get_monotonic_time();
}

/* One reading, with users where those known are too old or something changed. */
static Facts *read_facts(HostSlot *slot, bool *changed, GError **error)
{
	bool wants_users =
		slot->users_us == 0 || g_get_monotonic_time() - slot->users_us > USERS_US;
	g_autoptr(Facts) facts =
		backend_scan(slot->backend, wants_users ? SCAN_USERS : 0, slot->cancel, error);
	if (!facts)
		return NULL;

	g_autofree char *digest = digest_facts(facts);
	*changed = g_strcmp0(digest, slot->digest) != 0;
	if (*changed && !wants_users) {
		Facts *again = backend_scan(slot->backend, SCAN_USERS, slot->cancel, error);
		facts_free(facts);
		facts = again;
		if (!facts)
			return NULL;
		wants_users = true;
		g_free(digest);
		digest = digest_facts(facts);
	}
	if (wants_users)
		keep_users(slot, facts);
	else
		copy_users(facts, slot->users);
	g_free(slot->digest);
	slot->digest = g_steal_pointer(&digest);
	return g_steal_pointer(&facts);
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

static void publish(HostSlot *slot, Inventory *inventory, bool changed, gint64 took_us)
{
	bool recording = !slot->backend->ops->live;

	g_mutex_lock(&slot->lock);
	changed |= slot->state != HOST_UP || !same_use(slot->inventory, inventory);
	slot->state = recording ? HOST_RECORDING : HOST_UP;
	slot->seen_us = g_get_monotonic_time();
	slot->latency_ms = (int)(took_us / 1000);
	slot->failing_us = 0;
	slot->asked_us = 0;
	g_clear_pointer(&slot->error, g_free);
	g_clear_pointer(&slot->error_code, g_free);
	Inventory *old = NULL;
	if (changed) {
		old = slot->inventory;
		slot->inventory = inventory_ref(inventory);
		slot->generation++;
	}
	g_mutex_unlock(&slot->lock);
	if (old)
		inventory_unref(old);
	slot->failures = 0;
	slot->interval_us = changed ? AFTER_CHANGE_US : MIN(slot->interval_us * 3 / 2, VISIBLE_US);
	if (changed)
		tell_ui(slot);
}

static void publish_failure(HostSlot *slot, const GError *error)
{
	g_autoptr(Problem) problem = problem_from_backend(slot->address->label, error, NULL);

	g_mutex_lock(&slot->lock);
	slot->state = slot->inventory ? HOST_STALE : HOST_DOWN;
	if (!slot->failing_us)
		slot->failing_us = slot->asked_us;
	slot->asked_us = 0;
	g_free(slot->error);
	slot->error = g_strdup(error->message);
	g_free(slot->error_code);
	slot->error_code = g_strdup(problem->code);
	slot->generation++;
	g_mutex_unlock(&slot->lock);
	slot->failures++;
	slot->users_us = 0;
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
	bool connected = slot->seen_us && !slot->failures, changed = false;
	g_autoptr(GError) error = NULL;

	begin_request(slot);
	if (!connected)
		connect_begin(slot);
	g_autoptr(Facts) facts = read_facts(slot, &changed, &error);
	if (!connected)
		connect_end(slot);
	if (!facts) {
		publish_failure(slot, error);
		return;
	}
	g_autoptr(Inventory) inventory = inventory_new(facts);
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
	slot->interval_us = AFTER_CHANGE_US;
	slot->users_us = 0;
	scan(slot); /* first what is true now, then the word that it is done */
	g_async_queue_push(slot->fleet->replies, reply);
	tell_ui(slot);
}

/* Until when to sleep before the next scan; -1: until something is asked. Called with the lock. */
static gint64 next_scan(const HostSlot *slot, gint64 last)
{
	if (slot->refresh)
		return 0;
	if (!slot->failures && slot->seen_us && !slot->backend->ops->live)
		return -1;
	if (slot->failures) {
		gint64 most = slot->visible && !slot->declined ? RETRY_VISIBLE_US : RETRY_HIDDEN_US;
		gint64 wait = MIN((gint64)RETRY_FIRST_US << MIN(slot->failures - 1, 8), most);
		return last + wait + g_random_int_range(0, (gint32)(wait / 8));
	}
	if (!slot->visible)
		return last + HIDDEN_US;
	if (slot->address->interval_s)
		return last + slot->address->interval_s * (gint64)G_USEC_PER_SEC;
	return last + slot->interval_us;
}

gpointer fleet_worker(gpointer data)
{
	HostSlot *slot = data;
	BackendOptions options = slot->fleet->options;
	gint64 last = 0;

	options.ask = fleet_worker_ask;
	options.ask_data = slot;
	slot->interval_us = AFTER_CHANGE_US;
	slot->backend = slot->fleet->open(slot->address, &options);

	g_mutex_lock(&slot->lock);
	slot->refresh = true;
	while (!slot->stop) {
		FleetJob *job = g_queue_pop_head(&slot->jobs);
		gint64 when = next_scan(slot, last);
		if (!job && when > g_get_monotonic_time()) {
			g_cond_wait_until(&slot->wake, &slot->lock, when);
			continue;
		}
		if (!job && when < 0) {
			g_cond_wait(&slot->wake, &slot->lock);
			continue;
		}
		g_mutex_unlock(&slot->lock);
		if (job)
			run_job(slot, job);
		else
			scan(slot);
		last = g_get_monotonic_time();
		g_mutex_lock(&slot->lock);
	}
	g_mutex_unlock(&slot->lock);

	backend_close(slot->backend);
	g_mutex_lock(&slot->lock);
	slot->ended = true;
	g_cond_broadcast(&slot->wake);
	g_mutex_unlock(&slot->lock);
	return NULL;
}
