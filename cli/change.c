// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/change.h"

#include <unistd.h>

#include "cli/ask.h"
#include "core/output/listing.h"

/* A protected host is only changed when it was named once more. */
static bool is_confirmed(const Cli *cli, const HostAddress *address)
{
	for (guint i = 0; i < cli->options.confirm->len; i++)
		if (g_str_equal(g_ptr_array_index(cli->options.confirm, i), address->label))
			return true;
	return !address->protect;
}

bool change_allowed(const Cli *cli, const HostAddress *address)
{
	return cli->options.dry_run ||
	       (!cli->options.read_only && !address->read_only && address->kind != HOST_RECORDED &&
	        is_confirmed(cli, address));
}

Problem *change_refusal(const Cli *cli, const HostAddress *address)
{
	const char *code = "READONLY", *why = "it is protected", *hint = NULL;

	if (address->kind == HOST_RECORDED) {
		why = "it is a recording";
	} else if (cli->options.read_only) {
		why = "--read-only was given";
	} else if (address->read_only) {
		why = "it is marked read_only in the host inventory";
	} else {
		code = "PROTECTED";
		hint = "--confirm HOST says that you mean it";
	}
	g_autofree char *text = g_strdup_printf("%s is not changed: %s", address->label, why);
	return problem_new(address->label, code, 0, "host", NULL, text, hint);
}

void change_failed(Cli *cli, const char *target, Status status, Problem *problem, GArray *statuses)
{
	StepResult result = {
		.target = (char *)target,
		.text = problem->text,
		.status = status,
		.problem = problem,
	};
	report_result(&cli->report, &result);
	g_array_append_val(statuses, status);
	problem_free(problem);
}

void change_run(Cli *cli, const Plan *plan, Backend *backend, GArray *statuses)
{
	g_autoptr(GPtrArray) results = plan_run(plan, backend, NULL, NULL, cli->cancel);

	for (guint i = 0; i < results->len; i++) {
		const StepResult *result = g_ptr_array_index(results, i);
		report_result(&cli->report, result);
		g_array_append_val(statuses, result->status);
	}
	report_flush(&cli->report, false);
}

bool change_can_confirm(Cli *cli)
{
	const Options *options = &cli->options;

	if (options->dry_run || options->yes || (!options->no_input && isatty(STDIN_FILENO)))
		return true;
	report_usage(
		&cli->report,
		"%s asks before it changes anything: without a terminal, or with --no-input, it "
		"needs --yes",
		cli->command->name);
	return false;
}

static bool confirm(Cli *cli, const GPtrArray *plans, const char *question)
{
	TextStyle plain = { .ascii = cli->report.style.ascii };
	bool yes;

	if (cli->options.yes)
		return true;
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < plans->len; i++)
		listing_plan(text, g_ptr_array_index(plans, i), &plain);
	g_string_append(text, question);
	yes = ask_confirm(text->str, cli->cancel);
	g_string_free(text, TRUE);
	return yes;
}

static void decline(Cli *cli, const Plan *plan, GArray *statuses)
{
	for (guint i = 0; i < plan->steps->len; i++) {
		const Step *step = g_ptr_array_index(plan->steps, i);
		g_autofree char *target = g_strdup_printf("%s/%s", step->host,
		                                          step->uuid ? step->uuid : step->parent);
		g_autofree char *text =
			g_strdup_printf("%s was not changed: not confirmed", target);
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

static void show_plans(Cli *cli, const GPtrArray *plans, GArray *statuses)
{
	Status done = STATUS_DONE;

	report_plans(&cli->report, plans);
	for (guint i = 0; i < plans->len; i++)
		g_array_append_val(statuses, done);
}

void change_plans(Cli *cli, const GPtrArray *visits, const GPtrArray *plans, const char *question,
                  GArray *statuses)
{
	if (cli->options.dry_run) {
		show_plans(cli, plans, statuses);
		return;
	}
	bool go = plans->len > 0 && (!question || confirm(cli, plans, question));
	for (guint i = 0; i < plans->len; i++) {
		Plan *plan = g_ptr_array_index(plans, i);
		plan->roll_back |= cli->options.roll_back;
		if (go)
			change_run(cli, plan, backend_of(visits, plan), statuses);
		else
			decline(cli, plan, statuses);
	}
}
