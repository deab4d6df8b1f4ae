// SPDX-License-Identifier: GPL-2.0-or-later

/* An inventory that is a program: it is run, with a deadline and a bound on what it may say. */

#include "core/hosts.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX (16 * 1024 * 1024)

bool hosts_is_program(const char *filename)
{
	struct stat st;

	return stat(filename, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111) != 0;
}

static bool refuse(GError **error, const char *filename, const char *why)
{
	g_set_error(error, HOSTS_ERROR, HOSTS_ERROR_FILE, "%s: %s", filename, why);
	return false;
}

/* What others may have written is not run. */
static bool may_run(const char *path, GError **error)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return refuse(error, path, g_strerror(errno));
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return refuse(error, path,
		              "is a program of another user: it is not run as an inventory");
	if (st.st_mode & 022)
		return refuse(error, path,
		              "is a program that others may write: it is not run as an inventory "
		              "(chmod go-w)");
	return true;
}

/* So that what it started ends with it. */
static void lead_group(gpointer data)
{
	(void)data;
	setpgid(0, 0);
}

static int milliseconds_until(gint64 end)
{
	gint64 left = end - g_get_monotonic_time();

	return (int)CLAMP((left + 999) / 1000, 0, G_MAXINT);
}

/* Reads to the end. NULL, or why not. */
static const char *read_output(int fd, gint64 end, GString *text)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char buf[16 * 1024];

	for (;;) {
		int ready = poll(&poll_fd, 1, milliseconds_until(end));
		if (ready == 0)
			return "gave no answer in time";
		ssize_t n = ready < 0 ? -1 : read(fd, buf, sizeof buf);
		if (n == 0)
			return NULL;
		if (n < 0 && errno != EINTR)
			return g_strerror(errno);
		if (n > 0)
			g_string_append_len(text, buf, n);
		if (text->len > OUTPUT_MAX)
			return "said more than 16 MiB";
	}
}

/* Waits for its end. NULL, or why it did not end well. */
static const char *await_end(GPid pid, gint64 end)
{
	struct pollfd poll_fd = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int status = 0;

	int ready = poll_fd.fd < 0 ? 1 : poll(&poll_fd, 1, milliseconds_until(end));
	if (poll_fd.fd >= 0)
		close(poll_fd.fd);
	if (ready <= 0)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (ready <= 0)
		return "did not end in time";
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : "ended with an error";
}

static bool run(const char *path, int deadline_ms, GString *text, GError **error)
{
	char *argv[] = { (char *)path, (char *)"--list", NULL };
	gint64 end = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
	g_autoptr(GError) cause = NULL;
	GPid pid;
	int out;

	if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, lead_group, NULL,
	                              &pid, NULL, &out, NULL, &cause))
		return refuse(error, path, cause->message);
	const char *why = read_output(out, end, text);
	close(out);
	if (why)
		kill(-pid, SIGKILL);
	const char *ended = await_end(pid, end);
	g_spawn_close_pid(pid);
	if (!why)
		why = ended;
	return why ? refuse(error, path, why) : true;
}

GPtrArray *hosts_run(const char *filename, int deadline_ms, GError **error)
{
	/* What is checked is what is run: links are resolved once. */
	g_autofree char *path = NULL;
	char *real = realpath(filename, NULL);
	path = g_strdup(real ? real : filename);
	free(real);
	GString *text = g_string_new(NULL);
	GPtrArray *hosts = NULL;

	if (may_run(path, error) && run(path, deadline_ms, text, error))
		hosts = hosts_parse_ansible(filename, text->str, text->len, error);
	g_string_free(text, TRUE);
	return hosts;
}
