// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Files and device nodes of which no device event tells: who opens /dev/vfio/N, what mdevctl
 * writes. inotify on folders that may come and go. One thread.
 */

#include <glib.h>
#include <stdbool.h>
#include <sys/inotify.h>

#define FILE_NAMES (IN_CREATE | IN_DELETE | IN_MOVE) /* names come and go */
#define FILE_OPENED (IN_OPEN | IN_CLOSE)             /* a file is opened or closed */
#define FILE_WRITTEN (FILE_NAMES | IN_CLOSE_WRITE)   /* or a file was written */

typedef struct {
	const char *folders; /* a glob pattern */
	const char *name;    /* only this name in them; NULL: every name */
	guint32 mask;        /* of inotify(7); that a folder itself is opened never counts */
} FileWatchRow;

typedef struct FileWatch FileWatch;

/*
 * `rows` stay the caller's and outlive the watch. Folders that are not there yet are looked for
 * whenever something is taken. NULL: no inotify.
 */
FileWatch *file_watch_new(const FileWatchRow *rows, guint n);
void file_watch_free(FileWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileWatch, file_watch_free)

int file_watch_fd(const FileWatch *watch);
/* Takes all there is without blocking; true if something of interest happened. */
bool file_watch_take(FileWatch *watch);
