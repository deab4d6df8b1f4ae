// SPDX-License-Identifier: GPL-2.0-or-later
/* `watch`: what changed between two looks, and the stream that tells it. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/output/inventory_diff.h"
#include "tests/unit/cli_run.h"
#include "tests/unit/trees.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define U2 "22222222-2222-4222-8222-222222222222"

static HostAddress gpu = { .label = (char *)"gpu-a", .address = (char *)"gpu-a" };

/* A look at a host with one parent, mtty, and these instances. */
static Inventory *look(const char *available, const char *first, const char *second)
{
	g_autoptr(Facts) facts = tree_facts("x86_64", "mtty", "mtty-1", "vfio-pci", available);

	if (first)
		tree_add_instance(facts, "mtty", "mtty-1", first, 1);
	if (second)
		tree_add_instance(facts, "mtty", "mtty-1", second, 2);
	return inventory_new(facts);
}

static HostRow row(const char *state, const Inventory *inventory)
{
	return (HostRow){ .address = &gpu, .state = state, .inventory = inventory, .now = 1 };
}

static void assert_change(const GPtrArray *changes, guint i, const char *what, const char *id,
                          bool before, bool after)
{
	assert_true(i < changes->len);
	const InventoryChange *change = g_ptr_array_index(changes, i);
	assert_string_equal(change->what, what);
	assert_string_equal(change->id, id);
	assert_int_equal(change->before != NULL, before);
	assert_int_equal(change->after != NULL, after);
}

static void test_nothing_changed(void **state)
{
	g_autoptr(Inventory) a = look("3", U1, NULL), b = look("3", U1, NULL);
	HostRow was = row("up", a), is = row("up", b);
	(void)state;

	was.latency_ms = 3, is.latency_ms = 900; /* that is no news */
	is.now += 1000;
	g_autoptr(GPtrArray) changes = inventory_diff(&was, &is);
	assert_int_equal(changes->len, 0);
}

static void test_instances_come_and_go(void **state)
{
	g_autoptr(Inventory) a = look("3", U2, NULL), b = look("2", U1, NULL);
	HostRow was = row("up", a), is = row("up", b);
	(void)state;

	g_autoptr(GPtrArray) changes = inventory_diff(&was, &is);
	assert_int_equal(changes->len, 3);
	assert_change(changes, 0, "type", "mtty/mtty-1", true, true);
	assert_change(changes, 1, "instance", U1, false, true);
	assert_change(changes, 2, "instance", U2, true, false);
	const InventoryChange *type = g_ptr_array_index(changes, 0);
	assert_int_equal(json_integer_value(field(type->before, "available_instances")), 3);
	assert_int_equal(json_integer_value(field(type->after, "available_instances")), 2);
}

static void test_parent_goes(void **state)
{
	g_autoptr(Facts) bare = facts_new();
	g_autoptr(Inventory) a = look("3", NULL, NULL), b = inventory_new(bare);
	HostRow was = row("up", a), is = row("up", b);
	(void)state;

	g_autoptr(GPtrArray) changes = inventory_diff(&was, &is);
	assert_change(changes, 0, "host", "gpu-a", true, true); /* it says less of itself, too */
	assert_change(changes, 1, "parent", "mtty", true, false);
	assert_change(changes, 2, "type", "mtty/mtty-1", true, false);
	assert_int_equal(changes->len, 3);
}

/* Before the first look nothing is known: what it finds is no change. */
static void test_first_look(void **state)
{
	g_autoptr(Inventory) a = look("3", U1, NULL);
	HostRow was = row("connecting", NULL), is = row("up", a), silent = row("stale", a);
	(void)state;

	g_autoptr(GPtrArray) first = inventory_diff(&was, &is);
	assert_int_equal(first->len, 1);
	assert_change(first, 0, "host", "gpu-a", true, true);
	const InventoryChange *host = g_ptr_array_index(first, 0);
	assert_string_equal(text(host->before, "state"), "connecting");
	assert_string_equal(text(host->after, "state"), "up");
	assert_null(json_object_get(host->after, "instances"));
	g_autoptr(GPtrArray) later = inventory_diff(&is, &silent);
	assert_int_equal(later->len, 1);
}

/* --- the command --------------------------------------------------------------------------- */

typedef struct {
	GPid pid;
	int out, err;
	GString *line;
} Watching;

static Watching watch_start(const char *const *args)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	Watching w = { .line = g_string_new(NULL) };

	g_ptr_array_add(argv, (gpointer)g_getenv("MDEVCON_BIN"));
	g_ptr_array_add(argv, (gpointer) "watch");
	for (; *args; args++)
		g_ptr_array_add(argv, (gpointer)*args);
	g_ptr_array_add(argv, NULL);
	assert_true(g_spawn_async_with_pipes(NULL, (char **)argv->pdata, NULL,
	                                     G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &w.pid, NULL,
	                                     &w.out, &w.err, NULL));
	return w;
}

/* The next line, without its end. False at the end of the stream. */
static bool next_line(Watching *w)
{
	struct pollfd fd = { .fd = w->out, .events = POLLIN };
	char c;

	g_string_truncate(w->line, 0);
	for (;;) {
		if (poll(&fd, 1, STEP_MS) != 1)
			fail_msg("nothing was said; so far: %s", w->line->str);
		if (read(w->out, &c, 1) != 1)
			return false;
		if (c == '\n')
			return true;
		g_string_append_c(w->line, c);
	}
}

static json_t *next_event(Watching *w, const char *event)
{
	assert_true(next_line(w));
	json_t *json = json_loads(w->line->str, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	assert_string_equal(text(json, "schema"), "mdevcon/1");
	assert_string_equal(text(json, "event"), event);
	assert_true(json_integer_value(field(json, "time")) > 0);
	return json;
}

static int watch_end(Watching *w, char *messages, gsize size)
{
	int status = 0;

	gssize n = read(w->err, messages, size - 1);
	messages[MAX(n, 0)] = '\0';
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	close(w->out), close(w->err);
	g_string_free(w->line, TRUE);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define COUNTER TYPES "mtty-1/available_instances"

static void test_stream_and_interrupt(void **state)
{
	char messages[1024];
	(void)state;

	Watching w = watch_start(ARGS("--json", "--root", tree));
	json_t *up = next_event(&w, "change");
	assert_string_equal(text(up, "host"), "local");
	assert_string_equal(text(up, "what"), "host");
	assert_string_equal(text(field(up, "old"), "state"), "connecting");
	assert_string_equal(text(field(up, "new"), "state"), "up");
	put_file(tree, COUNTER, "7\n");
	json_t *type = next_event(&w, "change");
	assert_string_equal(text(type, "what"), "type");
	assert_string_equal(text(type, "id"), "mtty/mtty-1");
	assert_int_equal(json_integer_value(field(field(type, "old"), "available_instances")), 24);
	assert_int_equal(json_integer_value(field(field(type, "new"), "available_instances")), 7);
	kill(w.pid, SIGINT);
	json_t *end = next_event(&w, "end");
	assert_string_equal(text(end, "state"), "cancelled");
	assert_int_equal(json_integer_value(field(end, "exit")), 130);
	assert_false(next_line(&w)); /* the last line, really */
	assert_int_equal(watch_end(&w, messages, sizeof messages), 130);
	assert_string_equal(messages, "");
	json_decref(up), json_decref(type), json_decref(end);
	put_file(tree, COUNTER, "24\n");
}

static void test_text(void **state)
{
	char messages[1024];
	(void)state;

	Watching w = watch_start(ARGS("--ascii", "--root", tree));
	assert_true(next_line(&w));
	assert_non_null(strstr(w.line->str, "local  ~ host local  state: connecting -> up"));
	put_file(tree, COUNTER, "7\n");
	assert_true(next_line(&w));
	assert_non_null(
		strstr(w.line->str, "local  ~ type mtty/mtty-1  available_instances: 24 -> 7"));
	kill(w.pid, SIGINT);
	assert_false(next_line(&w));
	assert_int_equal(watch_end(&w, messages, sizeof messages), 130);
	put_file(tree, COUNTER, "24\n");
}

static void test_deadline(void **state)
{
	g_auto(Ran) ran = run("watch", "--json", "--deadline", "0.5", "--root", tree, NULL);
	(void)state;
	assert_int_equal(ran.exit, 0);
	g_auto(GStrv) lines = g_strsplit(g_strchomp(ran.out), "\n", -1);
	json_t *end = json_loads(lines[g_strv_length(lines) - 1], 0, NULL);
	assert_string_equal(text(end, "event"), "end");
	assert_string_equal(text(end, "state"), "done");
	assert_int_equal(json_integer_value(field(end, "exit")), 0);
	json_decref(end);
}

/* Whoever read has gone, and nothing changes that would make it notice by writing. */
static void test_reader_goes(void **state)
{
	char messages[1024];
	(void)state;

	Watching w = watch_start(ARGS("--root", tree));
	assert_true(next_line(&w));
	close(w.out);
	w.out = -1;
	watch_end(&w, messages, sizeof messages);
	assert_string_equal(messages, "");
}

static void test_host_is_down(void **state)
{
	int port, fd = closed_port(&port);
	char messages[1024];
	g_autofree char *address = g_strdup_printf("gone=ssh://root@127.0.0.1:%d", port);
	(void)state;

	Watching w = watch_start(ARGS("--json", "--host", address));
	json_t *down = next_event(&w, "change");
	assert_string_equal(text(down, "host"), "gone");
	assert_string_equal(text(field(down, "new"), "state"), "down");
	assert_string_equal(text(at(field(field(down, "new"), "errors"), 0), "code"),
	                    "UNREACHABLE");
	kill(w.pid, SIGINT);
	while (next_line(&w))
		;
	assert_int_equal(watch_end(&w, messages, sizeof messages), 130);
	json_decref(down);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_changed),
		cmocka_unit_test(test_instances_come_and_go),
		cmocka_unit_test(test_parent_goes),
		cmocka_unit_test(test_first_look),
		cmocka_unit_test(test_stream_and_interrupt),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_reader_goes),
		cmocka_unit_test(test_host_is_down),
	};

	if (!g_getenv("MDEVCON_BIN"))
		g_error("MDEVCON_BIN must name the program to test");
	return cmocka_run_group_tests(tests, cli_set_up, cli_tear_down);
}
