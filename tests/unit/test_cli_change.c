// SPDX-License-Identifier: GPL-2.0-or-later
/* create and remove as scripts see them, and as somebody at a terminal does. */
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/cli_run.h"
#include "tests/unit/test_cli.h"

/* --- create -------------------------------------------------------------------------------- */

static void test_create_refused(void **state)
{
	g_autofree char *a = recorded("a");
	g_auto(Ran) on_recording = run("create", "a/mtty", "mtty-1", "--json", "--host", a, NULL);
	g_auto(Ran) read_only =
		run("create", "local/mtty", "mtty-1", "--read-only", "--root", tree, NULL);
	g_auto(Ran) no_parent = run("create", "local/none", "mtty-1", "--root", tree, NULL);
	g_auto(Ran) no_type = run("create", "local/mtty", "mtty-9", "--json", "--root", tree, NULL);
	g_auto(Ran) no_card =
		run("create", "local/card:0000:41:00.0", "mtty-1", "--root", tree, NULL);
	g_auto(Ran) nowhere = run("create", "local", "mtty-9", "--root", tree, NULL);
	g_autofree char *written = get_file(tree, TYPES "mtty-1/create");

	(void)state;
	assert_int_equal(on_recording.exit, 4);
	assert_string_equal(text(at(field(on_recording.json, "errors"), 0), "code"), "READONLY");
	assert_int_equal(read_only.exit, 4);
	assert_int_equal(no_parent.exit, 3);
	assert_int_equal(no_type.exit, 3);
	assert_string_equal(text(at(payload(&no_type, "create", "results"), 0), "target"),
	                    "local/mtty");
	assert_int_equal(no_card.exit, 3);
	assert_int_equal(nowhere.exit, 3);
	assert_string_equal(written, "");
}

/* A protected host is changed only where it was named once more; --yes is not enough. */
static void test_protected(void **state)
{
	g_autofree char *root = make_tree("protected", true), *path = path_of(IDLE);
	g_autofree char *file = g_build_filename(folder, "protected.ini", NULL);

	(void)state;
	put_file(folder, "protected.ini",
	         "[p]\naddress = local\nprotected = yes\n"
	         "[r]\naddress = local\nread_only = yes\n");
	g_auto(Ran) made = run("create", "p", "mtty-1", "--hosts", file, "--root", root, NULL);
	g_auto(Ran) other = run("remove", "p/" IDLE, "--yes", "--confirm", "r", "--json", "--hosts",
	                        file, "--root", root, NULL);
	g_auto(Ran) read_only = run("remove", "r/" IDLE, "--yes", "--confirm", "r", "--hosts", file,
	                            "--root", root, NULL);
	g_autofree char *untouched = get_file(root, path);
	assert_int_equal(made.exit, 4);
	assert_int_equal(other.exit, 4);
	assert_string_equal(text(at(field(other.json, "errors"), 0), "code"), "PROTECTED");
	assert_int_equal(read_only.exit, 4);
	assert_string_equal(untouched, "");

	g_auto(Ran) meant = run("remove", "p/" IDLE, "--yes", "--confirm", "p", "--hosts", file,
	                        "--root", root, NULL);
	(void)meant; /* in a tree nothing vanishes: that it was written is what counts */
	g_autofree char *written = get_file(root, path);
	assert_string_equal(written, "1\n");
}

static void test_create_dry_run(void **state)
{
	g_auto(Ran) ran = run("create", "--dry-run", "--json", "local", "mtty-2", "--count", "3",
	                      "--root", tree, NULL);
	const json_t *plan = payload(&ran, "create", "plan"), *step = at(field(plan, "steps"), 0);
	g_auto(Ran) words = run("create", "--dry-run", "local/mtty", "mtty-2", "--uuid", ABSENT,
	                        "--root", tree, NULL);
	g_autofree char *written = get_file(tree, TYPES "mtty-2/create");

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_int_equal(json_array_size(field(plan, "steps")), 3);
	assert_string_equal(text(step, "kind"), "create");
	assert_string_equal(text(field(step, "write"), "path"),
	                    "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create");
	assert_string_equal(text(field(step, "undo"), "kind"), "remove");
	assert_non_null(json_object_get(field(plan, "hosts"), "local"));
	assert_int_equal(words.exit, 0);
	assert_non_null(strstr(words.out, ABSENT));
	assert_string_equal(written, "");
}

static void test_create_repeated(void **state)
{
	g_auto(Ran) ran = run("create", "--json", "local", "mtty-2", "--uuid",
	                      "8F3C1C77-0000-4000-8000-000000000001", "--root", tree, NULL);
	const json_t *result = at(payload(&ran, "create", "results"), 0);

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_true(json_boolean_value(field(result, "ok")));
	assert_false(json_boolean_value(field(result, "changed")));
	assert_string_equal(text(result, "target"), "local/" IDLE);
}

/* In a tree nothing comes of the write: the command must not claim that something did. */
static void test_create_writes_and_verifies(void **state)
{
	g_autofree char *root = make_tree("made", true);
	g_auto(Ran) ran = run("create", "--json", "local/mtty", "mtty-1", "--uuid", ABSENT,
	                      "--root", root, NULL);
	g_autofree char *written = get_file(root, TYPES "mtty-1/create");
	const json_t *result = at(payload(&ran, "create", "results"), 0);

	(void)state;
	assert_string_equal(written, ABSENT "\n");
	assert_int_equal(ran.exit, 1);
	assert_false(json_boolean_value(field(result, "ok")));
	assert_true(json_is_object(field(result, "error")));
}

/* --- remove -------------------------------------------------------------------------------- */

static void test_remove_needs_yes(void **state)
{
	g_autofree char *path = path_of(IDLE);
	g_auto(Ran) ran = run("remove", "local/" IDLE, "--json", "--root", tree, NULL);
	g_auto(Ran) no_input = run("remove", "local/" IDLE, "--no-input", "--root", tree, NULL);
	g_autofree char *written = get_file(tree, path);

	(void)state;
	assert_int_equal(ran.exit, 2);
	assert_int_equal(json_array_size(payload(&ran, "remove", "results")), 0);
	assert_int_equal(no_input.exit, 2);
	assert_string_equal(written, "");
}

static void test_remove_refused(void **state)
{
	g_autofree char *a = recorded("a"), *blind = make_tree("blind-remove", false);
	g_auto(Ran) on_recording = run("remove", "a/" IDLE, "--yes", "--host", a, NULL);
	g_auto(Ran) read_only =
		run("remove", "local/" IDLE, "--yes", "--read-only", "--root", tree, NULL);
	g_auto(Ran) unknown_use = run("remove", "local/" IDLE, "--yes", "--root", blind, NULL);
	g_auto(Ran) absent =
		run("remove", "local/" ABSENT, "--yes", "--json", "--root", tree, NULL);
	g_auto(Ran) not_unique = run("remove", "local/8f3c", "--yes", "--root", tree, NULL);
	g_auto(Ran) other_parent = run("remove", "local/none/" IDLE, "--yes", "--root", tree, NULL);
	g_autofree char *path = path_of(IDLE), *written = get_file(blind, path);

	(void)state;
	assert_int_equal(on_recording.exit, 4);
	assert_int_equal(read_only.exit, 4);
	assert_int_equal(unknown_use.exit, 4);
	assert_string_equal(written, "");
	assert_int_equal(absent.exit, 3);
	assert_string_equal(text(at(payload(&absent, "remove", "results"), 0), "target"),
	                    "local/" ABSENT);
	assert_int_equal(not_unique.exit, 2);
	assert_int_equal(other_parent.exit, 3);
}

static void test_remove_in_use(void **state)
{
	g_autofree char *root = make_tree("used", true), *path = path_of(IDLE);
	g_auto(Ran) ran = { 0 };

	(void)state;
	put_link(root, "proc/1/fd/9", "/dev/vfio/1"); /* the group of IDLE */
	ran = run("remove", "local/" IDLE, "--yes", "--force", "--json", "--root", root, NULL);
	g_autofree char *written = get_file(root, path);
	assert_int_equal(ran.exit, 4);
	assert_string_equal(text(at(field(ran.json, "errors"), 0), "code"), "EBUSY");
	assert_string_equal(written, "");
}

static void test_remove_gone(void **state)
{
	g_auto(Ran) ran = run("remove", "local/" ABSENT, "--if-exists", "--yes", "--json", "--root",
	                      tree, NULL);
	const json_t *result = at(payload(&ran, "remove", "results"), 0);

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_true(json_boolean_value(field(result, "ok")));
	assert_false(json_boolean_value(field(result, "changed")));
}

static void test_remove_writes(void **state)
{
	g_autofree char *root = make_tree("removed", false);
	g_autofree char *idle = path_of(IDLE), *other = path_of(OTHER);
	g_auto(Ran) dry = run("remove", "--dry-run", "--json", "--force", "local/8f3c1",
	                      "local/" IDLE, "--root", root, NULL);
	g_auto(Ran) ran =
		run("remove", "local/8F3C1", "--yes", "--force", "--json", "--root", root, NULL);
	g_autofree char *written = get_file(root, idle), *untouched = get_file(root, other);
	const json_t *result = at(payload(&ran, "remove", "results"), 0);

	(void)state;
	assert_int_equal(dry.exit, 0);
	assert_int_equal(json_array_size(field(payload(&dry, "remove", "plan"), "steps")), 1);
	assert_string_equal(written, "1\n");
	assert_string_equal(untouched, "");
	assert_string_equal(text(result, "target"), "local/" IDLE);
	assert_int_equal(ran.exit, 1); /* it is still there: a tree has no kernel */
}

static void test_remove_partly(void **state)
{
	g_auto(Ran) ran = run("remove", "local/" ABSENT, "local/" IDLE, "--dry-run", "--json",
	                      "--root", tree, NULL);

	(void)state;
	assert_int_equal(ran.exit, 8);
	assert_int_equal(json_array_size(field(payload(&ran, "remove", "plan"), "steps")), 1);
	assert_int_equal(json_array_size(field(ran.json, "errors")), 1);
}

/* --- on a terminal ------------------------------------------------------------------------- */

/* Reads until `wanted` has come, or the terminal ends. True if it came. */
static bool read_until(int fd, GString *seen, const char *wanted)
{
	char buffer[512];
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	while (!strstr(seen->str, wanted)) {
		if (poll(&pfd, 1, STEP_MS) <= 0)
			return false;
		ssize_t n = read(fd, buffer, sizeof(buffer));
		if (n <= 0)
			return false;
		g_string_append_len(seen, buffer, n);
	}
	return true;
}

/* Removes IDLE below `root` on a terminal and gives that answer. Returns the exit status. */
static int remove_on_terminal(const char *root, const char *answer)
{
	g_autoptr(GString) seen = g_string_new(NULL);
	int fd = -1, status = 0;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);

	assert_true(pid >= 0);
	if (pid == 0) {
		const char *bin = g_getenv("MDEVCON_BIN");
		execl(bin, bin, "remove", "--force", "local/" IDLE, "--root", root, NULL);
		_exit(127);
	}
	bool asked = read_until(fd, seen, "[y/N]");
	if (asked)
		assert_int_equal(write(fd, answer, strlen(answer)), (ssize_t)strlen(answer));
	read_until(fd, seen, "never to be seen"); /* to its end, so that it can exit */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_true(asked);
	assert_non_null(strstr(seen->str, "/sys/bus/mdev/devices/" IDLE "/remove"));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_remove_asks(void **state)
{
	g_autofree char *root = make_tree("asked", false), *path = path_of(IDLE);

	(void)state;
	assert_int_equal(remove_on_terminal(root, "n\n"), 4);
	g_autofree char *untouched = get_file(root, path);
	assert_string_equal(untouched, "");
	assert_int_equal(remove_on_terminal(root, "\003"), 130);
	g_autofree char *still = get_file(root, path);
	assert_string_equal(still, "");
	remove_on_terminal(root, "y\n");
	g_autofree char *written = get_file(root, path);
	assert_string_equal(written, "1\n");
}

int cli_change_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create_refused),
		cmocka_unit_test(test_protected),
		cmocka_unit_test(test_create_dry_run),
		cmocka_unit_test(test_create_repeated),
		cmocka_unit_test(test_create_writes_and_verifies),
		cmocka_unit_test(test_remove_needs_yes),
		cmocka_unit_test(test_remove_refused),
		cmocka_unit_test(test_remove_in_use),
		cmocka_unit_test(test_remove_gone),
		cmocka_unit_test(test_remove_writes),
		cmocka_unit_test(test_remove_partly),
		cmocka_unit_test(test_remove_asks),
	};
	return cmocka_run_group_tests_name("change", tests, cli_set_up, cli_tear_down);
}
