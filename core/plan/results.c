// SPDX-License-Identifier: GPL-2.0-or-later
/* Outcomes of steps, in an operator's words. */
#include "core/plan/run.h"

static StepResult *result_new(const Step *step)
{
	StepResult *result = g_new0(StepResult, 1);

	result->target =
		g_strdup_printf("%s/%s", step->host, step->uuid ? step->uuid : step->parent);
	return result;
}

StepResult *result_ok(const Step *step, bool changed, char *text)
{
	StepResult *result = result_new(step);

	result->ok = true;
	result->changed = changed;
	result->text = text;
	return result;
}

StepResult *result_fail(const Step *step, Status status, const char *code, int err,
                        const char *path, char *text, const char *hint)
{
	StepResult *result = result_new(step);

	result->status = status;
	result->problem = problem_new(step->host, code, err, "device", path, text, hint);
	result->text = text;
	return result;
}

StepResult *result_backend(const Step *step, const GError *error)
{
	StepResult *result = result_new(step);

	result->problem = problem_from_backend(step->host, error, &result->status);
	result->text = g_strdup(error->message);
	return result;
}

void step_result_free(StepResult *result)
{
	if (!result)
		return;
	g_free(result->target);
	g_free(result->text);
	problem_free(result->problem);
	g_free(result);
}
