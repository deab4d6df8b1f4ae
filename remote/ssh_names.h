// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <glib.h>

/*
 * The names after `Host` in an SSH configuration (`file`, or the user's own and the system's where
 * it is NULL), in order, each once: what an operator may want to add. Patterns are left out, as is
 * what could not be typed as an address; `Include` is followed. What cannot be read is passed over.
 * char *, new. Blocks on files only; any thread.
 */
GPtrArray *ssh_names(const char *file);
