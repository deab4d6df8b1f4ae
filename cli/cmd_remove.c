// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/change.h"
#include "cli/naming.h"
#include "core/output/listing.h"

/* One operand. */
typedef struct {
	const char *target; /* as typed */
	HostAddress *host;
	char *parent; /* of HOST/PARENT/UUID, or NULL */
	char *uuid;   /* or the beginning of one; lower case */
} Item;

static void item_free(Item *item)
{
	g_free(item->parent);
	g_free(item->uuid);
	g_free(item);
}

static Item *item_parse(Cli *cli, const char *operand)
{
	const char *rest = NULL;
	HostAddress *host = naming_split(cli, operand, &rest);
	const char *slash = rest ? strrchr(rest, '/') : NULL;
	const char *uuid = slash ? slash + 1 : rest;

	if (!host)
		return NULL;
	if (!uuid || !naming_is_uuid_prefix(uuid) || slash == rest) {
		report_usage(&cli->report, "'%s' names no instance: HOST/UUID is wanted", operand);
		return NULL;
	}
	Item *item = g_new0(Item, 1);
	item->target = operand;
	item->host = host;
	item->parent = slash ? g_strndup(rest, slash - rest) : NULL;
	item->uuid = g_ascii_strdown(uuid, -1);
	return item;
}

/* All operands, or NULL if one of them is malformed: then nothing is done at all. */
static GPtrArray *parse_items(Cli *cli)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);

	for (guint i = 0; i < cli->n_operands; i++) {
		Item *item = item_parse(cli, cli->operands[i]);
		if (!item)
			return NULL;
		g_ptr_array_add(items, item);
	}
	return g_steal_pointer(&items);
}

static bool can_ask(const Cli *cli)
{
	return !cli->options.no_input && isatty(STDIN_FILENO);
}

/* Hosts to read: each once, in the order named, without those that must not be written to. */
static GPtrArray *writable_hosts(const Cli *cli, const GPtrArray *items)
{
	GPtrArray *hosts = g_ptr_array_new();

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		if (change_allowed(cli, item->host) && !g_ptr_array_find(hosts, item->host, NULL))
			g_ptr_array_add(hosts, item->host);
	}
	return hosts;
}

static void refuse_others(Cli *cli, const GPtrArray *items, GArray *statuses)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		if (!change_allowed(cli, item->host))
			change_failed(cli, item->target, STATUS_REFUSED,
			              change_refusal(cli, item->host), statuses);
	}
}

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

static bool confirm(Cli *cli, const GPtrArray *plans)
{
	TextStyle plain = { .ascii = cli->report.style.ascii };
	GString *text = g_string_new(NULL);
	bool yes;

	if (cli->options.yes)
		return true;
	for (guint i = 0; i < plans->len; i++)
		listing_plan(text, g_ptr_array_index(plans, i), &plain);
	g_string_append(text, "Remove?");
	yes = ask_confirm(text->str, cli->cancel);
	g_string_free(text, TRUE);
	return yes;
}

static void decline(Cli *cli, const Plan *plan, GArray *statuses)
{
	for (guint i = 0; i < plan->steps->len; i++) {
		const Step *step = g_ptr_array_index(plan->steps, i);
		g_autofree char *target = g_strdup_printf("%s/%s", step->host, step->uuid);
		g_autofree char *text =
			g_strdup_printf("%s was not removed: not confirmed", target);
		change_failed(
			cli, target, STATUS_REFUSED,
			problem_new(step->host, "DECLINED", 0, "application", NULL, text, NULL),
			statuses);
	}
}

static Backend *backend_of(const GPtrArray *visits, const Plan *plan)
{
	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		if (g_str_equal(visit->address->label, plan->host))
			return visit->backend;
	}
	return NULL;
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
	if (cli->options.dry_run) {
		Status done = STATUS_DONE;
		report_plans(&cli->report, plans);
		for (guint i = 0; i < plans->len; i++)
			g_array_append_val(statuses, done);
		return;
	}
	bool go = plans->len > 0 && confirm(cli, plans);
	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = g_ptr_array_index(plans, i);
		if (go)
			change_run(cli, plan, backend_of(visits, plan), statuses);
		else
			decline(cli, plan, statuses);
	}
}

Status run_remove(Cli *cli)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	g_autoptr(GPtrArray) items = parse_items(cli);

	if (!items)
		return STATUS_USAGE;
	g_autoptr(GPtrArray) hosts = writable_hosts(cli, items);
	/* Said before any host is asked: without an answer nothing could be done there. */
	if (hosts->len > 0 && !cli->options.dry_run && !cli->options.yes && !can_ask(cli))
		return report_usage(&cli->report,
		                    "remove asks before it removes: without a terminal, or with "
		                    "--no-input, it needs --yes");
	refuse_others(cli, items, statuses);
	if (hosts->len > 0)
		remove_from(cli, hosts, items, statuses);
	return cli_status(cli, statuses);
}
