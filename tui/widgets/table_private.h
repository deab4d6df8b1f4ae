// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Inside of a table: shared by table.c (rows, cursor, marks) and table_draw.c (looks). */

#include "tui/widgets/list.h"
#include "tui/widgets/prompt.h"
#include "tui/widgets/table.h"

#define TABLE_COLUMNS_MAX 32

struct Table {
	TableSpec spec;
	bool ascii;
	guint n_columns;
	bool hidden[TABLE_COLUMNS_MAX];
	int sort; /* column, or -1 */
	bool descending;
	GPtrArray *rows;   /* all */
	GPtrArray *shown;  /* those that match, in order; borrowed from `rows` */
	GHashTable *marks; /* identities */
	char *at;          /* identity under the cursor, or NULL */
	bool chosen;       /* the cursor was moved; else it keeps to its end */
	List list;
	bool typing;
	Prompt filter;
	char *search; /* what was filtered by last: n and N look for it */
	int first_y;  /* of the first row shown, as last drawn */
};
