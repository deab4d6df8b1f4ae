// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes as they happen. The fleet reads the hosts, as it does for the console; here two looks at
 * a host are compared and told as text, or as one JSON object a line.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/naming.h"
#include "core/output/inventory_diff.h"
#include "core/output/json.h"
#include "core/output/names.h"
#include "core/text.h"

#define TICK_MS 1000 /* a silent host turns stale by the clock alone */

typedef struct {
	Cli *cli;
	Fleet *fleet;
	GArray *seen; /* HostView: what was told of each host */
	gint64 end;   /* monotonic; -1: never */
} Watch;

/* Static: a worker that hangs when all else has ended may still write to it. */
static int wake_fd = -1;

static void on_wake(void *data)
{
	guint64 one = 1;

	(void)data;
	/* It fails only where the counter is full, and then the loop wakes anyway. */
	if (write(wake_fd, &one, sizeof one) < 0)
		errno = 0;
}

static Problem *problem_of(const HostView *view)
{
	if (!view->error)
		return NULL;
	return problem_new(view->address->label, view->error_code, 0, "host", NULL, view->error,
	                   NULL);
}

static HostRow row_of(const HostView *view, const Problem *problem)
{
	return (HostRow){
		.address = view->address,
		.state = host_state_name(view->state),
		.inventory = view->inventory,
		.problem = problem,
		.latency_ms = view->latency_ms,
		.now = g_get_real_time() / G_USEC_PER_SEC,
	};
}

/* ---- as text ------------------------------------------------------------------------------ */

/* A value of one line: text as it is, all else as JSON. New. */
static char *value_words(const json_t *value)
{
	if (json_is_string(value))
		return g_strdup(json_string_value(value));
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_PRESERVE_ORDER);
	char *copy = g_strdup(text ? text : "?");
	free(text);
	return copy;
}

/* "key: old → new" for each key that differs. What a host says first is no change of it. */
static void append_differences(GString *line, const InventoryChange *change, const char *arrow)
{
	bool is_host = g_str_equal(change->what, "host");
	static const char *const untold[] = { "taken_at", "age_s",     "latency_ms", "errors",
		                              "types",    "instances", NULL };
	const char *key;
	json_t *is;
	bool first = true;

	json_object_foreach(change->after, key, is)
	{
		const json_t *was = json_object_get(change->before, key);
		if (g_strv_contains(untold, key) || json_equal(was, is) ||
		    (is_host && json_is_null(was)))
			continue;
		g_autofree char *old = value_words(was), *new = value_words(is);
		g_string_append_printf(line, "%s%s: %s %s %s", first ? "  " : ", ", key, old, arrow,
		                       new);
		first = false;
	}
}

/* What a thing that came or went was: its type and parent, as far as it has them. */
static void append_nature(GString *line, const json_t *thing)
{
	static const struct {
		const char *key, *before;
	} parts[] = { { "type", " of " }, { "parent", " on " }, { "driver", " driven by " } };

	for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
		const char *text = json_string_value(json_object_get(thing, parts[i].key));
		if (text)
			g_string_append_printf(line, "%s%s", parts[i].before, text);
	}
}

static void append_error(GString *line, const json_t *host)
{
	const json_t *error = json_array_get(json_object_get(host, "errors"), 0);
	const char *text = json_string_value(json_object_get(error, "text"));

	if (text && !g_str_equal(json_string_value(json_object_get(host, "state")), "up"))
		g_string_append_printf(line, " (%s)", text);
}

/* "12:03:04  gpu-a  + instance UUID of mtty-1 on mtty" */
static void append_line(const Watch *watch, const HostView *view, const InventoryChange *change)
{
	const TextStyle *style = &watch->cli->report.style;
	GString *text = watch->cli->report.text, *line = g_string_new(NULL);
	const char *arrow = style->ascii ? "->" : "\u2192";
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
	g_autofree char *label = text_printable(view->address->label, style);

	g_string_printf(line, "%c %s %s",
	                !change->before  ? '+'
	                : !change->after ? '-'
	                                 : '~',
	                change->what, change->id);
	if (change->before && change->after)
		append_differences(line, change, arrow);
	else
		append_nature(line, change->after ? change->after : change->before);
	if (g_str_equal(change->what, "host"))
		append_error(line, change->after);
	g_autofree char *printable = text_printable(line->str, style);
	g_string_append_printf(text, "%s  %s  %s\n", time, label, printable);
	g_string_free(line, TRUE);
}

/* ---- as JSON ------------------------------------------------------------------------------ */

static json_t *event_new(const char *event, const char *host)
{
	json_t *o = json_object();

	json_object_set_new_nocheck(o, "schema", json_text("mdevcon/1"));
	json_object_set_new_nocheck(o, "event", json_text(event));
	json_object_set_new_nocheck(o, "time", json_integer(g_get_real_time() / G_USEC_PER_SEC));
	json_object_set_new_nocheck(o, "host", json_text(host));
	return o;
}

static json_t *reference_or_null(json_t *value)
{
	return value ? json_incref(value) : json_null();
}

static bool write_change(const Watch *watch, const HostView *view, const InventoryChange *change)
{
	json_t *o = event_new("change", view->address->label);

	json_object_set_new_nocheck(o, "what", json_text(change->what));
	json_object_set_new_nocheck(o, "id", json_text(change->id));
	json_object_set_new_nocheck(o, "old", reference_or_null(change->before));
	json_object_set_new_nocheck(o, "new", reference_or_null(change->after));
	return report_line(&watch->cli->report, o);
}

static Status end_stream(const Watch *watch)
{
	bool interrupted = g_cancellable_is_cancelled(watch->cli->cancel);
	Status status = interrupted ? STATUS_INTERRUPTED : STATUS_DONE;

	if (watch->cli->report.json) {
		json_t *o = event_new("end", NULL);
		json_object_set_new_nocheck(o, "state",
		                            json_text(interrupted ? "cancelled" : "done"));
		json_object_set_new_nocheck(o, "exit", json_integer(status));
		report_line(&watch->cli->report, o);
	}
	return status;
}

/* ---- the loop ----------------------------------------------------------------------------- */

/* Nobody but the terminal can answer; where there is none the answer is no. */
static void answer(const Watch *watch, guint host, const HostView *view)
{
	const BackendOptions *options = &watch->cli->backend;
	Question question = { view->question_kind, view->address->label, view->question };

	char *words = options->ask ? options->ask(&question, watch->cli->cancel, options->ask_data)
	                           : NULL;
	fleet_answer(watch->fleet, host, view->question_id, words);
	if (words)
		explicit_bzero(words, strlen(words));
	g_free(words);
}

/* Compares what is known now with what was told last. False when nobody reads any more. */
static bool tell(const Watch *watch, guint host)
{
	HostView *seen = &g_array_index(watch->seen, HostView, host);
	HostView now;
	bool ok = true;

	fleet_view(watch->fleet, host, &now);
	if (now.question_id)
		answer(watch, host, &now);
	if (now.generation != seen->generation || now.state != seen->state) {
		g_autoptr(Problem) before = problem_of(seen), after = problem_of(&now);
		HostRow was = row_of(seen, before), is = row_of(&now, after);
		g_autoptr(GPtrArray) changes = inventory_diff(&was, &is);
		for (guint i = 0; i < changes->len && ok; i++) {
			const InventoryChange *change = g_ptr_array_index(changes, i);
			if (watch->cli->report.json)
				ok = write_change(watch, &now, change);
			else
				append_line(watch, &now, change);
		}
	}
	host_view_clear(seen);
	*seen = now;
	return report_flush(&watch->cli->report, false) && ok;
}

static void clear_view(gpointer data)
{
	host_view_clear(data);
}

/* The hosts asked for go to the fleet, which frees their addresses. */
static void add_hosts(Watch *watch, const GPtrArray *hosts)
{
	for (guint i = 0; i < hosts->len; i++) {
		HostAddress *address = g_ptr_array_index(hosts, i);
		guint at;
		if (g_ptr_array_find(watch->cli->hosts, address, &at))
			g_ptr_array_steal_index(watch->cli->hosts, at);
		HostView view = { .address = address, .state = HOST_CONNECTING, .latency_ms = -1 };
		g_array_append_val(watch->seen, view);
		fleet_set_visible(watch->fleet, fleet_add(watch->fleet, address), true);
	}
}

static int timeout_ms(const Watch *watch)
{
	gint64 left = watch->end < 0 ? TICK_MS : (watch->end - g_get_monotonic_time() + 999) / 1000;
	return (int)CLAMP(left, 0, TICK_MS);
}

static bool has_ended(const Watch *watch)
{
	return g_cancellable_is_cancelled(watch->cli->cancel) ||
	       (watch->end >= 0 && g_get_monotonic_time() >= watch->end);
}

/* Waits for news; false when the reader of our output has gone. */
static bool wait_for_news(const Watch *watch, int cancel_fd)
{
	struct pollfd fds[] = { { .fd = wake_fd, .events = POLLIN },
		                { .fd = cancel_fd, .events = POLLIN },
		                { .fd = STDOUT_FILENO } };
	guint64 count;

	poll(fds, G_N_ELEMENTS(fds), timeout_ms(watch));
	if (fds[0].revents && read(wake_fd, &count, sizeof count) < 0)
		errno = 0;
	return !(fds[2].revents & POLLERR);
}

static void run(const Watch *watch)
{
	int cancel_fd = g_cancellable_get_fd(watch->cli->cancel);
	bool read = true;

	while (read && !has_ended(watch)) {
		read = wait_for_news(watch, cancel_fd);
		for (guint i = 0; i < watch->seen->len && read; i++)
			read = tell(watch, i);
	}
	g_cancellable_release_fd(watch->cli->cancel);
}

Status run_watch(Cli *cli)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	Status status = naming_hosts(cli, hosts);
	double seconds = cli->options.deadline;
	BackendOptions options = cli->backend;

	if (status != STATUS_DONE)
		return status;
	options.deadline_ms = 0; /* --deadline is the watch's own */
	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0) {
		report_note("%s", g_strerror(errno));
		return STATUS_FAILED;
	}
	Watch watch = {
		.cli = cli,
		.fleet = fleet_new(cli->open, &options, on_wake, NULL),
		.seen = g_array_new(FALSE, TRUE, sizeof(HostView)),
		.end = seconds > 0 ? g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC)
		                   : -1,
	};
	g_array_set_clear_func(watch.seen, clear_view);
	add_hosts(&watch, hosts);
	run(&watch);
	status = end_stream(&watch);
	g_array_unref(watch.seen);
	fleet_free(watch.fleet);
	return status;
}
