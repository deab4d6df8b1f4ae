// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What can be done with an instance, a definition or a function: a page with each act, or why it
 * cannot be done; then the review page. UI thread.
 */

#include "tui/view.h"
#include "tui/views/pair_model.h"

/* Opens the page for what stands in `row` on that side; with an act's id, that act at once. */
void acts_open(Ui *ui, int host, const PairRow *row, PairSide side, ActionId id);
/* True if the action is one of the acts. */
bool acts_has(ActionId id);
