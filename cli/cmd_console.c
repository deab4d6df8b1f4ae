// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "cli/cli.h"
#include "cli/naming.h"
#include "core/fleet.h"
#include "core/facts_cache.h"
#include "core/simulate/demo.h"
#include "tui/app.h"

/* Source and target are the first operands; whatever else was named is there too. */
static Status name_sides(Cli *cli, const char *labels[2])
{
	for (guint i = 0; i < cli->n_operands; i++) {
		const HostAddress *host = naming_host(cli, cli->operands[i]);
		if (!host)
			return STATUS_USAGE;
		labels[i] = host->label;
	}
	if (cli->options.demo && cli->n_operands == 0) {
		labels[0] = DEMO_SOURCE;
		labels[1] = DEMO_TARGET;
	}
	if (cli->hosts->len == 0 && !naming_host(cli, "local"))
		return STATUS_USAGE;
	return STATUS_DONE;
}

Status run_console(Cli *cli)
{
	const char *labels[2] = { NULL, NULL };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		if (cli->n_operands > 0)
			return report_usage(&cli->report,
			                    "'%s' is no command, and the console needs a terminal "
			                    "(mdevcon --help names the commands)",
			                    cli->operands[0]);
		return report_usage(&cli->report, "the console needs a terminal "
		                                  "(mdevcon --help names the commands)");
	}
	Status status = name_sides(cli, labels);
	if (status != STATUS_DONE)
		return status;

	g_autofree char *source = g_strdup(labels[0]);
	g_autofree char *target = g_strdup(labels[1]);
	g_autofree char *cache = cli->options.no_cache ? NULL : facts_cache_default_folder();
	TuiOptions options = {
		.hosts = g_steal_pointer(&cli->hosts),
		.open = cli->open,
		.backend = cli->backend,
		.cache_dir = cache,
		.ssh_names = cli->ssh_names,
		.source_label = source,
		.target_label = target,
		.ascii = cli->options.ascii,
		.color = cli->options.color,
		.read_only = cli->options.read_only,
		.theme = cli->options.theme,
	};
	fleet_prepare_process();
	return (Status)tui_run(&options);
}
