// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/definitions.h"

#include <string.h>

#include "cli/change.h"

const Definition *definition_find(const Inventory *inventory, const Item *item, Status *status,
                                  Problem **problem)
{
	const char *host = item->host->label;
	const Definition *found = NULL;
	guint matches = 0;

	for (guint i = 0; i < inventory->definitions->len; i++) {
		const Definition *definition = g_ptr_array_index(inventory->definitions, i);
		if (!g_str_has_prefix(definition->uuid, item->uuid) ||
		    (item->parent && !g_str_equal(item->parent, definition->parent)))
			continue;
		found = definition;
		matches++;
	}
	if (matches == 1)
		return found;
	g_autofree char *text =
		matches ? g_strdup_printf("%s is not unique on %s: %u definitions match",
	                                  item->uuid, host, matches)
			: g_strdup_printf("%s has no definition %s", host, item->uuid);
	*status = matches ? STATUS_USAGE : STATUS_NOT_FOUND;
	*problem = problem_new(host, matches ? "EINVAL" : "ENOENT", 0, "device", NULL, text,
	                       matches ? "name it HOST/PARENT/UUID" : "`mdevcon define` makes one");
	return NULL;
}

/* What is not defined any more counts as undefined where that was asked for. */
static void missing(Cli *cli, const Item *item, Status status, Problem *problem, GArray *statuses)
{
	if (status != STATUS_NOT_FOUND || !cli->options.if_exists) {
		change_failed(cli, item->target, status, problem, statuses);
		return;
	}
	Status done = STATUS_DONE;
	StepResult result = { .target = (char *)item->target,
		              .ok = true,
		              .text = (char *)"it is not defined" };
	report_result(&cli->report, &result);
	g_array_append_val(statuses, done);
	problem_free(problem);
}

static void plan_item(Cli *cli, const Visit *visit, const Item *item,
                      const DefinitionChange *change, GPtrArray *plans, GArray *statuses)
{
	Status status = visit->status;
	Problem *problem = NULL;

	if (!visit->inventory) {
		change_failed(cli, item->target, status, problem_copy(visit->problem), statuses);
		return;
	}
	const Definition *definition = definition_find(visit->inventory, item, &status, &problem);
	if (!definition) {
		missing(cli, item, status, problem, statuses);
		return;
	}
	Plan *plan = change->plan(cli, visit->inventory, item->host->label, definition, &status,
	                          &problem);
	if (plan)
		g_ptr_array_add(plans, plan);
	else
		change_failed(cli, item->target, status, problem, statuses);
}

static void change_all(Cli *cli, const GPtrArray *hosts, const GPtrArray *items,
                       const DefinitionChange *change, GArray *statuses)
{
	g_autoptr(GPtrArray) visits = gather(cli, hosts, change->flags);
	g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);

	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		for (guint k = 0; k < items->len; k++) {
			const Item *item = g_ptr_array_index(items, k);
			if (item->host == visit->address)
				plan_item(cli, visit, item, change, plans, statuses);
		}
	}
	change_plans(cli, visits, plans, change->question, statuses);
}

Status definitions_change(Cli *cli, char **operands, const DefinitionChange *change)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	g_autoptr(GPtrArray) items = items_parse(cli, operands);

	if (!items)
		return STATUS_USAGE;
	g_autoptr(GPtrArray) hosts = items_hosts(cli, items);
	if (change->question && hosts->len > 0 && !change_can_confirm(cli))
		return STATUS_USAGE;
	items_refuse(cli, items, statuses);
	if (hosts->len > 0)
		change_all(cli, hosts, items, change, statuses);
	return cli_status(cli, statuses);
}
