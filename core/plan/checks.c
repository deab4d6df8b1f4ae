// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold before a step, and what must be seen after it: one row a kind. */
#include "core/compat/step_checks.h"
#include "core/explain.h"
#include "core/plan/definition_text.h"
#include "core/plan/run.h"

#include <errno.h>

/* The instance of exactly this name, or NULL. */
static Instance *find_exact(const Inventory *inventory, const char *id)
{
	Instance *instance = inventory_instance(inventory, id, NULL);

	return instance && g_str_equal(instance->id, id) ? instance : NULL;
}

/* R81: what the step's uuid is on the host now. */
static UuidState uuid_state(const Run *run, const Step *step)
{
	return check_uuid(run->now, step->uuid, step->parent, step->type);
}

char *run_why_full(const Run *run, const Step *step)
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
static StepResult *check_room(Run *run, const Step *step)
{
	const Parent *parent = inventory_parent(run->now, step->parent);
	g_autoptr(GError) error = NULL;

	if (!step->picked || !parent || !parent->physfn)
		return NULL;
	if (run->stale && !run_read(run, 0, &error))
		return result_backend(step, error);
	g_autofree char *why = run_why_full(run, step);
	return why ? result_fail(step, STATUS_FAILED, "ENOSPC", ENOSPC, step->path,
	                         g_strdup_printf("%s: no capacity is left: %s", step->text, why),
	                         NULL)
	           : NULL;
}

static StepResult *check_absent(Run *run, const Step *step)
{
	const Instance *there = find_exact(run->now, step->uuid);

	if (!there)
		return check_room(run, step);
	if (uuid_state(run, step) == UUID_THERE)
		return result_ok(step, false, g_strdup_printf("%s is there already", step->uuid));
	return result_fail(step, STATUS_FAILED, "EEXIST", EEXIST, step->path,
	                   g_strdup_printf("%s: that uuid is a %s on %s already", step->text,
	                                   there->type.s ? there->type.s : "device",
	                                   there->parent_name ? there->parent_name : "?"),
	                   "choose another uuid");
}

/* NULL if nobody uses `instance` now. */
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

static StepResult *check_removable(Run *run, const Step *step)
{
	const Instance *there = find_exact(run->now, step->uuid);

	if (!there && run->plan->if_exists)
		return result_ok(step, false, g_strdup_printf("%s is not there", step->uuid));
	if (!there)
		return result_fail(step, STATUS_NOT_FOUND, "ENOENT", ENOENT, step->path,
		                   g_strdup_printf("%s: it is gone already", step->text), NULL);
	if (step->type && uuid_state(run, step) != UUID_THERE)
		return result_fail(
			step, STATUS_REFUSED, "STALE", 0, step->path,
			g_strdup_printf("%s: it is a %s by now", step->text,
		                        there->type.s ? there->type.s : "device of unknown type"),
			"look again, and plan anew");
	return check_idle(run, step, there);
}

/* The definition as it is now: `before` it may be done, `after` it is done already. */
static StepResult *check_definition(Run *run, const Step *step)
{
	const Definition *there = inventory_definition(run->now, step->parent, step->uuid);
	const char *text = there ? there->text : NULL;

	if (definition_text_same(text, step->after))
		return result_ok(step, false,
		                 g_strdup_printf(step->after ? "%s is defined so already"
		                                             : "%s is not defined",
		                                 step->uuid));
	if (definition_text_same(text, step->before))
		return NULL;
	/* Of a broken file nothing is known but that it is broken. */
	if (step->kind == STEP_UNDEFINE && !step->before && there && there->error)
		return NULL;
	if (!there)
		return result_fail(
			step, STATUS_NOT_FOUND, "ENOENT", ENOENT, step->path,
			g_strdup_printf("%s: it is not defined there any more", step->text),
			"look again, and plan anew");
	bool is_new = !step->before;
	return result_fail(step, is_new ? STATUS_FAILED : STATUS_REFUSED,
	                   is_new ? "EEXIST" : "STALE", is_new ? EEXIST : 0, there->file,
	                   g_strdup_printf("%s: it is defined differently by now", step->text),
	                   "look again, and plan anew");
}

static StepResult *check_present(Run *run, const Step *step)
{
	if (uuid_state(run, step) == UUID_THERE)
		return NULL;
	return result_fail(step, STATUS_NOT_FOUND, "ENOENT", ENOENT, step->path,
	                   g_strdup_printf("%s: the instance is not there", step->text), NULL);
}

/* ---- functions of NVIDIA's vendor VFIO ---- */

static const Function *find_function(const Inventory *inventory, const char *bdf)
{
	for (guint i = 0; i < inventory->functions->len; i++) {
		const Function *function = g_ptr_array_index(inventory->functions, i);
		if (g_str_equal(function->name, bdf))
			return function;
	}
	return NULL;
}

static bool has_type(const Function *function, const char *number)
{
	g_autofree char *now = function && function->vgpu_type.state == READ_VALUE
	                               ? g_strdup_printf("%" G_GINT64_FORMAT, function->vgpu_type.n)
	                               : NULL;
	return g_strcmp0(now, number) == 0;
}

/* A function with a type is a device, and may be in use; one without is nothing yet. */
static StepResult *check_function(Run *run, const Step *step)
{
	const Function *function = find_function(run->now, step->parent);
	const Instance *device = find_exact(run->now, step->parent);

	if (!function || function->vgpu_type.state == READ_ABSENT)
		return result_fail(step, STATUS_NOT_FOUND, "ENOENT", ENOENT, step->path,
		                   g_strdup_printf("%s: there is no such function", step->text),
		                   NULL);
	if (has_type(function, step->after))
		return result_ok(step, false,
		                 g_strdup_printf("%s has that type already", step->parent));
	if (!has_type(function, step->before))
		return result_fail(step, STATUS_REFUSED, "STALE", 0, step->path,
		                   g_strdup_printf("%s: its type is another by now", step->text),
		                   "look again, and plan anew");
	return device ? check_idle(run, step, device) : NULL;
}

/* ---- seen afterwards ---- */

/* R80 */
static bool is_there(const Run *run, const Step *step)
{
	g_autofree char *missing = check_created(run->now, step->uuid, step->parent, step->type);

	return !missing;
}

static bool is_gone(const Run *run, const Step *step)
{
	return !find_exact(run->now, step->uuid);
}

static bool is_defined_so(const Run *run, const Step *step)
{
	const Definition *there = inventory_definition(run->now, step->parent, step->uuid);

	return definition_text_same(there ? there->text : NULL, step->after);
}

static bool has_wanted_type(const Run *run, const Step *step)
{
	return has_type(find_function(run->now, step->parent), step->after);
}

static const struct {
	StepResult *(*check)(Run *run, const Step *step);
	bool (*borne_out)(const Run *run, const Step *step); /* NULL: nothing to see */
	bool users;
} rows[STEP_KINDS] = {
	[STEP_CREATE] = { check_absent, is_there, false },
	[STEP_REMOVE] = { check_removable, is_gone, true },
	[STEP_DEFINE] = { check_definition, is_defined_so, false },
	[STEP_UNDEFINE] = { check_definition, is_defined_so, false },
	[STEP_START] = { check_absent, is_there, false },
	[STEP_STOP] = { check_removable, is_gone, true },
	[STEP_AUTOSTART] = { check_definition, is_defined_so, false },
	[STEP_ATTRS] = { check_definition, is_defined_so, false },
	[STEP_WRITE_ATTR] = { check_present, NULL, false },
	[STEP_VF_TYPE] = { check_function, has_wanted_type, true },
};

StepResult *runner_check(Run *run, const Step *step)
{
	return rows[step->kind].check(run, step);
}

bool run_is_borne_out(const Run *run, const Step *step)
{
	return !rows[step->kind].borne_out || rows[step->kind].borne_out(run, step);
}

bool step_needs_users(const Step *step)
{
	return rows[step->kind].users;
}
