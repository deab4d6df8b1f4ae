// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/journal.h"

#include "tui/widgets/dialog.h"
#include "tui/widgets/list.h"

#define TIME_COLUMNS 20
#define STATE_COLUMNS 12
#define HOST_COLUMNS 12
#define ROOMY 76 /* columns from which on the host has one of its own */

typedef struct {
	View base;
	Ui *ui;
	GPtrArray *entries; /* JournalEntry *, oldest first */
	char *selected;     /* id of the plan: what is new moves nothing */
	List list;
} Journal;

char *journal_time(gint64 when)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when);
	return time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("?");
}

static GPtrArray *read_entries(Ui *ui)
{
	g_autofree char *folder = journal_folder();
	g_autoptr(GPtrArray) problems =
		g_ptr_array_new_with_free_func((GDestroyNotify)problem_free);
	GPtrArray *entries = folder ? journal_read(folder, problems) : g_ptr_array_new();
	for (guint i = 0; i < problems->len; i++) {
		const Problem *problem = g_ptr_array_index(problems, i);
		log_once(ui->log, ROLE_WARNING, NULL, problem->code, problem->text, problem->hint);
	}
	return entries;
}

/* The newest stands first. */
static JournalEntry *entry_at(const Journal *page, int row)
{
	return g_ptr_array_index(page->entries, page->entries->len - 1 - (guint)row);
}

static void remember(Journal *page)
{
	g_free(page->selected);
	page->selected = page->list.selected >= 0
	                         ? g_strdup(entry_at(page, page->list.selected)->plan->id)
	                         : NULL;
}

static void refill(Journal *page)
{
	g_clear_pointer(&page->entries, g_ptr_array_unref);
	page->entries = read_entries(page->ui);
	int n = (int)page->entries->len;
	for (int i = 0; i < n; i++)
		if (g_strcmp0(entry_at(page, i)->plan->id, page->selected) == 0)
			page->list.selected = i;
	list_fit(&page->list, n, page->list.rows);
	remember(page);
}

static void draw_entry(Surface *surface, Rect line, const JournalEntry *entry)
{
	g_autofree char *time = journal_time(entry->started);
	Role role = journal_is_interrupted(entry) ? ROLE_WARNING : ROLE_NORMAL;
	int x = line.x, right = line.x + line.w;
	surface_put(surface, x, line.y, TIME_COLUMNS - 1, ROLE_NORMAL, time);
	x += TIME_COLUMNS;
	surface_put(surface, x, line.y, STATE_COLUMNS - 1, role, entry->state);
	x += STATE_COLUMNS;
	if (line.w >= ROOMY) {
		surface_put(surface, x, line.y, HOST_COLUMNS - 1, ROLE_NORMAL, entry->plan->host);
		x += HOST_COLUMNS;
	}
	surface_put(surface, x, line.y, right - x, ROLE_NORMAL, entry->plan->purpose);
}

static void journal_draw(View *view, Surface *surface)
{
	Journal *page = (Journal *)view;
	Rect in = dialog_frame(surface, surface_width(surface), surface_height(surface), "Journal");
	list_fit(&page->list, (int)page->entries->len, in.h);
	for (int i = 0; i < in.h && page->list.top + i < page->list.count; i++) {
		int row = page->list.top + i;
		Rect line = { in.x, in.y + i, in.w, 1 };
		draw_entry(surface, line, entry_at(page, row));
		if (row != page->list.selected)
			continue;
		surface_restyle(surface, line, ROLE_CURSOR);
		surface_set_cursor(surface, line.x, line.y);
	}
	if (page->list.count == 0)
		text_wrapped(surface, in, ROLE_NORMAL,
		             "Nothing was changed yet. What mdevcon does to a host is written here "
		             "before it is done, so that it can be undone.");
}

static bool journal_action(View *view, ActionId id)
{
	Journal *page = (Journal *)view;
	if (id == ACTION_ACCEPT || id == ACTION_RIGHT) {
		if (page->list.selected < 0)
			return true;
		guint at = page->entries->len - 1 - (guint)page->list.selected;
		journal_entry_open(page->ui, g_ptr_array_steal_index(page->entries, at));
		refill(page);
		return true;
	}
	if (!list_move(&page->list, id, NULL, NULL))
		return false;
	remember(page);
	return true;
}

static void journal_update(View *view)
{
	refill((Journal *)view);
}

static void journal_free(View *view)
{
	Journal *page = (Journal *)view;
	g_ptr_array_unref(page->entries);
	g_free(page->selected);
	g_free(page);
}

static const ViewOps ops = {
	.context = CONTEXT_MOVE,
	.title = "the journal",
	.draw = journal_draw,
	.action = journal_action,
	.update = journal_update,
	.free = journal_free,
};

void journal_open(Ui *ui)
{
	Journal *page = g_new0(Journal, 1);
	*page = (Journal){ .base.ops = &ops, .ui = ui, .list.rows = 1 };
	refill(page);
	ui_push(ui, &page->base);
}

void journal_announce(Ui *ui)
{
	g_autoptr(GPtrArray) entries = read_entries(ui);
	const JournalEntry *last = NULL;
	guint n = 0;
	for (guint i = 0; i < entries->len; i++) {
		const JournalEntry *entry = g_ptr_array_index(entries, i);
		if (!journal_is_interrupted(entry))
			continue;
		last = entry;
		n++;
	}
	if (n == 1)
		ui_say(ui, ROLE_WARNING, "Interrupted: %s. J shows how far it came.",
		       last->plan->purpose);
	else if (n > 1)
		ui_say(ui, ROLE_WARNING, "%u changes were interrupted. J shows how far they came.",
		       n);
}
