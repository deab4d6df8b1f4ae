// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hosts that are not reached straight: jumps, certificates, authorities, agents with many keys.
 * Runs over each transport; what only one of them can do is chosen by itself, and says why.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static void know(const char *prefix, const char *key)
{
	g_autofree char *public = sshd_public(sshd, key);
	g_autofree char *text =
		g_strdup_printf("%s[127.0.0.1]:%u %s\n", prefix, sshd->port, public);

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

static bool forced_libssh(void)
{
	return g_strcmp0(g_getenv("MDEVCON_TEST_TRANSPORT"), "libssh") == 0;
}

/* ---- what a test may leave behind: nothing ---- */

static guint count_in(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir))
		n++;
	return n;
}

static bool has_child(void)
{
	g_autofree char *name = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
	g_autofree char *text = NULL, *mine = g_strdup_printf("%d ", sshd->pid);

	assert_true(g_file_get_contents(name, &text, NULL, NULL));
	return *text && !g_str_equal(text, mine);
}

typedef struct {
	guint descriptors, threads;
} Count;

static Count count(void)
{
	return (Count){ count_in("/proc/self/fd"), count_in("/proc/self/task") };
}

static void assert_nothing_left(Count before)
{
	Count after = count();

	assert_int_equal(after.descriptors, before.descriptors);
	assert_int_equal(after.threads, before.threads);
	assert_false(has_child());
}

/* ---- jumps: the host is its own jump host ---- */

static char *jump_lines(const char *hops)
{
	return g_strdup_printf("ProxyJump %s\nHost gate gate2\nHostName 127.0.0.1\nPort %u\n"
	                       "User %s\nIdentityFile %s/user\nIdentitiesOnly yes\n"
	                       "UserKnownHostsFile %s\nGlobalKnownHostsFile /dev/null\nHost lab\n",
	                       hops, sshd->port, g_get_user_name(), sshd->folder, sshd->known);
}

static void test_jump(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	know("", "host");
	g_autofree char *lines = jump_lines("gate");
	g_autoptr(Backend) first = sshd_client(sshd, "user", "", NULL, NULL, TIMEOUT_MS);
	assert_scans(first); /* GLib starts a thread of its own with the first process */
	g_clear_pointer(&first, backend_close);
	Backend *backend = sshd_client(sshd, "user", lines, NULL, NULL, TIMEOUT_MS);
	Count before = count();
	assert_scans(backend);
	assert_scans(backend);
	backend_close(backend);
	assert_nothing_left(before);
}

static void test_jump_drops(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	know("", "host");
	g_autofree char *lines = jump_lines("gate");
	g_autoptr(Backend) backend = sshd_client(sshd, "user", lines, NULL, NULL, TIMEOUT_MS);
	assert_scans(backend);
	assert_true(sshd_kill_sessions(sshd) >= 2);
	assert_refused(backend, BACKEND_ERROR_UNREACHABLE, "dropped");
	assert_scans(backend);
}

static void test_no_forwarding(void **state)
{
	(void)state;
	sshd_start(sshd, "AllowTcpForwarding no\n");
	know("", "host");
	g_autofree char *lines = jump_lines("gate");
	Backend *backend = sshd_client(sshd, "user", lines, NULL, NULL, TIMEOUT_MS);
	Count before = count();
	assert_refused(backend, BACKEND_ERROR_UNREACHABLE, "open failed");
	backend_close(backend);
	assert_nothing_left(before);
}

static void test_two_jumps(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	know("", "host");
	g_autofree char *lines = jump_lines("gate,gate2");
	g_autoptr(Backend) backend = sshd_client(sshd, "user", lines, NULL, NULL, TIMEOUT_MS);
	if (forced_libssh())
		assert_refused(backend, BACKEND_ERROR_UNREACHABLE, "ProxyJump over more than one");
	else
		assert_scans(backend);
}

static void test_proxy_command(void **state)
{
	(void)state;
	sshd_start(sshd, "");
	know("", "host");
	g_autoptr(Backend) backend =
		sshd_client(sshd, "user", "ProxyCommand busybox nc %h %p", NULL, NULL, TIMEOUT_MS);
	if (forced_libssh())
		assert_refused(backend, BACKEND_ERROR_UNREACHABLE, "ProxyCommand");
	else
		assert_scans(backend);
}

/* ---- certificates ---- */

static void sign(const char *name, bool host)
{
	g_autofree char *authority = sshd_file(sshd, "other"), *base = NULL, *file = NULL;

	base = g_strconcat(name, ".pub", NULL);
	file = sshd_file(sshd, base);
	if (host)
		assert_true(RUN("ssh-keygen", "-q", "-s", authority, "-I", "x", "-h", file));
	else
		assert_true(RUN("ssh-keygen", "-q", "-s", authority, "-I", "x", "-n",
		                g_get_user_name(), file));
}

/* Chosen by itself where nothing is forced: then the notice says why. */
static Backend *free_client(const char *key, const char *lines)
{
	g_autofree char *kept = g_strdup(g_getenv("MDEVCON_TEST_TRANSPORT"));

	g_unsetenv("MDEVCON_TEST_TRANSPORT");
	Backend *backend = sshd_client(sshd, key, lines, NULL, NULL, TIMEOUT_MS);
	g_setenv("MDEVCON_TEST_TRANSPORT", kept, TRUE);
	return backend;
}

static void test_user_certificate(void **state)
{
	g_autofree char *authority = sshd_file(sshd, "other.pub"), *extra = NULL;

	(void)state;
	extra = g_strdup_printf("TrustedUserCAKeys %s\nAuthorizedKeysFile none\n", authority);
	sshd_start(sshd, extra);
	know("", "host");
	sign("user", false);
	g_autoptr(Backend) backend = free_client("user", "");
	assert_scans(backend);
	assert_non_null(backend->notice);
	assert_non_null(strstr(backend->notice, "OpenSSH (a user certificate)"));
	g_autofree char *certificate = sshd_file(sshd, "user-cert.pub");
	g_unlink(certificate);
}

static void test_host_certificate(void **state)
{
	g_autofree char *extra = NULL;

	(void)state;
	sign("host", true);
	extra = g_strdup_printf("HostCertificate %s/host-cert.pub\n", sshd->folder);
	sshd_start(sshd, extra);
	know("@cert-authority ", "other");
	g_autoptr(Backend) backend = free_client("user", "");
	assert_scans(backend);
	assert_non_null(strstr(backend->notice, "@cert-authority"));
	know("@cert-authority ", "user"); /* another authority */
	g_autoptr(Backend) stranger = free_client("user", "");
	assert_refused(stranger, BACKEND_ERROR_HOSTKEY, "unknown host key");
}

/* ---- the agent ---- */

static pid_t start_agent(const char *path)
{
	GPid pid;
	const char *argv[] = { "ssh-agent", "-D", "-a", path, NULL };

	assert_true(g_spawn_async(NULL, (char **)argv, NULL,
	                          G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
	                                  G_SPAWN_DO_NOT_REAP_CHILD,
	                          NULL, NULL, &pid, NULL));
	for (gint64 until = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	     g_access(path, F_OK) != 0;) {
		assert_true(g_get_monotonic_time() < until);
		g_usleep(5000);
	}
	return pid;
}

static void add_key(const char *path, const char *file)
{
	g_autofree char *socket_name = g_strconcat("SSH_AUTH_SOCK=", path, NULL);

	assert_true(RUN("env", socket_name, "ssh-add", "-q", file));
}

/* Ten keys and three tries: only the right one may be shown. */
static void test_ten_keys(void **state)
{
	g_autofree char *path = sshd_file(sshd, "ten"), *right = sshd_file(sshd, "user");
	g_autofree char *away = sshd_file(sshd, "away"), *extra = NULL;

	(void)state;
	sshd_start(sshd, "MaxAuthTries 3\n");
	know("", "host");
	pid_t pid = start_agent(path);
	for (int i = 0; i < 9; i++) {
		g_autofree char *name = g_strdup_printf("ten%d", i), *file = sshd_file(sshd, name);
		assert_true(RUN("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file));
		add_key(path, file);
	}
	add_key(path, right);
	assert_int_equal(g_rename(right, away), 0); /* only the agent has it now */
	extra = g_strdup_printf("IdentityAgent %s", path);
	g_autoptr(Backend) only = sshd_client(sshd, "user", extra, NULL, NULL, TIMEOUT_MS);
	assert_scans(only);
	g_autofree char *any = g_strdup_printf("IdentitiesOnly no\nIdentityAgent %s", path);
	g_autoptr(Backend) first = sshd_client(sshd, "user", any, NULL, NULL, TIMEOUT_MS);
	assert_scans(first); /* the identity file's key goes first */
	g_autoptr(Backend) many = sshd_client(sshd, "no-such-key", any, NULL, NULL, TIMEOUT_MS);
	assert_refused(many, BACKEND_ERROR_AUTH, "oo many authentication failures");
	assert_int_equal(g_rename(away, right), 0);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

/* An agent that accepts and never speaks costs its time, and no more. */
static void test_hung_agent(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)state;
	if (!forced_libssh())
		skip(); /* there it is ssh that waits, up to the deadline */
	g_autofree char *path = sshd_file(sshd, "hung"), *extra = NULL;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	sshd_start(sshd, "");
	know("", "host");
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 4), 0);
	extra = g_strdup_printf("IdentityAgent %s", path);
	gint64 began = g_get_monotonic_time();
	Backend *backend = sshd_client(sshd, "user", extra, NULL, NULL, TIMEOUT_MS);
	Count before = count();
	assert_scans(backend); /* by the file, after all */
	assert_true(g_get_monotonic_time() - began < 15 * G_USEC_PER_SEC);
	backend_close(backend);
	assert_nothing_left(before);
	close(fd);
}

/* ---- no secret, no text of host or operator in any process's arguments ---- */

static void test_arguments(void **state)
{
	Operator right = { .answers = { "open sesame" } };

	(void)state;
	sshd_start(sshd, "");
	know("", "host");
	g_autoptr(Backend) backend = sshd_client(sshd, "secret", "", answer, &right, TIMEOUT_MS);
	assert_scans(backend);
	assert_int_equal(right.asked, 1);
	g_autoptr(GDir) dir = g_dir_open("/proc", 0, NULL);
	for (const char *pid; (pid = g_dir_read_name(dir));) {
		g_autofree char *name = g_build_filename("/proc", pid, "cmdline", NULL);
		g_autofree char *text = NULL;
		gsize len = 0;
		if (g_ascii_isdigit(*pid) && g_file_get_contents(name, &text, &len, NULL))
			assert_null(memmem(text, len, "open sesame", strlen("open sesame")));
	}
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
	if (askpass_wanted())
		return askpass_main(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_jump_drops),
		cmocka_unit_test(test_no_forwarding),
		cmocka_unit_test(test_two_jumps),
		cmocka_unit_test(test_proxy_command),
		cmocka_unit_test(test_user_certificate),
		cmocka_unit_test(test_host_certificate),
		cmocka_unit_test(test_ten_keys),
		cmocka_unit_test(test_hung_agent),
		cmocka_unit_test(test_arguments),
	};

	cmocka_set_test_filter(g_getenv("MDEVCON_TEST_FILTER"));
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
