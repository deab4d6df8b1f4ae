// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/sysfs_root.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINKS_MAX 40
#define RACES_MAX 8

int root_open(const char *root)
{
	int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fd > 2)
		return fd;
	/* A program started without stdio: a low descriptor would be taken for it later. */
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	int err = errno;
	close(fd);
	return high < 0 ? -err : high;
}

int root_openat2(int rootfd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT,
	};
	while (*path == '/')
		path++;
	if (*path == '\0')
		path = ".";
	/* EAGAIN: something was renamed while ".." was resolved; asking again is the remedy. */
	for (int i = 0; i < RACES_MAX; i++) {
		long fd = syscall(SYS_openat2, rootfd, path, &how, sizeof how);
		if (fd >= 0)
			return (int)fd;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

/* 1 and the target of a link, 0 for what is none, or -errno. */
static int read_link_in(int rootfd, const char *resolved, char *target, gsize size)
{
	ssize_t n = readlinkat(rootfd, resolved, target, size - 1);
	if (n < 0)
		return errno == EINVAL ? 0 : -errno;
	target[n] = '\0';
	return 1;
}

/* `resolved` (relative, without links) one segment shorter; at the root it stays there. */
static void pop_segment(GString *resolved)
{
	char *slash = strrchr(resolved->str, '/');
	g_string_truncate(resolved, slash ? (gsize)(slash - resolved->str) : 0);
}

/*
 * The path with all links resolved, by hand, for kernels without openat2. Not proof against a tree
 * that changes while it is read, which openat2 is.
 */
static int resolve_by_hand(int rootfd, const char *path, GString *resolved)
{
	g_autofree char *rest = g_strdup(path);
	int links = 0;
	for (char *at = rest; *at;) {
		gsize n = strcspn(at, "/");
		bool last = at[n + strspn(at + n, "/")] == '\0';
		g_autofree char *segment = g_strndup(at, n);
		at += n + strspn(at + n, "/");
		if (n == 0 || strcmp(segment, ".") == 0)
			continue;
		if (strcmp(segment, "..") == 0) {
			pop_segment(resolved);
			continue;
		}
		gsize before = resolved->len;
		g_string_append_printf(resolved, "%s%s", before ? "/" : "", segment);
		char target[PATH_MAX];
		int got = read_link_in(rootfd, resolved->str, target, sizeof target);
		if (got < 0)
			return got;
		if (got == 0)
			continue;
		if (++links > LINKS_MAX)
			return -ELOOP;
		g_string_truncate(resolved, target[0] == '/' ? 0 : before);
		char *joined = last ? g_strdup(target) : g_strconcat(target, "/", at, NULL);
		g_free(rest);
		at = rest = joined;
	}
	return 0;
}

int root_open_at(int rootfd, const char *path, int flags)
{
	int fd = root_openat2(rootfd, path, flags);
	if (fd != -ENOSYS)
		return fd;
	g_autoptr(GString) resolved = g_string_new(NULL);
	int err = resolve_by_hand(rootfd, path, resolved);
	if (err < 0)
		return err;
	fd = openat(rootfd, resolved->len ? resolved->str : ".", flags | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
