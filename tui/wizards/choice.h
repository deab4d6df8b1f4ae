// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A field of a form in which Left and Right choose one of a few texts. UI thread. */

#include "tui/surface.h"

/* Steps `*value` (owned, may be NULL) to the next of `choices` (char *, may be NULL). */
void choice_step(char **value, const GPtrArray *choices, int step);
/* Draws "< text >", with the cursor on it if focused. */
void choice_draw(Surface *surface, Rect line, bool focused, const char *text);
