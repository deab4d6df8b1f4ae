// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/output/json.h"
#include "core/output/listing.h"
#include "core/text.h"

void report_init(Report *report)
{
	*report = (Report){ .command = "", .payload_key = "results" };
	report->problems = g_ptr_array_new_with_free_func((GDestroyNotify)problem_free);
	report->text = g_string_new(NULL);
}

void report_clear(Report *report)
{
	g_clear_pointer(&report->payload, json_decref);
	g_ptr_array_unref(report->problems);
	g_string_free(report->text, TRUE);
}

/* One line on stderr. What hosts and files gave is made visible first; one write keeps it whole. */
static void say(const char *text)
{
	g_autofree char *visible = text_visible(text, -1);
	fprintf(stderr, "mdevcon: %s\n", visible);
}

void report_note(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	say(text);
}

/* "gpu-a: /sys/...: text (hint)", without what the text says already. */
static void say_problem(const Problem *problem)
{
	GString *line = g_string_new(NULL);

	if (problem->host && !g_str_has_prefix(problem->text, problem->host))
		g_string_append_printf(line, "%s: ", problem->host);
	if (problem->path && !strstr(problem->text, problem->path))
		g_string_append_printf(line, "%s: ", problem->path);
	g_string_append(line, problem->text);
	if (problem->hint)
		g_string_append_printf(line, " (%s)", problem->hint);
	say(line->str);
	g_string_free(line, TRUE);
}

static void add_problem(Report *report, Problem *problem)
{
	if (!problem->text)
		problem->text = g_strdup(problem->code);
	say_problem(problem);
	g_ptr_array_add(report->problems, problem);
}

void report_problem(Report *report, Problem *problem)
{
	if (problem)
		add_problem(report, problem);
}

Status report_usage(Report *report, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	add_problem(report, problem_new(NULL, "USAGE", 0, "application", NULL, text, NULL));
	return STATUS_USAGE;
}

static bool is_plan(const Report *report)
{
	return g_str_equal(report->payload_key, "plan");
}

static void append_payload(Report *report, json_t *item)
{
	if (!report->payload)
		report->payload = json_array();
	json_array_append_new(report->payload, item);
}

void report_host(Report *report, const HostRow *row)
{
	g_autoptr(GPtrArray) problems = host_problems(row);

	for (guint i = 0; i < problems->len; i++)
		add_problem(report, problem_copy(g_ptr_array_index(problems, i)));
	if (report->json)
		append_payload(report, json_host(row));
}

void report_result(Report *report, const StepResult *result)
{
	if (result->problem)
		add_problem(report, problem_copy(result->problem));
	/* A dry run's payload is the plan: what could not be planned stands in "errors" alone. */
	if (report->json && !is_plan(report))
		append_payload(report, json_result(result));
	if (report->json || !result->ok)
		return;
	g_autofree char *target = text_printable(result->target, &report->style);
	g_autofree char *text = text_printable(result->text ? result->text : "", &report->style);
	g_string_append_printf(report->text, "%s  %s\n", target, text);
}

void report_plans(Report *report, const GPtrArray *plans)
{
	if (report->json) {
		report->payload = json_plan(plans);
		return;
	}
	for (guint i = 0; i < plans->len; i++)
		listing_plan(report->text, g_ptr_array_index(plans, i), &report->style);
}

static bool write_all(const char *text, gsize len)
{
	while (len > 0) {
		gssize n = write(STDOUT_FILENO, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		len -= (gsize)n;
	}
	return true;
}

static bool write_document(Report *report)
{
	json_t *payload = report->payload || is_plan(report) ? report->payload : json_array();

	report->payload = NULL;
	char *document =
		json_document(report->command, report->payload_key, payload, report->problems);
	bool ok = document && write_all(document, strlen(document)) && write_all("\n", 1);
	free(document);
	return ok;
}

static bool note_failure(Report *report, bool ok)
{
	if (!ok && !report->write_failed && errno != EPIPE)
		report_note("stdout: %s", g_strerror(errno));
	report->write_failed |= !ok;
	return !report->write_failed;
}

bool report_line(Report *report, json_t *object)
{
	char *line = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);

	json_decref(object);
	report->streaming = true;
	bool ok = line && !report->write_failed && write_all(line, strlen(line)) &&
	          write_all("\n", 1);
	free(line);
	return note_failure(report, ok);
}

bool report_flush(Report *report, bool last)
{
	bool ok = true;

	if (report->json)
		ok = !last || report->streaming || write_document(report);
	else if (!report->write_failed)
		ok = write_all(report->text->str, report->text->len);
	g_string_truncate(report->text, 0);
	return note_failure(report, ok);
}
