// SPDX-License-Identifier: GPL-2.0-or-later
/* Doing a step: one write, one file, or one command of the host, and what its answer means. */
#include <errno.h>
#include <string.h>

#include "core/plan/run.h"

#define WRITE_DEADLINE_MS 10000
#define RUN_DEADLINE_MS 30000 /* mdevctl's scripts may ask a service */

/* What an errno of a write means to an operator (ground: domain notes on the mdev interface). */
static const struct {
	int err;
	Status status;
	const char *meaning, *hint;
} write_errors[] = {
	{ ENOSPC, STATUS_FAILED, "no capacity is left; types share it",
	  "remove an instance of any type there, or choose another parent" },
	{ EUSERS, STATUS_FAILED, "no capacity is left; types share it",
	  "remove an instance of any type there, or choose another parent" },
	{ EEXIST, STATUS_FAILED, "an instance of this uuid exists on the host",
	  "choose another uuid" },
	{ EACCES, STATUS_PRIVILEGE, "not permitted", "log in as root on that host" },
	{ EPERM, STATUS_PRIVILEGE, "not permitted", "log in as root on that host" },
	{ EROFS, STATUS_PRIVILEGE, "sysfs is read-only there", "run outside of the container" },
	{ ENOENT, STATUS_NOT_FOUND, "it vanished", "refresh, and look again" },
	{ ENODEV, STATUS_NOT_FOUND, "it vanished", "refresh, and look again" },
	{ EINVAL, STATUS_FAILED, "the driver refused", "the host's kernel log may say why" },
	{ EIO, STATUS_FAILED, "the driver refused", "the host's kernel log may say why" },
	{ ETIMEDOUT, STATUS_FAILED, "pending until its user lets go",
	  "stop the guest that holds it" },
};

/* The same of a file or a program, which no driver answers. */
static const struct {
	int err;
	Status status;
	const char *hint;
} file_errors[] = {
	{ EACCES, STATUS_PRIVILEGE, "log in as root on that host" },
	{ EPERM, STATUS_PRIVILEGE, "log in as root on that host" },
	{ EROFS, STATUS_PRIVILEGE, "its /etc is read-only: run outside of the container" },
	{ ENOSPC, STATUS_FAILED, "make room on that host's disk" },
	{ EDQUOT, STATUS_FAILED, "make room on that host's disk" },
	{ ETIMEDOUT, STATUS_FAILED, "it still runs on that host: look again later" },
};

static bool is_definition(const Step *step)
{
	return step->path && g_str_has_prefix(step->path, DEFINITIONS_FOLDER "/");
}

static StepResult *result_of_write(const Step *step, int err)
{
	const char *what = strrchr(step->path, '/') + 1;
	const char *meaning = NULL, *hint = NULL;
	Status status = STATUS_FAILED;
	char buf[16];

	for (guint i = 0; i < G_N_ELEMENTS(write_errors); i++) {
		if (write_errors[i].err != err)
			continue;
		status = write_errors[i].status;
		meaning = write_errors[i].meaning;
		hint = write_errors[i].hint;
	}
	char *text =
		g_strdup_printf("%s: write %s: %s%s%s%s", step->text, what, g_strerror(err),
	                        meaning ? " (" : "", meaning ? meaning : "", meaning ? ")" : "");
	return result_fail(step, status, errno_name(err, buf), err, step->path, text, hint);
}

static StepResult *result_of_file(const Step *step, int err)
{
	const char *hint = NULL, *path = step->argv ? step->argv[0] : step->path;
	Status status = STATUS_FAILED;
	char buf[16];

	for (guint i = 0; i < G_N_ELEMENTS(file_errors); i++) {
		if (file_errors[i].err != err)
			continue;
		status = file_errors[i].status;
		hint = file_errors[i].hint;
	}
	return result_fail(step, status, errno_name(err, buf), err, path,
	                   g_strdup_printf("%s: %s: %s", step->text, path, g_strerror(err)), hint);
}

/* Of a host whose mdevctl fails: the file of another definition may be what it stumbles over. */
static const char *broken_definition(const Run *run)
{
	for (guint i = 0; i < run->now->definitions->len; i++) {
		const Definition *definition = g_ptr_array_index(run->now->definitions, i);
		if (definition->error)
			return definition->file;
	}
	return NULL;
}

/* What the program said, on one line: all of it, since the first lines are a script's own words. */
static char *words_of(const CommandOutput *output)
{
	g_autofree char *text = g_strdup(output->err && *output->err ? output->err : output->out);

	g_strstrip(text);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	return g_strjoinv("; ", lines);
}

static StepResult *result_of_program(const Run *run, const Step *step, const CommandOutput *output)
{
	g_autofree char *words = words_of(output);
	const char *broken = broken_definition(run);
	bool denied = strstr(words, "Permission denied") != NULL;
	g_autofree char *hint =
		denied   ? g_strdup("log in as root on that host")
		: broken ? g_strdup_printf("%s is broken: mdevctl may stumble over it", broken)
			 : NULL;

	return result_fail(step, denied ? STATUS_PRIVILEGE : STATUS_FAILED, "MDEVCTL", 0,
	                   step->argv[0],
	                   g_strdup_printf("%s: %s ended with %d: %s", step->text, step->argv[0],
	                                   output->status, *words ? words : "it said nothing"),
	                   hint);
}

/* What was said though all went well (scripts that notify) is shown too. */
static StepResult *result_done(const Step *step, const CommandOutput *output)
{
	g_autofree char *words = output && output->err && *output->err ? words_of(output) : NULL;

	return result_ok(step, true,
	                 words ? g_strdup_printf("done: %s; it said: %s", step->text, words)
	                       : g_strdup_printf("done: %s", step->text));
}

/* The kernel's answer to a create, with what the host shows of the reason. */
static StepResult *explained(Run *run, const Step *step, StepResult *result)
{
	bool makes = step->kind == STEP_CREATE || step->kind == STEP_START;
	g_autofree char *why = makes && result->status == STATUS_FAILED && run_read(run, 0, NULL)
	                               ? run_why_full(run, step)
	                               : NULL;
	if (!why)
		return result;
	g_autofree char *text = g_steal_pointer(&result->text);
	result->text = g_strdup_printf("%s: %s", text, why);
	g_free(result->problem->text);
	result->problem->text = g_strdup(result->text);
	return result;
}

static StepResult *act_by_program(Run *run, const Step *step)
{
	g_auto(CommandOutput) output = { 0 };
	g_autoptr(GError) error = NULL;
	int err = backend_run(run->backend, (const char *const *)step->argv, step->input,
	                      RUN_DEADLINE_MS, &output, run->cancel, &error);

	if (err < 0)
		return result_backend(step, error);
	if (err > 0)
		return result_of_file(step, err);
	return output.status ? explained(run, step, result_of_program(run, step, &output))
	                     : result_done(step, &output);
}

static StepResult *act_by_file(Run *run, const Step *step)
{
	g_autoptr(GError) error = NULL;
	int err =
		backend_put_definition(run->backend, step->path, step->value, run->cancel, &error);

	if (err < 0)
		return result_backend(step, error);
	return err ? result_of_file(step, err) : result_done(step, NULL);
}

static StepResult *act_by_write(Run *run, const Step *step)
{
	g_autoptr(GError) error = NULL;
	int err = backend_write(run->backend, step->path, step->value, WRITE_DEADLINE_MS,
	                        run->cancel, &error);

	if (err < 0)
		return result_backend(step, error);
	if (err > 0)
		return explained(run, step, result_of_write(step, err));
	if (step->kind == STEP_CREATE)
		return result_ok(step, true,
		                 g_strdup_printf("created %s %s on %s", step->type, step->uuid,
		                                 step->parent));
	if (step->kind == STEP_REMOVE)
		return result_ok(step, true, g_strdup_printf("removed %s", step->uuid));
	return result_done(step, NULL);
}

StepResult *run_act(Run *run, const Step *step)
{
	if (step->argv)
		return act_by_program(run, step);
	return is_definition(step) ? act_by_file(run, step) : act_by_write(run, step);
}
