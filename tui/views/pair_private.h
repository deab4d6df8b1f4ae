// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Inside of the pair screen: its state, shared by pair.c (behaviour), pair_judge.c (verdicts),
 * pair_draw.c (looks) and pair_message.c (the message row).
 */

#include "tui/layout.h"
#include "tui/views/pair.h"
#include "tui/widgets/list.h"
#include "tui/widgets/prompt.h"

/* Where a side's cursor stands: on a thing, not on a row number. */
typedef struct {
	char *card;            /* NULL: the view by type */
	char *type, *instance; /* instance NULL: on the type; type NULL: on the card */
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
	bool hardware;      /* by card; else by type */
	GHashTable *closed; /* names of the cards that are folded */
	bool filtering;     /* the filter is being typed */
	Prompt filter;
	Verdict *verdict;
	char *no_verdict;  /* why there is none, in words */
	char *whole;       /* of the type, guest or card as a whole, in words; or NULL */
	char *zero;        /* why the focused type has no room, in words; or NULL */
	GArray *row_signs; /* int a row: VerdictKind of the target's side, or -1 */
} PairView;

/* The host of a side, and the row under its cursor; or NULL. */
const HostView *pair_host(const PairView *pair, PairSide side);
const PairRow *pair_cursor_row(const PairView *pair, PairSide side);

/* Makes verdict, signs and words for what is selected. */
void pair_judge(PairView *pair);

/* What is to be said of the selection as a whole: a type, a guest, a card. New text, or NULL. */
char *pair_answer(const PairView *pair);
/* The source's selection, to be asked of any host; false where nothing is selected. */
bool pair_question(const PairView *pair, CompatQuestion *question);
/* The next host (`step` 1 or -1) that can take the selection, or -1. */
int pair_possible(const PairView *pair, int step);

void pair_draw(View *view, Surface *surface);
/* The message row: what was said last, what is typed, or what is wrong with what is shown. */
void pair_draw_message(const PairView *pair, Surface *surface, Rect area);
