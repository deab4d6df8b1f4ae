// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The main screen: source and target side by side, aligned by type, with the verdict. UI thread. */

#include "core/compat/verdict.h"
#include "tui/view.h"
#include "tui/views/pair_model.h"

/* Host indexes in the fleet; `target` -1: none chosen. New. */
View *pair_view_new(Ui *ui, int source, int target);

/* What is selected, for the views that open on it. Pointers live until the pair is updated. */
typedef struct {
	int host[SIDE_COUNT]; /* -1: none */
	PairSide focus;
	const PairRow *row[SIDE_COUNT]; /* under each side's cursor, or NULL */
	const Verdict *verdict;         /* of the source's selection on the target, or NULL */
} Selection;

Selection pair_selection(const View *pair);
/* The source's selection, to be asked of any host; false where nothing is selected. */
bool pair_source_question(const View *pair, CompatQuestion *question);
/* Chooses the host of a side; choosing what the other side shows swaps them. */
void pair_set_host(View *pair, PairSide side, int host);
/* True while the filter is being typed. */
bool pair_is_typing(const View *pair);
/* True if the host is one of the two on screen. */
bool pair_shows(const View *pair, int host);
/* Shows an instance of a host as the source, with the cursor on it. */
void pair_show_instance(View *pair, int host, const Instance *instance);
