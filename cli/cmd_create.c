// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/change.h"
#include "cli/naming.h"

/* What is to be made, as typed. */
typedef struct {
	const char *target; /* the whole operand */
	HostAddress *host;
	const char *where; /* PARENT, card:BDF, or NULL */
	const char *type;
	char *uuid; /* lower case, or NULL */
	guint count;
} Wish;

static Status read_wish(Cli *cli, Wish *wish)
{
	const Options *options = &cli->options;

	wish->target = cli->operands[0];
	wish->type = cli->operands[1];
	wish->count = options->count > 0 ? (guint)options->count : 1;
	if (options->uuid && !naming_is_uuid(options->uuid))
		return report_usage(&cli->report, "--uuid: '%s' is not a uuid", options->uuid);
	if (options->uuid && wish->count > 1)
		return report_usage(&cli->report,
		                    "--uuid names one instance: --count %u does not fit",
		                    wish->count);
	if (*wish->type == '\0')
		return report_usage(&cli->report, "TYPE is empty");
	wish->host = naming_split(cli, wish->target, &wish->where);
	if (!wish->host)
		return STATUS_USAGE;
	if (wish->where && (*wish->where == '\0' || strchr(wish->where, '/')))
		return report_usage(&cli->report, "'%s' names no parent: HOST/PARENT is wanted",
		                    wish->target);
	wish->uuid = options->uuid ? g_ascii_strdown(options->uuid, -1) : NULL;
	return STATUS_DONE;
}

static void create(Cli *cli, const Wish *wish, GArray *statuses)
{
	g_autoptr(Visit) visit = gather_one(cli, wish->host, 0);
	Status status = visit->status;
	Problem *problem = NULL;

	if (!visit->inventory) {
		change_failed(cli, wish->target, status, problem_copy(visit->problem), statuses);
		return;
	}
	g_autoptr(Plan) plan = plan_create(visit->inventory, wish->host->label, wish->where,
	                                   wish->type, wish->uuid, wish->count, &status, &problem);
	if (!plan) {
		change_failed(cli, wish->target, status, problem, statuses);
		return;
	}
	if (!cli->options.dry_run) {
		change_run(cli, plan, visit->backend, statuses);
		return;
	}
	g_autoptr(GPtrArray) plans = g_ptr_array_new();
	g_ptr_array_add(plans, plan);
	report_plans(&cli->report, plans);
}

Status run_create(Cli *cli)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	Wish wish = { 0 };
	Status status = read_wish(cli, &wish);

	if (status != STATUS_DONE)
		return status;
	if (change_allowed(cli, wish.host))
		create(cli, &wish, statuses);
	else
		change_failed(cli, wish.target, STATUS_REFUSED, change_refusal(cli, wish.host),
		              statuses);
	g_free(wish.uuid);
	return cli_status(cli, statuses);
}
