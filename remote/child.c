// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remote/wait.h"

#define GRACE_US G_USEC_PER_SEC

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int spawn(pid_t *pid, const int theirs[3], const char *const *argv, char **environment)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, broken;
	int err;

	sigemptyset(&none);
	sigemptyset(&broken);
	sigaddset(&broken, SIGPIPE); /* which we ignore */
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
	                                              POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &broken);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
	err = posix_spawnp(pid, argv[0], &actions, &attributes, (char **)argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

bool child_start(Child *child, const char *const *argv, char **environment, GError **error)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };

	*child = (Child){ .in = -1, .out = -1, .err = -1 };
	bool ok = pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
	          socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, err) == 0;
	int failed = ok ? spawn(&child->pid, (int[]){ in[0], out[1], err[1] }, argv, environment)
	                : errno;

	close_fd(&in[0]);
	close_fd(&out[1]);
	close_fd(&err[1]);
	child->in = in[1];
	child->out = out[0];
	child->err = err[0];
	if (failed == 0) {
		const int ours[] = { child->in, child->out, child->err };
		for (guint i = 0; i < G_N_ELEMENTS(ours); i++)
			fcntl(ours[i], F_SETFL, O_NONBLOCK);
		return true;
	}
	child->pid = 0;
	child_end(child);
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(failed), "%s: %s", argv[0],
	            g_strerror(failed));
	return false;
}

static bool reap(Child *child, int flags)
{
	pid_t pid;

	if (!child->pid)
		return true;
	do
		pid = waitpid(child->pid, &child->status, flags);
	while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return false;
	child->pid = 0;
	return true;
}

bool child_ended(Child *child, gint64 deadline)
{
	if (reap(child, WNOHANG))
		return true;
	int fd = pidfd_open(child->pid, 0);
	if (fd >= 0) {
		wait_fd(fd, POLLIN, deadline, NULL);
		close(fd);
	}
	return reap(child, WNOHANG);
}

void child_end(Child *child)
{
	close_fd(&child->in);
	close_fd(&child->out);
	close_fd(&child->err);
	if (!child->pid)
		return;
	pid_t group = child->pid; /* it leads its session: what it started is in its group */
	kill(-group, SIGTERM);
	if (!child_ended(child, g_get_monotonic_time() + GRACE_US)) {
		kill(-group, SIGKILL);
		reap(child, 0);
	}
}
