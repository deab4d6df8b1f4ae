// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/change.h"
#include "cli/item.h"
#include "cli/wish.h"

/* The refusal of an instance that cannot be told, or has no parent and type to define. */
static Status refuse(Cli *cli, const Item *item, guint matches, GArray *statuses)
{
	g_autofree char *text =
		matches > 1 ? g_strdup_printf("%s is not unique on %s: %u instances begin with it",
	                                      item->uuid, item->host->label, matches)
			    : g_strdup_printf("%s has no instance %s to define", item->host->label,
	                                      item->uuid);
	Status status = matches > 1 ? STATUS_USAGE : STATUS_NOT_FOUND;

	change_failed(cli, item->target, status,
	              problem_new(item->host->label, matches > 1 ? "EINVAL" : "ENOENT", 0, "device",
	                          NULL, text, NULL),
	              statuses);
	return cli_status(cli, statuses);
}

/* Promotes an instance that runs: its own type, parent and uuid. */
static Status define_running(Cli *cli)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	g_autoptr(Item) item = item_parse(cli, cli->operands[0]);
	guint matches = 0;

	if (!item)
		return STATUS_USAGE;
	if (cli->options.uuid || cli->options.count > 0)
		return report_usage(&cli->report,
		                    "%s names an instance: --uuid and --count do not fit",
		                    item->target);
	g_autoptr(Visit) visit = gather_one(cli, item->host, 0);
	if (!visit->inventory) {
		change_failed(cli, item->target, visit->status, problem_copy(visit->problem),
		              statuses);
		return cli_status(cli, statuses);
	}
	const Instance *instance = inventory_instance(visit->inventory, item->uuid, &matches);
	if (!instance || !instance->uuid || !instance->parent_name || !instance->type.s ||
	    (item->parent && !g_str_equal(item->parent, instance->parent_name)))
		return refuse(cli, item, matches, statuses);

	g_autofree char *target =
		g_strdup_printf("%s/%s", item->host->label, instance->parent_name);
	Wish wish;
	Status status = wish_read(cli, target, instance->type.s, &wish);
	wish.uuid = g_strdup(instance->uuid);
	wish.define = true;
	if (status == STATUS_DONE)
		status = wish_run(cli, &wish);
	wish_clear(&wish);
	return status;
}

Status run_define(Cli *cli)
{
	Wish wish;

	if (cli->n_operands == 1)
		return define_running(cli);
	Status status = wish_read(cli, cli->operands[0], cli->operands[1], &wish);
	wish.define = true;
	if (status == STATUS_DONE)
		status = wish_run(cli, &wish);
	wish_clear(&wish);
	return status;
}
