// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What commands that change hosts share: refusing, asking, running plans. */

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

/*
 * For a command that asks before it changes: false, and reported, where nobody can be asked and
 * --yes was not given. Said before any host is read: without an answer nothing could be done there.
 */
bool change_can_confirm(Cli *cli);

/*
 * Runs the plans (Plan *), each on the line of its host's visit; in a dry run shows them. With a
 * `question` ("Remove?") they are shown and it is asked first.
 */
void change_plans(Cli *cli, const GPtrArray *visits, const GPtrArray *plans, const char *question,
                  GArray *statuses);
