// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Colours as numbers: -1 is the terminal's own, 0 to 255 an entry of xterm's palette (the first
 * sixteen look as the user's terminal likes), anything with PALETTE_RGB a true colour 0xRRGGBB. No
 * curses here. Any thread.
 */

#include <glib.h>
#include <stdbool.h>

#define COLOR_DEFAULT (-1)
#define PALETTE_RGB 0x1000000

/* "default", a name, "bright-" and a name, a number to 255, or #RRGGBB. False for anything else. */
bool palette_parse(const char *word, int *color);
/* A colour as 0xRRGGBB; the first sixteen as xterm has them. Not for COLOR_DEFAULT. */
guint32 palette_rgb(int color);
/*
 * What a terminal with that many colours shows for `color`: the colour itself, the nearest of 256,
 * or COLOR_DEFAULT where nothing is near enough to be sure. `*bold` is set where a bright colour
 * of a terminal with eight is made of it. Numbers are those of terminfo's setaf.
 */
int palette_fit(int color, int n_colors, bool *bold);
