// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/run_local.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	GPid pid;
	int pidfd; /* readable once it ended */
	int in;    /* its standard input, or -1 once all is written */
	const char *input;
	gsize left;     /* of input */
	int streams[2]; /* its output and errors, or -1 at their ends */
	GString *said[2];
} Child;

static int errno_of_spawn(const GError *error)
{
	static const struct {
		int code, err;
	} rows[] = {
		{ G_SPAWN_ERROR_NOENT, ENOENT }, { G_SPAWN_ERROR_ACCES, EACCES },
		{ G_SPAWN_ERROR_PERM, EPERM },   { G_SPAWN_ERROR_NOEXEC, ENOEXEC },
		{ G_SPAWN_ERROR_NOMEM, ENOMEM }, { G_SPAWN_ERROR_FORK, EAGAIN },
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_error_matches(error, G_SPAWN_ERROR, rows[i].code))
			return rows[i].err;
	return EIO;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int start(Child *child, const char *const *argv)
{
	/* The same surroundings whoever runs mdevcon: messages in one language, a known path. */
	static const char *const surroundings[] = {
		"LC_ALL=C", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		NULL
	};
	g_autoptr(GError) error = NULL;

	if (!g_spawn_async_with_pipes("/", (char **)argv, (char **)surroundings,
	                              G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child->pid,
	                              &child->in, &child->streams[0], &child->streams[1], &error))
		return errno_of_spawn(error);
	int *all[] = { &child->in, &child->streams[0], &child->streams[1] };
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		fcntl(*all[i], F_SETFL, O_NONBLOCK);
	child->pidfd = pidfd_open(child->pid, 0);
	return child->pidfd < 0 ? errno : 0;
}

static void feed(Child *child)
{
	ssize_t n = child->left ? write(child->in, child->input, child->left) : 0;
	if (n > 0) {
		child->input += n;
		child->left -= (gsize)n;
	}
	/* Who does not want its input (EPIPE) need not read it. */
	if (child->left == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&child->in);
}

/* Takes what there is. What is over the limit is thrown away, so that the program can go on. */
static void drain(Child *child, guint i)
{
	char buffer[4096];
	for (;;) {
		ssize_t n = read(child->streams[i], buffer, sizeof buffer);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			close_fd(&child->streams[i]);
			return;
		}
		gsize room = BACKEND_OUTPUT_MAX - child->said[i]->len;
		g_string_append_len(child->said[i], buffer, (gssize)MIN((gsize)n, room));
	}
}

static int exit_status(Child *child)
{
	int status = 0;
	while (waitpid(child->pid, &status, 0) < 0)
		if (errno != EINTR)
			return 128;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* 0 once it ended, or ETIMEDOUT. A grandchild that keeps the pipes open is not waited for. */
static int attend(Child *child, gint64 end, GCancellable *cancel)
{
	for (;;) {
		gint64 left = end - g_get_monotonic_time();
		/* Waking up now and then is for `cancel`, which has no descriptor everywhere. */
		int wait_ms = (int)CLAMP((left + 999) / 1000, 0, 100);
		struct pollfd fds[] = {
			{ .fd = child->pidfd, .events = POLLIN },
			{ .fd = child->in, .events = POLLOUT },
			{ .fd = child->streams[0], .events = POLLIN },
			{ .fd = child->streams[1], .events = POLLIN },
		};
		if (poll(fds, G_N_ELEMENTS(fds), wait_ms) < 0 && errno != EINTR)
			return errno;
		if (child->in >= 0 && fds[1].revents)
			feed(child);
		for (guint i = 0; i < 2; i++)
			if (child->streams[i] >= 0 && (fds[2 + i].revents || fds[0].revents))
				drain(child, i);
		if (fds[0].revents)
			return 0;
		if (left <= 0 || (cancel && g_cancellable_is_cancelled(cancel)))
			return ETIMEDOUT;
	}
}

int run_local(const char *const *argv, const char *input, int deadline_ms, CommandOutput *output,
              GCancellable *cancel)
{
	Child child = { .pidfd = -1, .in = -1, .streams = { -1, -1 }, .input = input };
	gint64 end = g_get_monotonic_time() + (gint64)deadline_ms * 1000;

	child.left = strlen(input);
	for (guint i = 0; i < 2; i++)
		child.said[i] = g_string_new(NULL);
	int err = start(&child, argv);
	if (!err)
		err = attend(&child, end, cancel);
	if (!err)
		output->status = exit_status(&child);
	close_fd(&child.in);
	for (guint i = 0; i < 2; i++)
		close_fd(&child.streams[i]);
	close_fd(&child.pidfd);
	output->out = g_string_free(child.said[0], FALSE);
	output->err = g_string_free(child.said[1], FALSE);
	return err;
}
