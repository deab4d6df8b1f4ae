// SPDX-License-Identifier: GPL-2.0-or-later
/* apply: runs a plan that was saved (`--dry-run --json`), on the hosts it was made for. */

#include "cli/change.h"
#include "cli/naming.h"
#include "core/plan/plan_json.h"

/* The plan object of a file: a whole document, or the object alone. NULL: reported. */
static json_t *load(Cli *cli, const char *file, Status *status)
{
	json_error_t where;
	json_t *document = json_load_file(file, JSON_REJECT_DUPLICATES, &where);
	bool missing = !document && json_error_code(&where) == json_error_cannot_open_file;
	json_t *plan = json_incref(json_object_get(document, "plan"));

	*status = missing ? STATUS_NOT_FOUND : STATUS_USAGE;
	if (plan || document) {
		json_t *result = plan ? plan : json_incref(document);
		json_decref(document);
		return result;
	}
	g_autofree char *text = missing ? g_strdup("cannot be opened")
	                                : g_strdup_printf("line %d: %s", where.line, where.text);
	report_problem(&cli->report, problem_new(NULL, missing ? "ENOENT" : "PARSE", 0,
	                                         "application", file, text, NULL));
	return NULL;
}

static GPtrArray *read_plans(Cli *cli, const char *file, Status *status)
{
	json_t *said = load(cli, file, status);
	g_autofree char *why = NULL;

	if (!said)
		return NULL;
	GPtrArray *plans = plans_from_json(said, &why);
	json_decref(said);
	if (!plans)
		report_problem(&cli->report, problem_new(NULL, "PARSE", 0, "application", file, why,
		                                         "`--dry-run --json` writes one"));
	for (guint i = 0; plans && i < plans->len; i++) {
		Plan *plan = g_ptr_array_index(plans, i);
		/* Running it again is another event of the journal. */
		g_free(plan->id);
		plan->id = g_uuid_string_random();
		plan->strict = true;
		plan->force = cli->options.force;
	}
	return plans;
}

static void refuse_plan(Cli *cli, const Plan *plan, const HostAddress *host, GArray *statuses)
{
	for (guint i = 0; i < plan->steps->len; i++) {
		const Step *step = g_ptr_array_index(plan->steps, i);
		g_autofree char *target = g_strdup_printf("%s/%s", step->host,
		                                          step->uuid ? step->uuid : step->parent);
		change_failed(cli, target, STATUS_REFUSED, change_refusal(cli, host), statuses);
	}
}

/* One visit a host; all plans keep their order. */
static Status run_plans(Cli *cli, GPtrArray *plans, GArray *statuses)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();

	for (guint i = 0; i < plans->len;) {
		const Plan *plan = g_ptr_array_index(plans, i);
		HostAddress *host = naming_host(cli, plan->host);
		if (!host)
			return STATUS_USAGE;
		if (!change_allowed(cli, host)) {
			refuse_plan(cli, plan, host, statuses);
			g_ptr_array_remove_index(plans, i);
			continue;
		}
		if (!g_ptr_array_find(hosts, host, NULL))
			g_ptr_array_add(hosts, host);
		i++;
	}
	if (plans->len == 0)
		return cli_status(cli, statuses);
	g_autoptr(GPtrArray) visits = gather(cli, hosts, 0);
	change_plans(cli, visits, plans, "Apply?", statuses);
	return cli_status(cli, statuses);
}

Status run_apply(Cli *cli)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	Status status = STATUS_DONE;
	g_autoptr(GPtrArray) plans = read_plans(cli, cli->operands[0], &status);

	if (!plans)
		return status;
	if (!change_can_confirm(cli))
		return STATUS_USAGE;
	return run_plans(cli, plans, statuses);
}
