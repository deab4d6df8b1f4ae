// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What every command works with: its options and operands, the hosts that were named, the way to
 * open them, and the report that collects what goes to stdout and stderr. One per process; used by
 * the main thread.
 */

#include "cli/options.h"
#include "cli/report.h"
#include "core/fleet.h"
#include "core/hosts.h"

struct Cli {
	const Command *command;
	Options options;
	char **words;    /* all operands, the command's name among them; owned */
	char **operands; /* of these, those behind the name */
	guint n_operands;
	GPtrArray *hosts; /* HostAddress *: --host, --hosts, and what operands named since */
	guint n_named;    /* of these, from options */
	BackendOpen open; /* given by the composition root */
	GPtrArray *(*ssh_names)(const char *ssh_config); /* remote/ssh_names.h */
	BackendOptions backend;
	GCancellable *cancel; /* ^C */
	Report report;
};

/* Handlers of the command table: one a file. They return the exit status. */
Status run_console(Cli *cli);
Status run_list(Cli *cli);
Status run_hosts(Cli *cli);
Status run_create(Cli *cli);
Status run_remove(Cli *cli);
Status run_define(Cli *cli);
Status run_undefine(Cli *cli);
Status run_start(Cli *cli);
Status run_stop(Cli *cli);
Status run_autostart(Cli *cli);
Status run_attr(Cli *cli);
Status run_apply(Cli *cli);
Status run_check(Cli *cli);
Status run_best(Cli *cli);
Status run_matrix(Cli *cli);
Status run_doctor(Cli *cli);
Status run_journal(Cli *cli);
Status run_record(Cli *cli);
Status run_watch(Cli *cli);
Status run_completion(Cli *cli);
