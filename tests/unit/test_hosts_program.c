// SPDX-License-Identifier: GPL-2.0-or-later
/* Inventories that are programs: what they say, and when they are not run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/hosts.h"
#include "tests/unit/host_tree.h"

#define DEADLINE_MS 20000

static GPtrArray *parse(const char *text, GError **error)
{
	return hosts_parse_ansible("inventory", text, strlen(text), error);
}

static const HostAddress *nth(const GPtrArray *hosts, guint i)
{
	return g_ptr_array_index(hosts, i);
}

static void test_variables_of_the_nearest_count(void **state)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) hosts =
		parse("{\"_meta\":{\"hostvars\":{\"a\":{\"ansible_host\":\"10.0.0.1\","
	              "\"ansible_port\":2222,\"ansible_become_password\":\"secret\"},"
	              "\"b\":{\"ansible_host\":\"fe80::1\",\"ansible_user\":\"me\"}}},"
	              "\"all\":{\"children\":[\"site\"],\"vars\":{\"ansible_port\":\"23\"}},"
	              "\"site\":{\"children\":[\"gpu\"],\"vars\":{\"ansible_user\":\"far\"}},"
	              "\"gpu\":{\"hosts\":[\"a\",\"b\"],\"vars\":{\"ansible_user\":\"near\"}},"
	              "\"old\":[\"c\"]}",
	              &error);

	(void)state;
	assert_null(error);
	assert_int_equal(hosts->len, 3);
	assert_string_equal(nth(hosts, 0)->label, "a");
	assert_string_equal(nth(hosts, 0)->name, "10.0.0.1");
	assert_int_equal(nth(hosts, 0)->port, 2222);
	assert_string_equal(nth(hosts, 0)->user, "near");
	assert_string_equal(nth(hosts, 0)->groups[0], "gpu");
	assert_string_equal(nth(hosts, 0)->groups[1], "site");
	assert_string_equal(nth(hosts, 0)->groups[2], "all");
	assert_string_equal(nth(hosts, 1)->name, "fe80::1");
	assert_string_equal(nth(hosts, 1)->user, "me");
	assert_int_equal(nth(hosts, 1)->port, 23);
	assert_string_equal(nth(hosts, 2)->name, "c");
	assert_null(nth(hosts, 2)->user);
}

static void test_what_is_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "not JSON" },
		{ "[1]", "not an object" },
		{ "{\"a\":[1]}", "no text" },
		{ "{\"a\":{\"children\":[\"b\"]},\"b\":{\"children\":[\"a\"]}}", "in each other" },
		{ "{\"a\":[\"-x\"]}", "not a label" },
		{ "{\"a\":[\"recorded:x\"]}", "not a label" },
		{ "{\"a\":[\"h\"],\"_meta\":{\"hostvars\":{\"h\":{\"ansible_host\":\"$(x)\"}}}}",
		  "not the name" },
		{ "{\"a\":[\"h\"],\"_meta\":{\"hostvars\":{\"h\":{\"ansible_port\":70000}}}}",
		  "port" },
		{ "{\"a\":[\"h\"],\"_meta\":{\"hostvars\":{\"h\":{\"ansible_user\":\"-l\"}}}}",
		  "user" },
		{ "{\"a\":[\"h\"],\"_meta\":{\"hostvars\":{\"h\":{\"ansible_port\":[]}}}}",
		  "neither text nor a number" },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		GPtrArray *hosts = parse(cases[i].text, &error);
		if (hosts || !strstr(error->message, cases[i].says))
			fail_msg("case %zu: %s", i, error ? error->message : "no error");
		assert_true(g_str_has_prefix(error->message, "inventory --list: "));
	}
}

/* --- running --------------------------------------------------------------------------------- */

static char *program(const char *root, const char *script, int mode)
{
	char *file = g_build_filename(root, "inventory", NULL);

	host_tree_file(root, "inventory", script);
	assert_int_equal(g_chmod(file, mode), 0);
	return file;
}

static void expect(const char *script, int mode, int deadline_ms, const char *says)
{
	char *root = host_tree_new();
	g_autofree char *file = program(root, script, mode);
	g_autoptr(GError) error = NULL;
	gint64 start = g_get_monotonic_time();

	assert_true(hosts_is_program(file));
	g_autoptr(GPtrArray) hosts = hosts_run(file, deadline_ms, &error);
	if (hosts || !strstr(error->message, says))
		fail_msg("%s: %s", script, error ? error->message : "no error");
	assert_true(g_get_monotonic_time() - start < DEADLINE_MS * 1000);
	host_tree_free(root);
}

static void test_run(void **state)
{
	char *root = host_tree_new();
	g_autofree char *file = program(root,
	                                "#!/bin/sh\n"
	                                "[ \"$*\" = --list ] && echo '{\"g\":[\"h1\",\"h2\"]}'\n",
	                                0755);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) hosts = hosts_run(file, DEADLINE_MS, &error);

	(void)state;
	assert_null(error);
	assert_int_equal(hosts->len, 2);
	assert_int_equal(g_chmod(file, 0644), 0);
	assert_false(hosts_is_program(file));
	assert_false(hosts_is_program(root)); /* a folder has the same bits */
	host_tree_free(root);
}

static void test_what_is_not_run(void **state)
{
	(void)state;
	expect("#!/bin/sh\necho '{}'\n", 0775, DEADLINE_MS, "others may write");
	expect("#!/bin/sh\necho '{}'\n", 0757, DEADLINE_MS, "others may write");
	if (geteuid() != 0)
		return;
	char *root = host_tree_new();
	g_autofree char *file = program(root, "#!/bin/sh\necho '{}'\n", 0755);
	g_autoptr(GError) error = NULL;
	assert_int_equal(chown(file, 12345, 0), 0);
	assert_null(hosts_run(file, DEADLINE_MS, &error));
	assert_non_null(strstr(error->message, "another user"));
	host_tree_free(root);
}

static void test_runs_that_go_wrong(void **state)
{
	(void)state;
	expect("#!/bin/sh\necho '{}'; exit 3\n", 0755, DEADLINE_MS, "ended with an error");
	expect("#!/bin/sh\nexec sleep 1000\n", 0755, 200, "no answer in time");
	expect("#!/bin/sh\nsleep 1000 & sleep 1000\n", 0755, 200, "no answer in time");
	expect("#!/bin/sh\necho '{}'; exec >&-; exec sleep 1000\n", 0755, 200, "not end in time");
	expect("#!/bin/sh\nexec cat /dev/zero\n", 0755, DEADLINE_MS, "16 MiB");
	expect("#!/nonexistent\n", 0755, DEADLINE_MS, "inventory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variables_of_the_nearest_count),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_what_is_not_run),
		cmocka_unit_test(test_runs_that_go_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
