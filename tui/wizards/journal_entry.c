// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "tui/widgets/dialog.h"
#include "tui/widgets/viewer.h"
#include "tui/wizards/journal.h"
#include "tui/wizards/review.h"

typedef struct {
	View base;
	Ui *ui;
	JournalEntry *entry;
	Viewer *viewer;
	Buttons buttons;
	bool forgetting; /* it is asked whether to forget */
} Page;

static const char *const close_labels[] = { "Close", NULL };
static const char *const undo_labels[] = { "Close", "Undo", NULL };
static const char *const both_labels[] = { "Close", "Undo", "Forget", NULL };
static const char *const forget_labels[] = { "Cancel", "Apply", NULL };

/* ---- text --------------------------------------------------------------------------------- */

static void add_steps(Page *page)
{
	const JournalEntry *entry = page->entry;
	for (guint i = 0; i < entry->deeds->len; i++) {
		const Step *step = g_ptr_array_index(entry->plan->steps, i);
		Deed deed = g_array_index(entry->deeds, Deed, i);
		Role role = deed == DEED_FAILED || deed == DEED_BEGUN ? ROLE_WARNING : ROLE_NORMAL;
		viewer_addf(page->viewer, role, 4, "%u. %s: %s", i + 1, step->text,
		            deed_words(deed));
	}
}

static void fill(Page *page)
{
	const JournalEntry *entry = page->entry;
	g_autofree char *started = journal_time(entry->started);
	g_autofree char *ended = entry->ended ? journal_time(entry->ended) : NULL;
	viewer_clear(page->viewer);
	viewer_add(page->viewer, ROLE_TITLE, 0, entry->plan->purpose);
	viewer_field(page->viewer, "host", entry->plan->host);
	viewer_field(page->viewer, "state", entry->state);
	viewer_field(page->viewer, "started", started);
	viewer_field(page->viewer, "ended", ended);
	viewer_field(page->viewer, "file", entry->file);
	viewer_add(page->viewer, ROLE_NORMAL, 0, "");
	add_steps(page);
	if (!journal_is_interrupted(entry))
		return;
	viewer_add(page->viewer, ROLE_NORMAL, 0, "");
	viewer_add(page->viewer, ROLE_NORMAL, 0,
	           "Its program ended before it did. Undo takes back what was done; a step whose "
	           "outcome is not known is looked at first. Forget leaves things as they are.");
}

static void ask_forget(Page *page)
{
	page->forgetting = true;
	page->buttons = (Buttons){ forget_labels, 0 };
	viewer_clear(page->viewer);
	viewer_addf(page->viewer, ROLE_TITLE, 0, "forget: %s", page->entry->plan->purpose);
	viewer_add(page->viewer, ROLE_NORMAL, 2,
	           "No host is touched: what was done stays. The journal says from now on that it "
	           "was left so.");
	viewer_add(page->viewer, ROLE_NORMAL, 0, "");
	viewer_addf(page->viewer, ROLE_NORMAL, 6, "   add \"forgotten\" to %s", page->entry->file);
}

/* ---- undo and forget ---------------------------------------------------------------------- */

static bool has_undo(const JournalEntry *entry)
{
	g_autoptr(Plan) plan = journal_undo_plan(entry);
	return plan != NULL && strcmp(entry->state, "running") != 0;
}

static void settle(Ui *ui, const JournalEntry *entry, const char *state)
{
	int err = journal_settle(entry, state);
	if (err)
		ui_say(ui, ROLE_ERROR, "%s: %s", entry->file, g_strerror(err));
	else
		ui_say(ui, ROLE_READY, "%s: %s", entry->plan->purpose, state);
}

/* What the review page carries until its plan has ended. */
typedef struct {
	Ui *ui;
	JournalEntry *entry;
} Undo;

static void undo_free(gpointer data)
{
	Undo *undo = data;
	journal_entry_free(undo->entry);
	g_free(undo);
}

static void after_undo(const FleetReply *reply, void *data)
{
	Undo *undo = data;
	bool ok = !reply->problem;
	for (guint i = 0; i < reply->results->len; i++)
		ok = ok && ((StepResult *)g_ptr_array_index(reply->results, i))->ok;
	if (ok && journal_is_interrupted(undo->entry))
		settle(undo->ui, undo->entry, "undone");
}

static void undo(Page *page)
{
	g_autoptr(Plan) plan = journal_undo_plan(page->entry);
	int host = fleet_find(page->ui->fleet, page->entry->plan->host);
	if (host < 0) {
		ui_say(page->ui, ROLE_WARNING,
		       "%s is not among the hosts here: name it at the start.",
		       page->entry->plan->host);
		return;
	}
	g_autofree char *refusal = ui_refusal(page->ui, host);
	if (refusal) {
		ui_say(page->ui, ROLE_WARNING, "%s", refusal);
		return;
	}
	Undo *undo = g_new0(Undo, 1);
	*undo = (Undo){ page->ui, g_steal_pointer(&page->entry) };
	page->base.done = true;
	review_open_then(page->ui, host, g_steal_pointer(&plan), NULL, NULL, after_undo, undo,
	                 undo_free);
}

static void press(Page *page)
{
	const char *label = page->buttons.labels[page->buttons.selected];
	if (page->forgetting && page->buttons.selected == 1) {
		settle(page->ui, page->entry, "forgotten");
		page->base.done = true;
	} else if (strcmp(label, "Undo") == 0) {
		undo(page);
	} else if (strcmp(label, "Forget") == 0) {
		ask_forget(page);
	} else {
		page->base.done = true;
	}
}

/* ---- the page ----------------------------------------------------------------------------- */

static void entry_draw(View *view, Surface *surface)
{
	Page *page = (Page *)view;
	Rect in = dialog_frame(
		surface, MIN(surface_width(surface) - 2, 110), surface_height(surface) - 4,
		page->forgetting ? "Review: nothing has changed yet" : "What was changed");
	viewer_draw(page->viewer, surface, (Rect){ in.x, in.y, in.w, in.h - 2 }, false);
	buttons_draw(&page->buttons, surface, in.x, in.y + in.h - 1, in.w, true);
}

static bool entry_action(View *view, ActionId id)
{
	Page *page = (Page *)view;
	if (id == ACTION_ACCEPT) {
		press(page);
		return true;
	}
	if (id == ACTION_COPY) {
		g_autofree char *text = viewer_text(page->viewer);
		ui_copy(page->ui, text);
		return true;
	}
	return buttons_move(&page->buttons, id) || viewer_action(page->viewer, id);
}

static void entry_free(View *view)
{
	Page *page = (Page *)view;
	journal_entry_free(page->entry);
	viewer_free(page->viewer);
	g_free(page);
}

static const ViewOps ops = {
	.context = CONTEXT_TEXT,
	.title = "an entry of the journal",
	.draw = entry_draw,
	.action = entry_action,
	.free = entry_free,
};

void journal_entry_open(Ui *ui, JournalEntry *entry)
{
	Page *page = g_new0(Page, 1);
	*page = (Page){ .base.ops = &ops, .ui = ui, .entry = entry, .viewer = viewer_new() };
	page->buttons.labels = journal_is_interrupted(entry) ? both_labels
	                       : has_undo(entry)             ? undo_labels
	                                                     : close_labels;
	fill(page);
	ui_push(ui, &page->base);
}
