// SPDX-License-Identifier: GPL-2.0-or-later
/* The names that an SSH configuration knows, for the operator to choose from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "remote/ssh_names.h"
#include "tests/unit/host_tree.h"

static void expect(const char *root, const char *const *names)
{
	g_autofree char *file = g_build_filename(root, "config", NULL);
	g_autoptr(GPtrArray) found = ssh_names(file);
	guint i = 0;

	for (; names[i]; i++) {
		assert_true(i < found->len);
		assert_string_equal(g_ptr_array_index(found, i), names[i]);
	}
	assert_int_equal(found->len, i);
}

static void test_names(void **state)
{
	static const char *const names[] = { "web", "db", "quoted", "low", "equals", NULL };
	char *root = host_tree_new();

	(void)state;
	host_tree_file(root, "config",
	               "# Host comment\n"
	               "Host web db *.example web !not\n"
	               "\tHostName 10.0.0.1\n"
	               "Host \"quoted\" -oProxyCommand=x $(id) a/b u@h\n"
	               "Host 'open\n"
	               "  host low\n"
	               "Host=equals\n"
	               "Match host nothing\n"
	               "Hostname alone\n"
	               "Host *\n");
	expect(root, names);
	host_tree_free(root);
}

static void test_includes(void **state)
{
	static const char *const names[] = { "before", "one", "two", "after", NULL };
	char *root = host_tree_new();
	g_autofree char *config = g_strdup_printf("Host before\n"
	                                          "Include %s/conf.d/* /nonexistent/*\n"
	                                          "Include %s/config %s\n" /* itself, a folder */
	                                          "Host after\n",
	                                          root, root, root);

	(void)state;
	host_tree_file(root, "conf.d/1", "Host one\n");
	host_tree_file(root, "conf.d/2", "Host two\n");
	host_tree_file(root, "config", config);
	expect(root, names);
	host_tree_free(root);
}

static void test_nothing_there(void **state)
{
	g_autoptr(GPtrArray) none = ssh_names("/nonexistent/config");

	(void)state;
	assert_int_equal(none->len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_nothing_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
