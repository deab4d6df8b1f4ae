// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What create and remove share: refusing hosts that must not be written, running plans. */

#include "cli/cli.h"
#include "cli/gather.h"

/* True if that host may be written to; true for any host in a dry run. */
bool change_allowed(const Cli *cli, const HostAddress *address);
/* Why it may not. New. */
Problem *change_refusal(const Cli *cli, const HostAddress *address);

/*
 * An item that failed before anything was written: its error, its row of "results", its status.
 * Takes `problem`.
 */
void change_failed(Cli *cli, const char *target, Status status, Problem *problem, GArray *statuses);

/* Runs the plan on the host's own line; reports each step and adds its status. */
void change_run(Cli *cli, const Plan *plan, Backend *backend, GArray *statuses);
