// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A page that says why something cannot be done, and what would help. UI thread. */

#include "tui/view.h"

/* Opens it, and keeps the problem in the log. `what` (may be NULL) describes the thing. */
void refusal_open(Ui *ui, const char *title, const Problem *problem, const char *what);
