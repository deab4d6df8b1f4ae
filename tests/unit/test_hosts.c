// SPDX-License-Identifier: GPL-2.0-or-later
/* Host addresses and the inventory file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/hosts.h"
#include "tests/unit/host_tree.h"

static void test_addresses(void **state)
{
	static const struct {
		const char *text;
		HostKind kind;
		const char *label, *user, *name;
		guint port;
		const char *path;
	} cases[] = {
		{ "local", HOST_LOCAL, "local", NULL, NULL, 0, "/" },
		{ "me=local", HOST_LOCAL, "me", NULL, NULL, 0, "/" },
		{ "hy1", HOST_SSH, "hy1", NULL, "hy1", 0, NULL },
		{ "root@hy1.example", HOST_SSH, "hy1.example", "root", "hy1.example", 0, NULL },
		{ "a=ssh://root@10.0.0.7", HOST_SSH, "a", "root", "10.0.0.7", 0, NULL },
		{ "ssh://hy1:2222", HOST_SSH, "hy1", NULL, "hy1", 2222, NULL },
		{ "ssh://u@[fe80::1]:22", HOST_SSH, "fe80::1", "u", "fe80::1", 22, NULL },
		{ "[::1]", HOST_SSH, "::1", NULL, "::1", 0, NULL },
		{ "::1", HOST_SSH, "::1", NULL, "::1", 0, NULL },
		{ "x=u@dom@hy1", HOST_SSH, "x", "u@dom", "hy1", 0, NULL },
		{ "recorded:/tmp/a.facts", HOST_RECORDED, "a.facts", NULL, NULL, 0,
		  "/tmp/a.facts" },
		{ "recorded:/tmp/tree/", HOST_RECORDED, "tree", NULL, NULL, 0, "/tmp/tree/" },
		{ "sim:nvidia-old", HOST_SIMULATED, "nvidia-old", NULL, NULL, 0, "nvidia-old" },
		{ "a=sim:mtty", HOST_SIMULATED, "a", NULL, NULL, 0, "mtty" },
		{ "b=recorded:/tmp/a=b", HOST_RECORDED, "b", NULL, NULL, 0, "/tmp/a=b" },
		{ "recorded:/tmp/x=y/z", HOST_RECORDED, "z", NULL, NULL, 0, "/tmp/x=y/z" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(HostAddress) host = host_address_parse(cases[i].text, &error);
		assert_null(error);
		assert_int_equal(host->kind, cases[i].kind);
		assert_string_equal(host->label, cases[i].label);
		assert_int_equal(g_strcmp0(host->user, cases[i].user), 0);
		assert_int_equal(g_strcmp0(host->name, cases[i].name), 0);
		assert_int_equal(g_strcmp0(host->path, cases[i].path), 0);
		assert_int_equal(host->port, cases[i].port);
	}
}

static void test_bad_addresses(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "empty" },
		{ "a=", "empty" },
		{ "=local", "label" },
		{ "a/b=local", "label" },
		{ "a b=local", "label" },
		{ "a\033[2J=local", "label" },
		{ "\xe2\x80\xae"
		  "a=local",
		  "label" },
		{ "\xff=local", "label" },
		{ "-x=local", "label" },
		{ "a=b=local", "name" },
		{ "-oProxyCommand=x", "label" },
		{ "h=-oProxyCommand", "name" },
		{ "sim:fleet", "sim:" },
		{ "http://x", "ssh://" },
		{ "host/path", "recorded:" },
		{ "host:22", "ssh://NAME:PORT" },
		{ "ssh://host:0", "port" },
		{ "ssh://host:65536", "port" },
		{ "ssh://host:", "port" },
		{ "ssh://u:pw@host", "password" },
		{ "@host", "user" },
		{ "user@", "name" },
		{ "$(x)", "name" },
		{ "ssh://[::1", "]" },
		{ "ssh://[nonsense]", "IPv6" },
		{ "recorded:", "file" },
		{ "recorded:/", "LABEL=" },
		{ "recorded:/a=b", "LABEL=" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(host_address_parse(cases[i].text, &error));
		assert_true(g_error_matches(error, HOSTS_ERROR, HOSTS_ERROR_ADDRESS));
		assert_non_null(strstr(error->message, cases[i].says));
		for (const char *s = error->message; *s; s++)
			assert_true(*s >= ' ' && *s < 0x7f);
	}
}

static GPtrArray *load(const char *root, const char *text, GError **error)
{
	host_tree_file(root, "hosts.ini", text);
	g_autofree char *file = g_build_filename(root, "hosts.ini", NULL);
	return hosts_load(file, error);
}

static void test_file(void **state)
{
	char *root = host_tree_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) hosts = load(root,
	                                  "; comment\n"
	                                  "[hy1]\n"
	                                  "address = ssh://10.0.0.7:2222\n"
	                                  "groups = gpu, lab\n"
	                                  "tags = a b\n"
	                                  "interval = 0\n"
	                                  "\n"
	                                  "[hy2]\n"
	                                  "[rec]\n"
	                                  "address = recorded:sub/x.facts\n"
	                                  "groups = gpu\n"
	                                  "[group gpu]\n"
	                                  "user = root\n"
	                                  "tags = b,c\n"
	                                  "protected = yes\n"
	                                  "interval = 30\n"
	                                  "ssh_config = conf/ssh\n"
	                                  "transport = openssh\n"
	                                  "[group lab]\n"
	                                  "user = other\n"
	                                  "read_only = true\n",
	                                  &error);
	assert_null(error);
	assert_int_equal(hosts->len, 3);
	HostAddress *hy1 = g_ptr_array_index(hosts, 0), *hy2 = g_ptr_array_index(hosts, 1);
	HostAddress *rec = g_ptr_array_index(hosts, 2);
	assert_string_equal(hy1->label, "hy1");
	assert_string_equal(hy1->address, "ssh://10.0.0.7:2222");
	assert_string_equal(hy1->user, "root"); /* of the group that is named first */
	assert_int_equal(hy1->port, 2222);
	assert_true(hy1->protect && hy1->read_only);
	assert_int_equal(hy1->interval_s, 0); /* its own, though it is 0 */
	assert_int_equal(g_strv_length(hy1->groups), 2);
	g_autofree char *tags = g_strjoinv(" ", hy1->tags);
	assert_string_equal(tags, "a b c");
	g_autofree char *config = g_build_filename(root, "conf/ssh", NULL);
	assert_string_equal(hy1->ssh_config, config);
	assert_string_equal(hy1->transport, "openssh");
	assert_string_equal(hy2->name, "hy2");
	assert_null(hy2->user);
	assert_false(hy2->protect);
	g_autofree char *recorded = g_build_filename(root, "sub/x.facts", NULL);
	assert_string_equal(rec->path, recorded);
	assert_null(rec->user);
	assert_int_equal(rec->interval_s, 30);
	host_tree_free(root);
}

static void test_bad_files(void **state)
{
	g_autofree char *long_line = g_strnfill(400, 'x');
	g_autofree char *long_value = g_strconcat("[a]\naddress = ", long_line, "\n", NULL);
	g_autofree char *long_key = g_strdup_printf("[a]\n%.60s = 1\n", long_line);
	const struct {
		const char *text, *says;
	} cases[] = {
		{ "address = local\n", ":1:" },
		{ "[a]\nnonsense\n", ":2:" },
		{ "[a]\ncolour = red\n", ":2: unknown key \"colour\"" },
		{ "[a]\n[b]\n[a]\n", ":3: already given in line 1" },
		{ "[a]\nuser = x\nuser = y\n", ":3: given twice" },
		{ "[a]\nread_only = maybe\n", ":2:" },
		{ "[a]\ninterval = often\n", ":2:" },
		{ "[a]\n\ninterval = -1\n", ":3:" },
		{ "[a]\naddress = sim:x\n", ":2:" },
		{ "[a]\naddress = b=local\n", ":2:" },
		{ "[a/b]\n", ":1: not a label" },
		{ "[]\n", ":1: not a label" },
		{ "[a\n", ":1:" },
		{ "[a] x\n", ":1:" },
		{ "[a]\nuser = x\n address = local\n", ":3:" },
		{ "[a]\naddress = u@h\nuser = v\n", ":3:" },
		{ "[a]\naddress = local\nuser = v\n", ":3:" },
		{ "[a]\ntransport = pigeon\n", ":2:" },
		{ "[group g]\naddress = local\n", ":2: a group has no" },
		{ "[a]\nuser =\n", ":2: an empty value" },
		{ long_value, ":2: longer than" },
		{ long_key, ":2:" },
	};
	char *root = host_tree_new();
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		GPtrArray *hosts = load(root, cases[i].text, &error);
		if (hosts || !strstr(error->message, cases[i].says))
			fail_msg("case %zu: %s", i, error ? error->message : "no error");
		assert_true(g_error_matches(error, HOSTS_ERROR, HOSTS_ERROR_FILE));
		assert_non_null(strstr(error->message, "hosts.ini:"));
	}
	g_autoptr(GError) error = NULL;
	assert_null(hosts_load(root, &error));
	assert_non_null(error);
	g_clear_error(&error);
	assert_null(hosts_load("/nonexistent/hosts", &error));
	assert_non_null(strstr(error->message, "/nonexistent/hosts"));
	host_tree_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_bad_addresses),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_bad_files),
	};
	return cmocka_run_group_tests_name("hosts", tests, NULL, NULL);
}
