// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The help screen, made from the table of actions. UI thread. */

#include "tui/view.h"

/* Opens help for a place: its own keys first. `title` is constant. */
void help_open(Ui *ui, Context context, const char *title);
