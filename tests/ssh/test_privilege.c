// SPDX-License-Identifier: GPL-2.0-or-later
/* Another user than root: login shells, sudo. Makes the user as root; else it is skipped. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "remote/askpass.h"
#include "remote/backend_ssh.h"
#include "sshd.h"

#define TIMEOUT_MS 20000
#define USER "mdevcontest"
#define SUDOERS "/etc/sudoers.d/mdevcontest"
#define PASSWORD "correct horse"

static Sshd *sshd;

typedef struct {
	const char *answers[4];
	int asked;
	char text[4][512];
} Operator;

static char *answer(const Question *question, GCancellable *cancel, void *data)
{
	Operator *operator= data;

	(void)cancel;
	assert_true(operator->asked<4);
	g_strlcpy(operator->text[operator->asked], question->text, sizeof operator->text[0]);
	return g_strdup(operator->answers[operator->asked++]);
}

static bool run(const char *const *argv)
{
	int status = 0;

	return g_spawn_sync(NULL, (char **)argv, NULL,
	                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
	                            G_SPAWN_STDERR_TO_DEV_NULL,
	                    NULL, NULL, NULL, NULL, &status, NULL) &&
	       status == 0;
}
#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static void know(const char *key)
{
	g_autofree char *public = sshd_public(sshd, key);
	g_autofree char *text = g_strdup_printf("[127.0.0.1]:%u %s\n", sshd->port, public);

	sshd_know(sshd, text);
}

static Facts *scan(Backend *backend)
{
	g_autoptr(GError) error = NULL;
	Facts *facts = backend_scan(backend, 0, NULL, &error);

	if (!facts)
		fail_msg("scan: %s", error->message);
	return facts;
}

static void assert_scans(Backend *backend)
{
	g_autoptr(Facts) facts = scan(backend);

	assert_int_equal(facts_text(facts, "/proc/sys/kernel/osrelease").state, READ_VALUE);
}

static void assert_refused(Backend *backend, BackendErrorCode code, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = backend_scan(backend, 0, NULL, &error);

	assert_null(facts);
	if (error->code != (gint)code || !g_str_has_prefix(error->message, "node1: ") ||
	    !strstr(error->message, text))
		fail_msg("code %d: %s", error->code, error->message);
}

static Backend *user_client(const char *sudo, Operator *operator)
{
	sshd->sudo = sudo;
	Backend *backend = sshd_client(sshd, "user",
	                               "User " USER, operator? answer : NULL, operator, TIMEOUT_MS);
	sshd->sudo = NULL;
	return backend;
}

static void need_user(void)
{
	sshd_start(sshd, "");
	know("host");
}

static void test_login_shells(void **state)
{
	static const char *const shells[] = { "fish", "tcsh", "dash", "bash", "rbash" };

	(void)state;
	need_user();
	for (guint i = 0; i < G_N_ELEMENTS(shells); i++) {
		g_autofree char *shell = g_find_program_in_path(shells[i]);
		if (!shell)
			continue;
		assert_true(RUN("usermod", "-s", shell, USER));
		g_autoptr(Backend) backend = user_client("no", NULL);
		if (g_str_equal(shells[i], "rbash"))
			assert_refused(backend, BACKEND_ERROR_AUTH, "restricted");
		else
			assert_scans(backend);
	}
	assert_true(RUN("usermod", "-s", "/usr/sbin/nologin", USER));
	g_autoptr(Backend) backend = user_client("no", NULL);
	assert_refused(backend, BACKEND_ERROR_AUTH, "not available");
	assert_true(RUN("usermod", "-s", "/bin/sh", USER));
}

static void let_sudo(const char *what)
{
	g_autofree char *text = g_strdup_printf("%s ALL=(ALL) %s\n", USER, what);

	assert_true(
		g_file_set_contents_full(SUDOERS, text, -1, G_FILE_SET_CONTENTS_NONE, 0440, NULL));
}

static void assert_privilege(Backend *backend, const char *euid, const char *via)
{
	g_autoptr(Facts) facts = scan(backend);

	if (g_str_equal(euid, "0"))
		assert_string_equal(facts_note(facts, "euid"), euid);
	else
		assert_string_not_equal(facts_note(facts, "euid"), "0");
	assert_string_equal(facts_note(facts, "user"), USER);
	if (via)
		assert_string_equal(facts_note(facts, "via"), via);
	else
		assert_null(facts_note(facts, "via"));
}

static void test_sudo_without_password(void **state)
{
	(void)state;
	need_user();
	let_sudo("NOPASSWD: ALL");
	g_autoptr(Backend) usual = user_client(NULL, NULL);
	assert_privilege(usual, "0", "sudo");
	g_autofree char *file = sshd_file(sshd, "attribute-of-root");
	assert_true(g_file_set_contents_full(file, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	g_autoptr(GError) error = NULL;
	assert_int_equal(backend_write(usual, file, "1", 10000, NULL, &error), 0);
	g_autoptr(Backend) never = user_client("no", NULL);
	assert_privilege(never, "1", NULL);
	assert_int_equal(backend_write(never, file, "1", 10000, NULL, &error), EACCES);
}

static void test_sudo_with_password(void **state)
{
	Operator right = { .answers = { PASSWORD } }, none = { .answers = { NULL } };
	Operator late = { .answers = { "wrong", PASSWORD } };
	Operator wrong = { .answers = { "a", "b", "c" } };

	(void)state;
	need_user();
	let_sudo("ALL");
	g_autoptr(Backend) asked = user_client("ask", &right);
	assert_privilege(asked, "0", "sudo");
	assert_int_equal(right.asked, 1);
	assert_non_null(strstr(right.text[0], "sudo"));
	assert_true(RUN("pkill", "-KILL", "-u", USER)); /* his half of sshd, too */
	g_autoptr(GError) error = NULL;
	assert_null(backend_scan(asked, 0, NULL, &error));
	assert_privilege(asked, "0", "sudo"); /* a new line, and the password is remembered */
	assert_int_equal(right.asked, 1);

	g_autoptr(Backend) again = user_client("ask", &late);
	assert_privilege(again, "0", "sudo");
	assert_int_equal(late.asked, 2);

	g_autoptr(Backend) declined = user_client("ask", &none);
	assert_privilege(declined, "1", NULL);
	assert_int_equal(none.asked, 1);

	g_autoptr(Backend) mistaken = user_client("ask", &wrong);
	assert_privilege(mistaken, "1", NULL);
	assert_int_equal(wrong.asked, 3);
	assert_non_null(strstr(mistaken->notice, "no root there: "));

	g_autoptr(Backend) silent = user_client("ask", NULL);
	assert_privilege(silent, "1", NULL); /* nobody to ask */
}

static bool make_user(void)
{
	if (geteuid() != 0)
		return false;
	RUN("userdel", USER);
	if (!RUN("useradd", "-M", "-d", "/", "-s", "/bin/sh", USER))
		return false;
	return RUN("sh", "-c", "echo '" USER ":" PASSWORD "' | chpasswd");
}

static int set_up(void **state)
{
	(void)state;
	g_unsetenv("SSH_AUTH_SOCK");
	remote_init();
	sshd = sshd_new();
	g_autofree char *authorized = sshd_file(sshd, "authorized");
	g_chmod(sshd->folder, 0755);
	g_chmod(authorized, 0644);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sshd_free(sshd);
	g_unlink(SUDOERS);
	return RUN("userdel", USER) ? 0 : -1;
}

int main(int argc, char **argv)
{
	if (askpass_wanted())
		return askpass_main(argc, argv);
	if (!make_user()) {
		fprintf(stderr, "SKIPPED: another user can be made by root only\n");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_login_shells),
		cmocka_unit_test(test_sudo_without_password),
		cmocka_unit_test(test_sudo_with_password),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
