// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The folders of the program itself: --paths, the man page and who opens them read this table. */

#include <glib.h>

#define FOLDER_CONFIG "config"
#define FOLDER_HISTORY "history"
#define FOLDER_THEMES "themes"
#define FOLDER_JOURNAL "journal"
#define FOLDER_CACHE "cache"

typedef struct {
	const char *what; /* what is in it; several rows may share it, the first is asked first */
	const char *written; /* the path with variables, as documents write it */
	const char *help;
	char *(*path)(void); /* the path itself. New. */
} Folder;

/* One row after the other, NULL after the last. */
const Folder *folder_nth(guint nth);
