// SPDX-License-Identifier: GPL-2.0-or-later
/* undefine, start, stop, autostart: each one kind of plan over the definitions that are named. */
#include "cli/definitions.h"

static Plan *undefine(const Cli *cli, const Inventory *inventory, const char *host,
                      const Definition *definition, Status *status, Problem **problem)
{
	(void)cli;
	return plan_undefine(inventory, host, definition, status, problem);
}

static Plan *start(const Cli *cli, const Inventory *inventory, const char *host,
                   const Definition *definition, Status *status, Problem **problem)
{
	(void)cli;
	return plan_start(inventory, host, definition, status, problem);
}

static Plan *stop(const Cli *cli, const Inventory *inventory, const char *host,
                  const Definition *definition, Status *status, Problem **problem)
{
	return plan_stop(inventory, host, definition, cli->options.force, status, problem);
}

static Plan *autostart(const Cli *cli, const Inventory *inventory, const char *host,
                       const Definition *definition, Status *status, Problem **problem)
{
	bool on = g_str_equal(cli->operands[0], "on");
	return plan_autostart(inventory, host, definition, on, status, problem);
}

Status run_undefine(Cli *cli)
{
	static const DefinitionChange change = { "Undefine?", 0, undefine };
	return definitions_change(cli, cli->operands, &change);
}

Status run_start(Cli *cli)
{
	static const DefinitionChange change = { NULL, 0, start };
	return definitions_change(cli, cli->operands, &change);
}

/* Asks nothing: what is in use is refused, and what is defined can be started again. */
Status run_stop(Cli *cli)
{
	static const DefinitionChange change = { NULL, SCAN_USERS, stop };
	return definitions_change(cli, cli->operands, &change);
}

Status run_autostart(Cli *cli)
{
	static const DefinitionChange change = { NULL, 0, autostart };

	if (!g_str_equal(cli->operands[0], "on") && !g_str_equal(cli->operands[0], "off"))
		return report_usage(&cli->report, "autostart: '%s' is neither on nor off",
		                    cli->operands[0]);
	return definitions_change(cli, cli->operands + 1, &change);
}
