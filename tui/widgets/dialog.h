// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The parts of a dialog: a framed area and a row of buttons. UI thread. */

#include "tui/actions.h"
#include "tui/surface.h"

typedef struct {
	const char *const *labels; /* NULL-terminated, constant */
	int selected;
} Buttons;

/* Clears and frames an area in the middle; returns the part inside that may be drawn on. */
Rect dialog_frame(Surface *surface, int w, int h, const char *title);
/* Draws the buttons in one row; with `focused` the cursor stands on the selected one. */
void buttons_draw(const Buttons *buttons, Surface *surface, int x, int y, int w, bool focused);
/* LEFT, RIGHT, NEXT, PREVIOUS; true if it was one of them. */
bool buttons_move(Buttons *buttons, ActionId id);
/* Draws text wrapped at blanks in at most h rows; returns the rows used. */
int text_wrapped(Surface *surface, Rect area, Role role, const char *text);
