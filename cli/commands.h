// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The table of commands: dispatch, usage, help, man page and completion are made from it. */

#include "cli/options.h"

/* One row after the other, NULL after the last. The first is the console, which has no name. */
const Command *command_nth(guint nth);
/* The command of that name, or NULL. */
const Command *command_find(const char *word);
/* True for a word of the command language that this build does not speak: no host goes by it. */
bool command_is_absent(const char *word);
