// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/picker.h"

#include <string.h>

#include "core/output/names.h"
#include "tui/views/reasons.h"
#include "tui/widgets/dialog.h"
#include "tui/widgets/list.h"
#include "tui/widgets/prompt.h"

#define LABEL_COLUMNS 18
#define STATE_COLUMNS 12

typedef struct {
	View base;
	Ui *ui;
	View *pair;
	PairSide side;
	Prompt filter;
	GArray *shown; /* int: host indexes that match */
	List list;
	GHashTable *verdicts; /* host index → Verdict *, of this snapshot */
} Picker;

static bool matches(const Picker *picker, const HostAddress *address)
{
	g_autofree char *needle = g_utf8_casefold(picker->filter.text, -1);
	g_autofree char *text = g_strdup_printf("%s %s", address->label, address->address);
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *folded = g_utf8_casefold(valid, -1);
	return strstr(folded, needle) != NULL;
}

/* Fills the list again; the host that was selected stays selected. */
static void refill(Picker *picker, int keep)
{
	g_array_set_size(picker->shown, 0);
	picker->list.selected = 0;
	for (int i = -1; (i = snapshot_next(picker->ui->hosts, i)) >= 0;) {
		if (!matches(picker, snapshot_host(picker->ui->hosts, i)->address))
			continue;
		if (i == keep)
			picker->list.selected = (int)picker->shown->len;
		g_array_append_val(picker->shown, i);
	}
	list_fit(&picker->list, (int)picker->shown->len, picker->list.rows);
}

static int selected_host(const Picker *picker)
{
	int row = picker->list.selected;
	return row >= 0 && row < (int)picker->shown->len ? g_array_index(picker->shown, int, row)
	                                                 : -1;
}

/* The verdict of the source's selection on a host; NULL where there is nothing to judge. */
static const Verdict *verdict_of(Picker *picker, int host)
{
	Selection selection = pair_selection(picker->pair);
	const PairRow *row = selection.row[SIDE_SOURCE];
	const HostView *source = snapshot_host(picker->ui->hosts, selection.host[SIDE_SOURCE]);
	const HostView *target = snapshot_host(picker->ui->hosts, host);
	gpointer key = GINT_TO_POINTER(host + 1);
	if (picker->side != SIDE_TARGET || !row || !source || !target->inventory ||
	    host == selection.host[SIDE_SOURCE])
		return NULL;
	const Instance *instance = row->instance[SIDE_SOURCE];
	const Type *type =
		instance && instance->type_ref ? instance->type_ref : row->type[SIDE_SOURCE].type;
	if (!type && !instance)
		return NULL;
	Verdict *verdict = g_hash_table_lookup(picker->verdicts, key);
	if (!verdict) {
		verdict = verdict_new((Side){ source->address->label, source->inventory }, type,
		                      instance, (Side){ target->address->label, target->inventory },
		                      NULL);
		g_hash_table_insert(picker->verdicts, key, verdict);
	}
	return verdict;
}

static char *state_words(const HostView *host)
{
	if (host->question_id)
		return g_strdup("asks");
	if (host->state == HOST_STALE && host->age_us >= 0)
		return g_strdup_printf("%d s old", (int)(host->age_us / G_USEC_PER_SEC));
	return g_strdup(host_state_name(host->state));
}

static void draw_verdict(Picker *picker, Surface *surface, int host, int x, int y, int w)
{
	const HostView *view = snapshot_host(picker->ui->hosts, host);
	const Verdict *verdict = verdict_of(picker, host);
	Selection selection = pair_selection(picker->pair);
	if (!verdict) {
		const char *words = host == selection.host[picker->side]  ? "shown now"
		                    : host == selection.host[SIDE_SOURCE] ? "is the source"
		                    : host == selection.host[SIDE_TARGET] ? "is the target"
		                    : !view->inventory && view->error     ? view->error
		                                                          : "";
		surface_put(surface, x, y, w, ROLE_NORMAL, words);
		return;
	}
	g_autofree char *words = verdict_words(verdict);
	bool bad = verdict->verdict > VERDICT_ACTION && verdict->why;
	Role role = verdict_role(verdict->verdict);
	int n = surface_putf(surface, x, y, w, role, "%s %s",
	                     verdict_sign(verdict->verdict, picker->ui->ascii), words);
	surface_putf(surface, x + n, y, w - n, ROLE_NORMAL, "%s%s", bad ? ": " : "",
	             bad ? verdict->why : "");
}

static void picker_draw(View *view, Surface *surface)
{
	Picker *picker = (Picker *)view;
	int want = (int)snapshot_count(picker->ui->hosts) + 4;
	Rect in = dialog_frame(surface, MIN(surface_width(surface) - 6, 100), MAX(want, 8),
	                       picker->side == SIDE_SOURCE ? "Choose the source"
	                                                   : "Choose the target");
	list_fit(&picker->list, (int)picker->shown->len, in.h - 2);
	for (int i = 0; i < picker->list.rows && picker->list.top + i < picker->list.count; i++) {
		int row = picker->list.top + i, y = in.y + 2 + i, x = in.x + 1;
		int host = g_array_index(picker->shown, int, row);
		const HostView *at = snapshot_host(picker->ui->hosts, host);
		g_autofree char *state = state_words(at);
		surface_put(surface, x, y, LABEL_COLUMNS, ROLE_NORMAL, at->address->label);
		surface_put(surface, x + LABEL_COLUMNS + 1, y, STATE_COLUMNS, ROLE_NORMAL, state);
		int verdict_x = x + LABEL_COLUMNS + STATE_COLUMNS + 2;
		draw_verdict(picker, surface, host, verdict_x, y, in.x + in.w - verdict_x);
		if (row == picker->list.selected)
			surface_restyle(surface, (Rect){ in.x, y, in.w, 1 }, ROLE_CURSOR);
	}
	if (picker->list.count == 0)
		surface_put(surface, in.x + 1, in.y + 2, in.w, ROLE_NORMAL, "No host matches.");
	int n = surface_put(surface, in.x, in.y, in.w, ROLE_HEADING, "Host: ");
	prompt_draw(&picker->filter, surface, in.x + n, in.y, in.w - n, true);
}

static bool picker_key(View *view, Key key)
{
	Picker *picker = (Picker *)view;
	if (key == KEYCODE_HOME || key == KEYCODE_END || !prompt_key(&picker->filter, key))
		return false;
	refill(picker, selected_host(picker));
	return true;
}

static bool picker_action(View *view, ActionId id)
{
	Picker *picker = (Picker *)view;
	if (id != ACTION_ACCEPT)
		return list_move(&picker->list, id, NULL, NULL);
	int host = selected_host(picker);
	if (host >= 0) {
		pair_set_host(picker->pair, picker->side, host);
		view->done = true;
	}
	return true;
}

static void picker_update(View *view)
{
	Picker *picker = (Picker *)view;
	g_hash_table_remove_all(picker->verdicts);
	refill(picker, selected_host(picker));
}

static void picker_free(View *view)
{
	Picker *picker = (Picker *)view;
	g_hash_table_unref(picker->verdicts);
	g_array_unref(picker->shown);
	g_free(picker);
}

static const ViewOps ops = {
	.context = CONTEXT_MOVE,
	.title = "the host picker",
	.draw = picker_draw,
	.key = picker_key,
	.action = picker_action,
	.update = picker_update,
	.free = picker_free,
};

void picker_open(Ui *ui, View *pair, PairSide side)
{
	Picker *picker = g_new0(Picker, 1);
	*picker = (Picker){ .base.ops = &ops, .ui = ui, .pair = pair, .side = side };
	picker->shown = g_array_new(FALSE, TRUE, sizeof(int));
	picker->verdicts = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)verdict_free);
	picker->list.rows = 1;
	Selection selection = pair_selection(pair);
	refill(picker, selection.host[side]);
	ui_push(ui, &picker->base);
}
