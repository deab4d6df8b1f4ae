// SPDX-License-Identifier: GPL-2.0-or-later
/* check: can a device, or all devices of a guest, go to these targets, and why not? */
#include <string.h>

#include "cli/guest_pair.h"
#include "cli/naming.h"
#include "cli/question.h"
#include "core/output/pairs.h"
#include "core/output/verdict_text.h"

/* HOST[/PARENT][/UUID] */
typedef struct {
	const char *operand;
	HostAddress *host;
	char *rest; /* behind the host, or NULL */
} Target;

/* All that is asked, and what came of it. */
typedef struct {
	Cli *cli;
	Source *source;
	const CompatPolicy *policy;
	const GPtrArray *visits;
	GArray *kinds; /* VerdictKind of each pair */
	Status status; /* of what was named and is not there */
} Check;

static void target_free(Target *target)
{
	g_free(target->rest);
	g_free(target);
}

static void add_target(GPtrArray *targets, const char *operand, HostAddress *host, const char *rest)
{
	Target *target = g_new0(Target, 1);

	*target = (Target){ operand, host, g_strdup(rest) };
	g_ptr_array_add(targets, target);
}

/* The targets that are named, or all other hosts. */
static Status parse_targets(Cli *cli, const Source *source, GPtrArray *targets)
{
	for (guint i = 1; i < cli->n_operands; i++) {
		const char *rest = NULL;
		HostAddress *host = naming_split(cli, cli->operands[i], &rest);
		if (!host)
			return STATUS_USAGE;
		add_target(targets, cli->operands[i], host, rest);
	}
	for (guint i = 0; cli->n_operands == 1 && i < cli->hosts->len; i++) {
		HostAddress *host = g_ptr_array_index(cli->hosts, i);
		if (host != source->host)
			add_target(targets, host->label, host, NULL);
	}
	if (targets->len == 0)
		return report_usage(&cli->report, "there is no other host: name one as target");
	return STATUS_DONE;
}

/* ---- what a target names ---- */

static char *definition_id(const Inventory *inventory, const char *parent, const char *prefix)
{
	const Definition *found = NULL;
	guint matches = 0;

	for (guint i = 0; i < inventory->definitions->len; i++) {
		const Definition *definition = g_ptr_array_index(inventory->definitions, i);
		if (!g_str_has_prefix(definition->uuid, prefix) ||
		    (parent && !g_str_equal(parent, definition->parent)))
			continue;
		found = definition;
		matches++;
	}
	return matches == 1 ? g_strdup(found->uuid) : NULL;
}

/* The instance or definition of that name: its whole id, new, or NULL. */
static char *named_id(const Inventory *inventory, const char *parent, const char *text)
{
	g_autofree char *prefix = g_ascii_strdown(text, -1);
	guint matches = 0;
	const Instance *instance = inventory_instance(inventory, prefix, &matches);

	if (matches == 1 && (!parent || g_strcmp0(instance->parent_name, parent) == 0))
		return g_strdup(instance->id);
	return matches > 1 ? NULL : definition_id(inventory, parent, prefix);
}

/* Parent and named instance of `rest` into the question; false if there is no such thing. */
static bool resolve(const Inventory *inventory, const char *rest, CompatQuestion *q, char **named)
{
	q->parent = inventory_parent(inventory, rest);
	if (q->parent)
		return true;
	const char *slash = strrchr(rest, '/');
	g_autofree char *parent = slash ? g_strndup(rest, slash - rest) : NULL;

	*named = named_id(inventory, parent, slash ? slash + 1 : rest);
	q->named = *named;
	return *named != NULL;
}

static void target_missing(Check *check, const Target *target)
{
	g_autofree char *text = g_strdup_printf("%s has no parent, instance or definition %s, or "
	                                        "more than one",
	                                        target->host->label, target->rest);

	report_problem(&check->cli->report,
	               problem_new(target->host->label, "ENOENT", 0, "device", NULL, text, NULL));
	check->status = STATUS_NOT_FOUND;
}

/* ---- one device ---- */

static void print_verdicts(Check *check, const GPtrArray *verdicts, const Inventory *inventory)
{
	Report *report = &check->cli->report;
	const Verdict *best = g_ptr_array_index(verdicts, 0);
	g_autofree char *target = verdict_target(best);
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(TargetRow));

	if (report->text->len)
		g_string_append_c(report->text, '\n');
	verdict_print(report->text, best, target, &report->style);
	for (guint i = 0; i < verdicts->len; i++)
		target_rows_add(rows, g_ptr_array_index(verdicts, i), inventory,
		                report->style.ascii);
	const TargetRow *first = &g_array_index(rows, TargetRow, 0);
	if (first->alike > 1)
		g_string_append_printf(report->text, "    also  %u more function%s of that card\n",
		                       first->alike - 1, first->alike == 2 ? "" : "s");
	target_rows_print(report->text, rows, 1, 4, &report->style);
}

static void check_device(Check *check, CompatQuestion *q)
{
	Report *report = &check->cli->report;
	g_autoptr(GPtrArray) verdicts = verdict_per_parent(q);
	g_autofree char *name = source_instance_name(check->source, 0);

	for (guint i = 0; i < verdicts->len; i++) {
		const Verdict *verdict = g_ptr_array_index(verdicts, i);
		g_array_append_val(check->kinds, verdict->verdict);
		if (report->json)
			json_array_append_new(report->payload, json_pair(verdict, name));
	}
	if (!report->json)
		print_verdicts(check, verdicts, q->target.inventory);
}

/* ---- the command ---- */

static void check_guest(Check *check, const CompatQuestion *q)
{
	GuestPair *pair = guest_pair_new(check->source, q);

	g_array_append_val(check->kinds, pair->whole.verdict);
	guest_pair_report(&check->cli->report, check->source, pair);
	guest_pair_free(pair);
}

static void check_target(Check *check, const Target *target)
{
	const Visit *visit = question_visit(check->visits, target->host);
	CompatQuestion q = question_new(check->source, 0, check->policy);
	g_autofree char *named = NULL;
	bool guest = check->source->instances->len > 1;

	q.target = (Side){ target->host->label, visit->inventory };
	if (guest && target->rest) {
		check->status = report_usage(
			&check->cli->report, "%s has %u devices: name a host as target, not '%s'",
			check->source->vm, check->source->instances->len, target->operand);
		return;
	}
	if (target->rest && visit->inventory &&
	    !resolve(visit->inventory, target->rest, &q, &named))
		target_missing(check, target);
	else if (guest)
		check_guest(check, &q);
	else
		check_device(check, &q);
}

static GPtrArray *hosts_of(const Source *source, const GPtrArray *targets)
{
	GPtrArray *hosts = g_ptr_array_new();

	g_ptr_array_add(hosts, source->host);
	for (guint i = 0; i < targets->len; i++) {
		HostAddress *host = ((const Target *)g_ptr_array_index(targets, i))->host;
		if (!g_ptr_array_find(hosts, host, NULL))
			g_ptr_array_add(hosts, host);
	}
	return hosts;
}

static Status check_all(Check *check, const GPtrArray *targets)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));

	for (guint i = 0; i < targets->len; i++) {
		const Target *target = g_ptr_array_index(targets, i);
		const Visit *visit = question_visit(check->visits, target->host);
		check_target(check, target);
		g_array_append_val(statuses, visit->status);
	}
	if (check->kinds->len == 0)
		return check->status;
	return question_status(check->cli, (const VerdictKind *)(void *)check->kinds->data,
	                       check->kinds->len, statuses);
}

Status run_check(Cli *cli)
{
	CompatPolicy policy;
	g_autoptr(Source) source = source_parse(cli, cli->operands[0]);
	g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func((GDestroyNotify)target_free);
	g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(VerdictKind));
	Status status = source ? question_policy(cli, &policy) : STATUS_USAGE;

	if (status == STATUS_DONE)
		status = parse_targets(cli, source, targets);
	if (status != STATUS_DONE)
		return status;
	g_autoptr(GPtrArray) hosts = hosts_of(source, targets);
	g_autoptr(GPtrArray) visits = gather(cli, hosts, SCAN_USERS);
	Check check = {
		.cli = cli, .source = source, .policy = &policy, .visits = visits, .kinds = kinds
	};
	question_report(cli, visits);
	status = source_find(cli, source, visits);
	return status == STATUS_DONE ? check_all(&check, targets) : status;
}
