// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The journal's pages: what was changed, when, where and how it ended; the steps of each, and undo
 * or forget. UI thread.
 */

#include "core/plan/journal.h"
#include "tui/view.h"

/* Opens the list, the newest first. */
void journal_open(Ui *ui);
/* Says in the message row what dead programs left interrupted, if anything. */
void journal_announce(Ui *ui);

/* Opens the steps of one entry; `entry` is taken. */
void journal_entry_open(Ui *ui, JournalEntry *entry);
/* "2026-11-23 14:30:00", local time. New. */
char *journal_time(gint64 when);
