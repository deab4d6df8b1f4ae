// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/table_screen.h"

#include "tui/views/columns_menu.h"

void table_screen_init(TableScreen *screen, Ui *ui, const ViewOps *ops, const char *name,
                       const TableSpec *spec)
{
	screen->base.ops = ops;
	screen->ui = ui;
	screen->name = name;
	screen->table = table_new(spec, ui->ascii);
}

void table_screen_clear(TableScreen *screen)
{
	table_free(screen->table);
}

static void draw_title(const TableScreen *screen, Surface *surface, const char *title)
{
	g_autofree char *place = table_place(screen->table);
	g_autofree char *summary = snapshot_summary(screen->ui->hosts);
	int w = surface_width(surface);
	int x = 1 + surface_put(surface, 1, 0, w / 2, ROLE_TITLE, screen->name) + 2;
	x += surface_put(surface, x, 0, w - x - 1, ROLE_NORMAL, place) + 3;
	if (title)
		x += surface_put(surface, x, 0, w - x - 1, ROLE_NORMAL, title) + 3;
	surface_put_right(surface, w - 1, 0, w - 1 - x, ROLE_NORMAL, summary);
}

static void draw_message(const TableScreen *screen, Surface *surface, const char *note)
{
	const Ui *ui = screen->ui;
	Rect row = { 0, surface_height(surface) - 2, surface_width(surface), 1 };
	g_autofree char *status = table_status(screen->table);
	if (table_is_typing(screen->table))
		table_draw_filter(screen->table, surface, row);
	else if (ui->message)
		surface_put(surface, 1, row.y, row.w - 2, ui->message_role, ui->message);
	else if (*status)
		surface_put(surface, 1, row.y, row.w - 2, ROLE_HEADING, status);
	else
		surface_put(surface, 1, row.y, row.w - 2, ROLE_NORMAL, note);
}

void table_screen_draw(TableScreen *screen, Surface *surface, const char *title, const char *empty,
                       const char *note)
{
	int w = surface_width(surface), h = surface_height(surface);
	draw_title(screen, surface, title);
	table_draw(screen->table, surface, (Rect){ 0, 1, w, h - 3 }, empty);
	draw_message(screen, surface, note);
}

bool table_screen_key(View *view, Key key)
{
	return table_key(((TableScreen *)view)->table, key);
}

bool table_screen_typing(const View *view)
{
	return table_is_typing(((const TableScreen *)view)->table);
}

bool table_screen_action(TableScreen *screen, ActionId id)
{
	switch (id) {
	case ACTION_SORT:
		columns_menu_open(screen->ui, screen->table);
		return true;
	case ACTION_BACK:
		return table_clear_filter(screen->table);
	default:
		return table_action(screen->table, id);
	}
}
