// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Operations that the kernel may hold up for as long as a guest runs. Each is done by a grandchild
 * process: a thread stuck in such a write would keep the whole program from exiting, a process that
 * belongs to init does not, and leaves no zombie. Between fork and exit only async-signal-safe
 * functions are called, since other threads may hold any lock.
 */

#include "core/sysfs.h"

#include "core/sysfs_root.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRY_OPEN_DEADLINE_MS 2000

typedef struct Job Job;
struct Job {
	int (*run)(const Job *job); /* in the child: 0 or an errno; async-signal-safe */
	const char *path;           /* below the root */
	const char *text;           /* what is written */
	size_t len;
	int rootfd, nullfd;
	int resolved; /* O_PATH descriptor of `path` where openat2 is missing, else -1 */
	int reply[2];
	char proc_path[32]; /* of `resolved` */
};

/* ---- in the child ---- */

static int job_open(const Job *job, int flags)
{
	if (job->resolved < 0)
		return root_openat2(job->rootfd, job->path, flags);
	int fd = open(job->proc_path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The kind of file is checked without opening it; opening a device or a FIFO may do something. */
static int check_kind(const Job *job, mode_t kind)
{
	int fd = job->resolved >= 0 ? job->resolved : root_openat2(job->rootfd, job->path, O_PATH);
	if (fd < 0)
		return -fd;
	struct stat st;
	if (fstat(fd, &st) < 0)
		return errno;
	if ((st.st_mode & S_IFMT) == kind)
		return 0;
	return S_ISDIR(st.st_mode) ? EISDIR : kind == S_IFCHR ? ENODEV : EMEDIUMTYPE;
}

static int run_write(const Job *job)
{
	int err = check_kind(job, S_IFREG);
	if (err)
		return err;
	int fd = job_open(job, O_WRONLY | O_NOCTTY);
	if (fd < 0)
		return -fd;
	/* One write, not repeated: the second half of an attribute would be another command. */
	ssize_t n = write(fd, job->text, job->len);
	if (n < 0)
		return errno;
	return (size_t)n == job->len ? 0 : EIO;
}

static int run_try_open(const Job *job)
{
	int err = check_kind(job, S_IFCHR);
	if (err)
		return err;
	int fd = job_open(job, O_RDWR | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -fd : 0;
}

/*
 * Lets go of everything the parent has open: a child that hangs must not keep a pipe of its stdout
 * or an SSH connection alive.
 */
static void close_others(const Job *job)
{
	int keep[] = { job->rootfd, job->reply[1], job->resolved };
	for (int fd = 0; fd < 3; fd++)
		dup2(job->nullfd, fd);
	unsigned from = 3;
	for (;;) {
		int next = -1;
		for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
			if (keep[i] >= (int)from && (next < 0 || keep[i] < next))
				next = keep[i];
		if (next < 0)
			break;
		if ((unsigned)next > from)
			close_range(from, (unsigned)next - 1, 0);
		from = (unsigned)next + 1;
	}
	close_range(from, ~0u, 0);
}

static void reply_and_exit(const Job *job, int result)
{
	ssize_t n = write(job->reply[1], &result, sizeof result);
	_exit(n == (ssize_t)sizeof result ? 0 : 1);
}

/* Signals stay blocked: the handlers of the program (terminal, pipes) are not this child's. */
static void child_main(const Job *job)
{
	setsid();
	pid_t pid = _Fork();
	if (pid > 0)
		_exit(0);
	if (pid < 0)
		reply_and_exit(job, errno);
	if (chdir("/") < 0)
		reply_and_exit(job, errno);
	close_others(job);
	reply_and_exit(job, job->run(job));
}

/* ---- in the parent ---- */

static int wait_reply(int fd, int deadline_ms)
{
	gint64 end = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
	for (;;) {
		gint64 left = end - g_get_monotonic_time(); /* not inside MAX, which asks twice */
		left = MAX(left, 0);
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		int n = poll(&poll_fd, 1, (int)MIN((left + 999) / 1000, G_MAXINT));
		if (n < 0 && errno != EINTR)
			return errno;
		if (n == 0 && left == 0)
			return ETIMEDOUT;
		if (n <= 0)
			continue;
		int result = 0;
		ssize_t got = read(fd, &result, sizeof result);
		if (got < 0 && errno == EINTR)
			continue;
		/* End of file without a reply: something killed the child. */
		return got == (ssize_t)sizeof result ? result : EIO;
	}
}

static int fork_job(Job *job)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid_t pid = _Fork();
	if (pid == 0)
		child_main(job);
	int err = pid < 0 ? errno : 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	/* The first child only forks and exits, so this wait is short. */
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return err;
}

/* Before openat2 existed, paths are resolved here, where memory may be allocated. */
static int resolve_early(Job *job)
{
	job->resolved = -1;
	int probe = root_openat2(job->rootfd, "/", O_PATH);
	if (probe >= 0)
		close(probe);
	if (probe != -ENOSYS)
		return 0;
	int fd = root_open_at(job->rootfd, job->path, O_PATH);
	if (fd < 0)
		return -fd;
	job->resolved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	int err = job->resolved < 0 ? errno : 0;
	close(fd);
	snprintf(job->proc_path, sizeof job->proc_path, "/proc/self/fd/%d", job->resolved);
	return err;
}

/* A pipe above stdio, which the child replaces. */
static int open_pipe(int fds[2])
{
	int low[2], err = 0;
	if (pipe2(low, O_CLOEXEC) < 0)
		return errno;
	for (int i = 0; i < 2; i++) {
		fds[i] = err ? -1 : fcntl(low[i], F_DUPFD_CLOEXEC, 3);
		if (fds[i] < 0 && !err)
			err = errno;
		close(low[i]);
	}
	if (err && fds[0] >= 0)
		close(fds[0]);
	return err;
}

static int run_prepared(Job *job, int deadline_ms)
{
	int err = open_pipe(job->reply);
	if (err)
		return err;
	err = fork_job(job);
	close(job->reply[1]);
	if (!err)
		err = wait_reply(job->reply[0], deadline_ms);
	close(job->reply[0]);
	return err;
}

static int run_job(const char *root, Job *job, int deadline_ms)
{
	job->rootfd = root_open(root);
	if (job->rootfd < 0)
		return -job->rootfd;
	job->nullfd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int err = job->nullfd < 0 ? errno : resolve_early(job);
	if (!err)
		err = run_prepared(job, deadline_ms);
	if (job->nullfd >= 0) {
		close(job->nullfd);
		if (job->resolved >= 0)
			close(job->resolved);
	}
	close(job->rootfd);
	return err;
}

/* Below `prefix`, and on no way out of it. */
static bool path_is_below(const char *path, const char *prefix)
{
	return g_str_has_prefix(path, prefix) && !strstr(path, "/../") &&
	       !g_str_has_suffix(path, "/..");
}

int sysfs_write(const char *root, const char *path, const char *value, int deadline_ms)
{
	if (!path_is_below(path, "/sys/"))
		return EINVAL;
	g_autofree char *text = g_strconcat(value, "\n", NULL);
	Job job = { .run = run_write, .path = path, .text = text, .len = strlen(text) };
	job.resolved = -1;
	return run_job(root, &job, deadline_ms);
}

int sysfs_try_open(const char *root, const char *devnode)
{
	if (!path_is_below(devnode, "/dev/vfio/"))
		return EINVAL;
	Job job = { .run = run_try_open, .path = devnode, .resolved = -1 };
	return run_job(root, &job, TRY_OPEN_DEADLINE_MS);
}
