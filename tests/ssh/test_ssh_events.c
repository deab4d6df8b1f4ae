// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events over a real sshd. The host's udevadm is played by a script: it says what the test writes
 * into a FIFO. None may be left behind, whatever ends the line.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "remote/askpass.h"
#include "remote/backend_ssh.h"
#include "remote/event_channel.h"
#include "remote/probe.h"
#include "sshd.h"
#include "tests/ssh/shell_line.h"

#define TIMEOUT_MS 20000
#define DEADLINE_US (20 * G_USEC_PER_SEC)

static Sshd *sshd;
static int fifo = -1; /* what the monitor will say */

#define EVENTUALLY(condition) \
	do { \
		gint64 until_ = g_get_monotonic_time() + DEADLINE_US; \
		while (!(condition)) { \
			if (g_get_monotonic_time() > until_) \
				fail_msg("never: %s", #condition); \
			g_usleep(5000); \
		} \
	} while (0)

/* A host on which `udevadm` is our script: it stands before the real one in every PATH that is set.
 */
static void start_host(const char *extra)
{
	g_autofree char *forced =
		g_strdup_printf("ForceCommand sh -c \"$(printf '%%s' \"$SSH_ORIGINAL_COMMAND\" | "
	                        "sed 's,PATH=/usr,PATH=%s/bin:/usr,')\"\n%s",
	                        sshd->folder, extra);
	g_autofree char *public = NULL;

	sshd_start(sshd, forced);
	public = sshd_public(sshd, "host");
	g_autofree char *known = g_strdup_printf("[127.0.0.1]:%u %s\n", sshd->port, public);
	sshd_know(sshd, known);
}

static void put_tool(const char *name, const char *script)
{
	g_autofree char *bin = sshd_file(sshd, "bin"), *file = g_build_filename(bin, name, NULL);

	g_mkdir(bin, 0755);
	assert_true(
		g_file_set_contents_full(file, script, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
}

static int setup(void **state)
{
	sshd = *state = sshd_new();
	g_autofree char *name = sshd_file(sshd, "fifo");
	g_autofree char *script = g_strdup_printf("#!/bin/sh\n[ \"$1\" = monitor ] || exit 1\n"
	                                          "echo $$ >%s/monitor\nexec cat %s\n",
	                                          sshd->folder, name);
	assert_int_equal(mkfifo(name, 0600), 0);
	fifo = open(name, O_RDWR | O_CLOEXEC);
	put_tool("udevadm", script);
	return fifo < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	(void)state;
	close(fifo);
	sshd_free(sshd);
	return 0;
}

static void say(const char *text)
{
	assert_int_equal(write(fifo, text, strlen(text)), (gssize)strlen(text));
}

/* The monitor that was started last; 0: none is running. */
static pid_t monitor(void)
{
	g_autofree char *name = sshd_file(sshd, "monitor"), *text = NULL;

	if (!g_file_get_contents(name, &text, NULL, NULL))
		return 0;
	pid_t pid = (pid_t)strtol(text, NULL, 10);
	return kill(pid, 0) == 0 ? pid : 0;
}

static void scan(Backend *backend)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = backend_scan(backend, 0, NULL, &error);

	if (!facts)
		fail_msg("scan: %s", error->message);
}

/* Until it hears the host's events, and has been told that it does. */
static void listen_to(Backend *backend)
{
	scan(backend);
	assert_int_equal(backend_take_events(backend), EVENTS_NONE);
	EVENTUALLY(backend_event_fd(backend) >= 0);
	/* What happened before it heard, nobody told. */
	assert_int_equal(backend_take_events(backend), EVENTS_CHANGED);
	assert_int_equal(backend_take_events(backend), EVENTS_NONE);
}

static Backend *listener(void)
{
	Backend *backend = sshd_client(sshd, "user", "", NULL, NULL, TIMEOUT_MS);

	listen_to(backend);
	return backend;
}

static bool spoken(Backend *backend)
{
	struct pollfd fd = { .fd = backend_event_fd(backend), .events = POLLIN };

	return poll(&fd, 1, TIMEOUT_MS) == 1;
}

static void test_hears_what_matters(void **state)
{
	(void)state;
	start_host("");
	g_autoptr(Backend) backend = listener();
	say("ACTION=add\nSUBSYSTEM=mdev\nSEQNUM=1\n\n");
	assert_true(spoken(backend));
	assert_int_equal(backend_take_events(backend), EVENTS_CHANGED);
	say("ACTION=change\nSUBSYSTEM=block\n\n");
	assert_true(spoken(backend));
	assert_int_equal(backend_take_events(backend), EVENTS_NONE);
	say("SUBSYSTEM=mtty\nMDEV_STATE=registered\n\n");
	EVENTUALLY(backend_take_events(backend) == EVENTS_CHANGED);
}

/* What came while a request was under way lies in libssh's buffer: the socket is silent about it.
 */
static void test_event_during_a_scan(void **state)
{
	(void)state;
	start_host("");
	g_autoptr(Backend) backend = listener();
	say("SUBSYSTEM=vfio\n");
	assert_true(spoken(backend));
	scan(backend);
	assert_int_equal(backend_take_events(backend), EVENTS_CHANGED);
}

static void test_flood(void **state)
{
	g_autofree char *noise = g_strnfill(60000, 'x');

	(void)state;
	start_host("");
	g_autoptr(Backend) backend = listener();
	for (int i = 0; i < 100; i++) {
		say(noise);
		backend_take_events(backend);
		scan(backend);
	}
	say("\nSUBSYSTEM=mdev\n");
	EVENTUALLY(backend_take_events(backend) == EVENTS_CHANGED);
	EVENTUALLY(backend_take_events(backend) == EVENTS_NONE);
}

static void test_dead_line_is_noticed(void **state)
{
	(void)state;
	start_host("");
	g_autoptr(Backend) backend = listener();
	assert_true(sshd_kill_sessions(sshd) > 0);
	assert_true(spoken(backend));
	assert_int_equal(backend_take_events(backend), EVENTS_LOST);
	g_autoptr(GError) error = NULL;
	assert_null(backend_scan(backend, 0, NULL, &error));
	assert_int_equal(error->code, BACKEND_ERROR_UNREACHABLE);
	assert_int_equal(backend_event_fd(backend), -1);
	EVENTUALLY(monitor() == 0); /* killed sshd, and none left behind */
	scan(backend);
	EVENTUALLY(backend_event_fd(backend) >= 0); /* heard again over the new line */
}

static void test_monitor_dies(void **state)
{
	(void)state;
	start_host("");
	g_autoptr(Backend) backend = listener();
	assert_int_equal(kill(monitor(), SIGKILL), 0);
	assert_true(spoken(backend));
	EVENTUALLY(backend_take_events(backend) == EVENTS_LOST);
	assert_int_equal(backend_event_fd(backend), -1); /* polled for a while */
	scan(backend);
}

static void test_none_left_behind(void **state)
{
	(void)state;
	start_host("");
	Backend *backend = listener();
	assert_true(monitor() > 0);
	backend_close(backend);
	EVENTUALLY(monitor() == 0);

	/* A client of its own process, which is killed. */
	g_autofree char *config = sshd_file(sshd, "ssh_config");
	const char *argv[] = { "/proc/self/exe", config, NULL };
	GPid client;
	int ready = -1;
	char c;
	assert_true(g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
	                                     NULL, NULL, &client, NULL, &ready, NULL, NULL));
	assert_int_equal(read(ready, &c, 1), 1);
	assert_true(monitor() > 0);
	kill(client, SIGKILL);
	waitpid(client, NULL, 0);
	EVENTUALLY(monitor() == 0);
	close(ready);
}

/* What that process does: hears events until it is killed. */
static int be_client(const char *config)
{
	HostAddress address = { .kind = HOST_SSH, .label = (char *)"node1", .name = (char *)"lab" };
	BackendOptions options = { .ssh_config = config };
	Backend *backend = backend_ssh_new(&address, &options);

	listen_to(backend);
	if (write(STDOUT_FILENO, "!", 1) == 1)
		pause();
	return 1;
}

/* Until the backend has found out that there are no events, and says why. */
static void assert_polled(Backend *backend, const char *why)
{
	scan(backend);
	for (gint64 until = g_get_monotonic_time() + DEADLINE_US; !backend->notice;) {
		assert_int_equal(backend_event_fd(backend), -1);
		assert_true(g_get_monotonic_time() < until);
		g_usleep(5000);
	}
	if (!strstr(backend->notice, why))
		fail_msg("notice: %s", backend->notice);
	assert_non_null(strstr(backend->notice, "polled"));
	assert_int_equal(backend_take_events(backend), EVENTS_NONE);
	scan(backend);
}

static void test_no_second_channel(void **state)
{
	(void)state;
	start_host("MaxSessions 1\n");
	g_autoptr(Backend) backend = sshd_client(sshd, "user", "", NULL, NULL, TIMEOUT_MS);
	assert_polled(backend, "no channel");
}

static void test_tool_fails(void **state)
{
	(void)state;
	put_tool("udevadm", "#!/bin/sh\necho nonsense; exit 1\n");
	start_host("");
	g_autoptr(Backend) backend = sshd_client(sshd, "user", "", NULL, NULL, TIMEOUT_MS);
	assert_polled(backend, "cannot be heard");
}

static int ping(Probe *probe)
{
	g_autoptr(GError) error = NULL;

	return probe_ping(probe, SHELL_DEADLINE_MS, NULL, &error);
}

/* No event tells of definitions: the sign of life does, under every shell. */
static void test_definitions(void **state)
{
	g_autofree char *root = sshd_file(sshd, "root");
	g_autofree char *parent = g_strconcat(root, "/etc/mdevctl.d/mtty", NULL);
	g_autofree char *file = g_strconcat(parent, "/11111111-1111-4111-8111-111111111111", NULL);
	(void)state;

	assert_int_equal(g_mkdir_with_parents(parent, 0755), 0);
	for (guint i = 0; i < SHELL_COUNT; i++) {
		Shell shell;
		g_autoptr(GError) error = NULL;
		shell_start(&shell, shells[i], "");
		g_autoptr(Probe) probe =
			probe_start(&shell_line, &shell, root, SHELL_DEADLINE_MS, NULL, &error);
		assert_non_null(probe);
		g_autoptr(Facts) facts = probe_scan(probe, 0, SHELL_DEADLINE_MS, NULL, &error);
		assert_non_null(facts);
		assert_int_equal(ping(probe), 0);
		assert_true(g_file_set_contents(file, "{}", -1, NULL));
		assert_int_equal(ping(probe), 1);
		assert_int_equal(ping(probe), 0);
		assert_int_equal(g_unlink(file), 0);
		assert_int_equal(ping(probe), 1);
		shell_stop(&shell);
	}
}

static void test_lines(void **state)
{
	static const char *const quiet[] = {
		"",
		"\n\n\n",
		"SUBSYSTEM=\n",
		"SUBSYSTEM=mdevs\n",
		"XSUBSYSTEM=mdev\n",
		"SUBSYSTEM=mdev", /* not yet a line */
	};
	(void)state;

	for (guint i = 0; i < G_N_ELEMENTS(quiet); i++) {
		EventLines lines = { 0 };
		event_lines_feed(&lines, quiet[i], strlen(quiet[i]));
		assert_false(lines.changed || lines.ready || lines.absent);
	}
	EventLines lines = { 0 };
	const char *text = "monitor will print\nready\nSUBSYSTEM=vfio-dev\n";
	for (const char *p = text; *p; p++) /* in the smallest pieces */
		event_lines_feed(&lines, p, 1);
	assert_true(lines.ready && lines.changed && !lines.absent);
	EventLines zero = { 0 };
	event_lines_feed(&zero, "SUBSYSTEM=mdev\0\xff\n", 17);
	assert_true(zero.changed); /* what comes behind the zero is not looked at */
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_hears_what_matters),
		TEST(test_event_during_a_scan),
		TEST(test_flood),
		TEST(test_dead_line_is_noticed),
		TEST(test_monitor_dies),
		TEST(test_none_left_behind),
		TEST(test_no_second_channel),
		TEST(test_tool_fails),
		TEST(test_definitions),
		cmocka_unit_test(test_lines),
	};

	if (askpass_wanted())
		return askpass_main(argc, argv);
	remote_init();
	if (argc > 1)
		return be_client(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
