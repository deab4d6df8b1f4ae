// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/guests.h"

#include "core/output/guest_row.h"
#include "core/text.h"
#include "tui/views/details.h"
#include "tui/views/pair.h"
#include "tui/views/table_screen.h"

/* A guest, or an instance without one. Holds the inventory that it points into. */
typedef struct {
	GuestRow row; /* first: the columns of guests read it */
	int host;
	Inventory *inventory;
	GPtrArray *guests; /* of that host, shared by its rows */
	char *id;          /* "HOST/PID" or "HOST/INSTANCE" */
} GuestsRow;

typedef struct {
	TableScreen base;
	const Column **columns;
} GuestsScreen;

/* ---- rows --------------------------------------------------------------------------------- */

static void row_free(gpointer data)
{
	GuestsRow *row = data;
	g_strfreev(row->row.short_ids);
	g_ptr_array_unref(row->guests);
	inventory_unref(row->inventory);
	g_free(row->id);
	g_free(row);
}

static char **short_ids(Ui *ui, const GuestRow *row)
{
	guint n_uuids, n = guest_row_devices(row);
	const char *const *uuids = snapshot_uuids(ui->hosts, &n_uuids);
	char **ids = g_new0(char *, n + 1);
	for (guint i = 0; i < n; i++) {
		const Instance *instance = guest_row_device(row, i);
		ids[i] = instance->uuid ? uuid_short(instance->uuid, uuids, n_uuids, ui->ascii)
		                        : g_strdup(bdf_short(instance->id));
	}
	return ids;
}

static void add_row(GPtrArray *rows, Ui *ui, int host, GPtrArray *guests, GuestRow what)
{
	const HostView *view = snapshot_host(ui->hosts, host);
	GuestsRow *row = g_new0(GuestsRow, 1);
	row->row = what;
	row->host = host;
	row->inventory = inventory_ref(view->inventory);
	row->guests = g_ptr_array_ref(guests);
	row->row.address = view->address;
	row->row.short_ids = short_ids(ui, &what);
	row->id = what.guest ? g_strdup_printf("%s/%" G_GINT64_FORMAT, view->address->label,
	                                       what.guest->pid)
	                     : g_strdup_printf("%s/%s", view->address->label, what.instance->id);
	g_ptr_array_add(rows, row);
}

static void add_host_rows(GPtrArray *rows, GPtrArray *idle, Ui *ui, int host)
{
	const Inventory *inventory = snapshot_host(ui->hosts, host)->inventory;
	g_autoptr(GPtrArray) guests = guests_new(inventory);
	for (guint i = 0; i < guests->len; i++) {
		const Guest *guest = g_ptr_array_index(guests, i);
		add_row(rows, ui, host, guests,
		        (GuestRow){ .guest = guest,
		                    .instance = g_ptr_array_index(guest->instances, 0) });
	}
	for (guint i = 0; i < inventory->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(inventory->instances, i);
		if (!instance->users || instance->users->len == 0)
			add_row(idle, ui, host, guests, (GuestRow){ .instance = instance });
	}
}

/* Guests first, then what nobody holds. */
static void guests_update(View *view)
{
	TableScreen *screen = (TableScreen *)view;
	GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
	GPtrArray *idle = g_ptr_array_new();
	for (int i = -1; (i = snapshot_next(screen->ui->hosts, i)) >= 0;) {
		if (snapshot_host(screen->ui->hosts, i)->inventory)
			add_host_rows(rows, idle, screen->ui, i);
	}
	g_ptr_array_extend_and_steal(rows, idle);
	table_set_rows(screen->table, rows);
}

static const char *row_id(const void *row)
{
	return ((const GuestsRow *)row)->id;
}

static Role row_role(const void *row, const Column *column)
{
	const GuestRow *guest = row;
	if (g_str_equal(column->name, "use") && guest->instance->in_use == TRI_UNKNOWN)
		return ROLE_UNKNOWN;
	return ROLE_NORMAL;
}

/* ---- actions ------------------------------------------------------------------------------ */

static void refresh(const TableScreen *screen)
{
	g_autoptr(GPtrArray) rows = table_chosen(screen->table);
	g_autoptr(GHashTable) asked = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < rows->len; i++) {
		const GuestsRow *row = g_ptr_array_index(rows, i);
		if (g_hash_table_add(asked, GINT_TO_POINTER(row->host)))
			fleet_refresh(screen->ui->fleet, (guint)row->host);
	}
	ui_say(screen->ui, ROLE_NORMAL, "Reading %u host%s again.", g_hash_table_size(asked),
	       g_hash_table_size(asked) == 1 ? "" : "s");
}

static void show_in_pair(const TableScreen *screen)
{
	const GuestsRow *row = table_row(screen->table);
	if (!row)
		return;
	ui_show(screen->ui, SCREEN_PAIR);
	pair_show_instance(screen->ui->pair, row->host, row->row.instance);
}

static bool guests_action(View *view, ActionId id)
{
	TableScreen *screen = (TableScreen *)view;
	const GuestsRow *row = table_row(screen->table);
	switch (id) {
	case ACTION_ACCEPT:
	case ACTION_RIGHT:
		show_in_pair(screen);
		return true;
	case ACTION_DETAILS:
		if (row)
			details_open_guest(screen->ui, row->host, row->row.instance);
		return true;
	case ACTION_SOURCE:
	case ACTION_TARGET:
		if (row)
			pair_set_host(screen->ui->pair,
			              id == ACTION_SOURCE ? SIDE_SOURCE : SIDE_TARGET, row->host);
		if (row)
			ui_say(screen->ui, ROLE_NORMAL, "%s is the %s now; 1 shows both.",
			       row->row.address->label, id == ACTION_SOURCE ? "source" : "target");
		return true;
	case ACTION_REFRESH:
		refresh(screen);
		return true;
	default:
		return table_screen_action(screen, id);
	}
}

/* ---- the screen --------------------------------------------------------------------------- */

static void guests_draw(View *view, Surface *surface)
{
	TableScreen *screen = (TableScreen *)view;
	const GuestsRow *row = table_row(screen->table);
	const Instance *instance = row ? row->row.instance : NULL;
	g_autofree char *note =
		!row ? NULL
		: instance->in_use == TRI_UNKNOWN && instance->in_use_why
			? g_strdup_printf("%s: %s", row->row.address->label, instance->in_use_why)
			: g_strdup("Enter shows it as the source of the pair.");
	table_screen_draw(screen, surface, NULL, "No host that was read holds an instance.", note);
}

static void guests_free(View *view)
{
	GuestsScreen *guests = (GuestsScreen *)view;
	table_screen_clear(&guests->base);
	g_free(guests->columns);
	g_free(guests);
}

static const ViewOps ops = {
	.context = CONTEXT_HOSTS,
	.title = "the guests",
	.draw = guests_draw,
	.key = table_screen_key,
	.typing = table_screen_typing,
	.action = guests_action,
	.update = guests_update,
	.free = guests_free,
};

View *guests_screen_new(Ui *ui)
{
	GuestsScreen *guests = g_new0(GuestsScreen, 1);
	guests->columns = g_new0(const Column *, guest_column_count + 1);
	for (guint i = 0; i < guest_column_count; i++)
		guests->columns[i] = &guest_columns[i];
	TableSpec spec = { .columns = guests->columns, .id = row_id, .role = row_role };
	table_screen_init(&guests->base, ui, &ops, "Guests", &spec);
	return &guests->base.base;
}
