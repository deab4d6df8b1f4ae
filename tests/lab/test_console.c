// SPDX-License-Identifier: GPL-2.0-or-later
/* The console on a pty, two guests over SSH: what the keys do is what the kernel then shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab/guests.h"
#include "tests/lab/tests.h"
#include "tests/screen/term.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define U1_SHORT "11111111"
#define SLOW_MS 60000 /* a guest under emulation beside a compiler */
#define ECHO_MS 1000  /* a key is answered within this, whatever hosts do */

static Term *console;

static void start_console(int rows, int cols)
{
	const char *const argv[] = { g_getenv("MDEVCON_BIN"),
		                     "--hosts",
		                     lab_hosts(),
		                     "--connect-timeout",
		                     "60",
		                     "a",
		                     "b",
		                     NULL };

	console = term_start(rows, cols, argv, NULL);
	assert_non_null(console);
	assert_true(term_wait_text(console, "2 of 2 up", SLOW_MS));
}

int stop_console(void **state)
{
	(void)state;
	if (console)
		term_stop(console, NULL);
	console = NULL;
	return 0;
}

static void press(const char *key)
{
	assert_true(term_key(console, key));
}

static void see(const char *text)
{
	if (!term_wait_text(console, text, SLOW_MS))
		fail_msg("not seen: %s", text);
}

/* The console answers keys now: the help opens and closes at once. */
static void answers_keys(void)
{
	press("?");
	assert_true(term_wait_text(console, "Keys of ", ECHO_MS));
	press("Esc");
	assert_true(term_wait_gone(console, "Keys of ", ECHO_MS));
}

/* Puts the cursor on what a filter finds. */
static void select_by_filter(const char *text)
{
	press("/");
	term_send(console, text);
	press("Enter");
	press("End");
}

static void clear_filter(void)
{
	press("Esc");
}

/* From the opened form or question to its last button, and through the review. */
static void review_and_apply(void)
{
	see("nothing has changed yet");
	press("BackTab");
	press("Enter");
	see("What came of it");
}

static void create_selected(const char *host)
{
	g_autofree char *title = g_strdup_printf("Create on %s", host);
	press("c");
	see(title);
	press("Enter"); /* the selection answered it all: on to the review */
	review_and_apply();
}

static void close_result(void)
{
	press("Enter");
	assert_true(term_wait_gone(console, "What came of it", SLOW_MS));
}

void test_console_create_and_remove(void **state)
{
	(void)state;
	int one = guest_available("a", "mtty", "mtty-1"),
	    two = guest_available("a", "mtty", "mtty-2");

	start_console(24, 80);
	select_by_filter("mtty-2");
	create_selected("a");
	see("created mtty-2");
	close_result();

	g_autofree char *devices = guest_must("a", "mdevctl list");
	assert_non_null(strstr(devices, " mtty mtty-2"));
	assert_int_equal(guest_available("a", "mtty", "mtty-1"), one - 2);
	assert_int_equal(guest_available("a", "mtty", "mtty-2"), two - 1);

	g_autofree char *uuid = g_strndup(devices, 8);
	see(uuid); /* on the screen by itself */
	press("End");
	press("D");
	see("remove 1 instance on a");
	review_and_apply();
	see("removed");
	close_result();
	assert_int_equal(guest_available("a", "mtty", "mtty-2"), two);
	g_autofree char *after = guest_must("a", "mdevctl list");
	assert_null(strstr(after, "mtty-2"));
}

void test_console_sees_changes_by_hand(void **state)
{
	(void)state;
	start_console(24, 80);
	g_free(guest_must("b", "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create %s",
	                  U1));
	see(U1_SHORT);
	g_free(guest_must("b", "echo 1 > /sys/bus/mdev/devices/%s/remove", U1));
	assert_true(term_wait_gone(console, U1_SHORT, SLOW_MS));
}

void test_console_exhaustion(void **state)
{
	(void)state;
	g_free(guest_must("a", "for i in 1 2 3 4; do "
	                       "wr /sys/class/mdev_bus/mdpy/mdev_supported_types/mdpy-hd/create "
	                       "0000000$i-0000-4000-8000-000000000000; done; "
	                       "for i in 0 1 2 3 4 5 6 7 8 9 a b; do "
	                       "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create "
	                       "1000000$i-0000-4000-8000-000000000000; done"));
	start_console(40, 120);
	select_by_filter("mdpy-xga");
	create_selected("a");
	see("Too many users");
	see("types share it");
	close_result();
	clear_filter();
	select_by_filter("mtty-1");
	create_selected("a");
	see("No space left on");
	close_result();
	answers_keys();
}

void test_console_duplicate_uuid(void **state)
{
	(void)state;
	g_free(guest_must(
		"a", "wr /sys/class/mdev_bus/mbochs/mdev_supported_types/mbochs-small/create %s",
		U1));
	start_console(40, 120);
	select_by_filter("mtty-1");
	press("c");
	see("Create on a");
	/* From the buttons back over attributes, what to keep and the count; and there again. */
	for (int i = 0; i < 4; i++)
		press("BackTab");
	term_send(console, U1);
	for (int i = 0; i < 4; i++)
		press("Tab");
	press("Enter");
	review_and_apply();
	see("that uuid is a mbochs-small on");
	close_result();
	answers_keys();
}

void test_console_held_instance(void **state)
{
	(void)state;
	g_free(guest_must("a", "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create %s",
	                  U1));
	g_free(guest_hold("a", U1));
	g_autofree char *pid = guest_must("a", "pidof hold");
	start_console(40, 120);
	see("in use");
	select_by_filter(U1_SHORT);
	press("D");
	see("in use by");
	see(g_strstrip(pid));
	answers_keys();
	g_autofree char *still = guest_must("a", "ls /sys/bus/mdev/devices");
	assert_non_null(strstr(still, U1));
}

/* A host that goes silent in any way: keys are answered, it turns stale with its age, and is back.
 */
static void goes_and_comes_back(const char *guest, const char *verb, const char *back)
{
	start_console(24, 80);
	if (verb)
		lab_verb(verb, guest);
	else
		g_free(guest_must(guest, "sshd-restart-in 8"));
	see("STALE");
	answers_keys();
	see("ago");
	answers_keys();
	if (back)
		lab_verb(back, guest);
	see("2 of 2 up");
	assert_true(term_wait_gone(console, "STALE", SLOW_MS));
	answers_keys();
}

void test_console_sshd_killed(void **state)
{
	(void)state;
	goes_and_comes_back("b", NULL, NULL);
}

void test_console_guest_frozen(void **state)
{
	(void)state;
	goes_and_comes_back("b", "freeze", "thaw");
}

void test_console_guest_rebooted(void **state)
{
	(void)state;
	start_console(24, 80);
	int status;
	g_free(guest_run("b", &status,
	                 "setsid sh -c 'sleep 1; reboot -f' >/dev/null 2>&1 </dev/null & true"));
	see("STALE");
	answers_keys();
	see("2 of 2 up");
	assert_true(term_wait_gone(console, "STALE", SLOW_MS));
	g_free(guest_must("b", "true"));
	g_free(guest_must("b", "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create %s",
	                  U1));
	see(U1_SHORT); /* what it shows is the new boot */
}
