// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The screens that are one table: fleet, guests and messages; on recorded hosts where the picture
 * matters, on the demo's where something happens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "tests/screen/recorded.h"

static Term *term;

static void start(int rows, int cols, const char *const extra[])
{
	static const char *const labels[] = { "gpu-a",   "gpu-b",   "gpu-sriov", "gpu-vendor",
		                              "gpu-off", "gvt-off", "lab-a",     NULL };
	term = recorded_start(labels, rows, cols, extra, NULL);
}

static void start_demo(void)
{
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--demo", NULL };
	term = term_start(24, 80, argv, NULL);
	expect_text(term, "web-7");
	expect_text(term, "locked down");
}

static int stop(void **state)
{
	(void)state;
	if (term)
		term_stop(term, NULL);
	term = NULL;
	return 0;
}

static void press(const char *key)
{
	assert_true(term_key(term, key));
}

static void go(const char *key, const char *title)
{
	press(key);
	expect_text(term, title);
}

static const struct {
	const char *key, *title, *name;
} tables[] = {
	{ "2", "Fleet", "fleet" },
	{ "4", "Guests", "guests" },
	{ "6", "Messages", "messages" },
};

static void pictures(int rows, int cols, const char *const extra[], const char *size)
{
	start(rows, cols, extra);
	press("c");
	expect_text(term, "it cannot be changed");
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autofree char *name = g_strdup_printf("%s-%s", tables[i].name, size);
		go(tables[i].key, tables[i].title);
		assert_true(term_normalise(term, "[0-2][0-9]:[0-5][0-9]:[0-6][0-9]", "12:34:56"));
		expect_golden(term, name);
	}
}

static void test_80x24(void **state)
{
	(void)state;
	pictures(24, 80, NULL, "80x24");
}

static void test_120x40(void **state)
{
	(void)state;
	pictures(40, 120, NULL, "120x40");
}

static void test_60x15(void **state)
{
	(void)state;
	pictures(15, 60, (const char *const[]){ "--ascii", NULL }, "60x15-ascii");
	g_autofree char *dump = term_dump(term);
	for (const char *p = dump; *p; p++)
		assert_true((guchar)*p < 0x80);
}

static bool row_is_selected(Term *t, void *data)
{
	int row, at;
	return term_find(t, data, &row, NULL) && term_cursor(t, &at, NULL) && at == row;
}

static void expect_selected(const char *text)
{
	assert_true(term_wait(term, row_is_selected, (void *)text, text, 5000));
}

static void test_sort_and_hide(void **state)
{
	(void)state;
	start(24, 80, NULL);
	go("2", "Fleet");
	press("Down");
	expect_selected("gpu-b ");
	go(",", "Columns");
	for (int i = 0; i < 6; i++)
		press("Down");
	press("Space"); /* the instances */
	expect_golden(term, "columns-80x24");
	press("Enter");
	expect_gone(term, "INSTANCES");
	expect_selected("gpu-b ");
	press("Home");
	expect_selected("gpu-off");
}

static void test_filter(void **state)
{
	(void)state;
	start(24, 80, NULL);
	go("4", "Guests");
	press("/");
	term_send(term, "gpu-b");
	expect_text(term, "Filter: gpu-b");
	expect_gone(term, "web-7");
	press("Enter");
	press("!");
	expect_text(term, "Filter: !gpu-b");
	expect_text(term, "web-7");
	press("Esc");
	expect_text(term, "db-2");
	press("End");
	press("n");
	expect_text(term, "Guests");
}

/* Enter on a guest: the pair, with its instance as the source. */
static void test_guest_to_pair(void **state)
{
	(void)state;
	start_demo();
	go("4", "Guests");
	press("/");
	term_send(term, "display");
	expect_gone(term, "web-7");
	press("Enter");
	press("Enter");
	expect_text(term, "SOURCE lab-a");
	expect_text(term, "display-1 (1 device)");
}

static void test_details(void **state)
{
	(void)state;
	start_demo();
	go("4", "Guests");
	press("F3");
	expect_text(term, "render-1");
	expect_text(term, "5120");
	press("Esc");
	go("2", "Fleet");
	press("F3");
	expect_text(term, "Details: gpu-a");
	press("q");
	go("6", "Messages");
	press("F3");
	expect_text(term, "said");
	press("q");
	expect_gone(term, "said  ");
	press("q");
	expect_text(term, "SOURCE gpu-a");
}

/* A host that asks says so, and Enter is how to answer it. */
static void test_question(void **state)
{
	(void)state;
	start_demo();
	go("2", "Fleet");
	press("/");
	term_send(term, "asks");
	expect_gone(term, "gpu-b");
	press("Enter");
	expect_text(term, "new");
	press("Enter");
	expect_text(term, "Host key: new");
	press("Tab");
	press("Enter");
	expect_text(term, "Nothing matches the filter");
	press("Esc");
	press("End");
	expect_text(term, "new       -       up");
}

static void test_source_and_target(void **state)
{
	(void)state;
	start_demo();
	go("2", "Fleet");
	press("Down");
	press("Down");
	press("t");
	expect_text(term, "gpu-full is the target now");
	press("1");
	expect_text(term, "TARGET gpu-full");
}

static void test_add_a_host(void **state)
{
	(void)state;
	start_demo();
	go("2", "Fleet");
	go("c", "Add a host");
	term_send(term, "-x");
	press("Enter");
	expect_text(term, "-x");
	expect_text(term, "Add a host");
	press("Ctrl-U");
	term_send(term, "gpu-a=sim:mtty");
	press("Enter");
	expect_text(term, "There is a host gpu-a already");
	term_resize(term, 15, 60);
	expect_text(term, "gpu-a=sim:mtty");
	press("Home");
	term_send(term, "more-");
	press("Enter");
	expect_text(term, "Added more-gpu-a");
	press("End");
	expect_text(term, "more-gpu-a");
	expect_text(term, "20 of 24");
}

static void test_marks(void **state)
{
	(void)state;
	start_demo();
	go("2", "Fleet");
	press("Space");
	press("Space");
	expect_text(term, "2 marked");
	press("r");
	expect_text(term, "Reading 2 hosts again");
	press("u");
	expect_gone(term, "marked");
}

/* Any action by its name, with completion; commands take a host. */
static void test_command_line(void **state)
{
	(void)state;
	start_demo();
	press(":");
	term_send(term, "fl");
	press("Tab");
	expect_text(term, ":fleet");
	press("Enter");
	expect_text(term, "Fleet  1 of 23");
	press(":");
	term_send(term, "host lab-s");
	press("Tab");
	expect_text(term, ":host lab-shut");
	press("Tab");
	expect_text(term, ":host lab-sick");
	term_resize(term, 15, 60);
	expect_text(term, ":host lab-sick");
	press("Enter");
	expect_selected("lab-sick");
	term_resize(term, 24, 80);
	press(":");
	press("Up");
	press("Up");
	expect_text(term, ":fleet");
	press("Ctrl-U");
	term_send(term, "create");
	press("Enter");
	expect_text(term, "create means nothing here");
	press(":");
	term_send(term, "target nowhere");
	press("Enter");
	expect_text(term, "There is no host nowhere");
	press(":");
	term_send(term, "target gpu-old");
	press("Enter");
	expect_text(term, "TARGET gpu-old");
	press("2");
	press(":");
	term_send(term, "quit");
	press("Enter");
	expect_exit(term, 0);
}

static void test_disconnect_and_forget(void **state)
{
	(void)state;
	start_demo();
	go("2", "Fleet");
	press("F8");
	expect_text(term, "Forgot 0; the source and the target stay");
	press(":");
	term_send(term, "host lab-a");
	press("Enter");
	expect_selected("lab-a ");
	press("x");
	expect_text(term, "disconnected");
	press("x");
	expect_text(term, "Connecting 1 host");
	expect_gone(term, "disconnected");
	press("D");
	expect_text(term, "Forgot 1 host");
	expect_gone(term, "lab-a ");
	expect_text(term, "of 22");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, stop)
	const struct CMUnitTest tests[] = {
		TEST(test_80x24),
		TEST(test_120x40),
		TEST(test_60x15),
		TEST(test_sort_and_hide),
		TEST(test_filter),
		TEST(test_guest_to_pair),
		TEST(test_details),
		TEST(test_question),
		TEST(test_source_and_target),
		TEST(test_add_a_host),
		TEST(test_marks),
		TEST(test_command_line),
		TEST(test_disconnect_and_forget),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
