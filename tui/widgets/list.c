// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/widgets/list.h"

#include <glib.h>

void list_show(List *list)
{
	if (list->selected >= 0 && list->selected < list->top)
		list->top = list->selected;
	if (list->selected >= list->top + list->rows)
		list->top = list->selected - list->rows + 1;
	list->top = CLAMP(list->top, 0, MAX(list->count - list->rows, 0));
}

void list_fit(List *list, int count, int rows)
{
	list->count = MAX(count, 0);
	list->rows = MAX(rows, 1);
	list->selected = CLAMP(list->selected, list->count ? 0 : -1, list->count - 1);
	list_show(list);
}

/* The nearest row from `row` on that may be selected, looking along `step` first; -1: none. */
static int nearest(const List *list, int row, int step, ListCan can, void *data)
{
	row = CLAMP(row, 0, list->count - 1);
	if (!can)
		return row;
	for (int i = row; i >= 0 && i < list->count; i += step) {
		if (can(i, data))
			return i;
	}
	for (int i = row; i >= 0 && i < list->count; i -= step) {
		if (can(i, data))
			return i;
	}
	return -1;
}

bool list_move(List *list, ActionId id, ListCan can, void *data)
{
	int delta;
	switch (id) {
	case ACTION_UP:
		delta = -1;
		break;
	case ACTION_DOWN:
		delta = 1;
		break;
	case ACTION_PAGE_UP:
		delta = -MAX(list->rows - 1, 1);
		break;
	case ACTION_PAGE_DOWN:
		delta = MAX(list->rows - 1, 1);
		break;
	case ACTION_HOME:
		delta = -list->count;
		break;
	case ACTION_END:
		delta = list->count;
		break;
	default:
		return false;
	}
	if (list->count == 0)
		return true;
	int to = nearest(list, list->selected + delta, delta < 0 ? -1 : 1, can, data);
	if (to >= 0)
		list->selected = to;
	list_show(list);
	return true;
}
