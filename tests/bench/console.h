// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The console on a pty, with the hosts that a figure is about. */

#include <glib.h>

#include "tests/screen/term.h"

/* An argument vector that begins with the program; add operands, then run it. */
GPtrArray *console_arguments(void);
/* --host LABEL=recorded:FILE, of the recordings of tests/data. */
void console_add_recorded(GPtrArray *arguments, const char *label, const char *recording);
void console_add_host(GPtrArray *arguments, const char *address);
/* Starts it, 80 by 24; ends the array. With `text`, waits until that is on the screen. */
Term *console_start(GPtrArray *arguments, const char *text);
