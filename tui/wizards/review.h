// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The review page, shared by all wizards: the exact writes of a plan in order, what must hold
 * before, and what undo would do. Cancel is the default. Apply gives the plan to the fleet and
 * shows what came of each step, and offers to take back what can be: by a review again.
 * Closing the page meanwhile stops nothing. UI thread.
 */

#include "tui/view.h"

/*
 * Opens the page; `plan` is taken. `intro` (may be NULL) stands above the steps and is copied.
 * `opener` (may be NULL) is the wizard below, which is done too once the plan has been applied.
 */
void review_open(Ui *ui, int host, Plan *plan, const char *intro, View *opener);

/* Hears how the plan ended, as long as its page is open. */
typedef void (*ReviewAfter)(const FleetReply *reply, void *data);
/* The same; `data` is freed with `free_data` (may be NULL) when the page goes. */
void review_open_then(Ui *ui, int host, Plan *plan, const char *intro, View *opener,
                      ReviewAfter after, void *data, GDestroyNotify free_data);
