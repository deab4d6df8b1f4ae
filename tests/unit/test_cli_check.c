// SPDX-License-Identifier: GPL-2.0-or-later
/* check, best and matrix, as scripts and operators see them: on recordings and on the demo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/cli_run.h"
#include "tests/unit/test_cli.h"

#define LIKE "sys/devices/virtual/other/other/mdev_supported_types/other-9/"
#define WEB_7 "gpu-a/8f3c1c77-52f4-4c0b-9a56-0d1f6a5e7b01"

static void assert_keys(const json_t *object, const char *const keys[])
{
	for (; *keys; keys++)
		assert_non_null(field(object, *keys));
}

/* Every member that the contract names, with the kind of value that it names. */
static void test_pair_json(void **state)
{
	g_auto(Ran) ran = run("check", WEB_7, "gpu-b", "--demo", "--json", NULL);
	const json_t *pairs = payload(&ran, "check", "pairs"), *pair = at(pairs, 0);
	const json_t *rule = at(field(pair, "rules"), 0), *step = at(field(pair, "steps"), 0);

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_int_equal(json_array_size(pairs), 32); /* one a function that offers the type */
	assert_keys(pair, (const char *const[]){ "instance", NULL });
	assert_string_equal(text(pair, "source"), WEB_7);
	assert_string_equal(text(pair, "target"), "gpu-b/0000:3b:00.6");
	assert_string_equal(text(pair, "verdict"), "action");
	assert_string_equal(text(pair, "assurance"), "B");
	assert_non_null(strstr(text(pair, "summary"), "same type"));
	assert_keys(rule, (const char *const[]){ "id", "decisive", "level", "text", NULL });
	assert_true(json_is_boolean(field(rule, "decisive")));
	assert_string_equal(text(field(rule, "source"), "state"), "value");
	assert_keys(field(rule, "target"), (const char *const[]){ "state", "value", NULL });
	assert_keys(step, (const char *const[]){ "n", "kind", "host", "text", "write", "argv",
	                                         "precondition", "undo", NULL });
	assert_string_equal(text(step, "kind"), "create");
	assert_string_equal(text(step, "host"), "gpu-b");
}

/* A pair's exit status: of several targets, the best. */
static void test_exit_statuses(void **state)
{
	static const struct {
		const char *source, *targets[3];
		int exit;
		const char *verdict; /* of the first pair, or NULL */
	} rows[] = {
		{ WEB_7, { "gpu-b" }, 0, "action" },
		{ WEB_7, { "gpu-b/1d2e90aa" }, 0, "ready" },
		{ WEB_7, { "gpu-full" }, 9, "blocked" },
		{ WEB_7, { "gpu-old" }, 7, "incompatible" },
		{ "lab-a/1111", { "lab-shut" }, 10, "unknown" },
		{ "pve-a/vf:0000:41:00.4", { "pve-b/vf:0000:41:00.4" }, 0, "ready" },
		{ WEB_7, { "gpu-full", "gpu-old" }, 9, "blocked" },
		{ WEB_7, { "gpu-old", "gpu-b" }, 0, "incompatible" },
		{ WEB_7, { "locked" }, 6, "unknown" },
		{ "gpu-a/vm:nobody", { "gpu-b" }, 3, NULL },
		{ "gpu-a/dddd", { "gpu-b" }, 3, NULL },
		{ WEB_7, { "gpu-b/nothing" }, 3, NULL },
		{ "locked/8f3c", { "gpu-b" }, 6, NULL },
		{ "gpu-a/vm:", { "gpu-b" }, 2, NULL },
		{ "gpu-a/vm:render-1", { "gpu-b/0000:3b:00.6" }, 2, NULL },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *second = rows[i].targets[1];
		g_auto(Ran) ran = run("check", "--demo", "--json", rows[i].source,
		                      rows[i].targets[0], second, NULL);
		const json_t *pairs = json_object_get(ran.json, "pairs");
		if (ran.exit != rows[i].exit)
			fail_msg("%s to %s: %d, not %d", rows[i].source, rows[i].targets[0],
			         ran.exit, rows[i].exit);
		assert_string_equal(text(ran.json, "schema"), "mdevcon/1");
		if (rows[i].verdict)
			assert_string_equal(text(at(pairs, 0), "verdict"), rows[i].verdict);
		if (ran.exit == 3 || ran.exit == 6)
			assert_true(json_array_size(field(ran.json, "errors")) > 0);
	}
}

/* What a tired operator reads: what to do stands above what is the same. */
static void test_text(void **state)
{
	g_auto(Ran) ran = run("check", WEB_7, "gpu-b", "--demo", NULL);
	g_auto(Ran) ascii = run("check", WEB_7, "gpu-old", "--demo", "--ascii", NULL);
	const char *todo = strstr(ran.out, "    do     create 1 nvidia-560 on gpu-b");
	const char *same = strstr(ran.out, "    same   ");

	(void)state;
	assert_true(g_str_has_prefix(ran.out, "+ READY AFTER 1 STEP  gpu-b/0000:3b:00.6\n"));
	assert_non_null(strstr(ran.out, "assurance B"));
	assert_true(todo && same && todo < same);
	assert_non_null(strstr(ran.out, "13 more functions of that card"));
	assert_true(g_str_has_prefix(ascii.out, "x CANNOT  gpu-old"));
	assert_non_null(strstr(ascii.out, "550.90.05"));
	assert_non_null(strstr(ascii.out, "535.183.04"));
	for (const char *p = ascii.out; *p; p++)
		assert_true((guchar)*p < 0x80);
}

/* Two devices of one guest: all or nothing, and the words about ports that they share. */
static void test_guest(void **state)
{
	g_auto(Ran) ran = run("check", "lab-a/vm:console-1", "lab-b", "--demo", "--json", NULL);
	const json_t *pairs = payload(&ran, "check", "pairs"), *pair = at(pairs, 0);
	const json_t *rule = at(field(pair, "rules"), 0);

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_int_equal(json_array_size(pairs), 1);
	assert_string_equal(text(pair, "source"), "lab-a/vm:console-1");
	assert_string_equal(text(pair, "target"), "lab-b");
	assert_string_equal(text(rule, "id"), "R25");
	assert_non_null(strstr(text(rule, "text"), "fits alone"));
	assert_int_equal(json_array_size(field(pair, "steps")), 2);
	assert_int_equal(json_array_size(field(pair, "devices")), 2);
}

static void test_best(void **state)
{
	g_auto(Ran) ran = run("best", WEB_7, "--demo", "--json", NULL);
	g_auto(Ran) text_ran = run("best", WEB_7, "--demo", NULL);
	g_auto(Ran) never = run("best", "desk-1/8888", "--demo", NULL);
	g_auto(Ran) alone = run("best", "a/8888", "--host", "a=sim:gvt", NULL);
	const json_t *pairs = payload(&ran, "best", "pairs");

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_string_equal(text(at(pairs, 0), "target"), "gpu-b/0000:3b:00.6");
	assert_string_equal(text(at(pairs, 0), "verdict"), "action");
	assert_non_null(strstr(text_ran.out, "gpu-b/0000:3b:00.6 and 13 more functions"));
	assert_int_equal(never.exit, 10); /* hosts that do not answer may have it */
	assert_non_null(strstr(never.out, "never merged into Linux"));
	assert_int_equal(alone.exit, 2);
}

/* "Why not anywhere": what looks like it is named, and said not to be it. */
static void test_near_miss(void **state)
{
	g_autofree char *source = make_tree("near-source", true);
	g_autofree char *target = g_build_filename(folder, "near-target", NULL);
	g_autofree char *a = g_strconcat("a=recorded:", source, NULL);
	g_autofree char *b = g_strconcat("b=recorded:", target, NULL);

	(void)state;
	put_file(source, TYPES "mtty-2/name", "Dual port serial\n");
	put_file(target, "proc/1/cmdline", "init");
	put_file(target, "proc/sys/kernel/arch", "x86_64\n");
	put_link(target, "sys/class/mdev_bus/other", "../../devices/virtual/other/other");
	put_file(target, LIKE "name", "Dual port serial\n");
	put_file(target, LIKE "device_api", "vfio-pci\n");
	put_file(target, LIKE "available_instances", "4\n");
	g_auto(Ran) ran = run("best", "a/8f3c1", "--host", a, "--host", b, NULL);
	assert_int_equal(ran.exit, 7);
	assert_non_null(strstr(ran.out, "CANNOT"));
	assert_non_null(strstr(ran.out, "near other-9 on b/other: the same display name under "
	                                "another id, and not the same type"));
}

/* A line of the matrix, its blanks aside. */
static bool has_line(const char *out, const char *pattern)
{
	return g_regex_match_simple(pattern, out, G_REGEX_MULTILINE, 0);
}

static void test_matrix(void **state)
{
	g_auto(Ran) ran =
		run("matrix", "lab-a", "lab-b", "lab-shut", "desk-2", "--demo", "--ascii", NULL);
	g_auto(Ran) json = run("matrix", "lab-a", "lab-b", "--demo", "--json", NULL);
	const json_t *pairs = payload(&json, "matrix", "pairs");

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_true(has_line(ran.out, "^SOURCE +desk-2 +lab-a +lab-b +lab-shut$"));
	assert_true(has_line(ran.out, "^lab-a console-1 .* mtty-1 +x +\\. +\\+ +\\?$"));
	assert_true(has_line(ran.out, "^lab-a display-1 .* mdpy-vga +x +\\. +x +x$"));
	assert_int_equal(json.exit, 0);
	assert_int_equal(json_array_size(pairs), 9); /* four of lab-a, five of lab-b */
}

/* Strictness comes from a file; what is wrong in it is named by line, and facts stay facts. */
static void test_policy(void **state)
{
	g_autofree char *good = g_build_filename(folder, "good.conf", NULL);
	g_autofree char *bad = g_build_filename(folder, "bad.conf", NULL);
	g_autofree char *fact = g_build_filename(folder, "fact.conf", NULL);

	(void)state;
	assert_true(g_file_set_contents(
		good, "[keys]\nx = y\n\n[compat]\nnvidia_driver = relaxed\n", -1, NULL));
	assert_true(g_file_set_contents(bad, "[compat]\n# a remark\nR31 = perhaps\n", -1, NULL));
	assert_true(g_file_set_contents(fact, "[compat]\nR11 = off\n", -1, NULL));
	g_auto(Ran) strict = run("check", WEB_7, "gpu-old", "--demo", NULL);
	g_auto(Ran) relaxed = run("check", WEB_7, "gpu-old", "--demo", "--config", good, NULL);
	g_auto(Ran) wrong = run("check", WEB_7, "gpu-old", "--demo", "--config", bad, NULL);
	g_auto(Ran) facts = run("check", WEB_7, "gpu-old", "--demo", "--config", fact, NULL);
	g_auto(Ran) none = run("check", WEB_7, "gpu-old", "--demo", "--config", "/nowhere", NULL);

	assert_int_equal(strict.exit, 7);
	assert_int_equal(relaxed.exit, 0);
	assert_int_equal(wrong.exit, 2);
	assert_non_null(strstr(wrong.err, "bad.conf:3: R31 = perhaps"));
	assert_int_equal(facts.exit, 2);
	assert_non_null(strstr(facts.err, "fact.conf:2: R11"));
	assert_int_equal(none.exit, 2);
}

/* A tree without a process says nothing of users: never a pass. */
static void test_unknown_use(void **state)
{
	g_autofree char *source = make_tree("check-source", true);
	g_autofree char *target = make_tree("check-target", false);
	g_autofree char *a = g_strconcat("a=recorded:", source, NULL);
	g_autofree char *b = g_strconcat("b=recorded:", target, NULL);
	g_auto(Ran) ran =
		run("check", "a/8f3c1", "b/8f3c1", "--host", a, "--host", b, "--json", NULL);
	const json_t *pair = at(payload(&ran, "check", "pairs"), 0);

	(void)state;
	assert_int_equal(ran.exit, 10);
	assert_string_equal(text(pair, "verdict"), "unknown");
}

int cli_check_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pair_json),   cmocka_unit_test(test_exit_statuses),
		cmocka_unit_test(test_text),        cmocka_unit_test(test_guest),
		cmocka_unit_test(test_best),        cmocka_unit_test(test_near_miss),
		cmocka_unit_test(test_matrix),      cmocka_unit_test(test_policy),
		cmocka_unit_test(test_unknown_use),
	};
	return cmocka_run_group_tests_name("check", tests, cli_set_up, cli_tear_down);
}
