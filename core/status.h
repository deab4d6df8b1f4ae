// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gio/gio.h>

/* Exit statuses of commands, and the outcome class of every plan item (contract.md). */
typedef enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NOT_FOUND = 3,
	STATUS_REFUSED = 4, /* read-only, in use, not ours, protected */
	STATUS_PRIVILEGE = 5,
	STATUS_UNREACHABLE = 6,
	STATUS_INCOMPATIBLE = 7,
	STATUS_PARTLY = 8,
	STATUS_BLOCKED = 9,
	STATUS_UNKNOWN = 10,
	STATUS_INTERRUPTED = 130,
} Status;

typedef struct {
	Status status;
	const char *name;  /* a word or two, for --help */
	const char *means; /* a sentence, for the man page */
} StatusRow;

/* Every status that a command can end with, one after the other; NULL after the last. */
const StatusRow *status_nth(guint nth);

/*
 * An error as contract.md writes it, in JSON, in the messages screen and on stderr. All strings are
 * its own; `code` is an errno name or UNREACHABLE, AUTH, HOSTKEY, STALE, PARSE, READONLY, ...
 */
typedef struct {
	char *host;
	char *code;
	int err;     /* errno, or 0 */
	char *scope; /* field, device, host, application */
	char *path;
	char *text;
	char *hint;
} Problem;

Problem *problem_new(const char *host, const char *code, int err, const char *scope,
                     const char *path, const char *text, const char *hint);
Problem *problem_copy(const Problem *problem);
void problem_free(Problem *problem);
/* "TEXT: HINT", or the text alone. New. */
char *problem_words(const Problem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Problem, problem_free)

/* What a BACKEND_ERROR means: a Problem of scope host, and (if not NULL) the exit status. */
Problem *problem_from_backend(const char *host, const GError *error, Status *status);

/* The status of several items together (contract.md, "Several items"). Empty: done. */
Status status_combine(const Status *items, guint n);
