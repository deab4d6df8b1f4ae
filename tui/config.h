// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The configuration of the console, mdevcon.conf: INI with the sections [console] and [keys]. The
 * program never writes it. What is wrong is said with file and line, and is left out; the rest
 * holds. UI thread, before the loop.
 */

#include "tui/keymap.h"

typedef struct {
	char *theme; /* NULL: not given */
	bool ascii, read_only;
	GPtrArray *problems; /* char *: "FILE:LINE: ..." */
} Config;

/* Options of [console]: name, what kind of value, help. */
typedef struct {
	const char *name, *value, *help;
} ConfigOption;

/* One row after the other, NULL after the last. */
const ConfigOption *config_option(guint nth);

/* Reads a file, if it is there, into `config` and `keymap` (settled afterwards). */
void config_read(Config *config, Keymap *keymap, const char *filename);
/* Reads the machine's file and then the user's (core/folders.h). */
void config_load(Config *config, Keymap *keymap);
void config_clear(Config *config);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Config, config_clear)
