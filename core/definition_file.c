// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/definition_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/sysfs_root.h"

/* Opens the folder that `path` lies in, two levels below /etc; makes what is missing. -errno. */
static int open_folder(int rootfd, const char *path, bool make)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_auto(GStrv) parts = g_strsplit(folder + 1, "/", -1);
	int fd = root_open_at(rootfd, "/", O_RDONLY | O_DIRECTORY);
	GString *below = g_string_new(NULL);

	for (char **part = parts; *part && fd >= 0; part++) {
		if (make && mkdirat(fd, *part, 0755) == 0)
			fsync(fd);
		close(fd);
		g_string_append_printf(below, "/%s", *part);
		fd = root_open_at(rootfd, below->str, O_RDONLY | O_DIRECTORY);
	}
	g_string_free(below, TRUE);
	return fd;
}

static int write_all(int fd, const char *text, gsize len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		text += n;
		len -= (gsize)n;
	}
	return fchmod(fd, 0644) < 0 || fsync(fd) < 0 ? errno : 0;
}

static int replace(int folder, const char *name, const char *text)
{
	/* mdevctl and this program pass over names that begin with a dot. */
	g_autofree char *unique = g_uuid_string_random();
	g_autofree char *temporary = g_strdup_printf(".%s.%.8s", name, unique);
	int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	                0600);
	if (fd < 0)
		return errno;
	int err = write_all(fd, text, strlen(text));
	if (close(fd) < 0 && !err)
		err = errno;
	if (!err && renameat(folder, temporary, folder, name) < 0)
		err = errno;
	if (err)
		unlinkat(folder, temporary, 0);
	return err;
}

int definition_file_put(const char *root, const char *path, const char *text)
{
	int rootfd = root_open(root);
	if (rootfd < 0)
		return -rootfd;
	int folder = open_folder(rootfd, path, text != NULL);
	close(rootfd);
	if (folder < 0)
		return -folder;
	const char *name = strrchr(path, '/') + 1;
	int err = text ? replace(folder, name, text) : unlinkat(folder, name, 0) < 0 ? errno : 0;
	if (!err && fsync(folder) < 0)
		err = errno;
	close(folder);
	return err;
}
