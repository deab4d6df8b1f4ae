// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What the parts of the runner share. Internal to core/plan. */

#include "core/plan/plan.h"

typedef struct {
	const Plan *plan;
	Backend *backend;
	GCancellable *cancel;
	Inventory *now; /* the latest reading of the host */
	bool stale;     /* something was changed since */
	bool recorded;  /* the journal has the plan */
} Run;

/* Reads the host anew. */
bool run_read(Run *run, ScanFlags flags, GError **error);

/*
 * Checks the step's preconditions against run->now and, where they hold, acts. The result says what
 * came of it; `borne out` is another question.
 */
StepResult *runner_check(Run *run, const Step *step); /* NULL: it may be done */
StepResult *run_act(Run *run, const Step *step);

/* What run->now shows is what the step claims. Steps that leave nothing to see are borne out. */
bool run_is_borne_out(const Run *run, const Step *step);

/* Why the parent of a create has no room, as run->now shows it; NULL if it has. New text. */
char *run_why_full(const Run *run, const Step *step);

/* True if the step ends what a process may hold: users are to be read before it. */
bool step_needs_users(const Step *step);

StepResult *result_ok(const Step *step, bool changed, char *text);
/* Takes `text`. */
StepResult *result_fail(const Step *step, Status status, const char *code, int err,
                        const char *path, char *text, const char *hint);
StepResult *result_backend(const Step *step, const GError *error);
