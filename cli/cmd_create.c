// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/wish.h"

Status run_create(Cli *cli)
{
	Wish wish;

	if (cli->options.autostart && !cli->options.define)
		return report_usage(&cli->report,
		                    "--autostart is kept in a definition: it needs --define");
	Status status = wish_read(cli, cli->operands[0], cli->operands[1], &wish);
	wish.define = cli->options.define;
	wish.start = true;
	if (status == STATUS_DONE)
		status = wish_run(cli, &wish);
	wish_clear(&wish);
	return status;
}
