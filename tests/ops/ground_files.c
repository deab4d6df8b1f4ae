// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ops/ground.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define VALUE_MAX 4096
#define OTHER_UID 1000
#define GUEST_PID "4711" /* of a guest of the simulation */

typedef struct {
	Ground ground;
	char *root;
	GPid holder;
} Files;

static char *below(Ground *ground, const char *path)
{
	return g_strconcat(((Files *)ground)->root, path, NULL);
}

/* ---- reading and writing, here or in a child that is another user ---- */

typedef struct {
	const char *path;
	const char *bytes; /* to be written, or NULL to read */
	gsize len;
	char value[VALUE_MAX + 1]; /* what was read */
} Access;

static gssize access_file(Access *access)
{
	int fd = open(access->path, (access->bytes ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	gssize n = access->bytes ? write(fd, access->bytes, access->len)
	                         : read(fd, access->value, VALUE_MAX);
	int err = errno;
	close(fd);
	return n < 0 ? -err : n;
}

/* Between fork and exit only what is safe in a signal handler. Result and value come by a pipe. */
static gssize access_as_other(Access *access)
{
	int fds[2];
	gssize result = -EIO;
	if (pipe(fds) < 0)
		return -errno;
	pid_t pid = fork();
	if (pid == 0) {
		bool other = setgid(OTHER_UID) == 0 && setuid(OTHER_UID) == 0;
		result = other ? access_file(access) : -EPERM;
		if (write(fds[1], &result, sizeof result) != sizeof result ||
		    (result > 0 && write(fds[1], access->value, (gsize)result) != result))
			_exit(1);
		_exit(0);
	}
	close(fds[1]);
	if (pid < 0 || read(fds[0], &result, sizeof result) != sizeof result ||
	    (result > 0 && read(fds[0], access->value, (gsize)result) != result))
		result = -EIO;
	close(fds[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return result;
}

static gssize files_write(Ground *ground, const char *path, const char *bytes, gsize len,
                          bool other)
{
	g_autofree char *full = below(ground, path);
	Access access = { .path = full, .bytes = bytes, .len = len };
	return other ? access_as_other(&access) : access_file(&access);
}

static gssize files_read(Ground *ground, const char *path, char **bytes, bool other)
{
	g_autofree char *full = below(ground, path);
	Access access = { .path = full };
	gssize n = other ? access_as_other(&access) : access_file(&access);
	if (n >= 0)
		*bytes = g_strndup(access.value, (gsize)n);
	return n;
}

static int files_list(Ground *ground, const char *path, char ***names)
{
	g_autofree char *full = below(ground, path);
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	DIR *dir = opendir(full);
	if (!dir)
		return -errno;
	for (struct dirent *entry; (entry = readdir(dir));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			g_ptr_array_add(found, g_strdup(entry->d_name));
	closedir(dir);
	g_ptr_array_add(found, NULL);
	*names = (char **)g_ptr_array_steal(found, NULL);
	return 0;
}

static int files_link(Ground *ground, const char *path, char **target)
{
	g_autofree char *full = below(ground, path);
	char buf[VALUE_MAX];
	ssize_t n = readlink(full, buf, sizeof buf);
	if (n < 0)
		return -errno;
	*target = g_strndup(buf, (gsize)n);
	return 0;
}

static int files_open(Ground *ground, const char *devnode)
{
	g_autofree char *full = below(ground, devnode);
	int fd = open(full, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* ---- guests ---- */

/* 0, -errno, or 1 where there is no simulation to be told. */
static int tell_simulation(Ground *ground, const char *command)
{
	gssize n = files_write(ground, "/simulation", command, strlen(command), false);
	return n == -ENOENT ? 1 : n < 0 ? (int)n : 0;
}

/* hold(1) of the lab says "held" once it holds. */
static int spawn_holder(Files *files, const char *node, const char *uuid)
{
	const char *const argv[] = { "hold", node, uuid, NULL };
	int out = -1;
	char said[4] = "";

	if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL,
	                              G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
	                              &files->holder, NULL, &out, NULL, NULL))
		return -ENOENT;
	ssize_t n = read(out, said, sizeof said);
	close(out);
	return n == sizeof said && memcmp(said, "held", sizeof said) == 0 ? 0 : -EIO;
}

static int files_hold(Ground *ground, const char *devnode, const char *uuid)
{
	g_autofree char *command = g_strdup_printf("guest-start " GUEST_PID " holder %s\n", uuid);
	g_autofree char *node = below(ground, devnode);
	int told = tell_simulation(ground, command);
	return told <= 0 ? told : spawn_holder((Files *)ground, node, uuid);
}

static int files_let_go(Ground *ground)
{
	Files *files = (Files *)ground;
	int told = tell_simulation(ground, "guest-stop " GUEST_PID "\n");
	if (told <= 0)
		return told;
	if (files->holder == 0 || kill(files->holder, SIGTERM) < 0)
		return -ESRCH;
	waitpid(files->holder, NULL, 0);
	g_spawn_close_pid(files->holder);
	files->holder = 0;
	return 0;
}

static void files_free(Ground *ground)
{
	Files *files = (Files *)ground;
	g_free(files->root);
	g_free(files);
}

static const GroundOps files_ops = {
	.write = files_write,
	.read = files_read,
	.list = files_list,
	.link = files_link,
	.open = files_open,
	.hold = files_hold,
	.let_go = files_let_go,
	.free = files_free,
};

Ground *ground_files_new(const char *root)
{
	Files *files = g_new0(Files, 1);
	files->ground.ops = &files_ops;
	files->root = g_strdup(strcmp(root, "/") == 0 ? "" : root);
	return &files->ground;
}
