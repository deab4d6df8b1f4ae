// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/pair_private.h"

#include <string.h>

#include "tui/filter.h"
#include "tui/views/details.h"
#include "tui/views/picker.h"
#include "tui/wizards/acts.h"
#include "tui/wizards/create.h"
#include "tui/wizards/remove.h"

static PairView *self(View *view)
{
	return (PairView *)view;
}

const HostView *pair_host(const PairView *pair, PairSide side)
{
	return snapshot_host(pair->ui->hosts, pair->host[side]);
}

/* ---- cursors ------------------------------------------------------------------------------ */

static bool can_stand(int row, void *data)
{
	PairView *pair = data;
	return pair_row_has(pair_model_row(pair->model, row), pair->focus);
}

static void cursor_set(PairView *pair, PairSide side, int row)
{
	PairCursor *cursor = &pair->cursor[side];
	const PairRow *at = pair_model_row(pair->model, row);
	g_clear_pointer(&cursor->card, g_free);
	g_clear_pointer(&cursor->type, g_free);
	g_clear_pointer(&cursor->instance, g_free);
	cursor->row = at ? row : -1;
	if (!at)
		return;
	cursor->card = g_strdup(at->card_name);
	cursor->type = at->kind == ROW_CARD ? NULL : g_strdup(at->type_id);
	cursor->instance = g_strdup(pair_row_id(at, side));
}

/* Finds the thing again in a new model; where it has gone, what stands nearest takes its place. */
static void cursor_find(PairView *pair, PairSide side)
{
	PairCursor *cursor = &pair->cursor[side];
	int n = (int)pair->model->rows->len;
	/* Hosts answer one after the other: what came first by chance is no choice. */
	if (!cursor->chosen) {
		cursor_set(pair, side, 0);
		return;
	}
	int row = pair_model_find(pair->model, side, cursor->card, cursor->type, cursor->instance);
	if (row < 0 && n > 0) {
		row = CLAMP(cursor->row, 0, n - 1);
		while (row > 0 && !pair_row_has(pair_model_row(pair->model, row), side))
			row--;
	}
	/* A filter or a silent host hides things for a while: the name is kept meanwhile. */
	cursor->row = row;
}

const PairRow *pair_cursor_row(const PairView *pair, PairSide side)
{
	return pair_model_row(pair->model, pair->cursor[side].row);
}

/* ---- model -------------------------------------------------------------------------------- */

/* Who uses an instance is read by the clock only where somebody looks at one. */
static void tell_selection(const PairView *pair, bool visible)
{
	for (int s = 0; s < SIDE_COUNT; s++) {
		if (pair->host[s] < 0)
			continue;
		const PairRow *row = pair_cursor_row(pair, (PairSide)s);
		fleet_set_selected(pair->ui->fleet, (guint)pair->host[s],
		                   visible && row && row->instance[s]);
	}
}

static void rebuild(PairView *pair)
{
	const PairCursor *kept = &pair->cursor[pair->focus];
	PairInput input = { .unfold = pair->unfold,
		            .hardware = pair->hardware,
		            .closed = pair->closed,
		            .filter = pair->filter.text,
		            .keep_type = kept->chosen ? kept->type : NULL,
		            .keep_card = kept->chosen ? kept->card : NULL,
		            .ascii = pair->ui->ascii };
	for (int s = 0; s < SIDE_COUNT; s++) {
		const HostView *host = pair_host(pair, (PairSide)s);
		input.inventory[s] = host ? host->inventory : NULL;
	}
	input.uuids = snapshot_uuids(pair->ui->hosts, &input.n_uuids);
	/* The verdict points nowhere into the model, but the model goes last all the same. */
	PairModel *old = pair->model;
	pair->model = pair_model_new(&input);
	for (int s = 0; s < SIDE_COUNT; s++)
		cursor_find(pair, (PairSide)s);
	pair->list.selected = pair->cursor[pair->focus].row;
	list_fit(&pair->list, (int)pair->model->rows->len, pair->list.rows);
	pair_judge(pair);
	tell_selection(pair, true);
	pair_model_free(old);
}

static void show_hosts(PairView *pair, bool visible)
{
	for (int s = 0; s < SIDE_COUNT; s++) {
		if (pair->host[s] >= 0)
			fleet_set_visible(pair->ui->fleet, (guint)pair->host[s], visible);
	}
}

static void set_hosts(PairView *pair, int source, int target)
{
	show_hosts(pair, false);
	tell_selection(pair, false);
	pair->host[SIDE_SOURCE] = source;
	pair->host[SIDE_TARGET] = target;
	show_hosts(pair, true);
	rebuild(pair);
}

void pair_set_host(View *view, PairSide side, int host)
{
	PairView *pair = self(view);
	int hosts[SIDE_COUNT] = { pair->host[SIDE_SOURCE], pair->host[SIDE_TARGET] };
	PairSide other = side == SIDE_SOURCE ? SIDE_TARGET : SIDE_SOURCE;
	if (hosts[other] == host)
		hosts[other] = hosts[side];
	hosts[side] = host;
	if (hosts[SIDE_SOURCE] < 0) /* there is always a source: nothing came back for it */
		hosts[SIDE_SOURCE] = host, hosts[SIDE_TARGET] = -1;
	set_hosts(pair, hosts[SIDE_SOURCE], hosts[SIDE_TARGET]);
}

Selection pair_selection(const View *view)
{
	const PairView *pair = (const PairView *)view;
	Selection selection = { .focus = pair->focus, .verdict = pair->verdict };
	for (int s = 0; s < SIDE_COUNT; s++) {
		selection.host[s] = pair->host[s];
		selection.row[s] = pair_cursor_row(pair, (PairSide)s);
	}
	return selection;
}

void pair_show_instance(View *view, int host, const Instance *instance)
{
	PairView *pair = self(view);
	PairCursor *cursor = &pair->cursor[SIDE_SOURCE];
	const Card *card = pair->hardware ? instance->parent ? instance->parent->card : NULL : NULL;
	pair->focus = SIDE_SOURCE;
	prompt_wipe(&pair->filter);
	g_free(cursor->card);
	g_free(cursor->type);
	g_free(cursor->instance);
	cursor->card = card ? g_strdup(card->name) : NULL;
	cursor->type = g_strdup(instance->type.state == READ_VALUE ? instance->type.s : "");
	cursor->instance = g_strdup(instance->id);
	cursor->chosen = true;
	if (card)
		g_hash_table_remove(pair->closed, card->name);
	pair_set_host(view, SIDE_SOURCE, host);
}

bool pair_source_question(const View *view, CompatQuestion *question)
{
	return pair_question((const PairView *)view, question);
}

bool pair_is_typing(const View *view)
{
	return ((const PairView *)view)->filtering;
}

bool pair_shows(const View *view, int host)
{
	const PairView *pair = (const PairView *)view;
	return host >= 0 && (pair->host[SIDE_SOURCE] == host || pair->host[SIDE_TARGET] == host);
}

static int pair_next_tick(const View *view)
{
	const PairView *pair = (const PairView *)view;
	int tick = -1;
	for (int s = 0; s < SIDE_COUNT; s++) {
		const HostView *host = pair_host(pair, (PairSide)s);
		/* A recording's age moves by minutes at most; nothing else may hide that it hangs.
		 */
		if (host && host->state != HOST_RECORDING)
			return 1000;
		if (host)
			tick = 30 * 1000;
	}
	return tick;
}

/* ---- actions ------------------------------------------------------------------------------ */

static void focus_to(PairView *pair, PairSide side)
{
	int row = pair->cursor[pair->focus].row;
	pair->focus = side;
	/* The other pane is entered beside where one was: on the target, that is what one compares.
	 */
	if (side == SIDE_TARGET) {
		while (row > 0 && !pair_row_has(pair_model_row(pair->model, row), side))
			row--;
		cursor_set(pair, side, row);
		pair->cursor[side].chosen = true;
	}
	pair->list.selected = pair->cursor[side].row;
	tell_selection(pair, true);
	list_show(&pair->list);
	pair_judge(pair);
}

static void step_target(PairView *pair, int step)
{
	int n = (int)snapshot_count(pair->ui->hosts), at = pair->host[SIDE_TARGET];
	if (at < 0 && step < 0)
		at = 0;
	for (int i = 0; i < n; i++) {
		at = (at + step + n) % n;
		if (at != pair->host[SIDE_SOURCE] &&
		    snapshot_host(pair->ui->hosts, at)->state != HOST_FORGOTTEN) {
			set_hosts(pair, pair->host[SIDE_SOURCE], at);
			return;
		}
	}
	ui_say(pair->ui, ROLE_NORMAL, "There is no other host: only %s is known.",
	       snapshot_host(pair->ui->hosts, pair->host[SIDE_SOURCE])->address->label);
}

static void step_possible(PairView *pair, int step)
{
	CompatQuestion q;
	int host = pair_possible(pair, step);
	if (host >= 0)
		set_hosts(pair, pair->host[SIDE_SOURCE], host);
	else if (pair_question(pair, &q))
		ui_say(pair->ui, ROLE_NORMAL, "No other host can take it now: b says why.");
	else
		ui_say(pair->ui, ROLE_NORMAL, "Select a type or an instance on the source first.");
}

static void swap(PairView *pair)
{
	if (pair->host[SIDE_TARGET] < 0) {
		ui_say(pair->ui, ROLE_NORMAL, "There is no target to swap with: t chooses one.");
		return;
	}
	PairCursor cursor = pair->cursor[SIDE_SOURCE];
	pair->cursor[SIDE_SOURCE] = pair->cursor[SIDE_TARGET];
	pair->cursor[SIDE_TARGET] = cursor;
	set_hosts(pair, pair->host[SIDE_TARGET], pair->host[SIDE_SOURCE]);
}

static void refresh(PairView *pair)
{
	for (int s = 0; s < SIDE_COUNT; s++) {
		if (pair->host[s] >= 0)
			fleet_refresh(pair->ui->fleet, (guint)pair->host[s]);
	}
	ui_say(pair->ui, ROLE_NORMAL, "Reading again.");
}

static void toggle_fold(PairView *pair)
{
	pair->unfold = !pair->unfold;
	rebuild(pair);
	ui_say(pair->ui, ROLE_NORMAL,
	       pair->unfold          ? "All types are shown; o folds."
	       : pair->model->folded ? "%u types that nobody uses are folded; o unfolds."
	                             : "There is nothing to fold.",
	       pair->model->folded);
}

/* The same thing stays selected: its name says where it stands in the other view. */
static void toggle_hardware(PairView *pair)
{
	pair->hardware = !pair->hardware;
	rebuild(pair);
	pair->cursor[pair->focus].chosen = true;
	cursor_set(pair, pair->focus, pair->cursor[pair->focus].row);
	ui_say(pair->ui, ROLE_NORMAL,
	       pair->hardware ? "By hardware: cards with their types; a goes back to types."
	                      : "By type; a shows the hardware.");
}

/* Opens or folds the card under the cursor; false if that is how it is already. */
static bool fold_card(PairView *pair, bool close)
{
	const PairRow *row = pair_cursor_row(pair, pair->focus);
	PairCursor *cursor = &pair->cursor[pair->focus];
	if (!row || !row->card_name || g_hash_table_contains(pair->closed, row->card_name) == close)
		return false;
	if (close) {
		g_hash_table_add(pair->closed, g_strdup(row->card_name));
		/* Folded: the cursor moves up to the card. */
		g_clear_pointer(&cursor->type, g_free);
		g_clear_pointer(&cursor->instance, g_free);
	} else {
		g_hash_table_remove(pair->closed, row->card_name);
	}
	cursor->chosen = true;
	rebuild(pair);
	return true;
}

static void open_remove(PairView *pair)
{
	const PairRow *row = pair_cursor_row(pair, pair->focus);
	const Instance *instance = row ? row->instance[pair->focus] : NULL;
	if (!instance)
		ui_say(pair->ui, ROLE_WARNING, "Select an instance to remove it.");
	else
		remove_wizard(pair->ui, pair->host[pair->focus], instance);
}

static void open_acts(PairView *pair, ActionId id)
{
	const PairRow *row = pair_cursor_row(pair, pair->focus);
	if (!row)
		ui_say(pair->ui, ROLE_WARNING, "Nothing is selected here.");
	else
		acts_open(pair->ui, pair->host[pair->focus], row, pair->focus, id);
}

static void open_create(PairView *pair)
{
	const PairRow *row = pair_cursor_row(pair, pair->focus);
	int host = pair->host[pair->focus];
	if (host < 0)
		ui_say(pair->ui, ROLE_WARNING, "There is no target: t chooses one.");
	else
		create_wizard(pair->ui, host, row && row->card[pair->focus] ? row->card_name : NULL,
		              row && row->kind != ROW_CARD ? row->type_id : NULL);
}

static bool back(PairView *pair)
{
	if (pair->filter.len == 0)
		return false;
	prompt_wipe(&pair->filter);
	rebuild(pair);
	return true;
}

static void invert(PairView *pair)
{
	g_autofree char *turned = filter_inverted(pair->filter.text);
	prompt_set(&pair->filter, turned);
	rebuild(pair);
}

static bool pair_move(PairView *pair, ActionId id)
{
	if (!list_move(&pair->list, id, can_stand, pair))
		return false;
	cursor_set(pair, pair->focus, pair->list.selected);
	pair->cursor[pair->focus].chosen = true;
	pair_judge(pair);
	tell_selection(pair, true);
	return true;
}

static bool pair_action(View *view, ActionId id)
{
	PairView *pair = self(view);
	switch (id) {
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		focus_to(pair, pair->focus == SIDE_SOURCE ? SIDE_TARGET : SIDE_SOURCE);
		return true;
	case ACTION_HARDWARE:
		toggle_hardware(pair);
		return true;
	case ACTION_ACCEPT:
	case ACTION_RIGHT:
		if (fold_card(pair, false))
			return true;
		details_open(pair->ui, view);
		return true;
	case ACTION_DETAILS:
		details_open(pair->ui, view);
		return true;
	case ACTION_FILTER:
		pair->filtering = true;
		return true;
	case ACTION_INVERT:
		invert(pair);
		return true;
	case ACTION_ACT:
		open_acts(pair, ACTION_NONE);
		return true;
	case ACTION_CREATE:
		open_create(pair);
		return true;
	case ACTION_REMOVE:
		open_remove(pair);
		return true;
	case ACTION_SOURCE:
		picker_open(pair->ui, view, SIDE_SOURCE);
		return true;
	case ACTION_TARGET:
		picker_open(pair->ui, view, SIDE_TARGET);
		return true;
	case ACTION_BEST:
		best_open(pair->ui, view);
		return true;
	case ACTION_POSSIBLE_PREV:
		step_possible(pair, -1);
		return true;
	case ACTION_POSSIBLE_NEXT:
		step_possible(pair, 1);
		return true;
	case ACTION_SWAP:
		swap(pair);
		return true;
	case ACTION_TARGET_PREV:
		step_target(pair, -1);
		return true;
	case ACTION_TARGET_NEXT:
		step_target(pair, 1);
		return true;
	case ACTION_UNFOLD:
		toggle_fold(pair);
		return true;
	case ACTION_LEFT:
		if (!fold_card(pair, true) && pair->unfold)
			toggle_fold(pair);
		return true;
	case ACTION_REFRESH:
		refresh(pair);
		return true;
	case ACTION_BACK:
		return back(pair);
	default:
		if (acts_has(id)) {
			open_acts(pair, id);
			return true;
		}
		return pair_move(pair, id);
	}
}

/* While the filter is typed every character belongs to it; movement still moves. */
static bool pair_key(View *view, Key key)
{
	PairView *pair = self(view);
	if (!pair->filtering)
		return false;
	if (key == KEYCODE_ENTER || key == KEYCODE_ESC) {
		pair->filtering = false;
		if (key == KEYCODE_ESC)
			back(pair);
		return true;
	}
	if (!prompt_key(&pair->filter, key))
		return false;
	rebuild(pair);
	return true;
}

static void pair_update(View *view)
{
	rebuild(self(view));
}

static void pair_free(View *view)
{
	PairView *pair = self(view);
	for (int s = 0; s < SIDE_COUNT; s++) {
		g_free(pair->cursor[s].card);
		g_free(pair->cursor[s].type);
		g_free(pair->cursor[s].instance);
	}
	pair_model_free(pair->model);
	verdict_free(pair->verdict);
	g_free(pair->no_verdict);
	g_free(pair->whole);
	g_free(pair->zero);
	g_hash_table_unref(pair->closed);
	g_array_unref(pair->row_signs);
	g_free(pair);
}

static const ViewOps ops = {
	.context = CONTEXT_PAIR,
	.title = "the main screen",
	.draw = pair_draw,
	.key = pair_key,
	.typing = pair_is_typing,
	.next_tick = pair_next_tick,
	.action = pair_action,
	.update = pair_update,
	.free = pair_free,
};

View *pair_view_new(Ui *ui, int source, int target)
{
	PairView *pair = g_new0(PairView, 1);
	pair->base.ops = &ops;
	pair->ui = ui;
	pair->host[SIDE_SOURCE] = pair->host[SIDE_TARGET] = -1;
	pair->closed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	pair->row_signs = g_array_new(FALSE, TRUE, sizeof(int));
	pair->list.rows = 1;
	set_hosts(pair, source, target);
	return &pair->base;
}
