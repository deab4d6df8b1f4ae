// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Command line: options and commands. Both are const tables; parsing, usage and help are made from
 * them. Options may stand before or after the command.
 */

#include <glib.h>
#include <stdbool.h>

#include "core/output/color.h"
#include "core/status.h"

typedef struct Cli Cli;

/* Which commands an option belongs to. */
typedef enum {
	FOR_CONSOLE = 1 << 0,
	FOR_READING = 1 << 1, /* list, hosts, record */
	FOR_CREATE = 1 << 2,
	FOR_REMOVE = 1 << 3, /* remove, undefine */
	FOR_WATCH = 1 << 4,
	FOR_DEFINE = 1 << 5,     /* define */
	FOR_DEFINITION = 1 << 6, /* start, stop, autostart */
	FOR_ATTR = 1 << 7,
	FOR_APPLY = 1 << 8,
	FOR_JOURNAL = 1 << 9,
	FOR_DOCTOR = 1 << 10,
	FOR_COMPLETION = 1 << 11,
	FOR_CHECK = 1 << 12, /* check, best, matrix */
	FOR_CHANGES = FOR_CREATE | FOR_REMOVE | FOR_DEFINE | FOR_DEFINITION | FOR_ATTR | FOR_APPLY |
	              FOR_JOURNAL,
	FOR_COMMANDS = FOR_READING | FOR_CHANGES | FOR_DOCTOR | FOR_CHECK,
	FOR_ALL = FOR_COMMANDS | FOR_WATCH | FOR_CONSOLE, /* what deals with hosts */
	FOR_ANY = FOR_ALL | FOR_COMPLETION,
} CommandSet;

typedef enum {
	TAKES_NOTHING,
	TAKES_TEXT,
	TAKES_LIST,
	TAKES_SECONDS,
	TAKES_COUNT,
	TAKES_INDEX,
	TAKES_COLOR,
	TAKES_THEME,
	TAKES_TRANSPORT,
} Takes;

/* An option: a row of the table. */
typedef struct {
	const char *name;
	char letter; /* or 0 */
	Takes takes;
	gsize offset; /* in Options */
	CommandSet set;
	const char *arg; /* how the value is called in help; NULL with TAKES_NOTHING */
	const char *help;
} OptionRow;

typedef struct {
	const char *name; /* NULL: the console */
	const char *args; /* as in the usage line */
	const char *summary;
	guint least, most;   /* operands */
	CommandSet set;      /* the one bit of its options */
	const char *payload; /* key of its JSON; NULL: no JSON */
	Status (*run)(Cli *cli);
} Command;

typedef struct {
	gboolean json, dry_run, yes, no_input, read_only, force, if_exists, ascii, demo, no_cache,
		help, version, paths;
	gboolean define, autostart, roll_back, no_journal, nagios;
	GPtrArray *hosts, *confirm, *attrs; /* char *, as given */
	char *hosts_file, *group, *root, *ssh_config, *theme, *transport, *uuid, *config;
	double connect_timeout, deadline, max_age; /* seconds; < 0: not given */
	int count;                                 /* 0: not given */
	int index;                                 /* -1: not given */
	ColorMode color;
	guint64 given; /* one bit a row of the option table */
} Options;

/*
 * Parses `argv` into `options` and the operands (new, NULL-terminated). False and error for what is
 * not an option or has a bad value. `options` is to be cleared either way.
 */
bool options_parse(int argc, char **argv, Options *options, char ***operands, GError **error);
void options_clear(Options *options);

/* The first option given that `command` does not know, or NULL. Constant. */
const char *options_foreign(const Options *options, const Command *command);

/* One row of the option table after the other, NULL after the last. */
const OptionRow *option_nth(guint nth);
/* The words that an option's value may be (NULL-terminated), or NULL: any. Constant. */
const char *const *option_words(const OptionRow *row);

/* The help of one command, or of the program (`command` NULL) with all its commands. New text. */
char *options_help(const Command *command);
/* "mdevcon create HOST[/PARENT] TYPE [OPTION]...". New text. */
char *options_usage(const Command *command);
