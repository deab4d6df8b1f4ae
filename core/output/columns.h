// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Typed columns: what a table on stdout or on a screen consists of. A table is a const array of
 * Column and a list of rows; the printer knows nothing of what the rows are.
 */

#include <glib.h>
#include <stdbool.h>

typedef enum { ALIGN_LEFT, ALIGN_RIGHT } Align;

typedef enum {
	WIDTH_WHOLE, /* never cut: names that are copied into another command */
	WIDTH_CUT,   /* gives way where the line would not fit the terminal */
} WidthPolicy;

typedef struct {
	const char *name; /* stable, lower case */
	const char *json; /* the same field in JSON; NULL: stands in the enclosing object */
	const char *header;
	Align align;
	WidthPolicy width;
	/* The cell of a row: new text, any bytes; NULL is shown as "-". */
	char *(*cell)(const void *row);
	/* The order of two rows by value; NULL: by their cells, digits as numbers, "-" last. */
	int (*compare)(const void *a, const void *b);
	/* A screen without room for all leaves out the highest first; 0: never. Text is cut. */
	guint drop;
} Column;

typedef struct {
	bool color;  /* headings are bold */
	bool ascii;  /* what is not ASCII is written as \u{NNNN} */
	guint width; /* columns of the terminal; 0: no limit */
} TextStyle;

/* How many terminal columns a text takes (UTF-8; wide characters are two, combining ones none). */
guint text_width(const char *text);

/* Makes a text safe to print in that style: text_visible, and plain ASCII if asked for. New. */
char *text_printable(const char *bytes, const TextStyle *style);

/* Appends a heading line: bold where the style has colour. `text` may hold any byte. */
void heading_print(GString *out, const char *text, const TextStyle *style);

/*
 * Appends a table: a header line and one line a row, each behind `indent` blanks. No trailing
 * blanks, no raw control bytes, whatever the rows hold. Nothing is printed for no rows.
 */
void columns_print(GString *out, const Column *columns, guint n_columns, const GPtrArray *rows,
                   guint indent, const TextStyle *style);
