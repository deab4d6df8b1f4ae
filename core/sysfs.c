// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * The local files below a root, for the collector. Entries are opened by one name relative to their
 * directory, without following links, which is both cheap and safe; what turns out to be a link is
 * opened again by its whole path, inside the root.
 */

#include "core/sysfs.h"

#include "core/sysfs_root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define READ_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
#define SIZE_UNKNOWN 0
#define SYSFS_SIZE 4096 /* st_size of a sysfs attribute: one read gives all of it */

typedef struct {
	FileTree tree;
	bool live;
	char self[16]; /* our own pid */
	_Alignas(struct dirent64) char dents[32 * 1024];
} LocalTree;

/* On a running system these hold nothing but what the kernel made: no FIFO, no device node. */
static bool is_kernel_file(const LocalTree *local, const char *path)
{
	return local->live && (g_str_has_prefix(path, "/sys/") || g_str_has_prefix(path, "/proc/"));
}

/* ---- values ---- */

static int check_regular(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return S_ISDIR(st->st_mode) ? EISDIR : EMEDIUMTYPE;
}

/* Opens what stands behind a link; -errno. */
static int open_behind_link(int rootfd, const char *path, off_t *size)
{
	int fd = root_open_at(rootfd, path, O_PATH);
	if (fd < 0)
		return fd;
	struct stat st;
	int err = fstat(fd, &st) < 0 ? errno : check_regular(&st);
	close(fd);
	*size = st.st_size;
	return err ? -err : root_open_at(rootfd, path, READ_FLAGS);
}

static int open_value(const LocalTree *local, const FileEntry *entry, off_t *size)
{
	if (is_kernel_file(local, entry->path)) {
		*size = entry->path[1] == 's' ? SYSFS_SIZE : SIZE_UNKNOWN;
	} else {
		struct stat st;
		if (fstatat(entry->dir, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		if (S_ISLNK(st.st_mode))
			return open_behind_link(local->tree.root, entry->path, size);
		int err = check_regular(&st);
		if (err)
			return -err;
		*size = st.st_size;
	}
	int fd = openat(entry->dir, entry->name, READ_FLAGS | O_NOFOLLOW);
	if (fd >= 0)
		return fd;
	return errno == ELOOP ? open_behind_link(local->tree.root, entry->path, size) : -errno;
}

/* Reads up to `max` bytes; the count, or -errno. */
static gssize read_up_to(int fd, char *buf, gsize max, off_t size)
{
	gsize got = 0;
	while (got < max) {
		ssize_t n = read(fd, buf + got, max - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		got += (gsize)n;
		/* The size tells that this was all, and saves the read that would return 0. */
		if (n == 0 || (size > 0 && (size == SYSFS_SIZE || got == (gsize)size)))
			break;
	}
	return (gssize)got;
}

static gssize local_read_value(FileTree *tree, const FileEntry *entry, char *buf, gsize max)
{
	off_t size = SIZE_UNKNOWN;
	int fd = open_value((LocalTree *)tree, entry, &size);
	if (fd < 0)
		return fd;
	gssize len = read_up_to(fd, buf, max, size);
	close(fd);
	return len;
}

static gssize local_read_link(FileTree *tree, const FileEntry *entry, char *target, gsize size)
{
	(void)tree;
	ssize_t n = readlinkat(entry->dir, entry->name, target, size - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	return n;
}

/* ---- directories ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int local_list(FileTree *tree, int dir, char ***list)
{
	char *dents = ((LocalTree *)tree)->dents;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (;;) {
		ssize_t n = getdents64(dir, dents, sizeof((LocalTree *)tree)->dents);
		if (n <= 0) {
			int err = errno;
			if (n == 0)
				break;
			g_ptr_array_unref(names);
			return -err;
		}
		for (ssize_t at = 0; at < n;) {
			struct dirent64 *entry = (struct dirent64 *)(void *)(dents + at);
			if (entry->d_name[0] != '.')
				g_ptr_array_add(names, g_strdup(entry->d_name));
			at += entry->d_reclen;
		}
		if (names->len > FACTS_NAMES_MAX) {
			g_ptr_array_unref(names);
			return -E2BIG;
		}
	}
	if (names->len > 1)
		qsort(names->pdata, names->len, sizeof *names->pdata, compare_names);
	g_ptr_array_add(names, NULL);
	*list = (char **)g_ptr_array_free(names, FALSE);
	return 0;
}

static int local_open_dir(FileTree *tree, const FileEntry *entry, bool listable)
{
	int flags = (listable ? O_RDONLY : O_PATH) | O_DIRECTORY;
	if (!entry->is_link) {
		int fd = openat(entry->dir, entry->name, flags | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		if (errno != ELOOP && errno != ENOTDIR)
			return -errno;
	}
	return root_open_at(tree->root, entry->path, flags);
}

static void local_close(FileTree *tree, int dir)
{
	(void)tree;
	close(dir);
}

static const FileTreeOps local_ops = {
	.open_dir = local_open_dir,
	.list = local_list,
	.read_link = local_read_link,
	.read_value = local_read_value,
	.close = local_close,
};

/* ---- the whole ---- */

static void note_reader(Facts *facts, bool live)
{
	char euid[16];
	g_snprintf(euid, sizeof euid, "%u", (unsigned)geteuid());
	facts_set_note(facts, "euid", euid);
	/* Looked up once per process: a directory service must not slow every scan. */
	if (geteuid() == getuid())
		facts_set_note(facts, "user", g_get_user_name());
	struct utsname uts;
	if (live && uname(&uts) == 0)
		facts_set_note(facts, "arch", uts.machine);
}

Facts *sysfs_collect(const char *root, CollectOptions options, GError **error)
{
	int rootfd = root_open(root);
	if (rootfd < 0) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(-rootfd), "%s: %s", root,
		            g_strerror(-rootfd));
		return NULL;
	}
	LocalTree *local = g_new(LocalTree, 1);
	local->tree = (FileTree){ .ops = &local_ops, .root = rootfd };
	local->live = options.live;
	g_snprintf(local->self, sizeof local->self, "%d", (int)getpid());
	if (options.live)
		local->tree.self = local->self;
	Facts *facts = facts_collect(&local->tree, options);
	note_reader(facts, options.live);
	close(rootfd);
	g_free(local);
	return facts;
}
