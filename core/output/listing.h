// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The text of `list`, `hosts` and `--dry-run`: aligned tables for people. Scripts read the JSON.
 * The column tables are public so that tests can hold them against the JSON.
 */

#include "core/output/columns.h"
#include "core/output/host_row.h"
#include "core/plan/plan.h"

typedef struct {
	const char *name; /* "parents", "types", ... */
	const Column *columns;
	guint n;
} ColumnTable;

/* All tables that a listing consists of. */
extern const ColumnTable column_tables[];
extern const guint column_table_count;
/* A column of one of the tables, for a screen that shows the same field; NULL: there is none. */
const Column *listing_column(const char *table, const char *name);

/* One host with all it holds. An empty host says why it is empty. */
void listing_host(GString *out, const HostRow *row, const TextStyle *style);
/* One line a host: connection state and versions. `rows`: HostRow *. */
void listing_hosts(GString *out, const GPtrArray *rows, const TextStyle *style);
/* What a plan would do: each step with its exact write, as a shell line. */
void listing_plan(GString *out, const Plan *plan, const TextStyle *style);
