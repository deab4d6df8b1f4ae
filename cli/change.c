// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/change.h"

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
