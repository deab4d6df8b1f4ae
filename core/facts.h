// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Facts: raw readings of one host, one per path. Everything that mdevcon knows of a host enters in
 * this form, whether it was read by the local collector, by the remote shell, or from a file.
 *
 * Text form (mdevcon-facts(5)), one line each, fields separated by one space:
 *
 *   mdevcon-facts 1              first line: format and version
 *   # ...                        comment
 *   m KEY VALUE                  what is known of the reading itself (see FactsNote)
 *   v PATH VALUE                 a file's content, trailing newlines removed
 *   l PATH TARGET                a link's target as readlink returns it
 *   n PATH NAME/NAME/...         a directory's names, sorted, separated by '/' (no name holds one)
 *   e KIND PATH ERRNO            a reading that failed; KIND is v, l or n; ERRNO is a name (EACCES)
 *                                or a decimal number
 *   .                            last line: the reading is whole
 *
 * PATH, VALUE, TARGET and NAME are percent-encoded: bytes up to 0x20, '%', 0x7f and above become
 * %XX (upper-case hex; either case is read). An empty value is an empty last field.
 * Readings that were absent (ENOENT) stand as `e` lines only where absence is worth recording;
 * a path without any line was not read or not there, which means the same: absent.
 */

#include <gio/gio.h>
#include <stdbool.h>

#include "core/reading.h"

#define FACTS_VALUE_MAX 4096           /* bytes of one value; more is cut, and an error row */
#define FACTS_JSON_MAX (64 * 1024)     /* the same for an mdevctl definition */
#define FACTS_CMDLINE_MAX (256 * 1024) /* of a command line before it is reduced */
/* What one host may cost: paths, texts and names, each with a share for what is made of it. */
#define FACTS_BYTES_MAX (32 * 1024 * 1024)
#define FACTS_SHARE 64
#define FACTS_NAMES_MAX (FACTS_BYTES_MAX / FACTS_SHARE) /* of one directory, at most */
#define FACTS_TEXT_MAX (3 * FACTS_BYTES_MAX)            /* bytes of one text form */

typedef enum {
	FACT_VALUE = 'v',
	FACT_LINK = 'l',
	FACT_NAMES = 'n',
} FactKind;

typedef struct {
	FactKind kind;
	int err;      /* 0, or the errno of the reading (EFBIG: longer than FACTS_VALUE_MAX) */
	char *path;   /* absolute, as on the host, without the root below which it was read */
	char *text;   /* value or link target; NUL-terminated, may hold any byte; NULL if err */
	gsize len;    /* of text */
	char **names; /* FACT_NAMES: sorted, NULL-terminated; NULL if err */
} Fact;

typedef struct Facts Facts;

#define FACTS_ERROR (facts_error_quark())
GQuark facts_error_quark(void);
typedef enum {
	FACTS_ERROR_FORMAT,    /* not a facts text; the message names the line */
	FACTS_ERROR_TRUNCATED, /* no closing line */
	FACTS_ERROR_TOO_BIG,
	FACTS_ERROR_IO,
} FactsErrorCode;

Facts *facts_new(void);
void facts_free(Facts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Facts, facts_free)

/*
 * Adders copy what they are given. A second reading of a path replaces the first. Past
 * FACTS_BYTES_MAX nothing is added any more: the note "cut" keeps the first path left out.
 */
void facts_add_text(Facts *facts, FactKind kind, const char *path, const char *text, gssize len);
void facts_add_names(Facts *facts, const char *path, char **names);
void facts_add_error(Facts *facts, FactKind kind, const char *path, int err);
/* Adds the same reading as that of other facts. */
void facts_add(Facts *facts, const Fact *fact);
/* True of what was read of a process, or of the reader's view of processes. */
bool fact_is_of_process(const Fact *fact);
/* True once something was left out. */
bool facts_is_full(const Facts *facts);
/* What a directory may hold: not empty, no '/', neither "." nor "..". */
bool facts_name_is_valid(const char *name);

/*
 * Notes: key → text about the reading itself. Keys in use:
 *   source   "live" (a running system), "tree" (a directory laid out like /)
 *   taken    seconds since the epoch (wall clock of the machine that runs mdevcon)
 *   euid     effective uid of the reader, decimal
 *   user     its name
 *   arch     `uname -m` (the fallback of /proc/sys/kernel/arch)
 *   users    "yes" where the processes were looked through for users of instances
 *   boot     "yes" where the files that say what happens at boot were read
 *   hidden   number of processes whose descriptors could not be read (0 is written out)
 *   cut      the path from which on nothing was kept: the host has more to read than is bearable
 */
void facts_set_note(Facts *facts, const char *key, const char *value);
const char *facts_note(const Facts *facts, const char *key);
/* All keys, sorted. Free the list, not the keys. */
GList *facts_note_keys(const Facts *facts);

/* The reading of a path, or NULL when there is none. Owned by `facts`. */
const Fact *facts_get(const Facts *facts, const char *path);
/*
 * Value of a path as text; READ_ABSENT for no reading or ENOENT; unreadable (EILSEQ) if it holds a
 * zero byte. `s` lives as long as `facts`.
 */
TextReading facts_text(const Facts *facts, const char *path);
/* Names below a path, or NULL. */
char **facts_names(const Facts *facts, const char *path);

guint facts_count(const Facts *facts);
/* All facts in the order they were added. */
const Fact *facts_nth(const Facts *facts, guint i);

/* The whole text form. Free with g_string_free. */
GString *facts_write(const Facts *facts);
/* Parses a text form; hostile input is an error that names the line. Any thread. */
Facts *facts_parse(const char *text, gsize len, GError **error);
/* Like facts_parse, from a file; FACTS_ERROR_IO carries the name and strerror. */
Facts *facts_load(const char *filename, GError **error);

/*
 * Of a process's command line (NUL-separated) keeps only what names the guest and its devices:
 * argv[0]'s basename, -name, -uuid and, of arguments that contain vfio, mdev or sysfsdev, the parts
 * (between commas or blanks) that name the device; separated by newlines. No secrets survive.
 * Returns new text.
 */
char *facts_reduce_cmdline(const char *raw, gsize len);
/* True if a reduced command line names a device; others are not worth keeping (PATH_CMDLINE). */
bool facts_cmdline_names_device(const char *reduced);

/* errno ↔ name ("ENOSPC"); a number that has no name in the table is written in decimal. */
const char *errno_name(int err, char buf[static 16]);
int errno_from_name(const char *name);
