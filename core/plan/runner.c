// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs a plan: check, record, act, read back; and the way back where a step fails. */
#include "core/plan/journal.h"
#include "core/plan/run.h"
#include "core/plan/step.h"

bool run_read(Run *run, ScanFlags flags, GError **error)
{
	g_autoptr(Facts) facts = backend_scan(run->backend, flags, run->cancel, error);
	if (!facts)
		return false;
	g_clear_pointer(&run->now, inventory_unref);
	run->now = inventory_new(facts);
	run->stale = false;
	return true;
}

static const Step *step_at(const Run *run, guint i)
{
	return g_ptr_array_index(run->plan->steps, i);
}

static void replace_result(GPtrArray *results, guint i, StepResult *result)
{
	step_result_free(g_ptr_array_index(results, i));
	g_ptr_array_index(results, i) = result;
}

/* ---- one step ---- */

static StepResult *result_unrecorded(const Step *step, const GError *error)
{
	return result_fail(step, STATUS_FAILED, "JOURNAL", 0, NULL,
	                   g_strdup_printf("%s: %s", step->text, error->message),
	                   "make room, or make it writable; --no-journal changes without a record");
}

/* What was done stays done, whether or not it could be recorded. */
static void record_result(const Run *run, guint i, bool undo, StepResult *result)
{
	g_autoptr(GError) error = NULL;

	if (journal_result(run->plan, i + 1, undo, result, &error))
		return;
	g_autofree char *text = g_steal_pointer(&result->text);
	result->text = g_strdup_printf("%s (not recorded: %s)", text, error->message);
}

/* What changes nothing leaves no entry: the plan is recorded with its first step. */
static bool record_step(Run *run, guint i, bool undo, GError **error)
{
	if (!run->recorded && !journal_plan(run->plan, run->now, error))
		return false;
	run->recorded = true;
	return journal_step(run->plan, i + 1, undo, error);
}

static StepResult *run_step(Run *run, guint i)
{
	const Step *step = step_at(run, i);
	g_autoptr(GError) error = NULL;
	StepResult *result = runner_check(run, step);

	if (result)
		return result;
	if (!record_step(run, i, false, &error))
		return result_unrecorded(step, error);
	result = run_act(run, step);
	run->stale = true;
	record_result(run, i, false, result);
	return result;
}

/* ---- the way back ---- */

static ScanFlags users_for(const Step *step)
{
	return step_needs_users(step) ? SCAN_USERS : 0;
}

static StepResult *undo_step(Run *run, guint i)
{
	const Step *back = step_at(run, i)->undo;
	g_autoptr(GError) error = NULL;
	StepResult *result;

	if (!run_read(run, users_for(back), &error))
		return result_backend(back, error);
	result = runner_check(run, back);
	if (result && result->status == STATUS_NOT_FOUND) {
		/* Somebody was quicker. */
		step_result_free(result);
		result = result_ok(back, false, NULL);
	}
	if (result)
		return result;
	if (!record_step(run, i, true, &error))
		return result_unrecorded(back, error);
	result = run_act(run, back);
	record_result(run, i, true, result);
	return result;
}

/*
 * Undoes what steps `from` to `to` did, the last first. An attribute that was written to an
 * instance goes with the instance. The results say what is so now, with the status of the one that
 * failed.
 */
static void roll_back(Run *run, GPtrArray *results, guint from, guint to, Status status)
{
	for (guint i = to + 1; i > from; i--) {
		const Step *step = step_at(run, i - 1);
		const StepResult *done = g_ptr_array_index(results, i - 1);
		if (!done->changed)
			continue;
		if (!step->undo && !step->chained)
			continue;
		StepResult *back = step->undo ? undo_step(run, i - 1) : result_ok(step, true, NULL);
		StepResult *now = result_fail(
			step, status, back->ok ? "UNDONE" : "LEFT", 0, NULL,
			back->ok ? g_strdup_printf("%s: undone, since a later step failed",
		                                   step->text)
				 : g_strdup_printf("%s: done, and could not be undone: %s",
		                                   step->text, back->text),
			NULL);
		now->changed = !back->ok;
		step_result_free(back);
		replace_result(results, i - 1, now);
	}
}

/* First step of the chain that `i` belongs to. */
static guint chain_start(const Run *run, guint i)
{
	while (i > 0 && step_at(run, i)->chained)
		i--;
	return i;
}

/* ---- all steps ---- */

static StepResult *result_skipped(const Step *step, Status status)
{
	return result_fail(step, status, "SKIPPED", 0, NULL,
	                   g_strdup_printf("%s: not done, since another step failed", step->text),
	                   NULL);
}

static StepResult *result_cancelled(const Run *run, const Step *step)
{
	g_autoptr(GError) error = g_error_new(BACKEND_ERROR, BACKEND_ERROR_CANCELLED,
	                                      "%s: cancelled", run->plan->host);
	return result_backend(step, error);
}

/* The step, or why it is not tried; a chained one sees what the step before made. */
static StepResult *attempt(Run *run, const GPtrArray *results, guint i)
{
	const Step *step = step_at(run, i);
	const StepResult *before = i > 0 ? g_ptr_array_index(results, i - 1) : NULL;
	g_autoptr(GError) error = NULL;

	if (g_cancellable_is_cancelled(run->cancel))
		return result_cancelled(run, step);
	if (step->chained && before && !before->ok)
		return result_skipped(step, before->status);
	if (step->chained && before && before->changed && !run_read(run, users_for(step), &error))
		return result_backend(step, error);
	return run_step(run, i);
}

/* Does the host show what the results claim? Replaces a claim that it does not bear out. */
static void verify(Run *run, GPtrArray *results)
{
	for (guint i = 0; i < results->len; i++) {
		const Step *step = step_at(run, i);
		const StepResult *result = g_ptr_array_index(results, i);
		bool last_word = i + 1 >= results->len || !step_at(run, i + 1)->chained ||
		                 step_at(run, i + 1)->kind != step->kind;
		/* Of edits to one definition only the last one can be seen. */
		if (!result->ok || !result->changed || !last_word || run_is_borne_out(run, step))
			continue;
		replace_result(
			results, i,
			result_fail(step, STATUS_FAILED, "EIO", 0, step->path,
		                    g_strdup_printf("%s: it was accepted, but reading back does "
		                                    "not show it",
		                                    step->text),
		                    "something else may have changed it at the same time"));
	}
}

static bool any_changed(const GPtrArray *results)
{
	for (guint i = 0; i < results->len; i++) {
		const StepResult *result = g_ptr_array_index(results, i);
		if (result->ok && result->changed)
			return true;
	}
	return false;
}

static void run_all(Run *run, GPtrArray *results, PlanProgress progress, void *data)
{
	bool ended = false;

	for (guint i = 0; i < run->plan->steps->len; i++) {
		StepResult *result = ended ? result_skipped(step_at(run, i), STATUS_FAILED)
		                           : attempt(run, results, i);
		bool failed = !result->ok;
		Status status = result->status;
		bool tried = failed && !ended && g_strcmp0(result->problem->code, "SKIPPED") != 0;
		g_ptr_array_add(results, result);
		if (tried && run->plan->roll_back) {
			roll_back(run, results, 0, i, status);
			ended = true;
		} else if (tried && step_at(run, i)->chained) {
			roll_back(run, results, chain_start(run, i), i, status);
		}
		if (progress)
			progress(run->plan, i, g_ptr_array_index(results, i), data);
	}
}

/* ---- before the first step ---- */

static ScanFlags users_of(const Plan *plan)
{
	ScanFlags flags = 0;

	for (guint i = 0; i < plan->steps->len; i++)
		flags |= users_for(g_ptr_array_index(plan->steps, i));
	return flags;
}

/* A host that does not say (any more) who it is may be another one. */
static bool differs(const char *planned, const char *now)
{
	return planned && g_strcmp0(planned, now) != 0;
}

/* Another machine, or the same one after a restart: the plan was made for something else. */
static char *why_stale(const Plan *plan, const Inventory *now)
{
	if (differs(plan->machine_id, now->machine_id.s))
		return g_strdup_printf("%s: another machine answers than the one planned for",
		                       plan->host);
	if (differs(plan->boot_id, now->boot_id.s))
		return g_strdup_printf("%s: it was restarted since the plan was made", plan->host);
	return NULL;
}

static void fail_all(Run *run, GPtrArray *results, const GError *error, const char *stale)
{
	for (guint i = results->len; i < run->plan->steps->len; i++) {
		const Step *step = step_at(run, i);
		StepResult *result =
			stale ? result_fail(step, STATUS_REFUSED, "STALE", 0, NULL, g_strdup(stale),
		                            "look again, and plan anew")
			      : result_backend(step, error);
		g_ptr_array_add(results, result);
	}
}

/*
 * Of a strict plan: the first step whose preconditions do not hold, in its place among the results.
 * What is chained waits for what is not there yet, and is checked when its turn comes.
 */
static bool is_refused(Run *run, GPtrArray *results)
{
	StepResult *refusal = NULL;
	guint at = 0;

	for (guint i = 0; run->plan->strict && i < run->plan->steps->len && !refusal; i++) {
		StepResult *result =
			step_at(run, i)->chained ? NULL : runner_check(run, step_at(run, i));
		if (result && !result->ok) {
			refusal = result;
			at = i;
		} else {
			step_result_free(result);
		}
	}
	for (guint i = 0; refusal && i < run->plan->steps->len; i++)
		g_ptr_array_add(results,
		                i == at ? refusal
		                        : result_skipped(step_at(run, i), refusal->status));
	return refusal != NULL;
}

static const char *end_state(const Run *run, const GPtrArray *results)
{
	bool failed = false, undone = false;

	for (guint i = 0; i < results->len; i++) {
		const StepResult *result = g_ptr_array_index(results, i);
		failed |= !result->ok;
		undone |= result->problem && g_str_equal(result->problem->code, "UNDONE");
	}
	if (failed && g_cancellable_is_cancelled(run->cancel))
		return "cancelled";
	return undone && !any_changed(results) ? "undone" : failed ? "failed" : "done";
}

static void run_recorded(Run *run, GPtrArray *results, PlanProgress progress, void *data)
{
	run_all(run, results, progress, data);
	if (any_changed(results) && run_read(run, 0, NULL))
		verify(run, results);
	/* Without this line the entry reads as interrupted: that is not wrong, only worth a look.
	 */
	if (run->recorded)
		journal_end(run->plan, end_state(run, results), NULL);
}

GPtrArray *plan_run(const Plan *plan, Backend *backend, PlanProgress progress, void *data,
                    GCancellable *cancel)
{
	GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify)step_result_free);
	Run run = { .plan = plan, .backend = backend, .cancel = cancel };
	g_autoptr(GError) error = NULL;

	if (run_read(&run, users_of(plan), &error)) {
		g_autofree char *stale = why_stale(plan, run.now);
		if (stale)
			fail_all(&run, results, NULL, stale);
		else if (!is_refused(&run, results))
			run_recorded(&run, results, progress, data);
	} else {
		fail_all(&run, results, error, NULL);
	}
	g_clear_pointer(&run.now, inventory_unref);
	return results;
}

/* ---- undoing a plan that ended ---- */

static Step *step_back(const Step *step)
{
	const Step *undo = step->undo;
	StepSpec spec = { .kind = undo->kind,
		          .host = undo->host,
		          .parent = undo->parent,
		          .type = undo->type,
		          .uuid = undo->uuid,
		          .key = undo->key,
		          .before = undo->before,
		          .after = undo->after,
		          .mdevctl = undo->argv ? undo->argv[0] : NULL };
	return step_new(&spec);
}

Plan *plan_undo(const Plan *plan, const GPtrArray *results)
{
	Plan *back = g_new0(Plan, 1);

	back->id = g_uuid_string_random();
	back->purpose = g_strdup_printf("undo: %s", plan->purpose);
	back->made_at = g_get_real_time() / G_USEC_PER_SEC;
	back->host = g_strdup(plan->host);
	/* A restart does not matter: each step looks for itself whether there is something to undo.
	 */
	back->machine_id = g_strdup(plan->machine_id);
	back->if_exists = true;
	back->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
	for (guint i = MIN(results->len, plan->steps->len); i > 0; i--) {
		const Step *step = g_ptr_array_index(plan->steps, i - 1);
		const StepResult *result = g_ptr_array_index(results, i - 1);
		Step *undo = result->changed && step->undo ? step_back(step) : NULL;
		if (undo)
			g_ptr_array_add(back->steps, undo);
	}
	return back;
}
