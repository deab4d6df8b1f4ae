// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/plan.h"

#include <errno.h>

#include "core/explain.h"

#define WRITE_DEADLINE_MS 10000

typedef struct {
	const Plan *plan;
	Backend *backend;
	GCancellable *cancel;
	Inventory *now; /* the latest reading of the host */
} Run;

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

static StepResult *result_new(const Step *step)
{
	StepResult *result = g_new0(StepResult, 1);
	result->target = g_strdup_printf("%s/%s", step->host, step->uuid);
	return result;
}

static StepResult *result_ok(const Step *step, bool changed, char *text)
{
	StepResult *result = result_new(step);
	result->ok = true;
	result->changed = changed;
	result->text = text;
	return result;
}

/* Takes `text`. */
static StepResult *result_fail(const Step *step, Status status, const char *code, int err,
                               const char *path, char *text, const char *hint)
{
	StepResult *result = result_new(step);
	result->status = status;
	result->problem = problem_new(step->host, code, err, "device", path, text, hint);
	result->text = text;
	return result;
}

static StepResult *result_backend(const Step *step, const GError *error)
{
	StepResult *result = result_new(step);
	result->problem = problem_from_backend(step->host, error, &result->status);
	result->text = g_strdup(error->message);
	return result;
}

static StepResult *result_errno(const Step *step, int err)
{
	const char *what = step->kind == STEP_CREATE ? "create" : "remove";
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

static bool read_host(Run *run, ScanFlags flags, GError **error)
{
	g_autoptr(Facts) facts = backend_scan(run->backend, flags, run->cancel, error);
	if (!facts)
		return false;
	g_clear_pointer(&run->now, inventory_unref);
	run->now = inventory_new(facts);
	return true;
}

/* The instance of exactly this name, or NULL. */
static Instance *find_exact(const Inventory *inventory, const char *uuid)
{
	Instance *instance = inventory_instance(inventory, uuid, NULL);
	return instance && g_str_equal(instance->id, uuid) ? instance : NULL;
}

static bool is_as_planned(const Instance *instance, const Step *step)
{
	return instance && g_strcmp0(instance->type.s, step->type) == 0 &&
	       g_strcmp0(instance->parent_name, step->parent) == 0;
}

/* Why the parent of a create has no room, as the host shows it now; NULL if it has. New text. */
static char *why_full(const Run *run, const Step *step)
{
	const Parent *parent = inventory_parent(run->now, step->parent);
	const Type *type = parent ? parent_type(parent, step->type) : NULL;
	char *why = NULL;

	if (type)
		explain_zero(type, &why);
	return why;
}

/*
 * Functions of a card share its hardware, so the sum of their counters is no capacity: before a
 * function that the program picked is written to, the host is read again. NULL: go on.
 */
static StepResult *check_room(Run *run, const Step *step, bool reread)
{
	const Parent *parent = inventory_parent(run->now, step->parent);
	g_autoptr(GError) error = NULL;

	if (!step->picked || !parent || !parent->physfn)
		return NULL;
	if (reread && !read_host(run, 0, &error))
		return result_backend(step, error);
	g_autofree char *why = why_full(run, step);
	return why ? result_fail(step, STATUS_FAILED, "ENOSPC", ENOSPC, step->path,
	                         g_strdup_printf("%s: no capacity is left: %s", step->text, why),
	                         NULL)
	           : NULL;
}

/* The kernel's answer to a create, with what the host shows of the reason. */
static StepResult *create_failed(Run *run, const Step *step, int err)
{
	StepResult *result = result_errno(step, err);
	g_autofree char *why = result->status == STATUS_FAILED && read_host(run, 0, NULL)
	                               ? why_full(run, step)
	                               : NULL;
	if (!why)
		return result;
	g_autofree char *text = g_steal_pointer(&result->text);
	result->text = g_strdup_printf("%s: %s", text, why);
	g_free(result->problem->text);
	result->problem->text = g_strdup(result->text);
	return result;
}

static StepResult *run_create(Run *run, const Step *step, bool reread)
{
	const Instance *there = find_exact(run->now, step->uuid);
	g_autoptr(GError) error = NULL;

	if (is_as_planned(there, step))
		return result_ok(step, false, g_strdup_printf("%s is there already", step->uuid));
	if (there)
		return result_fail(step, STATUS_FAILED, "EEXIST", EEXIST, step->path,
		                   g_strdup_printf("%s: that uuid is a %s on %s already",
		                                   step->text,
		                                   there->type.s ? there->type.s : "device",
		                                   there->parent_name ? there->parent_name : "?"),
		                   "choose another uuid");
	StepResult *full = check_room(run, step, reread);
	if (full)
		return full;

	int err = backend_write(run->backend, step->path, step->value, WRITE_DEADLINE_MS,
	                        run->cancel, &error);
	if (err < 0)
		return result_backend(step, error);
	if (err > 0)
		return create_failed(run, step, err);
	return result_ok(
		step, true,
		g_strdup_printf("created %s %s on %s", step->type, step->uuid, step->parent));
}

/* NULL if `instance` may be removed now. */
static StepResult *check_idle(Run *run, const Step *step, const Instance *instance)
{
	g_autoptr(GError) error = NULL;

	if (instance->in_use == TRI_YES || (instance->in_use == TRI_UNKNOWN && !run->plan->force))
		return result_fail(step, STATUS_REFUSED, "EBUSY", 0, NULL,
		                   g_strdup_printf("%s: %s", step->text,
		                                   instance->in_use == TRI_YES ? "it is in use"
		                                   : instance->in_use_why ? instance->in_use_why
		                                                          : "use unknown"),
		                   NULL);
	if (instance->iommu_group.state != READ_VALUE)
		return NULL;

	g_autofree char *node =
		g_strdup_printf("/dev/vfio/%" G_GINT64_FORMAT, instance->iommu_group.n);
	int err = backend_try_open(run->backend, node, run->cancel, &error);
	if (err < 0)
		return result_backend(step, error);
	if (err == EBUSY)
		return result_fail(step, STATUS_REFUSED, "EBUSY", EBUSY, node,
		                   g_strdup_printf("%s: %s is held open", step->text, node),
		                   "stop its user first");
	return NULL; /* any other answer says nothing against it: the reading above stands */
}

static StepResult *run_remove(Run *run, const Step *step)
{
	const Instance *there = find_exact(run->now, step->uuid);
	g_autoptr(GError) error = NULL;

	if (!there && run->plan->if_exists)
		return result_ok(step, false, g_strdup_printf("%s is not there", step->uuid));
	if (!there)
		return result_fail(step, STATUS_NOT_FOUND, "ENOENT", ENOENT, step->path,
		                   g_strdup_printf("%s: it is gone already", step->text), NULL);
	if (step->type && !is_as_planned(there, step))
		return result_fail(
			step, STATUS_REFUSED, "STALE", 0, step->path,
			g_strdup_printf("%s: it is a %s by now", step->text,
		                        there->type.s ? there->type.s : "device of unknown type"),
			"look again, and plan anew");

	StepResult *refused = check_idle(run, step, there);
	if (refused)
		return refused;

	int err = backend_write(run->backend, step->path, step->value, WRITE_DEADLINE_MS,
	                        run->cancel, &error);
	if (err < 0)
		return result_backend(step, error);
	if (err > 0)
		return result_errno(step, err);
	return result_ok(step, true, g_strdup_printf("removed %s", step->uuid));
}

/* After the writes: does the host show what they claim? Replaces a claim that it does not bear out.
 */
static void verify(Run *run, GPtrArray *results)
{
	for (guint i = 0; i < results->len; i++) {
		const Step *step = g_ptr_array_index(run->plan->steps, i);
		StepResult *result = g_ptr_array_index(results, i);
		const Instance *there = find_exact(run->now, step->uuid);
		bool borne_out = step->kind == STEP_CREATE ? is_as_planned(there, step) : !there;

		if (!result->ok || !result->changed || borne_out)
			continue;
		g_ptr_array_index(results, i) = result_fail(
			step, STATUS_FAILED, "EIO", 0, step->path,
			g_strdup_printf(
				"%s: the write was accepted, but reading back does not show it",
				step->text),
			"something else may have changed it at the same time");
		step_result_free(result);
	}
}

static bool any_changed(const GPtrArray *results)
{
	for (guint i = 0; i < results->len; i++)
		if (((StepResult *)g_ptr_array_index(results, i))->changed)
			return true;
	return false;
}

static bool wants_users(const Plan *plan)
{
	for (guint i = 0; i < plan->steps->len; i++)
		if (((Step *)g_ptr_array_index(plan->steps, i))->kind == STEP_REMOVE)
			return true;
	return false;
}

/* Another machine, or the same one after a reboot: the plan was made for something else. */
static bool is_same_host(const Plan *plan, const Inventory *now)
{
	return !plan->machine_id || !now->machine_id.s ||
	       g_str_equal(plan->machine_id, now->machine_id.s);
}

static void fail_all(Run *run, GPtrArray *results, const GError *error)
{
	for (guint i = results->len; i < run->plan->steps->len; i++)
		g_ptr_array_add(results,
		                result_backend(g_ptr_array_index(run->plan->steps, i), error));
}

GPtrArray *plan_run(const Plan *plan, Backend *backend, PlanProgress progress, void *data,
                    GCancellable *cancel)
{
	GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify)step_result_free);
	Run run = { .plan = plan, .backend = backend, .cancel = cancel };
	g_autoptr(GError) error = NULL;

	if (!read_host(&run, wants_users(plan) ? SCAN_USERS : 0, &error)) {
		fail_all(&run, results, error);
		return results;
	}
	if (!is_same_host(plan, run.now))
		error = g_error_new(BACKEND_ERROR, BACKEND_ERROR_PROTOCOL,
		                    "%s: another machine answers than the one planned for",
		                    plan->host);

	for (guint i = 0; i < plan->steps->len && !error; i++) {
		const Step *step = g_ptr_array_index(plan->steps, i);
		if (g_cancellable_is_cancelled(cancel)) {
			error = g_error_new(BACKEND_ERROR, BACKEND_ERROR_CANCELLED, "%s: cancelled",
			                    plan->host);
			break;
		}
		StepResult *result = step->kind == STEP_CREATE
		                             ? run_create(&run, step, any_changed(results))
		                             : run_remove(&run, step);
		g_ptr_array_add(results, result);
		if (progress)
			progress(plan, i, result, data);
	}
	if (error)
		fail_all(&run, results, error);
	else if (any_changed(results) && read_host(&run, 0, NULL))
		verify(&run, results);
	g_clear_pointer(&run.now, inventory_unref);
	return results;
}
