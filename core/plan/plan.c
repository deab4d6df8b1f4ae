// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/step.h"

#include <string.h>

#include "core/cards.h"
#include "core/plan/place.h"

void plan_free(Plan *plan)
{
	if (!plan)
		return;
	g_free(plan->id);
	g_free(plan->purpose);
	g_free(plan->host);
	g_free(plan->machine_id);
	g_free(plan->boot_id);
	g_ptr_array_unref(plan->steps);
	g_free(plan);
}

Plan *plan_new(const Inventory *inventory, const char *host)
{
	Plan *plan = g_new0(Plan, 1);
	plan->id = g_uuid_string_random();
	plan->made_at = g_get_real_time() / G_USEC_PER_SEC;
	plan->host = g_strdup(host);
	plan->machine_id = g_strdup(inventory->machine_id.s);
	plan->boot_id = g_strdup(inventory->boot_id.s);
	plan->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
	return plan;
}

void *plan_refuse(Status *status, Problem **problem, Status means, const char *host,
                  const char *code, char *text, const char *hint)
{
	*status = means;
	*problem = problem_new(host, code, 0, "device", NULL, text, hint);
	g_free(text);
	return NULL;
}

static char *offered_types(const Parent *parent)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < parent->types->len; i++) {
		const Type *type = g_ptr_array_index(parent->types, i);
		g_string_append_printf(out, "%s%s", i ? ", " : "", type->id);
	}
	return g_string_free(out, FALSE);
}

Parent *plan_parent(const Inventory *inventory, const char *host, const char *name,
                    const char *type_id, Status *status, Problem **problem)
{
	Parent *parent = inventory_parent(inventory, name);

	if (!parent)
		return plan_refuse(
			status, problem, STATUS_NOT_FOUND, host, "ENOENT",
			g_strdup_printf("%s has no parent %s", host, name),
			inventory_card(inventory, name)
				? "that is a card: HOST/card:BDF picks one of its functions"
				: "`mdevcon list` shows the parents");
	if (!parent_type(parent, type_id)) {
		g_autofree char *types = offered_types(parent);
		return plan_refuse(status, problem, STATUS_NOT_FOUND, host, "ENOENT",
		                   g_strdup_printf("%s does not offer type %s (offers: %s)",
		                                   parent->name, type_id, *types ? types : "none"),
		                   NULL);
	}
	if (!parent->actionable || !name_is_actionable(type_id))
		return plan_refuse(
			status, problem, STATUS_REFUSED, host, "EINVAL",
			g_strdup_printf("the name of %s or its type cannot stand in a write",
		                        parent->name),
			NULL);
	return parent;
}

GPtrArray *plan_parents(const Inventory *inventory, const char *host, const char *where,
                        const char *type_id, const char *uuid, guint count, Status *status,
                        Problem **problem)
{
	bool named = where && !g_str_has_prefix(where, PLACE_CARD);
	g_autoptr(GPtrArray) parents = NULL;

	if (named) {
		Parent *parent = plan_parent(inventory, host, where, type_id, status, problem);
		parents = g_ptr_array_new();
		for (guint i = 0; parent && i < count; i++)
			g_ptr_array_add(parents, parent);
		return parent ? g_steal_pointer(&parents) : NULL;
	}
	parents = place_instances(inventory, host, where, type_id, uuid, count, status, problem);
	for (guint i = 0; parents && i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		if (!plan_parent(inventory, host, parent->name, type_id, status, problem))
			return NULL;
	}
	return g_steal_pointer(&parents);
}

bool plan_picks(const char *where)
{
	return !where || g_str_has_prefix(where, PLACE_CARD);
}

Plan *plan_create(const Inventory *inventory, const char *host, const char *where,
                  const char *type_id, const char *uuid, guint count, Status *status,
                  Problem **problem)
{
	if (uuid && (count != 1 || !g_uuid_string_is_valid(uuid)))
		return plan_refuse(status, problem, STATUS_USAGE, host, "EINVAL",
		                   g_strdup_printf("%s is not a uuid for one instance", uuid),
		                   NULL);
	g_autofree char *given = uuid ? g_ascii_strdown(uuid, -1) : NULL;
	g_autoptr(GPtrArray) parents =
		plan_parents(inventory, host, where, type_id, given, count, status, problem);
	if (!parents)
		return NULL;

	Plan *plan = plan_new(inventory, host);
	plan->purpose = g_strdup_printf("create %u %s on %s", count, type_id, host);
	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		g_autofree char *id = given ? g_strdup(given) : g_uuid_string_random();
		StepSpec spec = { .kind = STEP_CREATE,
			          .host = host,
			          .parent = parent->name,
			          .type = type_id,
			          .uuid = id,
			          .picked = plan_picks(where) };
		g_ptr_array_add(plan->steps, step_new(&spec));
	}
	*status = STATUS_DONE;
	return plan;
}

Problem *plan_refuse_use(const Instance *instance, const char *host, bool force)
{
	if (instance->in_use == TRI_NO || (instance->in_use == TRI_UNKNOWN && force))
		return NULL;
	if (instance->in_use == TRI_UNKNOWN) {
		g_autofree char *text = g_strdup_printf(
			"cannot prove that %s is idle: %s", instance->id,
			instance->in_use_why ? instance->in_use_why : "use unknown");
		return problem_new(
			host, "EBUSY", 0, "device", NULL, text,
			"read as root; `mdevcon remove --force` is for who knows better");
	}

	GString *text = g_string_new(NULL);
	g_string_printf(text, "%s is in use", instance->id);
	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		const InstanceUser *user = &g_array_index(instance->users, InstanceUser, i);
		g_string_append_printf(text, "%s pid %" G_GINT64_FORMAT, i ? "," : " by",
		                       user->pid);
		if (user->vm)
			g_string_append_printf(text, " (%s)", user->vm);
	}
	Problem *problem = problem_new(host, "EBUSY", 0, "device", NULL, text->str,
	                               "stop its user first: nothing lifts this");
	g_string_free(text, TRUE);
	return problem;
}

/* Adds the step that removes `wanted`, or returns the refusal. */
static bool add_remove(Plan *plan, const Inventory *inventory, const char *host, const char *wanted,
                       Status *status, Problem **problem)
{
	guint matches = 0;
	Instance *instance = inventory_instance(inventory, wanted, &matches);

	if (matches > 1)
		return plan_refuse(
			status, problem, STATUS_USAGE, host, "EINVAL",
			g_strdup_printf("%s is not unique on %s: %u instances begin with it",
		                        wanted, host, matches),
			"give more of the uuid");
	if (!instance && plan->if_exists) {
		StepSpec gone = { .kind = STEP_REMOVE, .host = host, .uuid = wanted };
		g_ptr_array_add(plan->steps, step_new(&gone));
		return true;
	}
	if (!instance)
		return plan_refuse(status, problem, STATUS_NOT_FOUND, host, "ENOENT",
		                   g_strdup_printf("%s has no instance %s", host, wanted), NULL);
	if (instance->kind != INSTANCE_MDEV)
		return plan_refuse(
			status, problem, STATUS_REFUSED, host, "EINVAL",
			g_strdup_printf("%s is a virtual function, not a mediated device: "
		                        "there is nothing to remove",
		                        instance->id),
			"its vGPU type is taken back by NVIDIA's vendor VFIO");
	if (!instance->actionable)
		return plan_refuse(
			status, problem, STATUS_REFUSED, host, "EINVAL",
			g_strdup_printf("the name of instance %s cannot stand in a write",
		                        instance->id),
			NULL);
	Problem *refused = plan_refuse_use(instance, host, plan->force);
	if (refused) {
		*problem = refused;
		*status = STATUS_REFUSED;
		return false;
	}

	StepSpec spec = { .kind = STEP_REMOVE,
		          .host = host,
		          .parent = instance->parent_name,
		          .type = instance->type.s,
		          .uuid = instance->id };
	Step *step = step_new(&spec);
	/* What its parent does not offer (any more) cannot be made again. */
	if (step && !instance->type_ref)
		g_clear_pointer(&step->undo, step_free);
	if (!step)
		return plan_refuse(status, problem, STATUS_REFUSED, host, "EINVAL",
		                   g_strdup_printf("the parent of instance %s cannot stand in a "
		                                   "write",
		                                   instance->id),
		                   NULL);
	g_ptr_array_add(plan->steps, step);
	return true;
}

Plan *plan_remove(const Inventory *inventory, const char *host, const char *const *uuids,
                  bool force, bool if_exists, Status *status, Problem **problem)
{
	g_autoptr(Plan) plan = plan_new(inventory, host);

	plan->force = force;
	plan->if_exists = if_exists;
	for (guint i = 0; uuids[i]; i++) {
		g_autofree char *wanted = g_ascii_strdown(uuids[i], -1);
		if (!name_is_actionable(wanted))
			return plan_refuse(status, problem, STATUS_USAGE, host, "EINVAL",
			                   g_strdup_printf("%s is not a uuid", uuids[i]), NULL);
		if (!add_remove(plan, inventory, host, wanted, status, problem))
			return NULL;
	}
	plan->purpose = g_strdup_printf("remove %u instance%s on %s", plan->steps->len,
	                                plan->steps->len == 1 ? "" : "s", host);
	*status = STATUS_DONE;
	return g_steal_pointer(&plan);
}
