// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Everything that was said, for the message line and the messages screen. UI thread. */

#include "core/status.h"
#include "tui/theme.h"

typedef struct {
	guint64 number;    /* from 1 on */
	char *id;          /* the same as text */
	gint64 at;         /* seconds since the epoch */
	char *host, *code; /* or NULL */
	char *text, *hint; /* hint may be NULL */
	Role role;
} LogEntry;

typedef struct Log Log;

Log *log_new(void);
void log_free(Log *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Log, log_free)

/* Adds an entry; strings are copied, and host, code and hint may be NULL. */
void log_add(Log *log, Role role, const char *host, const char *code, const char *text,
             const char *hint);
void log_problem(Log *log, const Problem *problem);
/* Adds an entry unless the very same was said before of this host (as long as it is kept). */
void log_once(Log *log, Role role, const char *host, const char *code, const char *text,
              const char *hint);
guint log_count(const Log *log);
const LogEntry *log_nth(const Log *log, guint i);
/* The number of the newest entry; 0: none yet. */
guint64 log_newest(const Log *log);

/* Entries are dropped when there are too many: who keeps one holds a reference. */
LogEntry *log_entry_ref(const LogEntry *entry);
void log_entry_unref(gpointer entry);
