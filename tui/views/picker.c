// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/picker.h"

#include <string.h>

#include "core/output/names.h"
#include "tui/views/reasons.h"
#include "tui/widgets/dialog.h"
#include "tui/widgets/list.h"
#include "tui/widgets/prompt.h"

#define NEAR_ROWS 2 /* at the foot of the list */
#define LABEL_COLUMNS 18
#define STATE_COLUMNS 12

typedef struct {
	View base;
	Ui *ui;
	View *pair;
	PairSide side;
	bool best; /* in the order of best targets */
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

/* The verdict of the source's selection on a host; NULL where there is nothing to judge. */
static const Verdict *verdict_of(Picker *picker, int host)
{
	const HostView *target = snapshot_host(picker->ui->hosts, host);
	gpointer key = GINT_TO_POINTER(host + 1);
	CompatQuestion q;
	if (picker->side != SIDE_TARGET || (!target->inventory && !picker->best) ||
	    host == pair_selection(picker->pair).host[SIDE_SOURCE] ||
	    !pair_source_question(picker->pair, &q))
		return NULL;
	Verdict *verdict = g_hash_table_lookup(picker->verdicts, key);
	if (!verdict) {
		q.target = (Side){ target->address->label, target->inventory };
		verdict = verdict_answer(&q);
		g_hash_table_insert(picker->verdicts, key, verdict);
	}
	return verdict;
}

/* ---- the order of best targets -------------------------------------------------------------- */

static int rank_of(Picker *picker, int host)
{
	const Verdict *verdict = verdict_of(picker, host);
	return verdict ? verdict_offer_rank(verdict->verdict) : G_MAXINT;
}

/* Places (by host) in the ranking of all hosts that offer the type; the others come after. */
static GHashTable *places_of(Picker *picker)
{
	GHashTable *places = g_hash_table_new(NULL, NULL);
	CompatQuestion q;
	if (!pair_source_question(picker->pair, &q))
		return places;
	fleet_index_update(picker->ui->index, picker->ui->hosts);
	g_autoptr(GPtrArray) best = compat_index_best(fleet_index_compat(picker->ui->index), &q, 0);
	for (guint i = 0; i < best->len; i++) {
		const Verdict *verdict = g_ptr_array_index(best, i);
		int host = fleet_index_host(picker->ui->index, verdict->target);
		if (!g_hash_table_contains(places, GINT_TO_POINTER(host)))
			g_hash_table_insert(places, GINT_TO_POINTER(host), GUINT_TO_POINTER(i + 1));
	}
	return places;
}

typedef struct {
	Picker *picker;
	GHashTable *places;
} Order;

static gint compare_hosts(gconstpointer a, gconstpointer b, gpointer data)
{
	const Order *order = data;
	int left = *(const int *)a, right = *(const int *)b;
	guint x = GPOINTER_TO_UINT(g_hash_table_lookup(order->places, GINT_TO_POINTER(left)));
	guint y = GPOINTER_TO_UINT(g_hash_table_lookup(order->places, GINT_TO_POINTER(right)));
	int rank = rank_of(order->picker, left), other = rank_of(order->picker, right);
	if (rank != other)
		return rank < other ? -1 : 1;
	if (x != y)
		return x && (!y || x < y) ? -1 : 1;
	return left - right;
}

static void sort_best(Picker *picker)
{
	g_autoptr(GHashTable) places = places_of(picker);
	Order order = { picker, places };
	g_array_sort_with_data(picker->shown, compare_hosts, &order);
}

/* "Why not anywhere": types that look like it, where no host can take it. New text, or NULL. */
static char *near_words(Picker *picker)
{
	CompatQuestion q;
	int first = picker->shown->len ? g_array_index(picker->shown, int, 0) : -1;
	if (!picker->best || first < 0 || rank_of(picker, first) <= 1 ||
	    !pair_source_question(picker->pair, &q))
		return NULL;
	const char *id = q.type ? q.type->id : q.instance->type.s;
	if (!id)
		return NULL;
	g_autoptr(GArray) misses =
		compat_index_near_misses(fleet_index_compat(picker->ui->index), q.type, id);
	if (misses->len == 0)
		return g_strdup("No host can take it now, and no type looks like it.");
	const NearMissRow *miss = &g_array_index(misses, NearMissRow, 0);
	return g_strdup_printf("No host can take it now. %s on %s has the same %s, and is another "
	                       "type.",
	                       miss->type_id, miss->host,
	                       miss->miss == MISS_SUFFIX ? "name under another driver"
	                                                 : "display name");
}

/* Fills the list again; the host that was selected stays selected. */
static void refill(Picker *picker, int keep)
{
	int source = pair_selection(picker->pair).host[SIDE_SOURCE];
	g_array_set_size(picker->shown, 0);
	picker->list.selected = 0;
	for (int i = -1; (i = snapshot_next(picker->ui->hosts, i)) >= 0;) {
		if (!matches(picker, snapshot_host(picker->ui->hosts, i)->address) ||
		    (picker->best && i == source))
			continue;
		g_array_append_val(picker->shown, i);
	}
	if (picker->best)
		sort_best(picker);
	for (int row = 0; row < (int)picker->shown->len; row++)
		if (g_array_index(picker->shown, int, row) == keep)
			picker->list.selected = row;
	list_fit(&picker->list, (int)picker->shown->len, picker->list.rows);
}

static int selected_host(const Picker *picker)
{
	int row = picker->list.selected;
	return row >= 0 && row < (int)picker->shown->len ? g_array_index(picker->shown, int, row)
	                                                 : -1;
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
	                       picker->best                  ? "The best targets of all hosts"
	                       : picker->side == SIDE_SOURCE ? "Choose the source"
	                                                     : "Choose the target");
	g_autofree char *near = near_words(picker);
	if (near) {
		in.h -= NEAR_ROWS;
		text_wrapped(surface, (Rect){ in.x, in.y + in.h, in.w, NEAR_ROWS }, ROLE_NORMAL,
		             near);
	}
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

static void open(Ui *ui, View *pair, PairSide side, bool best)
{
	Picker *picker = g_new0(Picker, 1);
	*picker = (Picker){ .base.ops = &ops, .ui = ui, .pair = pair, .side = side, .best = best };
	picker->shown = g_array_new(FALSE, TRUE, sizeof(int));
	picker->verdicts = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)verdict_free);
	picker->list.rows = 1;
	Selection selection = pair_selection(pair);
	refill(picker, best ? -1 : selection.host[side]);
	ui_push(ui, &picker->base);
}

void picker_open(Ui *ui, View *pair, PairSide side)
{
	open(ui, pair, side, false);
}

void best_open(Ui *ui, View *pair)
{
	CompatQuestion q;
	if (pair_source_question(pair, &q))
		open(ui, pair, SIDE_TARGET, true);
	else
		ui_say(ui, ROLE_NORMAL, "Select a type or an instance on the source first.");
}
