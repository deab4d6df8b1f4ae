// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Reading hosts: several at once, in the order asked. */

#include "cli/cli.h"
#include "core/output/host_row.h"

/* A host that was read. The backend stays open, so that a plan can run on the same line. */
typedef struct {
	HostAddress *address; /* the cli's */
	Backend *backend;
	Facts *facts;         /* or NULL */
	Inventory *inventory; /* NULL: see problem */
	Problem *problem;
	Status status;
	int latency_ms;
} Visit;

void visit_free(Visit *visit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Visit, visit_free)

/*
 * Reads all `hosts` (HostAddress *), up to 16 at a time, and returns when all have answered or
 * failed. Returns Visit * array, one per host, in that order.
 */
GPtrArray *gather(Cli *cli, const GPtrArray *hosts, ScanFlags flags);

/* One host. */
Visit *gather_one(Cli *cli, HostAddress *address, ScanFlags flags);

/* The row that outputs are made from; borrows from `visit`. */
HostRow visit_row(const Visit *visit);

/* STATUS_INTERRUPTED after ^C, else what `items` come to together. */
Status cli_status(const Cli *cli, const GArray *items);
