// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The console: makes the fleet, the screen and the loop, and runs until the operator quits. */

#include "core/fleet.h"
#include "tui/terminal.h"

typedef struct {
	GPtrArray *hosts;       /* HostAddress *; taken, at least one */
	BackendOpen open;       /* of the composition root */
	BackendOptions backend; /* `ask` is the fleet's own */
	const char *cache_dir;  /* where to keep what hosts said last; NULL: nowhere */
	/* Names that the SSH configuration (NULL: the user's) knows, to choose from; char *. */
	GPtrArray *(*ssh_names)(const char *ssh_config);
	const char *source_label; /* NULL: the first host */
	const char *target_label; /* NULL: the next host, if there is one */
	bool ascii;               /* ASCII lines and signs even where the locale has more */
	ColorMode color;
	bool read_only;    /* nothing may be changed */
	const char *theme; /* a name or a file, as theme_find() takes it; NULL: the built-in one */
} TuiOptions;

/*
 * Runs the console on the calling thread, which must be the main thread. Returns an exit status: 0,
 * 2 with a message on stderr (no terminal, bad theme, unknown label), or 128 + a signal that ended
 * it.
 */
int tui_run(const TuiOptions *options);
