// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What can be done to definitions, functions and the journal, through keys, on simulated hosts. The
 * size changes in the middle of every page: nothing that was chosen or typed may be lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "tests/screen/term.h"

#define IDLE "a6d2f0b5-17c9-45d8-8e3f-7c04b92d1e03"    /* of gpu-a, not defined */
#define DEFINED "c4f7e9d1-2a3b-4c5d-8e6f-90a1b2c3d406" /* of gpu-a, not active */
#define UUID "3e0f7b52-9c1a-4d8e-b7a6-5f4e3d2c1b0a"

static Term *term;
static char *folder; /* XDG_STATE_HOME of a test that has a journal of its own */

static void press(const char *key)
{
	assert_true(term_key(term, key));
}

static void start_with(int rows, int cols, const char *const argv[], const char *const env[])
{
	term = term_start(rows, cols, argv, env);
	assert_non_null(term);
}

static void start_demo(int rows, int cols)
{
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--demo", NULL };
	start_with(rows, cols, argv, NULL);
	expect_text(term, "SOURCE gpu-a");
	expect_text(term, "web-7");
	/* How many of the others have answered by now, and when, is no matter here. */
	assert_true(term_normalise(term, "[0-9]+ of 23 .*", "19 of 23 SIMULATED up, locked down"));
	assert_true(term_normalise(term, "[0-9] s ago", "0 s ago"));
}

static void start_host(const char *host)
{
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--host", host, "h", NULL };
	start_with(24, 80, argv, NULL);
	expect_text(term, "1 of 1 SIMULATED up");
}

static int stop(void **state)
{
	(void)state;
	term_stop(term, NULL);
	term = NULL;
	if (folder) {
		const char *const argv[] = { "rm", "-rf", folder, NULL };
		g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
		             NULL, NULL);
	}
	g_clear_pointer(&folder, g_free);
	return 0;
}

/* Smaller and back: `text` is on the page before, meanwhile and after. */
static void resize_keeps(const char *text)
{
	expect_text(term, text);
	term_resize(term, 15, 60);
	expect_text(term, text);
	term_resize(term, 24, 80);
	expect_text(term, text);
}

/* The filter leaves one thing of gpu-a, and the cursor stands on it. */
static void select_thing(const char *id)
{
	press("/");
	term_send(term, id);
	expect_text(term, "Filter: ");
	press("Enter");
	press("End");
}

/* From the review page through Apply to its result. */
static void apply(const char *result)
{
	resize_keeps("Review: nothing has changed yet");
	press("Tab");
	press("Tab");
	press("Enter");
	expect_text(term, "What came of it");
	resize_keeps(result);
}

/* Undo on the result page, which is reviewed and applied like any change. */
static void undo(const char *result)
{
	expect_text(term, "[ Undo ]");
	press("Tab");
	press("Enter");
	expect_text(term, "undo: ");
	apply(result);
	press("Enter");
}

/* Applied and closed, the main screen is back; what can be done now is another list. */
static void look_again(const char *text)
{
	press("F2");
	expect_text(term, text);
}

static void open_act(const char *id, const char *key, const char *review)
{
	select_thing(id);
	press("F2");
	resize_keeps(id);
	press(key);
	expect_text(term, review);
}

/* ---- the acts ----------------------------------------------------------------------------- */

static void test_start_and_stop(void **state)
{
	(void)state;
	start_demo(24, 80);
	select_thing(DEFINED);
	expect_text(term, "c4f7e9d1 defined");
	press("F2");
	expect_text(term, "not active, no instance, defined, started by hand");
	expect_golden(term, "acts-80x24");
	term_resize(term, 15, 60);
	expect_golden(term, "acts-60x15");
	term_resize(term, 24, 80);
	press("s");
	expect_text(term, "start nvidia-560 " DEFINED);
	apply("done    done: start");
	undo("done: stop nvidia-560");
	expect_text(term, "c4f7e9d1 defined");
	look_again("not active, no instance");
}

static void test_stop_asks_before(void **state)
{
	(void)state;
	start_demo(24, 80);
	open_act(DEFINED, "t", "stop: not now, it is not active.");
	press("Esc");
	press("Esc");
	open_act("8f3c1c77", "t", "is in use by pid 4211 (web-7)");
	expect_text(term, "It cannot be done");
}

static void test_autostart(void **state)
{
	(void)state;
	start_demo(24, 80);
	open_act(DEFINED, "a", "\"start\": \"auto\"");
	expect_golden(term, "autostart-80x24");
	apply("done    done: set autostart");
	press("Enter");
	look_again("defined, started at boot");
	press("m");
	expect_text(term, "\"start\": \"manual\"");
	apply("done    done: set autostart");
	undo("to auto");
	look_again("defined, started at boot");
}

static void test_define_and_undefine(void **state)
{
	(void)state;
	start_demo(24, 80);
	open_act(IDLE, "b", "define nvidia-560 on 0000:3b:00.6");
	apply("done    done: define");
	press("Enter");
	look_again("active, idle, defined, started at boot");
	press("u");
	expect_text(term, "goes on running, and is gone after a reboot");
	apply("done    done: undefine");
	undo("done: define");
	look_again("active, idle, defined, started at boot");
}

static void test_cancel_changes_nothing(void **state)
{
	(void)state;
	start_demo(24, 80);
	open_act(DEFINED, "u", "undefine " DEFINED);
	expect_text(term, "Review: nothing has changed yet");
	press("Enter");
	expect_text(term, "not active, no instance, defined, started by hand");
}

/* ---- pages with fields --------------------------------------------------------------------- */

static void test_attributes(void **state)
{
	(void)state;
	start_demo(24, 80);
	open_act(DEFINED, "e", "Attributes of " DEFINED);
	term_send(term, "a=1");
	press("Enter");
	term_send(term, "a=2");
	press("Down");
	term_send(term, "b=3");
	resize_keeps("b=3");
	press("PgUp");
	expect_golden(term, "attributes-80x24");
	press("Esc");
	expect_text(term, "would be lost");
	press("Tab");
	press("Enter");
	expect_text(term, "to a=1 b=3 a=2");
	press("Esc"); /* Back keeps the rows */
	expect_text(term, "3. a=2");
	press("Enter");
	apply("done    done: set attributes");
	undo("to none");
}

static void test_attributes_that_are_none(void **state)
{
	(void)state;
	start_demo(24, 80);
	open_act(DEFINED, "e", "Attributes of " DEFINED);
	term_send(term, "nonsense");
	press("Tab");
	press("Enter");
	expect_text(term, "Attribute 1, nonsense, is not key=value.");
}

static void test_create_defined(void **state)
{
	(void)state;
	start_demo(24, 80);
	press("End");
	press("F7");
	expect_text(term, "Create on gpu-a");
	press("Up"); /* from the buttons to the attributes */
	term_send(term, "knob=7");
	press("Up");
	press("Right");
	press("Right");
	expect_text(term, "defined, and started at boot");
	press("Up");
	press("Up");
	term_send(term, UUID);
	expect_text(term, "UUID     " UUID);
	expect_text(term, "Attrs     1. knob=7");
	term_resize(term, 15, 60);
	expect_text(term, UUID);
	expect_text(term, "knob=7");
	term_resize(term, 24, 80);
	for (int i = 0; i < 4; i++)
		press("Tab");
	press("Enter");
	expect_text(term, "Review: nothing has changed yet");
	expect_text(term, "\"knob\": \"7\"");
	press("Esc");
	expect_text(term, UUID);
	expect_text(term, "knob=7");
	expect_text(term, "defined, and started at boot");
}

static void test_vgpu_type(void **state)
{
	(void)state;
	start_host("h=sim:nvidia-vendor");
	press("a");
	expect_text(term, "L40S 41:00.0");
	press("Home");
	press("F2");
	expect_text(term, "vGPU type on h");
	press("Right");
	press("Down");
	press("Right");
	expect_golden(term, "vgpu-type-80x24");
	resize_keeps("41:00.5  no type set");
	press("Tab");
	press("Enter");
	expect_text(term, "set vGPU type of 0000:41:00.5 from 0 to");
	apply("done    done: set vGPU type");
	undo("done: set vGPU type");
	expect_gone(term, "What came of it");
}

static void test_vgpu_type_in_use(void **state)
{
	(void)state;
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--demo", "pve-a", "pve-b", NULL };
	start_with(24, 80, argv, NULL);
	expect_text(term, "cad-3");
	press("End");
	press("F2");
	expect_text(term, "41:00.4  nvidia-1148 set");
	press("Tab");
	press("Enter");
	expect_text(term, "is in use by pid 6001 (cad-3)");
}

/* ---- the journal --------------------------------------------------------------------------- */

static void test_journal(void **state)
{
	(void)state;
	start_demo(24, 80);
	press("J");
	expect_text(term, "Nothing was changed yet");
	press("Esc");
	open_act(DEFINED, "a", "Review: nothing");
	apply("done    done");
	press("Enter");
	press("J");
	assert_true(term_normalise(term, "20[0-9-]{8} [0-9:]{8}", "2026-01-02 03:04:05"));
	expect_text(term, "set autostart of");
	expect_golden(term, "journal-80x24");
	term_resize(term, 15, 60);
	expect_golden(term, "journal-60x15");
	term_resize(term, 24, 80);
	press("Enter");
	resize_keeps("1. set autostart of");
	press("Tab");
	press("Enter");
	expect_text(term, "undo: set autostart of");
	apply("to manual");
}

/* A program that was killed in the middle, as its journal tells. */
static void leave_interrupted(void)
{
	g_autofree char *kept =
		g_build_filename(g_getenv("MDEVCON_DATA"), "interrupted.jsonl", NULL);
	g_autofree char *lines = NULL;
	folder = g_dir_make_tmp("mdevcon-test-XXXXXX", NULL);
	g_autofree char *journal = g_build_filename(folder, "mdevcon", "journal", NULL);
	g_autofree char *file = g_build_filename(journal, "20231114T221320.000001-1-a.jsonl", NULL);
	assert_true(g_file_get_contents(kept, &lines, NULL, NULL));
	assert_int_equal(g_mkdir_with_parents(journal, 0700), 0);
	assert_true(g_file_set_contents(file, lines, -1, NULL));
}

static void test_interrupted(void **state)
{
	(void)state;
	leave_interrupted();
	g_autofree char *env = g_strdup_printf("XDG_STATE_HOME=%s", folder);
	g_autofree char *host =
		g_strdup_printf("gpu-a=recorded:%s/gpu-a.facts", g_getenv("MDEVCON_DATA"));
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--host", host, "gpu-a", NULL };
	start_with(24, 80, argv, (const char *const[]){ env, NULL });
	expect_text(term, "Interrupted: create 1 mtty-1 on gpu-a. J shows");
	press("J");
	expect_text(term, "interrupted");
	press("Enter");
	resize_keeps("outcome not known");
	press("Tab");
	press("Enter"); /* Undo: a recording refuses, and says why */
	expect_text(term, "is a recording");
	press("Tab");
	press("Enter");
	resize_keeps("No host is touched");
	press("Enter"); /* Cancel is the default */
	expect_text(term, "interrupted");
	press("Enter");
	press("Tab");
	press("Tab");
	press("Enter");
	expect_text(term, "forget: create 1");
	press("Tab");
	press("Enter");
	expect_text(term, "forgotten");
	expect_gone(term, "interrupted");
}

/* ---- hosts that are not to be changed ------------------------------------------------------ */

static void start_listed(const char *flag)
{
	folder = g_dir_make_tmp("mdevcon-test-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(folder, "hosts", NULL);
	g_autofree char *text = g_strdup_printf("[prod]\naddress = sim:samples\n%s = yes\n", flag);
	assert_true(g_file_set_contents(file, text, -1, NULL));
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--hosts", file, "prod", NULL };
	start_with(24, 80, argv, NULL);
	expect_text(term, "SOURCE prod");
	expect_text(term, "mtty-1");
}

static void test_protected(void **state)
{
	(void)state;
	start_listed("protected");
	press("F7");
	expect_text(term, "Create on prod");
	press("Enter");
	expect_text(term, "Protected host. Its name, to apply:");
	press("Tab");
	press("Tab");
	press("Enter");
	expect_text(term, "This host is protected");
	term_send(term, "prod");
	resize_keeps("prod");
	press("Enter");
	expect_text(term, "done    created");
}

static void test_read_only(void **state)
{
	(void)state;
	start_listed("read_only");
	press("F7");
	expect_text(term, "is marked read_only");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, stop)
	const struct CMUnitTest tests[] = {
		TEST(test_start_and_stop),
		TEST(test_stop_asks_before),
		TEST(test_autostart),
		TEST(test_define_and_undefine),
		TEST(test_cancel_changes_nothing),
		TEST(test_attributes),
		TEST(test_attributes_that_are_none),
		TEST(test_create_defined),
		TEST(test_vgpu_type),
		TEST(test_vgpu_type_in_use),
		TEST(test_journal),
		TEST(test_interrupted),
		TEST(test_protected),
		TEST(test_read_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
