// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/change.h"
#include "cli/item.h"

static Problem *not_on_parent(const Item *item, const Step *step, Status *status)
{
	g_autofree char *text = g_strdup_printf("%s is not on %s", step->uuid, item->parent);

	*status = STATUS_NOT_FOUND;
	return problem_new(item->host->label, "ENOENT", 0, "device", NULL, text, NULL);
}

/* The whole uuid that an item means, or NULL with the refusal. */
static char *resolve(const Cli *cli, const Inventory *inventory, const Item *item, Status *status,
                     Problem **problem)
{
	const char *one[] = { item->uuid, NULL };
	g_autoptr(Plan) plan = plan_remove(inventory, item->host->label, one, cli->options.force,
	                                   cli->options.if_exists, status, problem);
	if (!plan)
		return NULL;

	const Step *step = plan->steps->len ? g_ptr_array_index(plan->steps, 0) : NULL;
	if (step && item->parent && step->parent && !g_str_equal(step->parent, item->parent)) {
		*problem = not_on_parent(item, step, status);
		return NULL;
	}
	return g_strdup(step ? step->uuid : item->uuid);
}

static bool holds(const GPtrArray *texts, const char *text)
{
	for (guint i = 0; i < texts->len; i++)
		if (g_str_equal(g_ptr_array_index(texts, i), text))
			return true;
	return false;
}

/* The plan of one host: what can be removed; the others fail here, each with its own reason. */
static Plan *plan_host(Cli *cli, const Visit *visit, const GPtrArray *items, GArray *statuses)
{
	g_autoptr(GPtrArray) uuids = g_ptr_array_new_with_free_func(g_free);
	Status status = visit->status;
	Problem *problem = NULL;

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		if (item->host != visit->address)
			continue;
		if (!visit->inventory) {
			change_failed(cli, item->target, visit->status,
			              problem_copy(visit->problem), statuses);
			continue;
		}
		char *uuid = resolve(cli, visit->inventory, item, &status, &problem);
		if (!uuid)
			change_failed(cli, item->target, status, problem, statuses);
		else if (holds(uuids, uuid))
			g_free(uuid); /* named twice, removed once */
		else
			g_ptr_array_add(uuids, uuid);
	}
	if (uuids->len == 0)
		return NULL;
	g_ptr_array_add(uuids, NULL);

	Plan *plan = plan_remove(visit->inventory, visit->address->label,
	                         (const char *const *)uuids->pdata, cli->options.force,
	                         cli->options.if_exists, &status, &problem);
	if (!plan)
		change_failed(cli, visit->address->label, status, problem, statuses);
	return plan;
}

static void remove_from(Cli *cli, const GPtrArray *hosts, const GPtrArray *items, GArray *statuses)
{
	g_autoptr(GPtrArray) visits = gather(cli, hosts, SCAN_USERS);
	g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);

	for (guint i = 0; i < visits->len; i++) {
		Plan *plan = plan_host(cli, g_ptr_array_index(visits, i), items, statuses);
		if (plan)
			g_ptr_array_add(plans, plan);
	}
	change_plans(cli, visits, plans, "Remove?", statuses);
}

Status run_remove(Cli *cli)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	g_autoptr(GPtrArray) items = items_parse(cli, cli->operands);

	if (!items)
		return STATUS_USAGE;
	g_autoptr(GPtrArray) hosts = items_hosts(cli, items);
	if (hosts->len > 0 && !change_can_confirm(cli))
		return STATUS_USAGE;
	items_refuse(cli, items, statuses);
	if (hosts->len > 0)
		remove_from(cli, hosts, items, statuses);
	return cli_status(cli, statuses);
}
