// SPDX-License-Identifier: GPL-2.0-or-later
#include "sshd.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "remote/backend_ssh.h"

#define START_DEADLINE (20 * G_USEC_PER_SEC)

char *sshd_file(const Sshd *sshd, const char *name)
{
	return g_build_filename(sshd->folder, name, NULL);
}

static void run(const char *const *argv)
{
	g_autoptr(GError) error = NULL;
	int status = 0;

	if (!g_spawn_sync(NULL, (char **)argv, NULL,
	                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
	                  &status, &error) ||
	    !g_spawn_check_wait_status(status, &error))
		fail_msg("%s: %s", argv[0], error->message);
}

static void make_key(const Sshd *sshd, const char *name, const char *type, const char *passphrase)
{
	g_autofree char *file = sshd_file(sshd, name);
	const char *argv[] = { "ssh-keygen", "-q", "-t", type, "-N", passphrase,
		               "-C",         "",   "-f", file, NULL };

	run(argv);
}

char *sshd_public(const Sshd *sshd, const char *name)
{
	g_autofree char *base = g_strconcat(name, ".pub", NULL), *file = sshd_file(sshd, base);
	char *text = NULL;

	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	return g_strchomp(text);
}

static void put(const Sshd *sshd, const char *name, const char *text)
{
	g_autofree char *file = sshd_file(sshd, name);

	assert_true(g_file_set_contents(file, text, -1, NULL));
}

Sshd *sshd_new(void)
{
	Sshd *sshd = g_new0(Sshd, 1);

	sshd->folder = g_dir_make_tmp("mdevcon-sshd.XXXXXX", NULL);
	sshd->known = sshd_file(sshd, "known_hosts");
	make_key(sshd, "host", "ed25519", "");
	make_key(sshd, "host_ecdsa", "ecdsa", "");
	make_key(sshd, "user", "ed25519", "");
	make_key(sshd, "other", "ed25519", "");
	make_key(sshd, "secret", "ed25519", "open sesame");
	g_autofree char *user = sshd_public(sshd, "user"), *secret = sshd_public(sshd, "secret");
	g_autofree char *keys = g_strdup_printf("%s\n%s\n", user, secret);
	put(sshd, "authorized", keys);
	if (geteuid() == 0) /* where sshd wants to shut itself in */
		g_mkdir_with_parents("/run/sshd", 0755);
	return sshd;
}

void sshd_free(Sshd *sshd)
{
	const char *argv[] = { "rm", "-rf", "--", sshd->folder, NULL };

	sshd_stop(sshd);
	run(argv);
	g_free(sshd->folder);
	g_free(sshd->known);
	g_free(sshd);
}

int listen_any(guint *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

static bool answers(guint port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		                       .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

	close(fd);
	return ok;
}

void sshd_stop(Sshd *sshd)
{
	if (!sshd->pid)
		return;
	kill(sshd->pid, SIGTERM);
	waitpid(sshd->pid, NULL, 0);
	sshd->pid = 0;
}

/* In the child: a test that crashes leaves no server behind. */
static void die_with_parent(gpointer data)
{
	(void)data;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

void sshd_start(Sshd *sshd, const char *extra)
{
	g_autofree char *program = g_find_program_in_path("sshd");
	g_autoptr(GError) error = NULL;

	sshd_stop(sshd);
	if (!sshd->port)
		close(listen_any(&sshd->port));
	g_autofree char *config = g_strdup_printf(
		"ListenAddress 127.0.0.1\nPort %u\nHostKey %s/host\nHostKey %s/host_ecdsa\n"
		"AuthorizedKeysFile %s/authorized\nPidFile none\nStrictModes no\nUsePAM no\n"
		"PasswordAuthentication no\nKbdInteractiveAuthentication no\nMaxStartups 200\n"
		"PermitRootLogin yes\nPrintMotd no\n%s",
		sshd->port, sshd->folder, sshd->folder, sshd->folder, extra);
	put(sshd, "sshd_config", config);
	g_autofree char *file = sshd_file(sshd, "sshd_config"), *log = sshd_file(sshd, "log");
	const char *argv[] = {
		program ? program : "/usr/sbin/sshd", "-D", "-E", log, "-f", file, NULL
	};
	if (!g_spawn_async(NULL, (char **)argv, NULL,
	                   G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
	                           G_SPAWN_STDERR_TO_DEV_NULL,
	                   die_with_parent, NULL, &sshd->pid, &error))
		fail_msg("sshd: %s", error->message);
	gint64 deadline = g_get_monotonic_time() + START_DEADLINE;
	while (!answers(sshd->port)) {
		if (g_get_monotonic_time() > deadline || waitpid(sshd->pid, NULL, WNOHANG) != 0)
			fail_msg("sshd did not start");
		g_usleep(5000);
	}
}

int sshd_kill_sessions(Sshd *sshd)
{
	g_autofree char *name = g_strdup_printf("/proc/%d/task/%d/children", sshd->pid, sshd->pid);
	g_autofree char *text = NULL;
	int n = 0;

	assert_true(g_file_get_contents(name, &text, NULL, NULL));
	g_auto(GStrv) pids = g_strsplit(text, " ", -1);
	for (char **p = pids; *p; p++) {
		if (**p && kill((pid_t)strtol(*p, NULL, 10), SIGKILL) == 0)
			n++;
	}
	return n;
}

void sshd_know(const Sshd *sshd, const char *text)
{
	put(sshd, "known_hosts", text);
}

Backend *sshd_client(const Sshd *sshd, const char *key, const char *extra, AskFunc ask, void *data,
                     int timeout_ms)
{
	g_autofree char *file = sshd_file(sshd, "ssh_config");
	g_autofree char *config = g_strdup_printf(
		"Host lab\n%s\nHostName 127.0.0.1\nPort %u\nUser %s\nIdentityFile %s/%s\n"
		"IdentitiesOnly yes\nUserKnownHostsFile %s\nGlobalKnownHostsFile /dev/null\n",
		extra, sshd->port, g_get_user_name(), sshd->folder, key, sshd->known);
	put(sshd, "ssh_config", config);
	HostAddress address = { .kind = HOST_SSH,
		                .label = (char *)"node1",
		                .name = (char *)"lab",
		                .sudo = (char *)sshd->sudo };
	BackendOptions options = {
		.ask = ask,
		.ask_data = data,
		.connect_timeout_ms = timeout_ms,
		.deadline_ms = 20000,
		.ssh_config = file,
		.transport = g_getenv("MDEVCON_TEST_TRANSPORT"),
	};
	return backend_ssh_new(&address, &options);
}
