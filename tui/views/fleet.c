// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/fleet.h"

#include <string.h>

#include "core/cards.h"
#include "core/output/listing.h"
#include "core/output/names.h"
#include "tui/views/add_host.h"
#include "tui/views/details.h"
#include "tui/views/pair.h"
#include "tui/views/table_screen.h"
#include "tui/wizards/question.h"

/* A host. Owns what its cells are made of: the snapshot moves on meanwhile. */
typedef struct {
	HostRow row; /* first: the columns of hosts read it */
	int index;
	Inventory *inventory; /* or NULL */
	char *error;          /* what it said last, or asks; or NULL */
	const char *side;     /* "source", "target", or NULL */
	guint used, use_unknown;
	gint64 room;     /* for one more of the selected type; -1: it is not offered */
	bool room_bound; /* at most that: several functions share it */
	guint room_unreadable;
} FleetRow;

/* ---- columns ------------------------------------------------------------------------------ */

static char *side_cell(const void *row)
{
	return g_strdup(((const FleetRow *)row)->side);
}

static char *used_cell(const void *row)
{
	const FleetRow *host = row;
	if (!host->inventory)
		return NULL;
	return host->use_unknown ? g_strdup_printf("%u+?", host->used)
	                         : g_strdup_printf("%u", host->used);
}

static char *room_cell(const void *row)
{
	const FleetRow *host = row;
	if (host->room < 0)
		return host->room_unreadable ? g_strdup("?") : NULL;
	return g_strdup_printf("%s%" G_GINT64_FORMAT "%s",
	                       host->room_bound && host->room ? "up to " : "", host->room,
	                       host->room_unreadable ? "+?" : "");
}

static int by_room(const void *a, const void *b)
{
	gint64 left = ((const FleetRow *)a)->room, right = ((const FleetRow *)b)->room;
	return left < right ? -1 : left > right;
}

static char *error_cell(const void *row)
{
	return g_strdup(((const FleetRow *)row)->error);
}

static const Column side_column = { "side",      NULL,      "SIDE",   ALIGN_LEFT,
	                            WIDTH_WHOLE, side_cell, .drop = 2 };
static const Column used_column = { "used", NULL, "USED", ALIGN_RIGHT, WIDTH_WHOLE, used_cell };
static const Column room_column = { "free",      NULL,      "FREE", ALIGN_RIGHT,
	                            WIDTH_WHOLE, room_cell, by_room };
static const Column error_column = {
	"error", NULL, "LAST ERROR", ALIGN_LEFT, WIDTH_CUT, error_cell
};

/* In the order of the screen; a name without a column of ours is one of the table of hosts. */
static const struct {
	const char *name;
	const Column *column;
} shown[] = {
	{ "host", NULL },           { "side", &side_column }, { "state", NULL },
	{ "latency", NULL },        { "age", NULL },          { "parents", NULL },
	{ "instances", NULL },      { "used", &used_column }, { "free", &room_column },
	{ "error", &error_column }, { "kernel", NULL },       { "address", NULL },
	{ "user", NULL },           { "privilege", NULL },    { "arch", NULL },
};

typedef struct {
	TableScreen base;
	const Column *columns[G_N_ELEMENTS(shown) + 1];
	char *type;     /* whose room is shown, or NULL */
	gint64 made_at; /* the rows: seconds since the epoch */
} FleetScreen;

static void find_columns(FleetScreen *fleet)
{
	for (guint i = 0; i < G_N_ELEMENTS(shown); i++)
		fleet->columns[i] =
			shown[i].column ? shown[i].column : listing_column("hosts", shown[i].name);
}

/* ---- rows --------------------------------------------------------------------------------- */

static void row_free(gpointer data)
{
	FleetRow *row = data;
	inventory_unref(row->inventory);
	g_free(row->error);
	g_free(row);
}

/* What all cards of the host say of the type, together. */
static void add_room(FleetRow *row, const char *type_id)
{
	row->room = -1;
	for (guint i = 0; type_id && row->inventory && i < row->inventory->cards->len; i++) {
		const CardType *type =
			card_type(g_ptr_array_index(row->inventory->cards, i), type_id);
		if (!type || type->offers->len == 0)
			continue;
		row->room_bound |= type->offers->len > 1;
		row->room_unreadable += type->unreadable;
		if (type->unreadable < type->offers->len)
			row->room = MAX(row->room, 0) + type->available;
	}
}

static void add_uses(FleetRow *row)
{
	for (guint i = 0; row->inventory && i < row->inventory->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(row->inventory->instances, i);
		row->used += instance->in_use == TRI_YES;
		row->use_unknown += instance->in_use == TRI_UNKNOWN;
	}
}

/* What it said last; the row names the host already. */
static char *last_words(const HostView *host)
{
	const char *words = host->question_id ? host->question : host->error;
	gsize n = strlen(host->address->label);
	if (words && strncmp(words, host->address->label, n) == 0 && words[n] == ':')
		words += n + 1 + (words[n + 1] == ' ');
	return g_strdup(words);
}

static FleetRow *row_new(const FleetScreen *fleet, int index)
{
	const Ui *ui = fleet->base.ui;
	const HostView *host = snapshot_host(ui->hosts, index);
	Selection selection = pair_selection(ui->pair);
	FleetRow *row = g_new0(FleetRow, 1);
	row->index = index;
	row->inventory = host->inventory ? inventory_ref(host->inventory) : NULL;
	row->row = (HostRow){ .address = host->address,
		              .state = host->question_id ? "asks" : host_state_name(host->state),
		              .inventory = row->inventory,
		              .latency_ms = host->state == HOST_RECORDING ? -1 : host->latency_ms,
		              .now = fleet->made_at };
	row->error = last_words(host);
	row->side = index == selection.host[SIDE_SOURCE]   ? "source"
	            : index == selection.host[SIDE_TARGET] ? "target"
	                                                   : NULL;
	add_room(row, fleet->type);
	add_uses(row);
	return row;
}

static const char *row_id(const void *row)
{
	return ((const FleetRow *)row)->row.address->label;
}

static Role row_role(const void *data, const Column *column)
{
	const FleetRow *row = data;
	const char *state = row->row.state;
	bool stale = row->inventory && g_str_equal(state, "stale");
	if (column == &error_column || g_str_equal(column->name, "state")) {
		if (g_str_equal(state, "down"))
			return ROLE_CANNOT;
		if (stale || g_str_equal(state, "asks"))
			return ROLE_WARNING;
	}
	return stale || g_str_equal(state, "connecting") ? ROLE_DIM : ROLE_NORMAL;
}

static void fleet_update(View *view)
{
	FleetScreen *fleet = (FleetScreen *)view;
	const Ui *ui = fleet->base.ui;
	const PairRow *selected = pair_selection(ui->pair).row[SIDE_SOURCE];
	GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
	fleet->made_at = g_get_real_time() / G_USEC_PER_SEC;
	g_free(fleet->type);
	fleet->type = selected && selected->kind != ROW_CARD && *selected->type_id
	                      ? g_strdup(selected->type_id)
	                      : NULL;
	for (int i = -1; (i = snapshot_next(ui->hosts, i)) >= 0;)
		g_ptr_array_add(rows, row_new(fleet, i));
	table_set_rows(fleet->base.table, rows);
}

/* ---- actions ------------------------------------------------------------------------------ */

static void refresh(FleetScreen *fleet)
{
	g_autoptr(GPtrArray) hosts = table_chosen(fleet->base.table);
	for (guint i = 0; i < hosts->len; i++)
		fleet_refresh(fleet->base.ui->fleet,
		              (guint)((FleetRow *)g_ptr_array_index(hosts, i))->index);
	ui_say(fleet->base.ui, ROLE_NORMAL, "Reading %u host%s again.", hosts->len,
	       hosts->len == 1 ? "" : "s");
}

static void set_side(FleetScreen *fleet, PairSide side)
{
	const FleetRow *row = table_row(fleet->base.table);
	if (!row)
		return;
	pair_set_host(fleet->base.ui->pair, side, row->index);
	ui_say(fleet->base.ui, ROLE_NORMAL, "%s is the %s now; 1 shows both.",
	       row->row.address->label, side == SIDE_SOURCE ? "source" : "target");
	fleet_update(&fleet->base.base);
}

static void disconnect(FleetScreen *fleet)
{
	Ui *ui = fleet->base.ui;
	const FleetRow *at = table_row(fleet->base.table);
	g_autoptr(GPtrArray) hosts = table_chosen(fleet->base.table);
	bool resume = at && snapshot_host(ui->hosts, at->index)->state == HOST_PAUSED;
	for (guint i = 0; i < hosts->len; i++) {
		const FleetRow *row = g_ptr_array_index(hosts, i);
		if (resume)
			fleet_resume(ui->fleet, (guint)row->index);
		else
			fleet_pause(ui->fleet, (guint)row->index);
	}
	ui_say(ui, ROLE_NORMAL, resume ? "Connecting %u host%s." : "Disconnected %u host%s.",
	       hosts->len, hosts->len == 1 ? "" : "s");
}

/* Off the list until it is added again; what stands on the main screen stays. */
static void forget(FleetScreen *fleet)
{
	Ui *ui = fleet->base.ui;
	g_autoptr(GPtrArray) hosts = table_chosen(fleet->base.table);
	guint forgotten = 0;
	for (guint i = 0; i < hosts->len; i++) {
		const FleetRow *row = g_ptr_array_index(hosts, i);
		if (row->side)
			continue;
		fleet_forget(ui->fleet, (guint)row->index);
		forgotten++;
	}
	if (forgotten < hosts->len)
		ui_say(ui, ROLE_WARNING,
		       "Forgot %u; the source and the target stay: choose others first.",
		       forgotten);
	else
		ui_say(ui, ROLE_NORMAL, "Forgot %u host%s; nothing was changed there.", forgotten,
		       forgotten == 1 ? "" : "s");
}

/* A host that asks is answered first: until then there is little else to see of it. */
static void open_row(FleetScreen *fleet, bool answer)
{
	Ui *ui = fleet->base.ui;
	const FleetRow *row = table_row(fleet->base.table);
	if (!row)
		return;
	if (answer && snapshot_host(ui->hosts, row->index)->question_id)
		question_open(ui, row->index);
	else
		details_open_host(ui, row->index);
}

static bool fleet_action(View *view, ActionId id)
{
	FleetScreen *fleet = (FleetScreen *)view;
	switch (id) {
	case ACTION_ACCEPT:
	case ACTION_RIGHT:
	case ACTION_DETAILS:
		open_row(fleet, id == ACTION_ACCEPT);
		return true;
	case ACTION_SOURCE:
	case ACTION_TARGET:
		set_side(fleet, id == ACTION_SOURCE ? SIDE_SOURCE : SIDE_TARGET);
		return true;
	case ACTION_REFRESH:
		refresh(fleet);
		return true;
	case ACTION_DISCONNECT:
		disconnect(fleet);
		return true;
	case ACTION_FORGET:
		forget(fleet);
		return true;
	case ACTION_ADD_HOST:
		add_host_open(fleet->base.ui);
		return true;
	default:
		return table_screen_action(&fleet->base, id);
	}
}

/* ---- the screen --------------------------------------------------------------------------- */

static void fleet_draw(View *view, Surface *surface)
{
	FleetScreen *fleet = (FleetScreen *)view;
	if (g_get_real_time() / G_USEC_PER_SEC != fleet->made_at)
		fleet_update(view); /* its ages */
	const FleetRow *row = table_row(fleet->base.table);
	g_autofree char *title = fleet->type ? g_strdup_printf("free: %s", fleet->type) : NULL;
	bool asks = row && g_str_equal(row->row.state, "asks");
	g_autofree char *note =
		!row || !row->error ? g_strdup("s t make a host source or target; Enter opens it.")
		: asks ? g_strdup_printf("%s asks; Enter answers.", row->row.address->label)
		       : g_strdup_printf("%s: %s", row->row.address->label, row->error);
	table_screen_draw(&fleet->base, surface, title, "There is no host.", note);
}

/* Ages are shown in seconds while anything but recordings is looked at. */
static int fleet_next_tick(const View *view)
{
	const Ui *ui = ((const FleetScreen *)view)->base.ui;
	for (int i = -1; (i = snapshot_next(ui->hosts, i)) >= 0;) {
		if (snapshot_host(ui->hosts, i)->state != HOST_RECORDING)
			return 1000;
	}
	return 30 * 1000;
}

void fleet_screen_select(View *view, const char *label)
{
	table_clear_filter(((FleetScreen *)view)->base.table);
	table_select(((FleetScreen *)view)->base.table, label);
}

static void fleet_screen_free(View *view)
{
	FleetScreen *fleet = (FleetScreen *)view;
	table_screen_clear(&fleet->base);
	g_free(fleet->type);
	g_free(fleet);
}

static const ViewOps ops = {
	.context = CONTEXT_FLEET,
	.title = "the fleet",
	.draw = fleet_draw,
	.key = table_screen_key,
	.typing = table_screen_typing,
	.next_tick = fleet_next_tick,
	.action = fleet_action,
	.update = fleet_update,
	.free = fleet_screen_free,
};

View *fleet_screen_new(Ui *ui)
{
	FleetScreen *fleet = g_new0(FleetScreen, 1);
	TableSpec spec = { .columns = fleet->columns, .id = row_id, .role = row_role };
	find_columns(fleet);
	table_screen_init(&fleet->base, ui, &ops, "Fleet", &spec);
	return &fleet->base.base;
}
