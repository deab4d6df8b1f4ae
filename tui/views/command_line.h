// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The command line (:), with completion and history. UI thread. */

#include "tui/view.h"

/* Opens over a place, whose actions it offers. The line is run once it has closed. */
void command_line_open(Ui *ui, Context place);
