// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cli.h"
#include "cli/gather.h"
#include "cli/naming.h"
#include "core/output/listing.h"

/* Reads the hosts asked for and reports each; `rows` takes what the text is made from. */
static Status visit_all(Cli *cli, GPtrArray **visits, GArray *rows)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	Status named = naming_hosts(cli, hosts);

	*visits = NULL;
	if (named != STATUS_DONE)
		return named;
	*visits = gather(cli, hosts, SCAN_USERS);
	for (guint i = 0; i < (*visits)->len; i++) {
		const Visit *visit = g_ptr_array_index(*visits, i);
		HostRow row = visit_row(visit);
		report_host(&cli->report, &row);
		g_array_append_val(rows, row);
		g_array_append_val(statuses, visit->status);
	}
	return cli_status(cli, statuses);
}

Status run_list(Cli *cli)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(HostRow));
	g_autoptr(GPtrArray) visits = NULL;
	Status status = visit_all(cli, &visits, rows);

	for (guint i = 0; i < rows->len && !cli->report.json; i++) {
		if (i > 0)
			g_string_append_c(cli->report.text, '\n');
		listing_host(cli->report.text, &g_array_index(rows, HostRow, i),
		             &cli->report.style);
	}
	return status;
}

Status run_hosts(Cli *cli)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(HostRow));
	g_autoptr(GPtrArray) pointers = g_ptr_array_new();
	g_autoptr(GPtrArray) visits = NULL;
	Status status = visit_all(cli, &visits, rows);

	for (guint i = 0; i < rows->len; i++)
		g_ptr_array_add(pointers, &g_array_index(rows, HostRow, i));
	if (!cli->report.json)
		listing_hosts(cli->report.text, pointers, &cli->report.style);
	return status;
}
