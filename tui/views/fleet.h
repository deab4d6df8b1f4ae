// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The fleet screen: all hosts, how they are reached, what they hold and how old that is. UI thread.
 */

#include "tui/view.h"

View *fleet_screen_new(Ui *ui);
/* Moves the cursor to a host, by its label; a filter ends. */
void fleet_screen_select(View *fleet, const char *label);
