// SPDX-License-Identifier: GPL-2.0-or-later
/* An instance that a guest holds: who asks is refused, who writes waits, and nobody else does. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/sysfs.h"
#include "tests/sysfs/tests.h"
#include "tests/unit/cli_run.h"

#define START "guest-start 4711 vm1 " U1
#define STOP "guest-stop 4711"
#define DEADLINE_US (20 * G_USEC_PER_SEC)
#define WRITERS 20 /* more than libfuse has threads of its own accord */

static void hold(const Mounted *mounted)
{
	create_instance(mounted, "mtty-1", U1);
	mounted_order(mounted, START);
}

void test_held_is_refused(void **state)
{
	const Mounted *mounted = *state;
	hold(mounted);
	g_auto(Ran) list = run("--root", mounted->root, "list", "--json", NULL);
	const json_t *instance = at(field(at(payload(&list, "list", "hosts"), 0), "instances"), 0);
	assert_string_equal(text(instance, "in_use"), "yes");

	g_auto(Ran) refused = run("--root", mounted->root, "remove", "local/" U1, "--yes", NULL);
	assert_int_equal(refused.exit, 4);
	assert_non_null(strstr(refused.err, "4711"));
	assert_non_null(strstr(refused.err, "vm1"));
	/* --force lifts "unknown" only. */
	g_auto(Ran) forced =
		run("--root", mounted->root, "remove", "local/" U1, "--yes", "--force", NULL);
	assert_int_equal(forced.exit, 4);
	assert_int_equal(mounted_write(mounted, DEVICES "/" U1 "/remove", "0"), 1); /* there yet */

	mounted_order(mounted, STOP);
	g_auto(Ran) gone = run("--root", mounted->root, "remove", "local/" U1, "--yes", NULL);
	assert_int_equal(gone.exit, 0);
}

/* A child that writes to `remove`; ends with 0 when the write has done so. */
static pid_t start_writer(const Mounted *mounted, const char *uuid)
{
	g_autofree char *path = g_build_filename(DEVICES, uuid, "remove", NULL);
	pid_t pid = fork();
	if (pid == 0)
		_exit(mounted_write(mounted, path, "1") == 1 ? 0 : 1);
	assert_true(pid > 0);
	return pid;
}

static bool is_listed(const Mounted *mounted, const char *uuid)
{
	g_autofree char *path = g_strconcat(mounted->root, DEVICES, "/", uuid, NULL);
	return g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

/* The write has reached the kernel once the instance is no longer listed. */
static void wait_unlisted(const Mounted *mounted, const char *uuid)
{
	for (gint64 until = g_get_monotonic_time() + DEADLINE_US; is_listed(mounted, uuid);)
		assert_true(g_get_monotonic_time() < until);
}

static void expect_available(const Mounted *mounted, const char *count)
{
	g_autofree char *left = mounted_value(mounted, MTTY_TYPES "/mtty-1/available_instances");
	assert_string_equal(left, count);
}

static void expect_ended(pid_t pid)
{
	int status = -1;
	for (gint64 until = g_get_monotonic_time() + DEADLINE_US;
	     waitpid(pid, &status, WNOHANG) == 0;)
		assert_true(g_get_monotonic_time() < until);
	assert_int_equal(status, 0);
}

void test_held_write_waits(void **state)
{
	const Mounted *mounted = *state;
	hold(mounted);
	pid_t pid = start_writer(mounted, U1);
	wait_unlisted(mounted, U1);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	expect_available(mounted, "23"); /* its place is not free yet */
	assert_int_equal(mounted_write(mounted, DEVICES "/" U1 "/remove", "1"), -ENOENT);

	/* Others are served. */
	create_instance(mounted, "mtty-1", U2);
	g_auto(Ran) list = run("--root", mounted->root, "list", "--json", NULL);
	assert_int_equal(list.exit, 0);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);

	mounted_order(mounted, STOP);
	expect_ended(pid);
	expect_available(mounted, "23");
}

void test_own_write_has_a_deadline(void **state)
{
	const Mounted *mounted = *state;
	hold(mounted);
	gint64 before = g_get_monotonic_time();
	assert_int_equal(sysfs_write(mounted->root, DEVICES "/" U1 "/remove", "1", 300), ETIMEDOUT);
	gint64 took_ms = (g_get_monotonic_time() - before) / 1000;
	assert_true(took_ms >= 300 && took_ms < 5000);
	assert_false(is_listed(mounted, U1));
	expect_available(mounted, "23");

	mounted_order(mounted, STOP);
	for (gint64 until = g_get_monotonic_time() + DEADLINE_US;;) {
		g_autofree char *left =
			mounted_value(mounted, MTTY_TYPES "/mtty-1/available_instances");
		if (g_str_equal(left, "24"))
			break;
		assert_true(g_get_monotonic_time() < until);
	}
}

void test_many_hung_writes(void **state)
{
	const Mounted *mounted = *state;
	g_autoptr(GString) order = g_string_new("guest-start 4711 vm1");
	pid_t pids[WRITERS];

	for (guint i = 0; i < WRITERS; i++) {
		g_autofree char *uuid = g_strdup_printf("%08u-0000-4000-8000-000000000000", i);
		create_instance(mounted, "mtty-1", uuid);
		g_string_append_printf(order, " %s", uuid);
	}
	mounted_order(mounted, order->str);
	for (guint i = 0; i < WRITERS; i++) {
		g_autofree char *uuid = g_strdup_printf("%08u-0000-4000-8000-000000000000", i);
		pids[i] = start_writer(mounted, uuid);
		wait_unlisted(mounted, uuid);
	}
	create_instance(mounted, "mtty-1", U2);
	mounted_order(mounted, STOP);
	for (guint i = 0; i < WRITERS; i++)
		expect_ended(pids[i]);
	expect_available(mounted, "23");
}
