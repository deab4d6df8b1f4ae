// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What the screens that are one table share: title, table, message row, sorting. UI thread. */

#include "tui/view.h"
#include "tui/widgets/table.h"

/* Such screens embed this as their first member. */
typedef struct {
	View base;
	Ui *ui;
	const char *name; /* constant */
	Table *table;
} TableScreen;

/* Sets all members; the spec's columns live as long as the screen. */
void table_screen_init(TableScreen *screen, Ui *ui, const ViewOps *ops, const char *name,
                       const TableSpec *spec);
void table_screen_clear(TableScreen *screen);

/*
 * Draws everything. `title` stands behind the name, `empty` in place of rows, and `note` in the
 * message row where there is nothing else to say; each may be NULL.
 */
void table_screen_draw(TableScreen *screen, Surface *surface, const char *title, const char *empty,
                       const char *note);
/* For ViewOps. */
bool table_screen_key(View *view, Key key);
bool table_screen_typing(const View *view);
/* What no screen of its own does: movement, marks, filter, sorting. */
bool table_screen_action(TableScreen *screen, ActionId id);
