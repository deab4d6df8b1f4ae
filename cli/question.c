// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/question.h"

#include <string.h>

#include "cli/naming.h"
#include "core/compat/policy_file.h"
#include "core/output/json.h"

/* ---- the source as it is named ---- */

static Source *malformed(Cli *cli, const char *operand)
{
	report_usage(&cli->report, "'%s' names no source: HOST/UUID or HOST/vm:NAME is wanted",
	             operand);
	return NULL;
}

Source *source_parse(Cli *cli, const char *operand)
{
	const char *rest = NULL;
	HostAddress *host = naming_split(cli, operand, &rest);
	const char *slash = rest ? strrchr(rest, '/') : NULL;
	const char *id = slash ? slash + 1 : rest;
	bool is_vm = rest && g_str_has_prefix(rest, "vm:");

	if (!host)
		return NULL;
	if (!rest || slash == rest || (is_vm && rest[3] == '\0'))
		return malformed(cli, operand);
	if (!is_vm && !g_str_has_prefix(rest, "vf:") && !naming_is_uuid_prefix(id))
		return malformed(cli, operand);
	Source *source = g_new0(Source, 1);
	source->operand = operand;
	source->host = host;
	source->vm = is_vm ? rest + 3 : NULL;
	source->parent = slash && !is_vm ? g_strndup(rest, slash - rest) : NULL;
	source->id = is_vm ? NULL : g_ascii_strdown(id, -1);
	source->instances = g_ptr_array_new();
	return source;
}

void source_free(Source *source)
{
	if (!source)
		return;
	g_free(source->parent);
	g_free(source->id);
	g_ptr_array_unref(source->instances);
	g_free(source);
}

char *source_instance_name(const Source *source, guint nth)
{
	const Instance *instance = g_ptr_array_index(source->instances, nth);
	bool vf = instance->kind == INSTANCE_NVIDIA_VF;

	return g_strdup_printf("%s/%s%s", source->host->label, vf ? "vf:" : "", instance->id);
}

char *source_name(const Source *source)
{
	return source->vm ? g_strdup_printf("%s/vm:%s", source->host->label, source->vm)
	                  : source_instance_name(source, 0);
}

/* ---- the source as it was found ---- */

static bool is_used_by(const Instance *instance, const char *vm)
{
	for (guint i = 0; i < instance->users->len; i++)
		if (g_strcmp0(g_array_index(instance->users, InstanceUser, i).vm, vm) == 0)
			return true;
	return false;
}

static void find_guest(Source *source, const Inventory *inventory)
{
	for (guint i = 0; i < inventory->instances->len; i++) {
		Instance *instance = g_ptr_array_index(inventory->instances, i);
		if (is_used_by(instance, source->vm))
			g_ptr_array_add(source->instances, instance);
	}
}

/* Returns how many match. */
static guint find_instance(Source *source, const Inventory *inventory)
{
	guint matches = 0;
	Instance *instance = inventory_instance(inventory, source->id, &matches);

	if (matches == 1 && source->parent && g_strcmp0(instance->parent_name, source->parent) != 0)
		matches = 0;
	if (matches == 1)
		g_ptr_array_add(source->instances, instance);
	return matches;
}

static Status not_found(Cli *cli, const Source *source, guint matches)
{
	const char *host = source->host->label;
	g_autofree char *text =
		source->vm ? g_strdup_printf("no guest called %s is seen with a device on %s",
	                                     source->vm, host)
		: matches  ? g_strdup_printf("%s is not unique on %s: %u instances match",
	                                     source->id, host, matches)
			   : g_strdup_printf("%s has no instance %s", host, source->id);
	const char *hint = !source->vm ? NULL
	                   : source->visit->inventory->users_known == TRI_YES
	                           ? NULL
	                           : "not all processes could be looked into there";

	report_problem(&cli->report, problem_new(host, matches ? "EINVAL" : "ENOENT", 0, "device",
	                                         NULL, text, hint));
	return matches ? STATUS_USAGE : STATUS_NOT_FOUND;
}

Status source_find(Cli *cli, Source *source, const GPtrArray *visits)
{
	guint matches = 0;

	source->visit = question_visit(visits, source->host);
	if (!source->visit->inventory)
		return source->visit->status; /* its problem was reported with the others */
	if (source->vm)
		find_guest(source, source->visit->inventory);
	else
		matches = find_instance(source, source->visit->inventory);
	return source->instances->len > 0 ? STATUS_DONE : not_found(cli, source, matches);
}

const Visit *question_visit(const GPtrArray *visits, const HostAddress *host)
{
	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		if (visit->address == host)
			return visit;
	}
	return NULL;
}

void question_report(Cli *cli, const GPtrArray *visits)
{
	for (guint i = 0; i < visits->len; i++) {
		HostRow row = visit_row(g_ptr_array_index(visits, i));
		g_autoptr(GPtrArray) problems = host_problems(&row);
		for (guint k = 0; k < problems->len; k++)
			report_problem(&cli->report, problem_copy(g_ptr_array_index(problems, k)));
	}
	if (cli->report.json)
		cli->report.payload = json_array();
}

/* ---- policy, question, status ---- */

Status question_policy(Cli *cli, CompatPolicy *policy)
{
	g_autoptr(GError) error = NULL;

	*policy = (CompatPolicy){ 0 };
	if (!cli->options.config || policy_load(policy, cli->options.config, &error))
		return STATUS_DONE;
	return report_usage(&cli->report, "%s", error->message);
}

CompatQuestion question_new(const Source *source, guint nth, const CompatPolicy *policy)
{
	const Instance *instance = g_ptr_array_index(source->instances, nth);

	return (CompatQuestion){
		.source = { source->host->label, source->visit->inventory },
		.type = instance->type_ref,
		.instance = instance,
		.policy = policy,
		.now = g_get_real_time() / G_USEC_PER_SEC,
	};
}

Status question_status(const Cli *cli, const VerdictKind *kinds, guint n, const GArray *statuses)
{
	static const struct {
		VerdictKind kind;
		Status status;
	} best_first[] = {
		{ VERDICT_READY, STATUS_DONE },
		{ VERDICT_ACTION, STATUS_DONE },
		{ VERDICT_UNKNOWN, STATUS_UNKNOWN },
		{ VERDICT_BLOCKED, STATUS_BLOCKED },
		{ VERDICT_INCOMPATIBLE, STATUS_INCOMPATIBLE },
	};
	bool answered = statuses->len == 0;

	for (guint i = 0; i < statuses->len; i++)
		answered |= g_array_index(statuses, Status, i) == STATUS_DONE;
	if (!answered || g_cancellable_is_cancelled(cli->cancel))
		return cli_status(cli, statuses);
	for (guint k = 0; k < G_N_ELEMENTS(best_first); k++)
		for (guint i = 0; i < n; i++)
			if (kinds[i] == best_first[k].kind)
				return best_first[k].status;
	return STATUS_INCOMPATIBLE;
}
