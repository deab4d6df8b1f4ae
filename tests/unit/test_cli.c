// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line as scripts see it: usage, reading, recording, ^C. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/cli_run.h"
#include "tests/unit/test_cli.h"

#define DEADLINE_S 120 /* of the whole program */

/* --- usage --------------------------------------------------------------------------------- */

static void test_usage(void **state)
{
	static const char *const bad[][4] = {
		{ "list", "--nonsense" },
		{ "--nonsense", "list" },
		{ "check", "a/b" },
		{ "migrate", "a", "b" },
		{ "frobnicate" },
		{ "create", "local" },
		{ "create", "local/x", "t", "u" },
		{ "remove" },
		{ "list", "--uuid", IDLE },
		{ "list", "--color", "blue" },
		{ "list", "--deadline", "soon" },
		{ "record", "local" },
		{ "create", "local/mtty", "mtty-1", "--uuid=nope" },
		{ "--host", "=", "list" },
		{ "create", "local/mtty", "mtty-1", "--count=0" },
		{ "list", "--group=x" },
		{ "remove", "--yes", "local/nope" },
		{ "remove", "--yes", "local" },
		{ "remove", "--yes", "local/" },
		{ "remove", "--yes", "ssh://h/1" },
		{ "list", "--hosts=/does/not/exist" },
		{ "a", "b", "c" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_auto(Ran) ran = run(bad[i][0], bad[i][1], bad[i][2], bad[i][3], NULL);
		if (ran.exit != 2)
			fail_msg("%s %s: exit %d", bad[i][0], bad[i][1] ? bad[i][1] : "", ran.exit);
		assert_string_equal(ran.out, "");
		assert_true(g_str_has_prefix(ran.err, "mdevcon: "));
	}
}

static void test_usage_json(void **state)
{
	g_auto(Ran) option = run("list", "--nonsense", "--json", NULL);
	g_auto(Ran) operand = run("--json", "create", "local", NULL);
	g_auto(Ran) dry = run("--json", "--dry-run", "remove", NULL);
	g_auto(Ran) unknown = run("--json", "check", "a/b", NULL);

	(void)state;
	assert_int_equal(option.exit, 2);
	assert_int_equal(json_array_size(payload(&option, "list", "hosts")), 0);
	assert_int_equal(operand.exit, 2);
	assert_int_equal(json_array_size(payload(&operand, "create", "results")), 0);
	assert_true(json_is_null(payload(&dry, "remove", "plan")));
	assert_int_equal(unknown.exit, 2);
	assert_string_equal(text(at(field(unknown.json, "errors"), 0), "code"), "USAGE");
}

static void test_help(void **state)
{
	g_auto(Ran) help = run("--help", NULL);
	g_auto(Ran) create = run("create", "--help", NULL);
	g_auto(Ran) version = run("--version", NULL);

	(void)state;
	assert_int_equal(help.exit, 0);
	assert_non_null(strstr(help.out, "record HOST FILE"));
	assert_null(strstr(help.out, "migrate"));
	assert_int_equal(create.exit, 0);
	assert_non_null(strstr(create.out, "--uuid U"));
	assert_null(strstr(create.out, "--if-exists"));
	assert_int_equal(version.exit, 0);
	assert_true(g_str_has_prefix(version.out, "mdevcon "));
	assert_string_equal(help.err, "");
}

/* --- list, hosts --------------------------------------------------------------------------- */

static void test_list_json(void **state)
{
	g_autofree char *a = recorded("a");
	g_auto(Ran) ran = run("--host", a, "list", "--json", NULL);
	const json_t *host = at(payload(&ran, "list", "hosts"), 0);
	const json_t *parent = at(field(host, "parents"), 0), *type = at(field(parent, "types"), 1);

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_string_equal(text(host, "name"), "a");
	assert_string_equal(text(host, "state"), "recorded");
	assert_string_equal(text(host, "kernel"), "6.12.8");
	assert_string_equal(text(parent, "name"), "mtty");
	assert_true(json_is_null(field(parent, "driver")));
	assert_string_equal(text(parent, "path"), "/sys/devices/virtual/mtty/mtty");
	assert_string_equal(text(type, "id"), "mtty-2");
	assert_int_equal(json_integer_value(field(type, "available_instances")), 12);
	assert_string_equal(json_string_value(at(field(type, "instances"), 0)), IDLE);
	assert_int_equal(json_array_size(field(host, "instances")), 2);
	assert_string_equal(text(at(field(host, "instances"), 0), "type"), "mtty-2");
	assert_string_equal(text(at(field(host, "instances"), 0), "in_use"), "no");
	assert_int_equal(json_array_size(field(host, "guests")), 0);
}

static void test_list_text(void **state)
{
	g_auto(Ran) ran = run("list", "--root", tree, NULL);
	g_auto(Ran) colored = run("list", "--color=always", "--root", tree, NULL);

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_true(g_str_has_prefix(ran.out, "local: up, kernel 6.12.8, x86_64"));
	assert_non_null(strstr(ran.out, "mtty-2  A serial port  vfio-pci         12"));
	assert_non_null(strstr(ran.out, IDLE));
	assert_null(strchr(ran.out, '\033'));
	assert_true(g_str_has_prefix(colored.out, "\033[1mlocal: up"));
}

static void test_list_unknown_use(void **state)
{
	g_autofree char *blind = make_tree("blind", false);
	g_auto(Ran) ran = run("list", "--json", "--root", blind, NULL);
	const json_t *host = at(payload(&ran, "list", "hosts"), 0);

	(void)state;
	assert_string_equal(text(at(field(host, "instances"), 0), "in_use"), "unknown");
}

static void test_naming(void **state)
{
	g_autofree char *a = recorded("a"), *b = recorded("b");
	g_autofree char *operand = g_strdup_printf("recorded:%s", tree);
	g_auto(Ran) both = run("list", "--json", "--host", b, "--host", a, NULL);
	g_auto(Ran) one = run("list", "a", "--json", "--host", b, "--host", a, NULL);
	g_auto(Ran) address = run("list", operand, "--json", NULL);
	g_auto(Ran) twice = run("list", "--host", a, "--host", a, NULL);
	g_auto(Ran) hosts = run("hosts", "--host", a, NULL);

	(void)state;
	assert_int_equal(json_array_size(payload(&both, "list", "hosts")), 2);
	assert_string_equal(text(at(payload(&both, "list", "hosts"), 0), "name"), "b");
	assert_int_equal(json_array_size(payload(&one, "list", "hosts")), 1);
	assert_string_equal(text(at(payload(&one, "list", "hosts"), 0), "name"), "a");
	assert_int_equal(json_array_size(payload(&address, "list", "hosts")), 1);
	assert_int_equal(twice.exit, 2);
	assert_int_equal(hosts.exit, 0);
	assert_true(g_str_has_prefix(hosts.out, "HOST  ADDRESS"));
}

static void test_hosts_file(void **state)
{
	g_autofree char *file = g_build_filename(folder, "hosts.ini", NULL);
	g_autofree char *content = g_strdup_printf("[x]\naddress = recorded:%s\ngroups = lab\n"
	                                           "[y]\naddress = recorded:%s\n",
	                                           tree, tree);

	(void)state;
	assert_true(g_file_set_contents(file, content, -1, NULL));
	g_auto(Ran) all = run("list", "--json", "--hosts", file, NULL);
	g_auto(Ran) lab = run("list", "--json", "--hosts", file, "--group", "lab", NULL);
	g_auto(Ran) none = run("list", "--json", "--hosts", file, "--group", "nope", NULL);
	assert_int_equal(json_array_size(payload(&all, "list", "hosts")), 2);
	assert_int_equal(json_array_size(payload(&lab, "list", "hosts")), 1);
	assert_string_equal(text(at(payload(&lab, "list", "hosts"), 0), "name"), "x");
	assert_int_equal(none.exit, 3);
}

static void test_unreachable(void **state)
{
	int port = 0, fd = closed_port(&port);
	g_autofree char *down = g_strdup_printf("down=ssh://root@127.0.0.1:%d", port);
	g_autofree char *a = recorded("a");
	g_auto(Ran) all = run("list", "--json", "--no-input", "--host", down, NULL);
	g_auto(Ran) some = run("list", "--json", "--no-input", "--host", down, "--host", a, NULL);
	g_auto(Ran) made = run("create", "down/mtty", "mtty-1", "--json", "--host", down, NULL);
	const json_t *hosts = payload(&some, "list", "hosts");

	(void)state;
	close(fd);
	assert_int_equal(all.exit, 6);
	assert_int_equal(some.exit, 8);
	assert_string_equal(text(at(hosts, 0), "state"), "down");
	assert_true(json_is_null(field(at(hosts, 0), "parents")));
	assert_string_equal(text(at(hosts, 1), "state"), "recorded");
	assert_string_equal(text(at(field(some.json, "errors"), 0), "host"), "down");
	assert_string_equal(text(at(field(some.json, "errors"), 0), "code"), "UNREACHABLE");
	assert_int_equal(made.exit, 6);
	assert_false(json_boolean_value(field(at(payload(&made, "create", "results"), 0), "ok")));
}

static void test_hostile_file(void **state)
{
	g_autofree char *bad = make_tree("hostile", true);
	g_auto(Ran) ran = { 0 };

	(void)state;
	put_file(bad, TYPES "mtty-1/name", "\033]0;owned\007\xff\n");
	ran = run("list", "--root", bad, NULL);
	assert_int_equal(ran.exit, 0);
	assert_null(strchr(ran.out, '\033'));
	assert_non_null(strstr(ran.out, "\\x1b]0;owned\\x07\\xff"));
}

/* --- record -------------------------------------------------------------------------------- */

static void test_record(void **state)
{
	g_autofree char *file = g_build_filename(folder, "facts", NULL);
	g_autofree char *again = g_strdup_printf("again=recorded:%s", file);
	g_auto(Ran) ran = run("record", "local", file, "--json", "--root", tree, NULL);
	g_auto(Ran) replaced = run("record", "local", file, "--root", tree, NULL);
	g_auto(Ran) out = run("record", "local", "-", "--root", tree, NULL);
	g_auto(Ran) list = run("list", "--json", "--host", again, NULL);
	g_auto(Ran) device = run("record", "local", "/dev/null", "--root", tree, NULL);
	g_auto(Ran) nowhere = run("record", "local", "/does/not/exist", "--root", tree, NULL);
	struct stat st;

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_true(
		json_boolean_value(field(at(payload(&ran, "record", "results"), 0), "changed")));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(replaced.exit, 0);
	assert_true(g_str_has_prefix(out.out, "mdevcon-facts 1\n"));
	assert_int_equal(list.exit, 0);
	assert_int_equal(
		json_array_size(field(at(payload(&list, "list", "hosts"), 0), "instances")), 2);
	assert_int_equal(device.exit, 1);
	assert_int_equal(nowhere.exit, 3);
}

/* --- ^C ------------------------------------------------------------------------------------ */

static void test_interrupt(void **state)
{
	int port = 0, fd = closed_port(&port), status = 0;
	g_autofree char *address = g_strdup_printf("slow=ssh://root@127.0.0.1:%d", port);
	char *argv[] = { (char *)g_getenv("MDEVCON_BIN"),
		         (char *)"list",
		         (char *)"--no-input",
		         (char *)"--host",
		         address,
		         NULL };
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	GPid pid = 0;

	(void)state;
	assert_int_equal(listen(fd, 4), 0);
	assert_true(g_spawn_async(NULL, argv, NULL,
	                          G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL |
	                                  G_SPAWN_STDOUT_TO_DEV_NULL,
	                          NULL, NULL, &pid, NULL));
	/* It is connected, and waits for a greeting that never comes. */
	assert_int_equal(poll(&pfd, 1, STEP_MS), 1);
	assert_int_equal(kill(pid, SIGINT), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 130);
}

/* --- cards --------------------------------------------------------------------------------- */

/* "h=recorded:FILE", a recording of tests/data. New. */
static char *data_host(const char *name)
{
	return g_strdup_printf("h=recorded:%s/%s.facts", g_getenv("MDEVCON_DATA"), name);
}

/* One line a card and type, with what its functions say together, and why nothing is left. */
static void test_list_folds_functions(void **state)
{
	g_autofree char *host = data_host("gpu-sriov"), *off = data_host("gpu-off");
	g_auto(Ran) ran = run("list", "--host", host, NULL);
	g_auto(Ran) empty = run("list", "--host", off, NULL);
	g_auto(Ran) json = run("list", "--json", "--host", host, NULL);
	const json_t *h = at(payload(&json, "list", "hosts"), 0);
	const json_t *parent = at(field(h, "parents"), 0);

	(void)state;
	assert_true(g_regex_match_simple("\n  card:0000:41:00.0 +pci +16 +nvidia ", ran.out, 0, 0));
	assert_true(g_regex_match_simple("\n  card:0000:41:00.0 +nvidia-562 .* up to 13 +3 +2 ",
	                                 ran.out, 0, 0));
	assert_true(g_regex_match_simple("\n  card:0000:41:00.0 +nvidia-555 .* 0 +0 +0 +the card "
	                                 "holds 3 nvidia-562",
	                                 ran.out, 0, 0));
	assert_null(strstr(ran.out, "\n  0000:41:00.6"));
	assert_non_null(strstr(empty.out, "sriov-manage -e 0000:a1:00.0"));
	/* JSON stays by parent. */
	assert_int_equal(json_array_size(field(h, "parents")), 32);
	assert_string_equal(text(parent, "name"), "0000:41:00.4");
	assert_string_equal(text(parent, "physfn"), "0000:41:00.0");
	assert_non_null(strstr(text(at(field(parent, "types"), 0), "available_why"), "41:00.4"));
}

static void test_list_vendor_vfio(void **state)
{
	g_autofree char *host = data_host("gpu-vendor");
	g_auto(Ran) ran = run("list", "--json", "--host", host, NULL);
	const json_t *h = at(payload(&ran, "list", "hosts"), 0);
	const json_t *vf = at(field(h, "instances"), 0);

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_string_equal(text(vf, "kind"), "nvidia-vf");
	assert_string_equal(text(vf, "id"), "0000:21:00.4");
	assert_string_equal(text(vf, "type"), "nvidia-1152");
	assert_string_equal(text(vf, "parent"), "0000:21:00.0");
	assert_true(json_is_null(field(vf, "uuid")));
	assert_string_equal(text(vf, "in_use"), "yes");
	assert_non_null(strstr(text(h, "empty_why"), "vendor VFIO"));
	assert_int_equal(json_array_size(field(h, "notes")), 2);
}

/* A card and a host pick the functions; the plan names them. */
static void test_create_on_a_card(void **state)
{
	g_autofree char *host = data_host("gpu-sriov");
	g_auto(Ran) card = run("create", "h/card:41:00.0", "nvidia-562", "--count", "2",
	                       "--dry-run", "--json", "--host", host, NULL);
	g_auto(Ran) any = run("create", "h", "nvidia-558", "--dry-run", "--host", host, NULL);
	g_auto(Ran) mixed_up =
		run("create", "h/0000:41:00.0", "nvidia-562", "--dry-run", "--host", host, NULL);
	const json_t *steps = field(payload(&card, "create", "plan"), "steps");

	(void)state;
	assert_int_equal(card.exit, 0);
	assert_int_equal(json_array_size(steps), 2);
	assert_non_null(strstr(text(at(steps, 0), "text"), "0000:41:00.6"));
	assert_non_null(strstr(text(at(steps, 1), "text"), "0000:41:01.0"));
	assert_non_null(strstr(any.out, "0000:a1:00.4"));
	assert_int_equal(mixed_up.exit, 3);
	assert_non_null(strstr(mixed_up.err, "HOST/card:BDF"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_usage_json),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_list_json),
		cmocka_unit_test(test_list_text),
		cmocka_unit_test(test_list_unknown_use),
		cmocka_unit_test(test_naming),
		cmocka_unit_test(test_hosts_file),
		cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_hostile_file),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_list_folds_functions),
		cmocka_unit_test(test_list_vendor_vfio),
		cmocka_unit_test(test_create_on_a_card),
	};

	if (!g_getenv("MDEVCON_BIN"))
		g_error("MDEVCON_BIN must name the program to test");
	alarm(DEADLINE_S);
	return cmocka_run_group_tests_name("read", tests, cli_set_up, cli_tear_down) +
	       cli_change_tests() + cli_check_tests() + cli_plan_tests();
}
