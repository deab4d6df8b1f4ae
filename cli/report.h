// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What a command says: data on stdout, messages on stderr. With --json stdout carries exactly one
 * document, at the end, whatever happened. Main thread only.
 */

#include <jansson.h>
#include <stdbool.h>

#include "core/output/columns.h"
#include "core/output/host_row.h"
#include "core/plan/plan.h"

typedef struct {
	bool json;
	const char *command;     /* may be what the user typed */
	const char *payload_key; /* NULL: "results" */
	json_t *payload;         /* NULL: null, or [] where the key names a list */
	GPtrArray *problems;     /* Problem *: the rows of "errors" */
	GString *text;           /* stdout without --json */
	TextStyle style;         /* of stdout */
	bool streaming;          /* lines were written as they came: there is no document */
	bool write_failed;
} Report;

void report_init(Report *report);
void report_clear(Report *report);

/* Adds an error: a row of "errors", and a line on stderr. Takes `problem` (NULL: nothing). */
void report_problem(Report *report, Problem *problem);
/* Shorthand: an error of the command line. Returns STATUS_USAGE. */
Status report_usage(Report *report, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* A message on stderr that is no error. */
void report_note(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* A host's row: its errors now, its JSON or nothing more (the text is the command's own). */
void report_host(Report *report, const HostRow *row);
/* The outcome of a step: its line or its error now, its JSON row. */
void report_result(Report *report, const StepResult *result);
/* A dry run: the plans (Plan *) as text or as JSON. */
void report_plans(Report *report, const GPtrArray *plans);

/* One line of a stream, written now. Takes `object`. False if stdout failed, as below. */
bool report_line(Report *report, json_t *object);

/* Writes out the text so far; the JSON document only with `last`. False if stdout failed. */
bool report_flush(Report *report, bool last);
