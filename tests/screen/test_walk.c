// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A random walk over keys and sizes on the demo's hosts, some of which change all the time: no
 * crash, the cursor always somewhere, and nothing is changed as long as nobody presses a button of
 * a review page. MDEVCON_WALK_STEPS and MDEVCON_WALK_SEED make it longer, and the same again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "tests/screen/term.h"

#define BURST 25 /* keys between two looks */

static Term *term;

static const char *const keys[] = {
	"Up",  "Down", "Left", "Right",  "PgUp",   "PgDn",   "Home", "End",  "Tab", "BackTab",
	"Esc", "Esc",  "Esc",  "Space",  "F1",     "F2",     "F3",   "F4",   "F5",  "F6",
	"F7",  "F8",   "F9",   "1",      "2",      "4",      "6",    "Down", "g",   "G",
	"j",   "k",    "h",    "l",      "a",      "o",      "s",    "t",    "x",   "[",
	"]",   "/",    "!",    "n",      "N",      "u",      ",",    "c",    "D",   "d",
	"r",   ":",    "y",    "?",      "e",      "w",      "b",    "-",    "0",   "Backspace",
	"Del", "Ins",  "ä",    "Ctrl-U", "Ctrl-W", "Ctrl-L", "F12",  "3",    ".",   "J",
	"{",   "}",    "b",
};

static gint64 number(const char *variable, gint64 otherwise)
{
	const char *text = g_getenv(variable);
	return text ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}

static void begin(void)
{
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--demo", NULL };
	term = term_start(24, 80, argv, NULL);
	assert_non_null(term);
	expect_text(term, "web-7");
}

/* Leaving is allowed (:quit), crashing is not. */
static void begin_again(void)
{
	int status = -1;
	assert_true(term_wait_exit(term, 5000, &status));
	assert_int_equal(status, 0);
	term_stop(term, NULL);
	begin();
}

static void settle(void)
{
	term_wait_idle(term, 10, 2000);
	if (term_ended(term))
		begin_again();
}

static bool cursor_stands(Term *t, void *data)
{
	int row, col, rows, cols;
	(void)data;
	term_size(t, &rows, &cols);
	return term_ended(t) || rows < 10 || cols < 40 ||
	       (term_cursor(t, &row, &col) && row < rows && col < cols);
}

static void look(void)
{
	settle();
	assert_true(term_wait(term, cursor_stands, NULL, "a cursor on the screen", 5000));
}

/* Enter everywhere, but on a review page, as only there could it change anything; and but where it
 * would look for a host of a random name. */
static void press_enter(void)
{
	static const char *const places[] = { "Apply", "Add a host", "add-host" };
	const char *key = "Enter";
	settle();
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		if (term_find(term, places[i], NULL, NULL))
			key = "Esc";
	}
	term_key(term, key);
	settle();
}

static void resize(GRand *random)
{
	static const int sizes[][2] = {
		{ 24, 80 }, { 40, 120 }, { 15, 60 }, { 10, 40 }, { 5, 20 }
	};
	const int *size = sizes[g_rand_int_range(random, 0, G_N_ELEMENTS(sizes))];
	term_resize(term, size[0], size[1]);
}

static void step(GRand *random)
{
	int dice = g_rand_int_range(random, 0, 100);
	if (dice < 2)
		resize(random);
	else if (dice < 5)
		press_enter();
	else
		term_key(term, keys[g_rand_int_range(random, 0, G_N_ELEMENTS(keys))]);
}

/* What the hosts held at the start they hold at the end, as far as they are still on the list. */
static void expect_no_change(void)
{
	static const struct {
		const char *label, *instances;
	} held[] = { { "gpu-b", "3" }, { "gpu-full", "2" }, { "pve-a", "1" }, { "lab-b", "5" } };
	term_resize(term, 40, 120);
	for (int i = 0; i < 10; i++)
		term_key(term, "Esc");
	term_key(term, ":");
	term_send(term, "fleet\r");
	settle();
	for (gsize i = 0; i < G_N_ELEMENTS(held); i++) {
		int row;
		g_autofree char *label = g_strdup_printf("%s ", held[i].label);
		g_autofree char *pattern = g_strdup_printf("%s.* ago +([0-9]+ +)?%s ",
		                                           held[i].label, held[i].instances);
		if (term_find(term, label, &row, NULL) && term_find(term, "INSTANCES", NULL, NULL))
			assert_true(term_wait_row(term, row, pattern, 3000));
	}
}

static void test_walk(void **state)
{
	(void)state;
	guint32 seed = (guint32)number("MDEVCON_WALK_SEED", 20240229);
	gint64 steps = number("MDEVCON_WALK_STEPS", 10000);
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	begin();
	for (gint64 i = 1; i <= steps; i++) {
		step(random);
		if (i % BURST == 0)
			look();
	}
	expect_no_change();
	term_stop(term, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_walk) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
