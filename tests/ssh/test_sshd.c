// SPDX-License-Identifier: GPL-2.0-or-later
/* The SSH backend against a real sshd, and against things that only pretend to be one. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "remote/askpass.h"
#include "remote/backend_ssh.h"
#include "sshd.h"

#define TIMEOUT_MS 20000

static Sshd *sshd;

static void know_host(const char *key)
{
	g_autofree char *public = sshd_public(sshd, key);
	g_autofree char *text = g_strdup_printf("[127.0.0.1]:%u %s\n", sshd->port, public);

	sshd_know(sshd, text);
}

static void assert_scans(Backend *backend)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = backend_scan(backend, SCAN_USERS, NULL, &error);

	if (!facts)
		fail_msg("scan: %s", error->message);
	assert_string_equal(facts_note(facts, "source"), "live");
	assert_string_equal(facts_note(facts, "user"), g_get_user_name());
	assert_int_equal(facts_text(facts, "/proc/sys/kernel/osrelease").state, READ_VALUE);
}

/* The scan fails with this code; the message names the host and holds `text`. */
static void assert_refused(Backend *backend, BackendErrorCode code, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = backend_scan(backend, 0, NULL, &error);

	assert_null(facts);
	if (!g_error_matches(error, BACKEND_ERROR, (gint)code))
		fail_msg("code %d: %s", error->code, error->message);
	if (!g_str_has_prefix(error->message, "node1: ") || !strstr(error->message, text))
		fail_msg("message: %s", error->message);
}

/* What the message holds: ours, or the one of the ssh program. */
static const char *or_ssh(const char *ours, const char *of_ssh)
{
	return g_strcmp0(g_getenv("MDEVCON_TEST_TRANSPORT"), "openssh") == 0 ? of_ssh : ours;
}

static Backend *client(const char *key)
{
	return sshd_client(sshd, key, "", NULL, NULL, TIMEOUT_MS);
}

/* ---- answers ---- */

typedef struct {
	const char *answer;
	int asked;
	QuestionKind kind;
	char text[512];
} Operator;

static char *answer(const Question *question, GCancellable *cancel, void *data)
{
	Operator *operator= data;

	(void)cancel;
	operator->asked++;
	operator->kind = question->kind;
	g_strlcpy(operator->text, question->text, sizeof operator->text);
	assert_string_equal(question->host, "node1");
	return g_strdup(operator->answer);
}

/* ---- tests ---- */

static void test_login(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	know_host("host");
	g_autoptr(Backend) backend = client("user");
	assert_scans(backend);
	assert_scans(backend);
}

static void test_login_shells(void **state)
{
	static const char *const forced[] = {
		"ForceCommand dash -c \"$SSH_ORIGINAL_COMMAND\"\n",
		"ForceCommand bash -c \"$SSH_ORIGINAL_COMMAND\"\n",
		"ForceCommand busybox sh -c \"$SSH_ORIGINAL_COMMAND\"\n",
		("ForceCommand echo Welcome; echo careful >&2; printf 'prompt: '; "
		 "exec dash -c \"$SSH_ORIGINAL_COMMAND\"\n"),
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(forced); i++) {
		sshd_start(sshd, forced[i]);
		know_host("host");
		g_autoptr(Backend) backend = client("user");
		assert_scans(backend);
	}
	sshd_start(sshd, "ForceCommand echo This account is not available.; exit 1\n");
	g_autoptr(Backend) backend = client("user");
	assert_refused(backend, BACKEND_ERROR_AUTH, "This account is not available.");
}

static void test_unknown_key(void **state)
{
	Operator no = { .answer = NULL }, yes = { .answer = "yes" };

	(void)state;
	sshd_start(sshd, "");
	g_unlink(sshd->known);
	g_autoptr(Backend) alone = client("user");
	assert_refused(alone, BACKEND_ERROR_HOSTKEY, or_ssh("SHA256:", "unknown host key"));
	assert_false(g_file_test(sshd->known, G_FILE_TEST_EXISTS));

	g_autoptr(Backend) refusing = sshd_client(sshd, "user", "", answer, &no, TIMEOUT_MS);
	assert_refused(refusing, BACKEND_ERROR_HOSTKEY, or_ssh("not accepted", "unknown host key"));
	assert_int_equal(no.asked, 1);
	assert_int_equal(no.kind, QUESTION_HOSTKEY);
	assert_non_null(strstr(no.text, "SHA256:"));
	assert_non_null(strstr(no.text, or_ssh("ssh-ed25519", "ED25519")));
	assert_non_null(strstr(no.text, or_ssh("node1", "127.0.0.1")));
	assert_false(g_file_test(sshd->known, G_FILE_TEST_EXISTS));

	g_autoptr(Backend) accepting = sshd_client(sshd, "user", "", answer, &yes, TIMEOUT_MS);
	assert_scans(accepting);
	g_autoptr(Backend) later = client("user");
	assert_scans(later); /* it was recorded */
}

static void test_accept_new(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	g_unlink(sshd->known);
	g_autoptr(Backend) backend = sshd_client(sshd, "user", "StrictHostKeyChecking accept-new",
	                                         NULL, NULL, TIMEOUT_MS);
	assert_scans(backend);
	assert_false(g_file_test(sshd->known, G_FILE_TEST_EXISTS));
	know_host("other");
	g_autoptr(Backend) changed =
		sshd_client(sshd, "user", "StrictHostKeyChecking no", NULL, NULL, TIMEOUT_MS);
	assert_refused(changed, BACKEND_ERROR_HOSTKEY, "known_hosts:1");
}

static void test_changed_and_revoked(void **state)
{
	g_autofree char *host = NULL, *revoked = NULL;

	(void)state;
	sshd_start(sshd, "");
	know_host("other");
	g_autoptr(Backend) changed = client("user");
	g_autofree char *where = g_strconcat(sshd->known, ":1 ", NULL);
	assert_refused(changed, BACKEND_ERROR_HOSTKEY, where);
	host = sshd_public(sshd, "host");
	revoked = g_strdup_printf("[127.0.0.1]:%u %s\n@revoked * %s\n", sshd->port, host, host);
	sshd_know(sshd, revoked);
	assert_refused(changed, BACKEND_ERROR_HOSTKEY, "known_hosts:2");
}

/* A host known by its second-best key is neither unknown nor changed. */
static void test_known_by_other_type(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	know_host("host_ecdsa");
	g_autoptr(Backend) backend = client("user");
	assert_scans(backend);
}

static void test_wrong_key(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	know_host("host");
	g_autoptr(Backend) backend = client("other");
	assert_refused(backend, BACKEND_ERROR_AUTH, g_get_user_name());
	g_autofree char *file = sshd_file(sshd, "other");
	assert_refused(backend, BACKEND_ERROR_AUTH, or_ssh(file, "Permission denied (publickey)"));
	g_autoptr(Backend) missing = client("no-such-key");
	assert_refused(missing, BACKEND_ERROR_AUTH, "publickey");
}

static void test_passphrase(void **state)
{
	Operator right = { .answer = "open sesame" }, wrong = { .answer = "wrong" };

	(void)state;
	sshd_start(sshd, "");
	know_host("host");
	g_autoptr(Backend) alone = client("secret");
	assert_refused(alone, BACKEND_ERROR_AUTH,
	               or_ssh("passphrase was not given", "Permission denied (publickey)"));
	g_autoptr(Backend) mistaken = sshd_client(sshd, "secret", "", answer, &wrong, TIMEOUT_MS);
	assert_refused(mistaken, BACKEND_ERROR_AUTH,
	               or_ssh("wrong passphrase", "Permission denied (publickey)"));
	assert_int_equal(wrong.asked, 3);
	g_autoptr(Backend) backend = sshd_client(sshd, "secret", "", answer, &right, TIMEOUT_MS);
	assert_scans(backend);
	assert_int_equal(right.asked, 1);
	assert_int_equal(right.kind, QUESTION_PASSPHRASE);
}

static void test_agent(void **state)
{
	g_autofree char *socket_name = sshd_file(sshd, "agent"), *key = sshd_file(sshd, "user");
	const char *agent[] = { "ssh-agent", "-D", "-a", socket_name, NULL };
	const char *add[] = { "ssh-add", "-q", key, NULL };
	GPid pid;
	int status = 1;

	(void)state;
	sshd_start(sshd, "");
	know_host("host");
	assert_true(g_spawn_async(NULL, (char **)agent, NULL,
	                          G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
	                                  G_SPAWN_DO_NOT_REAP_CHILD,
	                          NULL, NULL, &pid, NULL));
	g_auto(GStrv) environment =
		g_environ_setenv(g_get_environ(), "SSH_AUTH_SOCK", socket_name, TRUE);
	gint64 deadline = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	while (status != 0 && g_get_monotonic_time() < deadline) {
		g_usleep(5000);
		assert_true(g_spawn_sync(NULL, (char **)add, environment,
		                         G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
		                         NULL, NULL, NULL, &status, NULL));
	}
	g_autofree char *extra =
		g_strdup_printf("IdentitiesOnly no\nIdentityAgent %s", socket_name);
	g_autoptr(Backend) backend =
		sshd_client(sshd, "no-such-key", extra, NULL, NULL, TIMEOUT_MS);
	assert_scans(backend);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	g_autoptr(Backend) without =
		sshd_client(sshd, "no-such-key", extra, NULL, NULL, TIMEOUT_MS);
	assert_refused(without, BACKEND_ERROR_AUTH,
	               or_ssh("agent", "Permission denied (publickey)"));
}

static void test_write(void **state)
{
	g_autofree char *file = sshd_file(sshd, "attribute"), *gone = sshd_file(sshd, "gone/x");
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	(void)state;
	sshd_start(sshd, "");
	know_host("host");
	assert_true(g_file_set_contents(file, "", 0, NULL));
	g_autoptr(Backend) backend = client("user");
	assert_int_equal(backend_write(backend, file, "value", 10000, NULL, &error), 0);
	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	assert_string_equal(text, "value\n");
	assert_int_equal(backend_write(backend, gone, "1", 10000, NULL, &error), ENOENT);
	assert_int_equal(backend_try_open(backend, "/dev/null", NULL, &error), 0);
	assert_int_equal(backend_try_open(backend, "/dev/vfio/no-such", NULL, &error), ENOENT);
}

static void test_line_drops(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	know_host("host");
	g_autoptr(Backend) backend = client("user");
	for (int i = 0; i < 3; i++) {
		assert_scans(backend);
		assert_true(sshd_kill_sessions(sshd) > 0);
		assert_refused(backend, BACKEND_ERROR_UNREACHABLE, "dropped");
	}
	assert_scans(backend);
	sshd_kill_sessions(sshd);
	sshd_stop(sshd);
	assert_refused(backend, BACKEND_ERROR_UNREACHABLE, "dropped");
	assert_refused(backend, BACKEND_ERROR_UNREACHABLE, "Connection refused");
}

static void test_jump(void **state)
{
	(void)state;
	g_autoptr(Backend) jump =
		sshd_client(sshd, "user", "ProxyJump no-such-gate.invalid", NULL, NULL, TIMEOUT_MS);
	assert_refused(jump, BACKEND_ERROR_UNREACHABLE, "no-such-gate.invalid");
}

/* ---- what only pretends ---- */

typedef struct {
	int fd;
	const char *text; /* said to each that connects, */
	gulong pause_us;  /* a byte at a time with a pause, if not 0 */
	bool hang_up;
	gint stop;
} Pretender;

static void *pretend(void *data)
{
	Pretender *pretender = data;

	while (!g_atomic_int_get(&pretender->stop)) {
		int fd = accept(pretender->fd, NULL, NULL);
		if (fd < 0)
			break;
		gsize len = strlen(pretender->text), at = 0;
		while (at < len && !g_atomic_int_get(&pretender->stop)) {
			gsize n = pretender->pause_us ? 1 : len;
			if (send(fd, pretender->text + at, n, MSG_NOSIGNAL) < 0)
				break;
			at += n;
			g_usleep(pretender->pause_us);
		}
		char c;
		/* until the other end lets go */
		while (!pretender->hang_up && read(fd, &c, 1) > 0)
			;
		close(fd);
	}
	return NULL;
}

static void assert_pretender_fails(const char *text, gulong pause_us, bool hang_up,
                                   const char *says)
{
	Sshd fake = *sshd;
	Pretender pretender = { .text = text, .pause_us = pause_us, .hang_up = hang_up };

	pretender.fd = listen_any(&fake.port);
	GThread *thread = g_thread_new("pretender", pretend, &pretender);
	gint64 began = g_get_monotonic_time();
	Backend *backend = sshd_client(&fake, "user", "", NULL, NULL, 1000);
	assert_refused(backend, BACKEND_ERROR_UNREACHABLE, says);
	assert_true(g_get_monotonic_time() - began < 5 * G_USEC_PER_SEC);
	backend_close(backend);
	g_atomic_int_set(&pretender.stop, 1);
	shutdown(pretender.fd, SHUT_RDWR);
	g_thread_join(thread);
	close(pretender.fd);
}

static void test_pretenders(void **state)
{
	g_autofree char *long_line = g_strnfill(100000, 'x');
	const char *within = "did not answer as an SSH server within 1 s";

	(void)state;
	assert_pretender_fails("", 0, false, within);
	assert_pretender_fails("", 0, true, "did not answer as an SSH server");
	assert_pretender_fails("SSH-2.0-drip_drip_drip_drip_drip_drip", 100000, false, within);
	assert_pretender_fails("HTTP/1.1 400 Bad Request\r\n\r\n", 0, false,
	                       "did not answer as an SSH server");
	assert_pretender_fails(long_line, 0, false, "did not answer as an SSH server");
	assert_pretender_fails(
		"SSH-2.0-x\r\nthis is no key exchange but it is long enough to be read", 0, false,
		"did not answer as an SSH server");
	/* what it says reaches nobody's terminal raw */
	assert_pretender_fails("\x1b[2J\x1b]0;owned\x07\r\n", 0, true,
	                       "did not answer as an SSH server");
}

static void *cancel_later(void *data)
{
	g_usleep(200000);
	g_cancellable_cancel(data);
	return NULL;
}

static void test_cancel(void **state)
{
	Sshd fake = *sshd;
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_autoptr(GError) error = NULL;
	int fd = listen_any(&fake.port);

	(void)state;
	Backend *backend = sshd_client(&fake, "user", "", NULL, NULL, 60000);
	GThread *thread = g_thread_new("cancel", cancel_later, cancel);
	gint64 began = g_get_monotonic_time();
	assert_null(backend_scan(backend, 0, cancel, &error));
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED));
	assert_true(g_get_monotonic_time() - began < 5 * G_USEC_PER_SEC);
	g_thread_join(thread);
	backend_close(backend);
	close(fd);
}

static void *scan_in_thread(void *data)
{
	g_autoptr(GError) error = NULL;
	Facts *facts = NULL;

	for (int i = 0; i < 3; i++) {
		facts_free(facts);
		facts = backend_scan(data, SCAN_USERS, NULL, &error);
		if (!facts)
			return g_strdup(error->message);
	}
	facts_free(facts);
	return NULL;
}

static guint count_descriptors(void)
{
	g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir))
		n++;
	return n;
}

/* Each session in a thread of its own, and every descriptor is given back. */
static void test_threads(void **state)
{
	Backend *backends[8];
	GThread *threads[8];

	(void)state;
	sshd_start(sshd, "");
	know_host("host");
	guint before = count_descriptors();
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
		backends[i] = client("user");
		threads[i] = g_thread_new("scan", scan_in_thread, backends[i]);
	}
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
		g_autofree char *failed = g_thread_join(threads[i]);
		if (failed)
			fail_msg("%s", failed);
		backend_close(backends[i]);
	}
	assert_int_equal(count_descriptors(), before);
}

static int set_up(void **state)
{
	(void)state;
	g_unsetenv("SSH_AUTH_SOCK");
	remote_init();
	sshd = sshd_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sshd_free(sshd);
	return 0;
}

int main(int argc, char **argv)
{
	if (askpass_wanted()) /* the test program is its own askpass */
		return askpass_main(argc, argv);

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_login_shells),
		cmocka_unit_test(test_unknown_key),
		cmocka_unit_test(test_accept_new),
		cmocka_unit_test(test_changed_and_revoked),
		cmocka_unit_test(test_known_by_other_type),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_passphrase),
		cmocka_unit_test(test_agent),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_line_drops),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_pretenders),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
