// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/messages.h"

#include "tui/views/table_screen.h"
#include "tui/views/text_view.h"

/* ---- columns ------------------------------------------------------------------------------ */

static char *time_cell(const void *row)
{
	g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(((const LogEntry *)row)->at);
	return g_date_time_format(at, "%H:%M:%S");
}

static int by_number(const void *a, const void *b)
{
	guint64 left = ((const LogEntry *)a)->number, right = ((const LogEntry *)b)->number;
	return left < right ? -1 : left > right;
}

static char *host_cell(const void *row)
{
	return g_strdup(((const LogEntry *)row)->host);
}

static char *code_cell(const void *row)
{
	return g_strdup(((const LogEntry *)row)->code);
}

static char *text_cell(const void *row)
{
	return g_strdup(((const LogEntry *)row)->text);
}

static const Column time_column = { "time",      "time",    "TIME",   ALIGN_LEFT,
	                            WIDTH_WHOLE, time_cell, by_number };
static const Column host_column = { "host", "host", "HOST", ALIGN_LEFT, WIDTH_WHOLE, host_cell };
static const Column code_column = { "code",      "code",    "CODE",   ALIGN_LEFT,
	                            WIDTH_WHOLE, code_cell, .drop = 1 };
static const Column text_column = { "text", "text", "TEXT", ALIGN_LEFT, WIDTH_CUT, text_cell };
static const Column *const columns[] = { &time_column, &host_column, &code_column, &text_column,
	                                 NULL };

static const char *row_id(const void *row)
{
	return ((const LogEntry *)row)->id;
}

static Role row_role(const void *row, const Column *column)
{
	return column == &text_column ? ((const LogEntry *)row)->role : ROLE_NORMAL;
}

/* ---- details ------------------------------------------------------------------------------ */

static void fill(Viewer *viewer, Ui *ui, void *data)
{
	const LogEntry *entry = data;
	g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(entry->at);
	g_autofree char *time = g_date_time_format(at, "%F %T");
	viewer_field(viewer, "said", time);
	viewer_field(viewer, "host", entry->host);
	viewer_field(viewer, "code", entry->code);
	viewer_field(viewer, "text", entry->text);
	viewer_field(viewer, "to do", entry->hint);
}

/* ---- the screen --------------------------------------------------------------------------- */

typedef struct {
	TableScreen base;
	guint64 newest; /* that is shown */
} MessagesScreen;

static void messages_update(View *view)
{
	MessagesScreen *messages = (MessagesScreen *)view;
	const Log *log = messages->base.ui->log;
	GPtrArray *rows = g_ptr_array_new_with_free_func(log_entry_unref);
	for (guint i = 0; i < log_count(log); i++)
		g_ptr_array_add(rows, log_entry_ref(log_nth(log, i)));
	messages->newest = log_newest(log);
	table_set_rows(messages->base.table, rows);
}

/* Something is said at any moment, not only when hosts have news. */
static void messages_draw(View *view, Surface *surface)
{
	TableScreen *screen = (TableScreen *)view;
	if (log_newest(screen->ui->log) != ((MessagesScreen *)view)->newest)
		messages_update(view);
	const LogEntry *entry = table_row(screen->table);
	table_screen_draw(screen, surface, NULL, "Nothing was said yet.",
	                  entry ? entry->hint ? entry->hint : entry->text : NULL);
}

static bool messages_action(View *view, ActionId id)
{
	TableScreen *screen = (TableScreen *)view;
	const LogEntry *entry = table_row(screen->table);
	if (id != ACTION_ACCEPT && id != ACTION_RIGHT && id != ACTION_DETAILS)
		return table_screen_action(screen, id);
	if (entry)
		text_view_open(screen->ui, "Message", fill, log_entry_ref(entry), log_entry_unref,
		               false);
	return true;
}

static void messages_free(View *view)
{
	table_screen_clear((TableScreen *)view);
	g_free(view);
}

static const ViewOps ops = {
	.context = CONTEXT_TABLE,
	.title = "the messages",
	.draw = messages_draw,
	.key = table_screen_key,
	.typing = table_screen_typing,
	.action = messages_action,
	.update = messages_update,
	.free = messages_free,
};

View *messages_screen_new(Ui *ui)
{
	static const TableSpec spec = {
		.columns = columns, .id = row_id, .role = row_role, .at_end = true
	};
	MessagesScreen *messages = g_new0(MessagesScreen, 1);
	table_screen_init(&messages->base, ui, &ops, "Messages", &spec);
	return &messages->base.base;
}

/* ---- what hosts say by themselves --------------------------------------------------------- */

static void watch_host(Ui *ui, const HostView *host)
{
	const char *label = host->address->label;
	if (host->error)
		log_once(ui->log, ROLE_ERROR, label, host->error_code, host->error, NULL);
	if (host->notice)
		log_once(ui->log, ROLE_NORMAL, label, NULL, host->notice, NULL);
	for (guint i = 0; host->inventory && i < host->inventory->errors->len; i++) {
		const ScanError *error = g_ptr_array_index(host->inventory->errors, i);
		g_autofree char *text = g_strdup_printf("%s%s%s", error->path ? error->path : "",
		                                        error->path ? ": " : "", error->text);
		log_once(ui->log, ROLE_WARNING, label, error->code, text, error->hint);
	}
}

void messages_watch(Ui *ui)
{
	for (guint i = 0; i < snapshot_count(ui->hosts); i++)
		watch_host(ui, snapshot_host(ui->hosts, (int)i));
}
