// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The messages screen: everything that was said, and everything unreadable. UI thread. */

#include "tui/view.h"

View *messages_screen_new(Ui *ui);
/* Writes to the log what changed with the hosts since the last call: states, unreadable things. */
void messages_watch(Ui *ui);
