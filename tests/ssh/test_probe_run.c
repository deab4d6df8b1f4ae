// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands and definitions through the shell half, under every shell, and the same locally. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "core/backend.h"
#include "core/run_local.h"
#include "tests/ssh/shell_line.h"
#include "tests/unit/host_tree.h"

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define PATH "/etc/mdevctl.d/mtty/" UUID

#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

static Probe *start(Shell *shell, const char *below)
{
	g_autoptr(GError) error = NULL;
	Probe *probe = probe_start(&shell_line, shell, below, SHELL_DEADLINE_MS, NULL, &error);

	if (!probe)
		fail_msg("probe: %s", error->message);
	return probe;
}

/* One way to run a command: the probe, or this machine directly (probe NULL). */
static int run_by(Probe *probe, const char *const *argv, const char *input, int deadline_ms,
                  CommandOutput *output)
{
	g_autoptr(GError) error = NULL;
	*output = (CommandOutput){ 0 };
	if (!probe)
		return run_local(argv, input, deadline_ms, output, NULL);
	int result = probe_run(probe, argv, input, deadline_ms, output, NULL, &error);
	if (result < 0)
		fail_msg("%s", error->message);
	return result;
}

static void check_all(Probe *probe)
{
	{ /* both streams, apart; the status */
		g_auto(CommandOutput) output = { 0 };
		const char *script = "echo out; echo err >&2; echo more; exit 3";
		assert_int_equal(run_by(probe, ARGV("/bin/sh", "-c", script), "", SHELL_DEADLINE_MS,
		                        &output),
		                 0);
		assert_int_equal(output.status, 3);
		assert_true(g_str_has_prefix(output.out, "out\nmore"));
		assert_true(g_str_has_prefix(output.err, "err"));
	}
	{ /* arguments are data: no shell sees them */
		g_auto(CommandOutput) output = { 0 };
		const char *odd = "$(id) `id` * ? [a] ; & | \\ ' \" %s \\n \t\n end ";
		assert_int_equal(run_by(probe, ARGV("/usr/bin/printf", "<%s>", odd, "", "x"), "",
		                        SHELL_DEADLINE_MS, &output),
		                 0);
		g_autofree char *wanted = g_strconcat("<", odd, "><><x>", NULL);
		assert_string_equal(output.out, wanted);
	}
	{ /* the input comes whole, and ends */
		g_auto(CommandOutput) output = { 0 };
		g_autofree char *input = g_strnfill(30000, 'i');
		input[10] = '\n';
		input[20] = '\'';
		assert_int_equal(run_by(probe, ARGV("/bin/cat"), input, SHELL_DEADLINE_MS, &output),
		                 0);
		assert_string_equal(output.out, input);
		assert_string_equal(output.err, "");
	}
	{ /* a program that reads nothing */
		g_auto(CommandOutput) output = { 0 };
		assert_int_equal(
			run_by(probe, ARGV("/bin/true"), "unwanted", SHELL_DEADLINE_MS, &output),
			0);
		assert_int_equal(output.status, 0);
		assert_string_equal(output.out, "");
	}
}

static void test_run_locally(void **state)
{
	g_auto(CommandOutput) output = { 0 };
	(void)state;
	check_all(NULL);
	assert_int_equal(run_by(NULL, ARGV("/no/such/program"), "", SHELL_DEADLINE_MS, &output),
	                 ENOENT);
}

static void test_run_by_probe(void **state)
{
	(void)state;
	for (guint i = 0; i < SHELL_COUNT; i++) {
		Shell shell;
		shell_start(&shell, shells[i], "");
		Probe *probe = start(&shell, "");
		g_auto(CommandOutput) none = { 0 };
		check_all(probe);
		assert_int_equal(
			run_by(probe, ARGV("/no/such/program"), "", SHELL_DEADLINE_MS, &none), 0);
		assert_int_equal(none.status, 127);
		probe_free(probe);
		shell_stop(&shell);
	}
}

/* Past its deadline it is left alone, and the line goes on. */
static void test_deadline(void **state)
{
	(void)state;
	for (guint i = 0; i <= SHELL_COUNT; i++) {
		Shell shell;
		Probe *probe = NULL;
		g_auto(CommandOutput) late = { 0 }, next = { 0 };
		if (i < SHELL_COUNT) {
			shell_start(&shell, shells[i], "");
			probe = start(&shell, "");
		}
		gint64 began = g_get_monotonic_time();
		assert_int_equal(run_by(probe, ARGV("/bin/sleep", "3"), "", 100, &late), ETIMEDOUT);
		assert_true(g_get_monotonic_time() - began < 2000000);
		assert_int_equal(
			run_by(probe, ARGV("/bin/echo", "on"), "", SHELL_DEADLINE_MS, &next), 0);
		assert_true(g_str_has_prefix(next.out, "on"));
		probe_free(probe);
		if (probe)
			shell_stop(&shell);
	}
}

/* ---- definitions ---- */

static void check_definition(const char *root, const char *text)
{
	g_autofree char *full = g_strconcat(root, PATH, NULL);
	g_autofree char *now = NULL;
	struct stat st;

	assert_true(g_file_get_contents(full, &now, NULL, NULL));
	assert_string_equal(now, text);
	assert_int_equal(stat(full, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	g_autofree char *folder = g_path_get_dirname(full);
	GDir *dir = g_dir_open(folder, 0, NULL);
	assert_string_equal(g_dir_read_name(dir), UUID);
	assert_null(g_dir_read_name(dir)); /* nothing half written stays */
	g_dir_close(dir);
}

static void test_definitions(void **state)
{
	const char *odd = "{\n \"a\": \"\\\\ $(id) `x` % ' \xc3\xa4\"\n}\n\n";
	(void)state;

	for (guint i = 0; i < SHELL_COUNT; i++) {
		char *root = host_tree_new();
		Shell shell;
		shell_start(&shell, shells[i], "umask 077; ");
		Probe *probe = start(&shell, root);
		g_autoptr(GError) error = NULL;
		assert_int_equal(probe_put(probe, PATH, odd, SHELL_DEADLINE_MS, NULL, &error), 0);
		check_definition(root, odd);
		assert_int_equal(probe_put(probe, PATH, "{}", SHELL_DEADLINE_MS, NULL, &error), 0);
		check_definition(root, "{}");
		assert_int_equal(probe_put(probe, PATH, NULL, SHELL_DEADLINE_MS, NULL, &error), 0);
		assert_int_equal(probe_put(probe, PATH, NULL, SHELL_DEADLINE_MS, NULL, &error),
		                 ENOENT);
		probe_free(probe);
		shell_stop(&shell);
		host_tree_free(root);
	}
}

static void test_definitions_locally(void **state)
{
	char *root = host_tree_new();
	g_autoptr(Backend) backend = backend_local_new("a", root);
	g_autoptr(GError) error = NULL;
	(void)state;

	assert_int_equal(backend_put_definition(backend, PATH, "{}", NULL, &error), 0);
	check_definition(root, "{}");
	assert_int_equal(backend_put_definition(backend, PATH, NULL, NULL, &error), 0);
	assert_int_equal(backend_put_definition(backend, PATH, NULL, NULL, &error), ENOENT);
	host_tree_free(root);
}

/* Only definitions are written, whatever a caller asks for. */
static void test_paths(void **state)
{
	static const char *const bad[] = {
		"/etc/passwd",
		"/etc/mdevctl.d/" UUID,
		"/etc/mdevctl.d/../x/" UUID,
		"/etc/mdevctl.d/mtty/x",
		"/etc/mdevctl.d/scripts.d/" UUID,
		"/etc/mdevctl.d//" UUID,
		"/etc/mdevctl.d/a/b/" UUID,
	};
	char *root = host_tree_new();
	g_autoptr(Backend) backend = backend_local_new("a", root);
	g_autoptr(GError) error = NULL;
	(void)state;

	for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_int_equal(backend_put_definition(backend, bad[i], "x", NULL, &error),
		                 EINVAL);
	host_tree_free(root);
}

/* A link in a tree cannot lead a write out of it. */
static void test_link_out(void **state)
{
	char *root = host_tree_new(), *outside = host_tree_new();
	g_autoptr(Backend) backend = backend_local_new("a", root);
	g_autofree char *escaped = g_strconcat(outside, "/" UUID, NULL);
	(void)state;

	host_tree_folder(root, "/etc/mdevctl.d");
	host_tree_link(root, "/etc/mdevctl.d/mtty", outside);
	assert_int_not_equal(backend_put_definition(backend, PATH, "{}", NULL, NULL), 0);
	assert_false(g_file_test(escaped, G_FILE_TEST_EXISTS));
	host_tree_free(root);
	host_tree_free(outside);
}

static void test_programs_of_a_tree(void **state)
{
	char *root = host_tree_new();
	g_autoptr(Backend) backend = backend_local_new("a", root);
	g_autoptr(GError) error = NULL;
	g_auto(CommandOutput) output = { 0 };
	(void)state;

	assert_int_equal(backend_run(backend, ARGV("/bin/true"), NULL, SHELL_DEADLINE_MS, &output,
	                             NULL, &error),
	                 -1);
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_UNSUPPORTED));
	host_tree_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run_locally),
		cmocka_unit_test(test_run_by_probe),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_definitions),
		cmocka_unit_test(test_definitions_locally),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_link_out),
		cmocka_unit_test(test_programs_of_a_tree),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
