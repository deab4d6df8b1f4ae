// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Where things stand for a given size. Pure geometry: no state, any thread. */

#include "tui/surface.h"

#define LAYOUT_MIN_WIDTH 40
#define LAYOUT_MIN_HEIGHT 10
#define LAYOUT_TWO_PANES 72 /* from this width on both panes are shown */

typedef struct {
	bool too_small;
	bool single;      /* one pane at a time: left and right are the same area */
	Rect title;       /* one row */
	Rect left, right; /* boxes with their borders */
	Rect reasons;     /* the verdict: head line and what follows */
	Rect message;     /* one row */
	Rect footer;      /* one row */
} PairLayout;

PairLayout layout_pair(int w, int h);

/* An area of that size in the middle of `screen`, made smaller where it does not fit. */
Rect layout_center(Rect screen, int w, int h);
/* The inside of a box. */
Rect layout_inside(Rect box);
