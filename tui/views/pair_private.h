// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Inside of the pair screen: its state, shared by pair.c (behaviour) and pair_draw.c (looks). */

#include "tui/layout.h"
#include "tui/views/pair.h"
#include "tui/widgets/list.h"
#include "tui/widgets/prompt.h"

/* Where a side's cursor stands: on a thing, not on a row number. */
typedef struct {
	char *type, *instance; /* instance NULL: on the type */
	int row;               /* where that was last seen; -1: nowhere */
	bool chosen;           /* by the operator; else it stays on the first row */
} PairCursor;

typedef struct {
	View base;
	Ui *ui;
	int host[SIDE_COUNT];
	PairSide focus;
	PairCursor cursor[SIDE_COUNT];
	PairModel *model;
	List list; /* rows of both panes; the selected one is that of the focused cursor */
	bool unfold;
	bool filtering; /* the filter is being typed */
	Prompt filter;
	Verdict *verdict;
	char *no_verdict;  /* why there is none, in words */
	GArray *row_signs; /* int a row: VerdictKind of the target's side, or -1 */
} PairView;

void pair_draw(View *view, Surface *surface);
