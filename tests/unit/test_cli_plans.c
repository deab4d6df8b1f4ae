// SPDX-License-Identifier: GPL-2.0-or-later
/* Definitions, saved plans, the journal and the doctor, as scripts see them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "tests/unit/cli_run.h"
#include "tests/unit/test_cli.h"

#define DEFINITION(uuid) "etc/mdevctl.d/mtty/" uuid
#define MACHINE "0123456789abcdef0123456789abcdef\n"

static char *new_tree(const char *name)
{
	char *root = make_tree(name, true);
	put_file(root, "etc/machine-id", MACHINE);
	put_file(root, "proc/sys/kernel/random/boot_id", "boot-1\n");
	return root;
}

static bool exists(const char *root, const char *path)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	return access(full, F_OK) == 0;
}

static const json_t *result_of(const Ran *ran, const char *command)
{
	return at(payload(ran, command, "results"), 0);
}

static void test_define(void **state)
{
	g_autofree char *root = new_tree("define");
	g_auto(Ran) made = run("define", "local/mtty", "mtty-1", "--uuid", ABSENT, "--attr", "a=1",
	                       "--attr", "a=2", "--json", "--root", root, NULL);
	g_auto(Ran) again = run("define", "local/mtty", "mtty-1", "--uuid", ABSENT, "--attr", "a=1",
	                        "--attr", "a=2", "--json", "--root", root, NULL);
	g_auto(Ran) other =
		run("define", "local/mtty", "mtty-2", "--uuid", ABSENT, "--root", root, NULL);
	g_autofree char *text_now = get_file(root, DEFINITION(ABSENT));
	g_autofree char *full = g_build_filename(root, DEFINITION(ABSENT), NULL);
	struct stat st;

	(void)state;
	assert_int_equal(made.exit, 0);
	assert_true(json_is_true(field(result_of(&made, "define"), "changed")));
	assert_non_null(strstr(text(result_of(&made, "define"), "text"), "no mdevctl there"));
	assert_int_equal(again.exit, 0);
	assert_true(json_is_false(field(result_of(&again, "define"), "changed")));
	assert_int_equal(other.exit, 1); /* defined, but differently */
	assert_string_equal(text_now, "{\n  \"mdev_type\": \"mtty-1\",\n  \"start\": \"manual\",\n"
	                              "  \"attrs\": [\n    {\n      \"a\": \"1\"\n    },\n    {\n"
	                              "      \"a\": \"2\"\n    }\n  ]\n}");
	assert_int_equal(stat(full, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

/* One that runs keeps its uuid, type and parent; the list then says that it is defined. */
static void test_promote(void **state)
{
	g_autofree char *root = new_tree("promote");
	g_auto(Ran) ran = run("define", "local/8f3c1", "--autostart", "--root", root, NULL);
	g_auto(Ran) list = run("list", "--json", "--root", root, NULL);
	g_auto(Ran) odd = run("define", "local/8f3c1", "--count", "2", "--root", root, NULL);
	const json_t *instance = at(field(at(payload(&list, "list", "hosts"), 0), "instances"), 0);

	(void)state;
	assert_int_equal(ran.exit, 0);
	assert_string_equal(text(instance, "uuid"), IDLE);
	assert_true(json_is_true(field(instance, "defined")));
	assert_true(json_is_true(field(instance, "autostart")));
	assert_int_equal(odd.exit, 2);
}

/* It runs as one type and is defined as another: said in the list and by the doctor. */
static void test_differs(void **state)
{
	g_autofree char *root = new_tree("differs");
	put_file(root, DEFINITION(IDLE), "{\"mdev_type\":\"mtty-1\",\"start\":\"auto\"}");
	g_auto(Ran) list = run("list", "--json", "--root", root, NULL);
	g_auto(Ran) doctor = run("doctor", "--root", root, NULL);
	const json_t *instance = at(field(at(payload(&list, "list", "hosts"), 0), "instances"), 0);

	(void)state;
	assert_string_equal(text(instance, "differs"), "it is a mtty-2, defined as mtty-1");
	assert_non_null(strstr(doctor.out, "it is a mtty-2, defined as mtty-1"));
}

static void test_change_definition(void **state)
{
	g_autofree char *root = new_tree("change");
	put_file(root, DEFINITION(ABSENT),
	         "{\"x\":1,\"mdev_type\":\"mtty-1\",\"start\":\"manual\",\"attrs\":[{\"a\":\"1\"}]"
	         "}");
	g_auto(Ran) on = run("autostart", "on", "local/aaaa", "--root", root, NULL);
	g_auto(Ran) add =
		run("attr", "add", "local/aaaa", "b=2", "--index", "0", "--root", root, NULL);
	g_auto(Ran) twice = run("attr", "add", "local/aaaa", "a=9", "--root", root, NULL);
	g_auto(Ran) unclear = run("attr", "delete", "local/aaaa", "a", "--root", root, NULL);
	g_auto(Ran) list = run("attr", "list", "local/aaaa", "--root", root, NULL);
	g_auto(Ran) one = run("attr", "delete", "local/aaaa", "a=9", "--root", root, NULL);
	g_auto(Ran) json = run("attr", "list", "local/aaaa", "--json", "--root", root, NULL);
	g_autofree char *now = get_file(root, DEFINITION(ABSENT));

	(void)state;
	assert_int_equal(on.exit | add.exit | twice.exit | list.exit | one.exit, 0);
	assert_int_equal(unclear.exit, 2);
	assert_string_equal(list.out, "0  b=2\n1  a=1\n2  a=9\n");
	assert_int_equal(json_array_size(field(result_of(&json, "attr"), "attrs")), 2);
	assert_non_null(strstr(now, "\"x\": 1"));
	assert_non_null(strstr(now, "\"start\": \"auto\""));
	g_auto(Ran) nothing = run("autostart", "on", "local/bbbb", "--root", root, NULL);
	g_auto(Ran) word = run("autostart", "maybe", "local/aaaa", "--root", root, NULL);
	assert_int_equal(nothing.exit, 3);
	assert_int_equal(word.exit, 2);
}

static void test_undefine(void **state)
{
	g_autofree char *root = new_tree("undefine"), *a = recorded("a");
	put_file(root, DEFINITION(ABSENT), "not JSON");
	g_auto(Ran) unasked = run("undefine", "local/aaaa", "--root", root, NULL);
	assert_true(exists(root, DEFINITION(ABSENT)));
	g_auto(Ran) gone = run("undefine", "local/aaaa", "--yes", "--root", root, NULL);
	g_auto(Ran) again = run("undefine", "local/aaaa", "--yes", "--root", root, NULL);
	g_auto(Ran) if_exists =
		run("undefine", "local/aaaa", "--yes", "--if-exists", "--root", root, NULL);
	g_auto(Ran) recording = run("define", "a/mtty", "mtty-1", "--host", a, NULL);

	(void)state;
	assert_int_equal(unasked.exit, 2);
	assert_int_equal(gone.exit, 0);
	assert_false(exists(root, DEFINITION(ABSENT)));
	assert_int_equal(again.exit, 3);
	assert_int_equal(if_exists.exit, 0);
	assert_int_equal(recording.exit, 4);
}

/* --- saved plans ---------------------------------------------------------------------------- */

/* The plan of defining ABSENT, saved below `folder`. New name. */
static char *save_plan(const char *root, const char *name)
{
	g_auto(Ran) ran = run("define", "local/mtty", "mtty-1", "--uuid", ABSENT, "--dry-run",
	                      "--json", "--root", root, NULL);
	assert_int_equal(ran.exit, 0);
	assert_false(exists(root, DEFINITION(ABSENT)));
	put_file(folder, name, ran.out);
	return g_build_filename(folder, name, NULL);
}

static void test_apply(void **state)
{
	g_autofree char *root = new_tree("apply"), *file = save_plan(root, "apply.json");
	g_auto(Ran) unasked = run("apply", file, "--root", root, NULL);
	g_auto(Ran) dry = run("apply", file, "--dry-run", "--root", root, NULL);
	assert_false(exists(root, DEFINITION(ABSENT)));
	g_auto(Ran) done = run("apply", file, "--yes", "--root", root, NULL);

	(void)state;
	assert_int_equal(unasked.exit, 2);
	assert_int_equal(dry.exit, 0);
	assert_non_null(strstr(dry.out, "define mtty-1 on mtty"));
	assert_int_equal(done.exit, 0);
	assert_true(exists(root, DEFINITION(ABSENT)));
}

static void test_apply_refused(void **state)
{
	g_autofree char *root = new_tree("stale"), *file = save_plan(root, "stale.json");
	g_autofree char *other = new_tree("other-machine"), *booted = new_tree("booted");
	put_file(other, "etc/machine-id", "ffffffffffffffffffffffffffffffff\n");
	put_file(booted, "proc/sys/kernel/random/boot_id", "boot-2\n");
	put_file(folder, "broken.json", "{");
	g_autofree char *broken = g_build_filename(folder, "broken.json", NULL);
	g_auto(Ran) on_other = run("apply", file, "--yes", "--json", "--root", other, NULL);
	g_auto(Ran) after_boot = run("apply", file, "--yes", "--root", booted, NULL);
	g_auto(Ran) read_only = run("apply", file, "--yes", "--read-only", "--root", root, NULL);
	g_auto(Ran) no_file = run("apply", "/nowhere.json", "--yes", "--root", root, NULL);
	g_auto(Ran) no_json = run("apply", broken, "--yes", "--root", root, NULL);

	(void)state;
	assert_int_equal(on_other.exit, 4);
	assert_string_equal(text(at(field(on_other.json, "errors"), 0), "code"), "STALE");
	assert_int_equal(after_boot.exit, 4);
	assert_int_equal(read_only.exit, 4);
	assert_int_equal(no_file.exit, 3);
	assert_int_equal(no_json.exit, 2);
	assert_false(exists(other, DEFINITION(ABSENT)) || exists(root, DEFINITION(ABSENT)) ||
	             exists(booted, DEFINITION(ABSENT)));
	/* Defined otherwise by now: nothing is overwritten. */
	put_file(root, DEFINITION(ABSENT), "{\"mdev_type\":\"mtty-2\",\"start\":\"auto\"}");
	g_auto(Ran) taken = run("apply", file, "--yes", "--root", root, NULL);
	g_autofree char *now = get_file(root, DEFINITION(ABSENT));
	assert_int_equal(taken.exit, 1);
	assert_non_null(strstr(now, "mtty-2"));
}

/* --- the journal ---------------------------------------------------------------------------- */

static const json_t *last_entry(const Ran *ran)
{
	const json_t *entries = payload(ran, "journal", "journal");
	return at(entries, json_array_size(entries) - 1);
}

static void test_journal(void **state)
{
	g_autofree char *root = new_tree("journal");
	g_auto(Ran) made =
		run("define", "local/mtty", "mtty-1", "--uuid", ABSENT, "--root", root, NULL);
	g_auto(Ran) list = run("journal", "--json", NULL);
	const json_t *entry = last_entry(&list);
	g_autofree char *id = g_strndup(text(entry, "id"), 8);
	g_auto(Ran) forget = run("journal", "forget", id, NULL);
	g_auto(Ran) unasked = run("journal", "undo", id, "--root", root, NULL);

	(void)state;
	assert_int_equal(made.exit, 0);
	assert_string_equal(text(entry, "state"), "done");
	assert_string_equal(text(entry, "purpose"), "define 1 mtty-1 on local");
	assert_string_equal(text(at(field(entry, "steps"), 0), "outcome"), "done");
	assert_int_equal(forget.exit, 4); /* it was not interrupted */
	assert_int_equal(unasked.exit, 2);
	assert_true(exists(root, DEFINITION(ABSENT)));
	g_auto(Ran) undo = run("journal", "undo", id, "--yes", "--root", root, NULL);
	assert_int_equal(undo.exit, 0);
	assert_false(exists(root, DEFINITION(ABSENT)));
}

static void test_journal_interrupted(void **state)
{
	g_autofree char *root = new_tree("interrupted");
	g_auto(Ran) made =
		run("define", "local/mtty", "mtty-1", "--uuid", ABSENT, "--root", root, NULL);
	g_auto(Ran) list = run("journal", "--json", NULL);
	g_autofree char *file = g_strdup(text(last_entry(&list), "file"));
	g_autofree char *content = NULL;

	(void)state;
	assert_int_equal(made.exit, 0);
	/* As if it had been killed before its end. */
	assert_true(g_file_get_contents(file, &content, NULL, NULL));
	*strstr(content, "{\"event\":\"end\"") = '\0';
	assert_true(g_file_set_contents(file, content, -1, NULL));
	g_auto(Ran) seen = run("journal", NULL);
	assert_non_null(strstr(seen.out, "Interrupted: define 1 mtty-1 on local"));
	assert_non_null(strstr(seen.out, "mdevcon journal undo "));
	g_autofree char *id = g_strndup(text(last_entry(&list), "id"), 8);
	g_auto(Ran) undo = run("journal", "undo", id, "--yes", "--root", root, NULL);
	assert_int_equal(undo.exit, 0);
	assert_false(exists(root, DEFINITION(ABSENT)));
	g_auto(Ran) after = run("journal", NULL);
	assert_null(strstr(after.out, "Interrupted"));
}

static void test_journal_unwritable(void **state)
{
	g_autofree char *root = new_tree("unwritable");
	g_autofree char *old = g_strdup(g_getenv("HOME"));
	g_autofree char *bad = g_build_filename(folder, "a-file", NULL);

	(void)state;
	put_file(folder, "a-file", "");
	g_setenv("HOME", bad, TRUE);
	g_auto(Ran) refused =
		run("define", "local/mtty", "mtty-1", "--uuid", ABSENT, "--root", root, NULL);
	bool changed = exists(root, DEFINITION(ABSENT));
	g_auto(Ran) anyway = run("define", "local/mtty", "mtty-1", "--uuid", ABSENT, "--no-journal",
	                         "--root", root, NULL);
	g_setenv("HOME", old, TRUE);
	assert_int_equal(refused.exit, 1);
	assert_non_null(strstr(refused.err, bad));
	assert_false(changed);
	assert_int_equal(anyway.exit, 0);
	assert_true(exists(root, DEFINITION(ABSENT)));
}

/* --- the doctor ----------------------------------------------------------------------------- */

/* mdevctl as Debian 12 packages it: the rule calls a path that the package does not install. */
static char *debian_tree(const char *name)
{
	char *root = new_tree(name);
	g_autofree char *program = g_build_filename(root, "usr/bin/mdevctl", NULL);

	put_file(root, "usr/bin/mdevctl", "#!/bin/sh\n");
	assert_int_equal(g_chmod(program, 0755), 0);
	put_file(root, "usr/lib/udev/rules.d/60-mdevctl.rules",
	         "ACTION==\"add\", RUN+=\"/usr/sbin/mdevctl start-parent-mdevs %k\"\n");
	put_file(root, DEFINITION(IDLE),
	         "{\"mdev_type\":\"mtty-2\",\"start\":\"auto\",\"attrs\":[]}");
	return root;
}

static const json_t *finding(const Ran *ran, const char *id)
{
	const json_t *findings = payload(ran, "doctor", "findings");
	for (gsize i = 0; i < json_array_size(findings); i++)
		if (g_str_equal(text(at(findings, i), "id"), id))
			return at(findings, i);
	return NULL;
}

static void test_doctor_boot(void **state)
{
	g_autofree char *root = debian_tree("debian");
	put_file(root, "sys/module/mtty/refcnt", "0\n");
	g_auto(Ran) broken = run("doctor", "--json", "--root", root, NULL);
	g_auto(Ran) nagios = run("doctor", "--nagios", "--root", root, NULL);
	const json_t *rule = finding(&broken, "boot-rule-program");

	(void)state;
	assert_int_equal(broken.exit, 0);
	assert_non_null(rule);
	assert_string_equal(text(rule, "severity"), "error");
	assert_string_equal(text(rule, "mend"), "ln -s /usr/bin/mdevctl /usr/sbin/mdevctl");
	assert_non_null(finding(&broken, "boot-module"));
	assert_int_equal(nagios.exit, 2);
	assert_true(g_str_has_prefix(nagios.out, "MDEV CRITICAL - 1 hosts"));
	assert_non_null(strstr(nagios.out, "| hosts=1 down=0 errors=1"));

	/* mended: the link, and the module loaded at boot */
	put_link(root, "usr/sbin/mdevctl", "../bin/mdevctl");
	put_file(root, "etc/modules-load.d/mtty.conf", "# for tests\nmtty\n");
	g_auto(Ran) mended = run("doctor", "--json", "--root", root, NULL);
	assert_null(finding(&mended, "boot-rule-program"));
	assert_null(finding(&mended, "boot-module"));
}

static void test_doctor_definitions(void **state)
{
	g_autofree char *root = debian_tree("doctor-definitions");
	put_file(root, "etc/mdevctl.d/gone/" ABSENT,
	         "{\"mdev_type\":\"mtty-2\",\"start\":\"auto\",\"attrs\":[]}");
	put_file(root, DEFINITION(OTHER), "{broken");
	g_auto(Ran) ran = run("doctor", "--json", "--root", root, NULL);

	(void)state;
	assert_non_null(finding(&ran, "definition-parent"));
	assert_non_null(strstr(text(finding(&ran, "definition-broken"), "text"), OTHER));
}

/* --- with an mdevctl ------------------------------------------------------------------------ */

/*
 * A host of its own with a fake mdevctl: namespaces in which /sys, /etc and /usr/sbin are a tree's.
 * What it is called with stands in /etc/said.
 */
static void test_fake_mdevctl(void **state)
{
	static const char script[] =
		"#!/bin/sh\necho \"$@\" >>/etc/said\ncat >>/etc/said\n"
		"case $1 in define) echo 'site.sh: noted' >&2;; undefine) echo no >&2; exit 1;; "
		"esac\n"
		"mkdir -p /etc/mdevctl.d/mtty\n"
		"printf %s '{\"mdev_type\":\"mtty-1\",\"start\":\"manual\",\"attrs\":[]}'"
		" >/etc/mdevctl.d/mtty/$3\n";
	g_autofree char *root = new_tree("namespaced");
	g_autofree char *program = g_build_filename(root, "usr/sbin/mdevctl", NULL);
	g_autofree char *line =
		g_strdup_printf("r='%s'; b='%s'; for d in sys etc usr/sbin; do mount --bind "
	                        "\"$r/$d\" /$d || exit 77; "
	                        "done; $b define local/mtty mtty-1 --uuid " ABSENT
	                        "; echo $?; $b undefine local/" ABSENT " --yes; echo $?",
	                        root, g_getenv("MDEVCON_BIN"));
	const char *argv[] = { "unshare", "-rm", "sh", "-c", line, NULL };
	g_autofree char *out = NULL, *err = NULL;
	int status = 0;

	(void)state;
	put_file(root, "usr/sbin/mdevctl", script);
	put_file(root, "etc/said", "");
	assert_int_equal(g_chmod(program, 0755), 0);
	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
	                  &status, NULL) ||
	    !WIFEXITED(status) || (WEXITSTATUS(status) && !strstr(out, "\n")))
		skip(); /* no namespaces here */
	g_autofree char *said = get_file(root, "etc/said");
	assert_non_null(strstr(said,
	                       "define --uuid " ABSENT " --parent mtty --jsonfile /dev/stdin\n"
	                       "{\"mdev_type\": \"mtty-1\""));
	assert_non_null(strstr(out, "by its mdevctl"));
	assert_non_null(strstr(out, "it said: site.sh: noted"));
	assert_non_null(strstr(err, "/usr/sbin/mdevctl ended with 1: no"));
	assert_non_null(strstr(out, "\n0\n"));
	assert_true(g_str_has_suffix(out, "1\n"));
}

int cli_plan_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_define),
		cmocka_unit_test(test_promote),
		cmocka_unit_test(test_differs),
		cmocka_unit_test(test_change_definition),
		cmocka_unit_test(test_undefine),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_apply_refused),
		cmocka_unit_test(test_journal),
		cmocka_unit_test(test_journal_interrupted),
		cmocka_unit_test(test_journal_unwritable),
		cmocka_unit_test(test_doctor_boot),
		cmocka_unit_test(test_doctor_definitions),
		cmocka_unit_test(test_fake_mdevctl),
	};
	return cmocka_run_group_tests_name("plans", tests, cli_set_up, cli_tear_down);
}
