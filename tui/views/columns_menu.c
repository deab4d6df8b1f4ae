// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/columns_menu.h"

#include "tui/widgets/dialog.h"
#include "tui/widgets/list.h"

typedef struct {
	View base;
	Ui *ui;
	Table *table;
	List list;
} ColumnsMenu;

static void draw_column(const ColumnsMenu *menu, Surface *surface, Rect in, int row, int y)
{
	bool descending;
	guint column = (guint)row;
	bool sorts = table_sorted_by(menu->table, &descending) == row;
	surface_put(surface, in.x + 1, y, 2, ROLE_NORMAL,
	            table_is_hidden(menu->table, column) ? " " : "x");
	surface_put(surface, in.x + 4, y, in.w - 4, ROLE_NORMAL,
	            table_column(menu->table, column)->header);
	surface_put_right(surface, in.x + in.w - 1, y, in.w / 2, ROLE_NORMAL,
	                  !sorts       ? ""
	                  : descending ? "sorts, downwards"
	                               : "sorts, upwards");
	if (row != menu->list.selected)
		return;
	surface_restyle(surface, (Rect){ in.x, y, in.w, 1 }, ROLE_CURSOR);
	surface_set_cursor(surface, in.x, y);
}

static void menu_draw(View *view, Surface *surface)
{
	ColumnsMenu *menu = (ColumnsMenu *)view;
	int n = (int)table_columns(menu->table);
	Rect in = dialog_frame(surface, 56, n + 4, "Columns");
	list_fit(&menu->list, n, in.h - 2);
	for (int i = 0; i < menu->list.rows && menu->list.top + i < n; i++)
		draw_column(menu, surface, in, menu->list.top + i, in.y + i);
	surface_put(surface, in.x, in.y + in.h - 1, in.w, ROLE_NORMAL,
	            "Enter sorts, again turns round; Space shows, hides");
}

static bool menu_action(View *view, ActionId id)
{
	ColumnsMenu *menu = (ColumnsMenu *)view;
	guint column = (guint)MAX(menu->list.selected, 0);
	switch (id) {
	case ACTION_ACCEPT:
		table_sort(menu->table, column);
		view->done = true;
		return true;
	case ACTION_TOGGLE:
		table_toggle(menu->table, column);
		if (column == 0)
			ui_say(menu->ui, ROLE_NORMAL, "The first column is always shown.");
		return true;
	default:
		return list_move(&menu->list, id, NULL, NULL);
	}
}

static void menu_free(View *view)
{
	g_free(view);
}

static const ViewOps ops = {
	.context = CONTEXT_MENU,
	.title = "the menu of columns",
	.draw = menu_draw,
	.action = menu_action,
	.free = menu_free,
};

void columns_menu_open(Ui *ui, Table *table)
{
	bool descending;
	ColumnsMenu *menu = g_new0(ColumnsMenu, 1);
	*menu = (ColumnsMenu){ .base.ops = &ops, .ui = ui, .table = table };
	menu->list.rows = 1;
	menu->list.selected = MAX(table_sorted_by(table, &descending), 0);
	ui_push(ui, &menu->base);
}
