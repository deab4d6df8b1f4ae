// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The journal: what mdevcon changed, written before it is done. One file per running program, below
 * XDG_STATE_HOME/mdevcon/journal (0600 in 0700), locked (flock) for as long as the program runs,
 * one JSON object a line, on the disk before the next thing happens:
 *
 *   {"event":"plan","time","machine_id","boot_id","plan":{...}}
 *                                                     what is going to be done, and where
 *   {"event":"step","time","id","n","undo":bool}      step n of that plan is done (or undone) next
 *   {"event":"result","time","id","n","undo","ok","changed","text"}
 *   {"event":"end","time","id","state":"done|failed|cancelled|undone|forgotten"}
 *
 * A plan without an end, in a file that nobody locks, was interrupted: of its last step it is not
 * known whether it was done. Nothing is changed that cannot be recorded: a full disk or a folder
 * that cannot be written refuses the change, with the file's name.
 */

#include "core/plan/plan.h"

/*
 * From now on plan_run records in `folder` (NULL: nowhere, which tests want). Called by the faces
 * at start, before threads; the file is made when the first plan runs.
 */
void journal_use(const char *folder);
/*
 * The same in a folder of its own that goes with journal_leave, for hosts that are not real: what
 * is done to them is no history. Without one (a full disk) nothing can be changed.
 */
void journal_use_scratch(void);
/* At the end of the program: closes the file, and removes a scratch folder. */
void journal_leave(void);
/* XDG_STATE_HOME/mdevcon/journal. New. */
char *journal_default_folder(void);
/* The folder in use, or NULL: nowhere. New. */
char *journal_folder(void);

/*
 * For plan_run, any thread. False and error (G_FILE_ERROR, with the file's name): it could not be
 * recorded. Without journal_use all of them succeed.
 */
bool journal_plan(const Plan *plan, const Inventory *now, GError **error);
bool journal_step(const Plan *plan, guint n, bool undo, GError **error);
bool journal_result(const Plan *plan, guint n, bool undo, const StepResult *result, GError **error);
bool journal_end(const Plan *plan, const char *state, GError **error);

/* ---- reading ---- */

typedef enum { DEED_NOT, DEED_BEGUN, DEED_FAILED, DEED_UNCHANGED, DEED_DONE, DEED_UNDONE } Deed;

typedef struct {
	char *file;
	gint64 started, ended; /* seconds since the epoch; ended 0: not yet */
	char *state;           /* "running", "interrupted", or that of its end */
	Plan *plan;            /* with the machine_id and boot_id that the host had then */
	GArray *deeds;         /* Deed, one a step */
} JournalEntry;

void journal_entry_free(JournalEntry *entry);
/* What became of a step, in words. */
const char *deed_words(Deed deed);
/* Its program is gone without an end, and nobody has settled it. */
bool journal_is_interrupted(const JournalEntry *entry);

/*
 * Everything recorded, oldest first (JournalEntry *). What cannot be read costs a Problem in
 * `problems` (may be NULL). A folder that is not there is an empty journal.
 */
GPtrArray *journal_read(const char *folder, GPtrArray *problems);

/*
 * What an entry's plan did, backwards: a step that was begun and has no result counts as done, and
 * what turns out not to be there as undone. NULL if there is nothing to undo.
 */
Plan *journal_undo_plan(const JournalEntry *entry);

/* Writes the end of an interrupted entry. EWOULDBLOCK: its program still runs. 0 or an errno. */
int journal_settle(const JournalEntry *entry, const char *state);

/*
 * Marks the instances that mdevcon made since the host started (Instance.ours), by the journal of
 * journal_use. To be called right after inventory_new, before anybody else sees it. Any thread.
 */
void journal_mark_ours(Inventory *inventory);
