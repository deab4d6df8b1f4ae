// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/layout.h"

/* Rows of the reasons, by height of the screen. */
static int reason_rows(int h)
{
	if (h >= 20)
		return 7;
	if (h >= 14)
		return 3;
	return h >= 12 ? 2 : 1;
}

PairLayout layout_pair(int w, int h)
{
	PairLayout l = { .too_small = w < LAYOUT_MIN_WIDTH || h < LAYOUT_MIN_HEIGHT,
		         .single = w < LAYOUT_TWO_PANES };
	if (l.too_small)
		return l;
	int reasons = reason_rows(h);
	int panes = h - reasons - 3;
	l.title = (Rect){ 0, 0, w, 1 };
	/* 36 and 44 of 80: the target carries the sign column and the counts. */
	int left = l.single ? w : w * 36 / 80;
	l.left = (Rect){ 0, 1, left, panes };
	l.right = l.single ? l.left : (Rect){ left, 1, w - left, panes };
	l.reasons = (Rect){ 0, 1 + panes, w, reasons };
	l.message = (Rect){ 0, h - 2, w, 1 };
	l.footer = (Rect){ 0, h - 1, w, 1 };
	return l;
}

Rect layout_center(Rect screen, int w, int h)
{
	w = MIN(w, screen.w);
	h = MIN(h, screen.h);
	return (Rect){ screen.x + (screen.w - w) / 2, screen.y + (screen.h - h) / 2, w, h };
}

Rect layout_inside(Rect box)
{
	return (Rect){ box.x + 1, box.y + 1, MAX(box.w - 2, 0), MAX(box.h - 2, 0) };
}
