// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/change.h"
#include "cli/naming.h"
#include "cli/place.h"

#define CARD "card:"

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

/* One plan a parent. NULL and the refusal if any of them cannot be made. */
static GPtrArray *make_plans(const Inventory *inventory, const Wish *wish, Status *status,
                             Problem **problem)
{
	const char *host = wish->host->label;
	bool is_card = wish->where && g_str_has_prefix(wish->where, CARD);
	g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);
	g_autoptr(GArray) placements = NULL;

	if (wish->where && !is_card) {
		Placement there = { wish->where, wish->count };
		placements = g_array_new(FALSE, TRUE, sizeof(Placement));
		g_array_append_val(placements, there);
	} else {
		placements = place_instances(inventory, host,
		                             is_card ? wish->where + strlen(CARD) : NULL,
		                             wish->type, wish->uuid, wish->count, status, problem);
	}
	if (!placements)
		return NULL;
	for (guint i = 0; i < placements->len; i++) {
		const Placement *there = &g_array_index(placements, Placement, i);
		Plan *plan = plan_create(inventory, host, there->parent, wish->type, wish->uuid,
		                         there->count, status, problem);
		if (!plan)
			return NULL;
		g_ptr_array_add(plans, plan);
	}
	return g_steal_pointer(&plans);
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
	g_autoptr(GPtrArray) plans = make_plans(visit->inventory, wish, &status, &problem);
	if (!plans) {
		change_failed(cli, wish->target, status, problem, statuses);
		return;
	}
	if (cli->options.dry_run) {
		report_plans(&cli->report, plans);
		return;
	}
	for (guint i = 0; i < plans->len; i++)
		change_run(cli, g_ptr_array_index(plans, i), visit->backend, statuses);
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
