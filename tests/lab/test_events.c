// SPDX-License-Identifier: GPL-2.0-or-later
/* Events of real kernels: hosts are read when something happens there, and only then. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/lab/guests.h"
#include "tests/lab/tests.h"
#include "tests/screen/term.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define U1_SHORT "11111111"
#define U2 "22222222-2222-4222-8222-222222222222"
#define U2_SHORT "22222222"
#define SLOW_MS 60000
#define LAG_MS 1000
#define CREATE "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create"

static Term *consoles[2];

int stop_consoles(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		if (consoles[i])
			term_stop(consoles[i], NULL);
		consoles[i] = NULL;
	}
	/* What a test may have put aside. */
	g_free(guest_must("b", "[ ! -e /tmp/udevadm ] || mv /tmp/udevadm /usr/bin/udevadm"));
	return 0;
}

static void start_consoles(int n)
{
	const char *const argv[] = { g_getenv("MDEVCON_BIN"),
		                     "--hosts",
		                     lab_hosts(),
		                     "--connect-timeout",
		                     "60",
		                     "a",
		                     "b",
		                     NULL };

	for (int i = 0; i < n; i++) {
		consoles[i] = term_start(30, 100, argv, NULL);
		assert_non_null(consoles[i]);
	}
	for (int i = 0; i < n; i++)
		assert_true(term_wait_text(consoles[i], "2 of 2 up", SLOW_MS));
}

/*
 * How many processes the guest starts in `seconds`: a reading of it costs a dozen (ls, head, od),
 * and this command itself a handful. A sign of life costs none.
 */
static int processes_started(const char *guest, int seconds)
{
	g_autofree char *text =
		guest_must(guest,
	                   "n() { while read -r k v; do [ $k != processes ] || echo $v; "
	                   "done </proc/stat; }; a=$(n); sleep %d; b=$(n); echo $((b - a))",
	                   seconds);
	return atoi(text);
}

/* Until the consoles have settled: from then on nothing is read where nothing happens. */
static void assert_nobody_polls(const char *guest)
{
	int last = 0;

	for (int attempt = 0; attempt < 6; attempt++) {
		last = processes_started(guest, 6);
		if (last <= 8)
			return;
	}
	fail_msg("%d processes in 6 s on an idle guest: it is polled", last);
}

/* Text shown in both consoles at most `ms` from now on. */
static void assert_in_both(const char *text, bool shown, int ms)
{
	gint64 start = g_get_monotonic_time();

	for (int i = 0; i < 2; i++) {
		int left = ms - (int)((g_get_monotonic_time() - start) / 1000);
		bool ok = shown ? term_wait_text(consoles[i], text, MAX(left, 1))
		                : term_wait_gone(consoles[i], text, MAX(left, 1));
		if (!ok)
			fail_msg("console %d: %s is%s there after %d ms", i, text,
			         shown ? " not" : " still", ms);
	}
}

/*
 * Two hundred creates and removes at full speed, by hand; at their end `old` has gone and `new` has
 * come. Returns after how many ms both consoles showed that; they must in the end.
 */
static int storm(const char *old, const char *new)
{
	g_autofree char *old_short = g_strndup(old, 8), *new_short = g_strndup(new, 8);

	g_free(guest_must("b",
	                  "i=100; while [ $i -lt 300 ]; do "
	                  "u=00000000-0000-4000-8000-000000000$i; echo $u >" CREATE "; "
	                  "echo 1 >/sys/bus/mdev/devices/$u/remove; i=$((i + 1)); done; "
	                  "echo 1 >/sys/bus/mdev/devices/%s/remove; echo %s >" CREATE,
	                  old, new));
	gint64 start = g_get_monotonic_time();
	assert_in_both(new_short, true, SLOW_MS);
	assert_in_both(old_short, false, SLOW_MS);
	assert_in_both("00000000", false, SLOW_MS);
	return (int)((g_get_monotonic_time() - start) / 1000);
}

/* How much slower than alone the emulated guest is now: a login takes it 0.6 s when it is alone. */
static double slowness(void)
{
	gint64 start = g_get_monotonic_time();

	g_free(guest_must("b", "true"));
	double login_ms = (double)(g_get_monotonic_time() - start) / 1000;
	double asked = term_slow();
	return MAX(asked, login_ms / 700);
}

/* Both end with the truth, none polls, and none lags by more than a second. */
void test_events_storm(void **state)
{
	static const char *const uuids[] = { U2, U1 };
	bool prompt = false;
	(void)state;

	g_free(guest_must("b", "wr " CREATE " %s", U2));
	start_consoles(2);
	assert_in_both(U2_SHORT, true, SLOW_MS);
	assert_nobody_polls("b");
	/* The truth every time; the second at least once, as other work makes the guests late. */
	for (int i = 0; i < 3 && !prompt; i++) {
		int lag = storm(uuids[i % 2], uuids[(i + 1) % 2]);
		double slow = slowness();
		print_message("the last change was on both screens after %d ms (machine: %.1f)\n",
		              lag, slow);
		prompt = lag <= LAG_MS * MAX(slow, 1);
	}
	assert_true(prompt);
	assert_nobody_polls("b");
}

/* A change by hand is there within a second, and so is the end of a line. */
void test_events_are_prompt(void **state)
{
	(void)state;
	start_consoles(1);
	assert_nobody_polls("b");
	g_free(guest_must("b", "wr " CREATE " %s", U1));
	assert_true(term_wait_text(consoles[0], U1_SHORT, LAG_MS));
	g_free(guest_must("b", "echo 1 >/sys/bus/mdev/devices/%s/remove", U1));
	assert_true(term_wait_gone(consoles[0], U1_SHORT, LAG_MS));
	g_free(guest_must("b", "sshd-restart-in 6")); /* after half a second */
	assert_true(term_wait_text(consoles[0], "STALE", 500 + LAG_MS));
	assert_true(term_wait_gone(consoles[0], "STALE", SLOW_MS));
	/* The new line has events too, and of the old one nothing is left. */
	assert_nobody_polls("b");
	g_autofree char *pids = guest_must("b", "pidof udevadm");
	assert_null(strchr(g_strstrip(pids), ' '));
}

static GPid start_watch(const char *host, int *out)
{
	const char *const argv[] = {
		g_getenv("MDEVCON_BIN"), "watch", "--json", "--hosts", lab_hosts(), host, NULL
	};
	GPid pid;

	assert_true(g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
	                                     NULL, NULL, &pid, NULL, out, NULL, NULL));
	return pid;
}

void test_events_none_left_behind(void **state)
{
	int out;
	(void)state;

	GPid pid = start_watch("b", &out);
	assert_true(guest_eventually("b", "monitor", "ps | grep 'udevadm [m]onitor'"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(out);
	assert_true(guest_eventually("b", "none", "pidof udevadm || echo none"));
}

/* Where there is no udevadm, busybox reads the kernel's events. */
void test_events_with_busybox(void **state)
{
	int out;
	char buffer[65536];
	gsize len = 0;
	(void)state;

	g_free(guest_must("b", "mv /usr/bin/udevadm /tmp/udevadm"));
	GPid pid = start_watch("b", &out);
	assert_true(guest_eventually("b", "env", "ps | grep '[u]event env'"));
	assert_nobody_polls("b");
	g_free(guest_must("b", "wr " CREATE " %s", U1));
	struct pollfd fd = { .fd = out, .events = POLLIN };
	buffer[0] = '\0';
	while (!strstr(buffer, "\"instance\",\"id\":\"" U1)) {
		assert_int_equal(poll(&fd, 1, 3 * LAG_MS), 1);
		gssize n = read(out, buffer + len, sizeof buffer - 1 - len);
		assert_true(n > 0);
		len += (gsize)n;
		buffer[len] = '\0';
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(out);
	assert_true(guest_eventually("b", "none", "ps | grep '[u]event env' || echo none"));
}

static const char inside[] =
	"u=" U1 "; rm -f /tmp/w; mdevcon watch --json >>/tmp/w 2>&1 </dev/null & p=$!\n"
	"seen() { i=0; until grep -q \"$1\" /tmp/w; do i=$((i + 1))\n"
	"[ $i -lt 100 ] || { kill $p; echo \"not seen: $1\"; exit 1; }\n"
	"usleep 50000; done; : >/tmp/w; }\n"
	"r() { read -r k v </proc/$p/io; echo $v; }\n"
	"seen '\"state\":\"up\"'\n"
	"echo $u >" CREATE "; seen '\"instance\",\"id\":\"'$u'\",\"old\":null'\n"
	"n=$(basename $(readlink /sys/bus/mdev/devices/$u/iommu_group))\n"
	"hold /dev/vfio/$n $u >/dev/null 2>&1 & h=$!; seen '\"in_use\":\"yes\"'\n"
	"kill $h; seen '\"new\".*\"in_use\":\"no\"'\n"
	"sleep 1; a=$(r); sleep 5; b=$(r)\n"
	"[ $a = $b ] || { kill $p; echo \"it reads while nothing happens: $a $b\"; exit 1; }\n"
	"echo 1 >/sys/bus/mdev/devices/$u/remove; seen '\"new\":null'\n"
	"kill -INT $p; wait $p; [ $? = 130 ]";

/*
 * Inside a guest, without udevd: the kernel's events, and for who opens a device node inotify. A
 * virtual machine that starts and ends is seen, though no event tells of it.
 */
void test_events_inside(void **state)
{
	(void)state;
	guest_install("a");
	/* From a file: a command line that names the instance would count as a user of it. */
	g_free(guest_must("a", "cat >/tmp/inside <<'END'\n%s\nEND\n:", inside));
	g_free(guest_must("a", "sh /tmp/inside 2>&1"));
}
