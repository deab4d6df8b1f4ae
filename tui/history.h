// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Lines that were typed on the command line, the oldest first; kept in a file (0600). UI thread. */

#include <glib.h>

typedef struct History History;

/* Reads the file; one that is not there, or not readable, is an empty history. */
History *history_new(const char *filename);
/* Adds what was typed since to the file, and frees. Nothing is written if nothing was typed. */
void history_free(History *history);

/* Adds a line, unless it is the last one again. */
void history_add(History *history, const char *line);
guint history_count(const History *history);
const char *history_nth(const History *history, guint nth);
