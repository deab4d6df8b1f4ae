// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Movement in a list: a selected row and the part that is shown. Pure; rows are numbers. */

#include <stdbool.h>

#include "tui/actions.h"

typedef struct {
	int count;    /* rows there are */
	int selected; /* -1: none */
	int top;      /* first row shown */
	int rows;     /* rows that fit */
} List;

/* May a row be selected? NULL in calls: every row. */
typedef bool (*ListCan)(int row, void *data);

/* Sets the size and keeps selection and view within it. */
void list_fit(List *list, int count, int rows);
/* Scrolls so that the selected row is shown. */
void list_show(List *list);
/* Moves the selection for a MOVE action; false if the action is none of movement. */
bool list_move(List *list, ActionId id, ListCan can, void *data);
