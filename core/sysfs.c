// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * The local collector: walks the tree of path patterns below a root. Entries are opened by one name
 * relative to their directory, without following links, which is both cheap and safe; what turns
 * out to be a link is opened again by its whole path, inside the root.
 */

#include "core/sysfs.h"

#include "core/path_tree.h"
#include "core/sysfs_root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define READ_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
#define SIZE_UNKNOWN 0
#define SYSFS_SIZE 4096 /* st_size of a sysfs attribute: one read gives all of it */

typedef struct {
	int rootfd;
	bool live;
	Facts *facts;
	GString *path;      /* of the entry at hand, as on the host */
	GPtrArray *modules; /* names found so far, owned */
	guint processes, hidden;
	bool process_hidden; /* the process at hand is counted already */
	bool process_holds;  /* it has a node of /dev/vfio open */
	char self[16];       /* our own pid */
	char *buf;           /* FACTS_CMDLINE_MAX + 1 */
	char dents[32 * 1024];
} Walk;

static void visit_entry(Walk *walk, const PathNode *node, int dirfd, const char *name);

static bool is_absent(int err)
{
	return err == ENOENT || err == ENOTDIR;
}

/* On a running system these hold nothing but what the kernel made: no FIFO, no device node. */
static bool is_kernel_file(const Walk *walk)
{
	return walk->live && (g_str_has_prefix(walk->path->str, "/sys/") ||
	                      g_str_has_prefix(walk->path->str, "/proc/"));
}

/* ---- values ---- */

static int check_regular(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return S_ISDIR(st->st_mode) ? EISDIR : EMEDIUMTYPE;
}

/* Opens what stands behind a link; -errno. */
static int open_behind_link(Walk *walk, off_t *size)
{
	int fd = root_open_at(walk->rootfd, walk->path->str, O_PATH);
	if (fd < 0)
		return fd;
	struct stat st;
	int err = fstat(fd, &st) < 0 ? errno : check_regular(&st);
	close(fd);
	*size = st.st_size;
	return err ? -err : root_open_at(walk->rootfd, walk->path->str, READ_FLAGS);
}

static int open_value(Walk *walk, int dirfd, const char *name, off_t *size)
{
	if (is_kernel_file(walk)) {
		*size = walk->path->str[1] == 's' ? SYSFS_SIZE : SIZE_UNKNOWN;
	} else {
		struct stat st;
		if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		if (S_ISLNK(st.st_mode))
			return open_behind_link(walk, size);
		int err = check_regular(&st);
		if (err)
			return -err;
		*size = st.st_size;
	}
	int fd = openat(dirfd, name, READ_FLAGS | O_NOFOLLOW);
	if (fd >= 0)
		return fd;
	return errno == ELOOP ? open_behind_link(walk, size) : -errno;
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

static gsize limit_of(const PathRow *row)
{
	if (row->flags & PATH_CMDLINE)
		return FACTS_CMDLINE_MAX;
	return row->flags & PATH_JSON ? FACTS_JSON_MAX : FACTS_VALUE_MAX;
}

static void keep_cmdline(Walk *walk, gsize len)
{
	if (len == 0)
		return; /* a thread of the kernel */
	g_autofree char *reduced = facts_reduce_cmdline(walk->buf, len);
	if (strlen(reduced) > FACTS_JSON_MAX)
		reduced[FACTS_JSON_MAX] = '\0';
	if (walk->process_holds || facts_cmdline_names_device(reduced))
		facts_add_text(walk->facts, FACT_VALUE, walk->path->str, reduced, -1);
}

static void keep_value(Walk *walk, const PathRow *row, gsize len)
{
	if (row->flags & PATH_CMDLINE) {
		keep_cmdline(walk, len);
	} else if (len > limit_of(row)) {
		facts_add_error(walk->facts, FACT_VALUE, walk->path->str, EFBIG);
	} else {
		while (len > 0 && walk->buf[len - 1] == '\n')
			len--;
		facts_add_text(walk->facts, FACT_VALUE, walk->path->str, walk->buf, (gssize)len);
	}
}

/* A process that cannot be looked into: counted once, whatever of it was refused. */
static void count_hidden(Walk *walk)
{
	if (!walk->process_hidden)
		walk->hidden++;
	walk->process_hidden = true;
}

static void read_value(Walk *walk, const PathRow *row, int dirfd, const char *name)
{
	/* Other files in a folder of definitions are none of our business. */
	if ((row->flags & PATH_JSON) && !g_uuid_string_is_valid(name))
		return;
	off_t size = SIZE_UNKNOWN;
	int fd = open_value(walk, dirfd, name, &size);
	gssize len = fd;
	if (fd >= 0) {
		len = read_up_to(fd, walk->buf, limit_of(row) + 1, size);
		close(fd);
	}
	if (len >= 0)
		keep_value(walk, row, (gsize)len);
	else if (!is_absent((int)-len) && !(row->flags & PATH_USERS))
		facts_add_error(walk->facts, FACT_VALUE, walk->path->str, (int)-len);
}

/* ---- links ---- */

static void add_module(Walk *walk, const char *name, gsize len)
{
	g_autofree char *module = g_strdelimit(g_strndup(name, len), "-", '_');
	for (guint i = 0; i < walk->modules->len; i++)
		if (strcmp(g_ptr_array_index(walk->modules, i), module) == 0)
			return;
	if (*module && *module != '.')
		g_ptr_array_add(walk->modules, g_steal_pointer(&module));
}

/* True if there is a link. */
static bool read_link(Walk *walk, const PathRow *row, int dirfd, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dirfd, name, target, sizeof target - 1);
	if (n < 0) {
		if (!is_absent(errno) && !(row->flags & PATH_USERS))
			facts_add_error(walk->facts, FACT_LINK, walk->path->str, errno);
		return false;
	}
	target[n] = '\0';
	if (row->flags & PATH_VFIO_ONLY) {
		if (!g_str_has_prefix(target, "/dev/vfio/"))
			return true;
		walk->process_holds = true;
	}
	facts_add_text(walk->facts, FACT_LINK, walk->path->str, target, n);
	if (row->flags & PATH_MODULE_LINK) {
		const char *slash = strrchr(target, '/');
		const char *base = slash ? slash + 1 : target;
		add_module(walk, base, strlen(base));
	}
	return true;
}

/* ---- directories ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted names of a directory, without those that begin with a dot; NULL and errno. */
static char **list_names(Walk *walk, int fd)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (;;) {
		ssize_t n = getdents64(fd, walk->dents, sizeof walk->dents);
		if (n <= 0) {
			int err = errno;
			if (n == 0)
				break;
			g_ptr_array_unref(names);
			errno = err;
			return NULL;
		}
		for (ssize_t at = 0; at < n;) {
			struct dirent64 *entry = (struct dirent64 *)(void *)(walk->dents + at);
			if (entry->d_name[0] != '.')
				g_ptr_array_add(names, g_strdup(entry->d_name));
			at += entry->d_reclen;
		}
	}
	if (names->len > 1)
		qsort(names->pdata, names->len, sizeof *names->pdata, compare_names);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

/*
 * A directory that could not be entered is one failed reading. Where the path has a reading of its
 * own (the link to a device), the failure stands at the first thing that is wanted inside.
 */
static void directory_failed(Walk *walk, const PathNode *node, int err)
{
	if (is_absent(err))
		return;
	if (node->users) {
		if (node->kind == SEGMENT_PID || node->listed)
			count_hidden(walk);
		return;
	}
	if (!node->link && !node->value) {
		facts_add_error(walk->facts, FACT_NAMES, walk->path->str, err);
		return;
	}
	const PathNode *first = NULL;
	for (guint i = 0; i < node->children->len; i++) {
		const PathNode *child = g_ptr_array_index(node->children, i);
		if (child->kind == SEGMENT_LITERAL && (!first || (child->names && !first->names)))
			first = child;
	}
	if (!first)
		return;
	gsize before = walk->path->len;
	g_string_append_c(walk->path, '/');
	g_string_append(walk->path, first->name);
	FactKind kind = first->names ? FACT_NAMES : first->link ? FACT_LINK : FACT_VALUE;
	facts_add_error(walk->facts, kind, walk->path->str, err);
	g_string_truncate(walk->path, before);
}

static int open_directory(Walk *walk, int dirfd, const char *name, bool is_link, int flags)
{
	if (!is_link) {
		int fd = openat(dirfd, name, flags | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		if (errno != ELOOP && errno != ENOTDIR)
			return -errno;
	}
	return root_open_at(walk->rootfd, walk->path->str, flags | O_DIRECTORY);
}

static void visit_process(Walk *walk, const PathNode *node, int dirfd, const char *name)
{
	/* Our own command line names devices too (mdevcon remove UUID) but uses none. */
	if (walk->live && strcmp(name, walk->self) == 0)
		return;
	walk->processes++;
	walk->process_hidden = walk->process_holds = false;
	visit_entry(walk, node, dirfd, name);
}

static void visit_children(Walk *walk, const PathNode *node, int fd, char **names)
{
	for (guint i = 0; i < node->children->len; i++) {
		const PathNode *child = g_ptr_array_index(node->children, i);
		if (child->kind == SEGMENT_LITERAL) {
			visit_entry(walk, child, fd, child->name);
		} else if (child->kind == SEGMENT_MODULE) {
			for (guint m = 0; m < walk->modules->len; m++)
				visit_entry(walk, child, fd, g_ptr_array_index(walk->modules, m));
		} else {
			for (char **name = names; name && *name; name++) {
				if (!path_segment_matches(child->kind, *name))
					continue;
				if (child->kind == SEGMENT_PID)
					visit_process(walk, child, fd, *name);
				else
					visit_entry(walk, child, fd, *name);
			}
		}
	}
}

static void keep_names(Walk *walk, const PathRow *row, char **names)
{
	facts_add_names(walk->facts, walk->path->str, names);
	if (!(row->flags & PATH_TYPES))
		return;
	for (char **name = names; *name; name++)
		for (const char *dash = strchr(*name, '-'); dash; dash = strchr(dash + 1, '-'))
			add_module(walk, *name, (gsize)(dash - *name));
}

static void visit_directory(Walk *walk, const PathNode *node, int dirfd, const char *name,
                            bool is_link)
{
	int fd = open_directory(walk, dirfd, name, is_link, node->listed ? O_RDONLY : O_PATH);
	g_auto(GStrv) names = NULL;
	int err = fd < 0 ? -fd : 0;
	if (fd >= 0 && node->listed && !(names = list_names(walk, fd)))
		err = errno;
	if (err)
		directory_failed(walk, node, err);
	/* What must not be listed may still be passed through, to entries whose names are known. */
	if (err == EACCES && fd < 0 && node->listed)
		fd = open_directory(walk, dirfd, name, is_link, O_PATH);
	if (names && node->names)
		keep_names(walk, node->names, names);
	if (fd < 0)
		return;
	visit_children(walk, node, fd, names);
	close(fd);
}

static void visit_entry(Walk *walk, const PathNode *node, int dirfd, const char *name)
{
	gsize before = walk->path->len;
	g_string_append_c(walk->path, '/');
	g_string_append(walk->path, name);
	bool is_link = node->link && read_link(walk, node->link, dirfd, name);
	if (node->value)
		read_value(walk, node->value, dirfd, name);
	if (node->names || node->children->len > 0)
		visit_directory(walk, node, dirfd, name, is_link);
	g_string_truncate(walk->path, before);
}

/* ---- the whole ---- */

static void note_number(Facts *facts, const char *key, gint64 n)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, n);
	facts_set_note(facts, key, text);
}

static void note_reader(Facts *facts, bool live)
{
	note_number(facts, "taken", g_get_real_time() / G_USEC_PER_SEC);
	note_number(facts, "euid", geteuid());
	facts_set_note(facts, "source", live ? "live" : "tree");
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
	PathFlags without = (options.users ? 0 : PATH_USERS) | (options.live ? 0 : PATH_LIVE);
	g_autoptr(PathNode) tree = path_tree_new(without);
	Walk *walk = g_new0(Walk, 1);
	walk->rootfd = rootfd;
	walk->live = options.live;
	walk->facts = facts_new();
	walk->path = g_string_sized_new(256);
	walk->modules = g_ptr_array_new_with_free_func(g_free);
	walk->buf = g_malloc(FACTS_CMDLINE_MAX + 1);
	g_snprintf(walk->self, sizeof walk->self, "%d", (int)getpid());

	note_reader(walk->facts, options.live);
	visit_children(walk, tree, rootfd, NULL);
	if (walk->processes > 0) {
		facts_set_note(walk->facts, "users", "yes");
		note_number(walk->facts, "hidden", walk->hidden);
	}

	Facts *facts = walk->facts;
	close(rootfd);
	g_free(walk->buf);
	g_ptr_array_unref(walk->modules);
	g_string_free(walk->path, TRUE);
	g_free(walk);
	return facts;
}
