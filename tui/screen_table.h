// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What the app does with the rows of screens.h. */

#include "tui/view.h"

typedef struct {
	ActionId action;       /* that goes there: its name, key and help */
	View *(*make)(Ui *ui); /* when it is first looked at */
} Screen;

extern const Screen screens[SCREEN_COUNT];
