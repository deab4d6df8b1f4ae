// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The last row: the keys of the focused place, made from the table of actions. UI thread. */

#include "tui/keymap.h"
#include "tui/surface.h"

/*
 * Draws as many as fit: function keys first, by number, then the letters. On an `overlay` quitting
 * means going back; where text is `typing`, letters are text and only function keys are shown.
 */
void footer_draw(Surface *surface, Rect row, const Keymap *keymap, Context context, bool overlay,
                 bool typing);
