// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The surface: a buffer of character cells. Views draw here and tests read here; terminal.c sends
 * it to ncurses, which does the diffing. Everything is clipped, so a view may draw past an edge.
 *
 * Text always passes through text_visible(): nothing that came from a host reaches the terminal
 * raw. UI thread.
 */

#include <glib.h>
#include <stdbool.h>

#include "tui/theme.h"

typedef struct {
	int x, y, w, h;
} Rect;

#define CELL_COMBINING 3

typedef struct {
	gunichar base;                      /* 0: right half of a wide character */
	gunichar combining[CELL_COMBINING]; /* 0-terminated unless full; more are dropped */
	guint8 role;                        /* Role */
} Cell;

typedef struct Surface Surface;

/* With `ascii` the signs and lines that we draw become their ASCII counterparts. */
Surface *surface_new(int w, int h, bool ascii);
void surface_free(Surface *surface);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Surface, surface_free)

/* Changes the size; the content is blank afterwards. */
void surface_resize(Surface *surface, int w, int h);
int surface_width(const Surface *surface);
int surface_height(const Surface *surface);
Rect surface_area(const Surface *surface);
/* Blank everywhere, no cursor. */
void surface_clear(Surface *surface);

/*
 * Draws text from (x, y) in at most `max` columns (negative: to the edge); what is longer ends in
 * an ellipsis. A wide character that does not fit whole is not drawn. Returns the columns used.
 */
int surface_put(Surface *surface, int x, int y, int max, Role role, const char *text);
int surface_putf(Surface *surface, int x, int y, int max, Role role, const char *format, ...)
	G_GNUC_PRINTF(6, 7);
/* Like surface_put, but ends at the column before `right`. */
int surface_put_right(Surface *surface, int right, int y, int max, Role role, const char *text);

/* Fills an area with one character of width 1. */
void surface_fill(Surface *surface, Rect area, gunichar c, Role role);
/* A frame of lines, its inside untouched. */
void surface_box(Surface *surface, Rect area, Role role);
/* Changes only the role of what stands there. */
void surface_restyle(Surface *surface, Rect area, Role role);

/* Where the hardware cursor stands; out of the surface: hidden. */
void surface_set_cursor(Surface *surface, int x, int y);
bool surface_cursor(const Surface *surface, int *x, int *y);

/* The cell, or NULL outside. */
const Cell *surface_cell(const Surface *surface, int x, int y);
/* A row as UTF-8 without trailing blanks. New text; "" outside. */
char *surface_row(const Surface *surface, int y);

/* The columns that text takes when drawn. */
int text_columns(const char *text);
/* Columns of one character: 0 (combining), 1 or 2. */
int char_columns(gunichar c);
