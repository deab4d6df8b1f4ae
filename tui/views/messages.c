// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/messages.h"

#include "tui/views/text_view.h"

static void add_entry(Viewer *viewer, const LogEntry *entry)
{
	g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(entry->at);
	g_autofree char *time = g_date_time_format(at, "%H:%M:%S");
	viewer_addf(viewer, entry->role, 10, "%s  %s%s%s%s%s", time, entry->host ? entry->host : "",
	            entry->host ? "  " : "", entry->code ? entry->code : "",
	            entry->code ? "  " : "", entry->text);
	if (entry->hint)
		viewer_addf(viewer, ROLE_NORMAL, 10, "          %s", entry->hint);
}

static void fill(Viewer *viewer, Ui *ui, void *data)
{
	(void)data;
	for (guint i = 0; i < log_count(ui->log); i++)
		add_entry(viewer, log_nth(ui->log, i));
	if (viewer_count(viewer) == 0)
		viewer_add(viewer, ROLE_NORMAL, 0, "Nothing was said yet.");
}

void messages_open(Ui *ui)
{
	text_view_open(ui, "Messages", fill, NULL, NULL, true);
}

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
