// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/file_watch.h"

#include <glob.h>
#include <unistd.h>

struct FileWatch {
	int fd;
	const FileWatchRow *rows;
	guint n;
	GHashTable *folders; /* watch descriptor → its FileWatchRow */
};

/* Watches what the patterns match now. True if one of them is new: it may hold things already. */
static bool find_folders(FileWatch *watch)
{
	bool found = false;

	for (guint i = 0; i < watch->n; i++) {
		const FileWatchRow *row = &watch->rows[i];
		glob_t matches = { 0 };
		if (glob(row->folders, GLOB_NOSORT, NULL, &matches) == 0) {
			for (gsize k = 0; k < matches.gl_pathc; k++) {
				/* A folder watched already keeps its number. */
				int wd = inotify_add_watch(watch->fd, matches.gl_pathv[k],
				                           row->mask | IN_ONLYDIR);
				if (wd >= 0)
					found |= g_hash_table_insert(
						watch->folders, GINT_TO_POINTER(wd), (gpointer)row);
			}
		}
		globfree(&matches);
	}
	return found;
}

FileWatch *file_watch_new(const FileWatchRow *rows, guint n)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return NULL;
	FileWatch *watch = g_new0(FileWatch, 1);
	watch->fd = fd;
	watch->rows = rows;
	watch->n = n;
	watch->folders = g_hash_table_new(NULL, NULL);
	find_folders(watch);
	return watch;
}

void file_watch_free(FileWatch *watch)
{
	if (!watch)
		return;
	close(watch->fd);
	g_hash_table_unref(watch->folders);
	g_free(watch);
}

int file_watch_fd(const FileWatch *watch)
{
	return watch->fd;
}

static bool is_of_interest(FileWatch *watch, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		return true;
	const FileWatchRow *row = g_hash_table_lookup(watch->folders, GINT_TO_POINTER(event->wd));
	if (event->mask & IN_IGNORED) { /* the folder is gone, and its number with it */
		g_hash_table_remove(watch->folders, GINT_TO_POINTER(event->wd));
		return true;
	}
	bool listed = event->mask & IN_ISDIR && !(event->mask & FILE_NAMES);
	if (!row || listed || !event->len)
		return false;
	return !row->name || g_str_equal(row->name, event->name);
}

bool file_watch_take(FileWatch *watch)
{
	_Alignas(struct inotify_event) char buffer[16384];
	bool interesting = false;
	gssize n;

	while ((n = read(watch->fd, buffer, sizeof buffer)) > 0) {
		for (char *at = buffer; at < buffer + n;) {
			const struct inotify_event *event = (const struct inotify_event *)at;
			interesting |= is_of_interest(watch, event);
			at += sizeof *event + event->len;
		}
	}
	interesting |= find_folders(watch);
	return interesting;
}
