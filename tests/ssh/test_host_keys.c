// SPDX-License-Identifier: GPL-2.0-or-later
/* The index of known_hosts files, and the parser of `ssh -G`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "remote/host_keys.h"
#include "remote/ssh_config.h"

#define ED "ssh-ed25519"
#define RSA "ssh-rsa"
#define KEY1 "AAAAC3NzaC1lZDI1NTE5AAAAIB1"
#define KEY2 "AAAAC3NzaC1lZDI1NTE5AAAAIB2"
#define KEY3 "AAAAB3NzaC1yc2EAAAADAQABAAA"

typedef struct {
	char *folder, *file;
	GPtrArray *files;
} Setup;

static int setup(void **state)
{
	Setup *s = g_new0(Setup, 1);

	s->folder = g_dir_make_tmp("mdevcon-keys.XXXXXX", NULL);
	s->file = g_build_filename(s->folder, "ssh", "known_hosts", NULL);
	s->files = g_ptr_array_new();
	g_ptr_array_add(s->files, s->file);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	Setup *s = *state;
	g_autofree char *ssh = g_path_get_dirname(s->file);

	g_unlink(s->file);
	g_rmdir(ssh);
	g_rmdir(s->folder);
	g_ptr_array_unref(s->files);
	g_free(s->file);
	g_free(s->folder);
	g_free(s);
	return 0;
}

static void put(Setup *s, const char *text)
{
	g_autofree char *ssh = g_path_get_dirname(s->file);

	g_mkdir_with_parents(ssh, 0700);
	assert_true(g_file_set_contents(s->file, text, -1, NULL));
}

static void assert_check(Setup *s, const char *host, guint port, const char *type, const char *key,
                         HostKeyResult wanted, guint line)
{
	g_auto(HostKeyCheck) check = host_keys_check(s->files, host, port, type, key);

	if (check.result != wanted)
		fail_msg("%s: %d, wanted %d", host, check.result, wanted);
	if (line) {
		assert_string_equal(check.file, s->file);
		assert_int_equal(check.line, line);
	}
}

static void test_plain(void **state)
{
	Setup *s = *state;

	assert_check(s, "a.example", 22, ED, KEY1, HOST_KEY_UNKNOWN, 0); /* no file */
	put(s, "# comment\n\nnonsense\na.example,10.0.0.1 " ED " " KEY1 " comment here\n"
	       "[b.example]:2222 " ED " " KEY2 "\n");
	assert_check(s, "a.example", 22, ED, KEY1, HOST_KEY_OK, 0);
	assert_check(s, "A.Example", 22, ED, KEY1, HOST_KEY_OK, 0);
	assert_check(s, "10.0.0.1", 0, ED, KEY1, HOST_KEY_OK, 0);
	assert_check(s, "a.example", 22, ED, KEY2, HOST_KEY_CHANGED, 4);
	assert_check(s, "a.example", 22, RSA, KEY3, HOST_KEY_UNKNOWN, 0); /* another type */
	assert_check(s, "a.example", 2222, ED, KEY1, HOST_KEY_UNKNOWN, 0);
	assert_check(s, "b.example", 2222, ED, KEY2, HOST_KEY_OK, 0);
	assert_check(s, "b.example", 22, ED, KEY2, HOST_KEY_UNKNOWN, 0);
}

static void test_wildcards(void **state)
{
	Setup *s = *state;

	put(s, "!bad.example,*.example " ED " " KEY1 "\nh?st " ED " " KEY2 "\n*x*y*z " ED " " KEY1
	       "\n");
	assert_check(s, "good.example", 22, ED, KEY1, HOST_KEY_OK, 0);
	assert_check(s, "bad.example", 22, ED, KEY1, HOST_KEY_UNKNOWN, 0);
	assert_check(s, "host", 22, ED, KEY2, HOST_KEY_OK, 0);
	assert_check(s, "hst", 22, ED, KEY2, HOST_KEY_UNKNOWN, 0);
	assert_check(s, "axbxcycz", 22, ED, KEY1, HOST_KEY_OK, 0);
	assert_check(s, "axbycw", 22, ED, KEY1, HOST_KEY_UNKNOWN, 0);
}

/* A hashed name as ssh-keygen -H makes it. */
static char *hashed(const char *name)
{
	static const guchar salt[20] = "0123456789abcdefghi";
	guint8 digest[20];
	gsize len = sizeof digest;
	g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, salt, sizeof salt);
	g_hmac_update(hmac, (const guchar *)name, -1);
	g_hmac_get_digest(hmac, digest, &len);
	g_autofree char *a = g_base64_encode(salt, sizeof salt);
	g_autofree char *b = g_base64_encode(digest, sizeof digest);
	return g_strdup_printf("|1|%s|%s", a, b);
}

static void test_hashed(void **state)
{
	Setup *s = *state;
	g_autofree char *plain = hashed("a.example"), *port = hashed("[a.example]:2222");
	g_autofree char *text = g_strdup_printf("|1|bad|\n|1|x|y " ED " " KEY1 "\n%s " ED " " KEY1
	                                        "\n%s " ED " " KEY2 "\n",
	                                        plain, port);

	put(s, text);
	assert_check(s, "a.example", 22, ED, KEY1, HOST_KEY_OK, 0);
	assert_check(s, "a.example", 22, ED, KEY2, HOST_KEY_CHANGED, 3);
	assert_check(s, "a.example", 2222, ED, KEY2, HOST_KEY_OK, 0);
	assert_check(s, "b.example", 22, ED, KEY1, HOST_KEY_UNKNOWN, 0);
}

static void test_marks(void **state)
{
	Setup *s = *state;

	put(s, "a.example " ED " " KEY1 "\n@revoked * " ED " " KEY1 "\n"
	       "@cert-authority *.example " ED " " KEY2 "\n");
	assert_check(s, "a.example", 22, ED, KEY1, HOST_KEY_REVOKED, 2);
	assert_check(s, "c.example", 22, ED, KEY1, HOST_KEY_REVOKED, 2);
	assert_check(s, "c.example", 22, ED, KEY2, HOST_KEY_UNKNOWN, 0); /* no host's key */
}

/* A second key of a type is as good as the first; the first other one does not decide. */
static void test_two_keys(void **state)
{
	Setup *s = *state;

	put(s, "a " ED " " KEY1 "\na " ED " " KEY2 "\n");
	assert_check(s, "a", 22, ED, KEY2, HOST_KEY_OK, 0);
	assert_check(s, "a", 22, ED, KEY3, HOST_KEY_CHANGED, 1);
}

static void test_types(void **state)
{
	Setup *s = *state;

	put(s, "a " RSA " " KEY3 "\na " ED " " KEY1 "\na " ED " " KEY2 "\n@revoked a ssh-dss x\n");
	g_auto(GStrv) types = host_keys_types(s->files, "a", 22);
	assert_int_equal(g_strv_length(types), 2);
	assert_string_equal(types[0], RSA);
	assert_string_equal(types[1], ED);
	g_auto(GStrv) none = host_keys_types(s->files, "b", 22);
	assert_int_equal(g_strv_length(none), 0);
}

static void test_record(void **state)
{
	Setup *s = *state;
	struct stat st;
	g_autofree char *folder = g_path_get_dirname(s->file), *text = NULL;

	assert_true(host_keys_record(s->file, "A.example", 2222, ED, KEY1, NULL));
	assert_int_equal(stat(s->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_check(s, "a.example", 2222, ED, KEY1, HOST_KEY_OK, 0);
	put(s, "x " ED " " KEY2); /* a last line without its end */
	assert_true(host_keys_record(s->file, "b", 22, ED, KEY1, NULL));
	assert_true(g_file_get_contents(s->file, &text, NULL, NULL));
	assert_string_equal(text, "x " ED " " KEY2 "\nb " ED " " KEY1 "\n");
	assert_check(s, "b", 22, ED, KEY1, HOST_KEY_OK, 0);
	assert_check(s, "x", 22, ED, KEY2, HOST_KEY_OK, 0);
	g_autofree char *below_a_file = g_build_filename(s->file, "x", NULL);
	g_autoptr(GError) error = NULL;
	assert_false(host_keys_record(below_a_file, "b", 22, ED, KEY1, &error));
	assert_int_equal(error->domain, G_FILE_ERROR);
}

static void test_config(void **state)
{
	(void)state;
	g_autoptr(SshConfig) config = ssh_config_parse(
		"host x\nuser root\nhostname 10.0.0.1\nport 2222\nidentitiesonly yes\n"
		"identityfile /a key\nidentityfile none\nproxyjump none\nproxycommand none\n"
		"hostkeyalias none\nstricthostkeychecking accept-new\nconnecttimeout none\n"
		"userknownhostsfile /k1 \"/k 2\" /dev/null\nidentityagent none\ngarbage\n");
	assert_string_equal(config->user, "root");
	assert_string_equal(config->hostname, "10.0.0.1");
	assert_int_equal(config->port, 2222);
	assert_true(config->identities_only);
	assert_true(config->accept_new);
	assert_int_equal(config->identity_files->len, 1);
	assert_string_equal(config->identity_files->pdata[0], "/a key");
	assert_null(config->jump);
	assert_null(config->host_key_alias);
	assert_int_equal(config->connect_timeout_s, 0);
	assert_int_equal(config->user_known_hosts->len, 2);
	assert_string_equal(config->user_known_hosts->pdata[1], "/k 2");
	assert_string_equal(config->identity_agent, "none");

	g_autoptr(SshConfig) jump = ssh_config_parse("proxyjump gate\nstricthostkeychecking ask\n");
	assert_string_equal(jump->jump, "gate");
	assert_false(jump->accept_new);
}

/* Names that ssh would take for options never reach it. */
static void test_config_names(void **state)
{
	HostAddress address = { .name = (char *)"-oProxyCommand=x" };
	g_autoptr(GError) error = NULL;

	(void)state;
	assert_null(ssh_config_resolve(&address, NULL, g_get_monotonic_time() + G_USEC_PER_SEC,
	                               NULL, &error));
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_plain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wildcards, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hashed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_marks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_types, setup, teardown),
		cmocka_unit_test_setup_teardown(test_record, setup, teardown),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_config_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
