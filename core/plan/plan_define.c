// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans about definitions, and about the attributes and types that go with them. */
#include "core/plan/definition_text.h"
#include "core/plan/step.h"

#include <string.h>

/* The programs of a tree are not run: there, and where a host has no mdevctl, we write ourselves.
 */
static const char *mdevctl_of(const Inventory *inventory)
{
	return inventory->live ? inventory->mdevctl : NULL;
}

/* A text that can go to a file of sysfs and to an argument: one line without controls. */
static bool attr_is_sound(const Attr *attr)
{
	if (!*attr->key || !g_utf8_validate(attr->value, -1, NULL))
		return false;
	for (const char *s = attr->value; *s; s = g_utf8_next_char(s)) {
		gunichar c = g_utf8_get_char(s);
		if (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT)
			return false;
	}
	return strspn(attr->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                         "0123456789._:+-/") == strlen(attr->key);
}

static bool attrs_are_sound(const GArray *attrs, const char *host, Status *status,
                            Problem **problem)
{
	for (guint i = 0; attrs && i < attrs->len; i++) {
		const Attr *attr = &g_array_index(attrs, Attr, i);
		if (attr_is_sound(attr))
			continue;
		plan_refuse(status, problem, STATUS_USAGE, host, "EINVAL",
		            g_strdup_printf("attribute %s=%s cannot be written", attr->key,
		                            attr->value),
		            "a key is the name of a file of the device, a value one line");
		return false;
	}
	return true;
}

/* Adds a step; the refusal if its parts make none. */
static bool add_step(Plan *plan, const StepSpec *spec, Status *status, Problem **problem)
{
	Step *step = step_new(spec);

	if (!step) {
		plan_refuse(status, problem, STATUS_REFUSED, plan->host, "EINVAL",
		            g_strdup_printf("a name of %s cannot stand in a path or a command",
		                            spec->uuid ? spec->uuid : spec->parent),
		            NULL);
		return false;
	}
	g_ptr_array_add(plan->steps, step);
	*status = STATUS_DONE;
	return true;
}

/* Writes each attribute to the instance that the step before makes. */
static bool add_attr_writes(Plan *plan, const StepSpec *of, const GArray *attrs, Status *status,
                            Problem **problem)
{
	for (guint i = 0; attrs && i < attrs->len; i++) {
		const Attr *attr = &g_array_index(attrs, Attr, i);
		StepSpec spec = { .kind = STEP_WRITE_ATTR,
			          .host = of->host,
			          .parent = of->parent,
			          .type = of->type,
			          .uuid = of->uuid,
			          .key = attr->key,
			          .after = attr->value,
			          .chained = true };
		if (!add_step(plan, &spec, status, problem))
			return false;
	}
	return true;
}

static bool add_start(Plan *plan, const StepSpec *of, const GArray *attrs, Status *status,
                      Problem **problem)
{
	StepSpec spec = *of;

	spec.kind = STEP_START;
	spec.before = spec.after = NULL;
	return add_step(plan, &spec, status, problem) &&
	       (spec.mdevctl || add_attr_writes(plan, &spec, attrs, status, problem));
}

/* Running as that type on that parent already. */
static bool is_running(const Inventory *inventory, const StepSpec *spec)
{
	const Instance *instance = inventory_instance(inventory, spec->uuid, NULL);

	return instance && g_str_equal(instance->id, spec->uuid) &&
	       g_strcmp0(instance->type.s, spec->type) == 0 &&
	       g_strcmp0(instance->parent_name, spec->parent) == 0;
}

static bool add_define(Plan *plan, const Inventory *inventory, const DefineWish *wish,
                       const StepSpec *spec, Status *status, Problem **problem)
{
	const Definition *there = inventory_definition(inventory, spec->parent, spec->uuid);

	if (there && (there->error || !definition_text_same(there->text, spec->after))) {
		plan_refuse(status, problem, STATUS_FAILED, plan->host, "EEXIST",
		            g_strdup_printf("%s is defined on %s already, %s", spec->uuid,
		                            spec->parent,
		                            there->error ? there->error : "but differently"),
		            "`mdevcon autostart`, `attr` and `undefine` change a definition");
		return false;
	}
	if (!add_step(plan, spec, status, problem))
		return false;
	StepSpec start = *spec;
	start.chained = true;
	start.picked = plan_picks(wish->where);
	return !wish->start || is_running(inventory, spec) ||
	       add_start(plan, &start, wish->attrs, status, problem);
}

/* A parent for each that is wished; NULL and the refusal for a wish that cannot be. */
static GPtrArray *parents_of_wish(const Inventory *inventory, const char *host,
                                  const DefineWish *wish, Status *status, Problem **problem)
{
	g_autofree char *uuid = wish->uuid ? g_ascii_strdown(wish->uuid, -1) : NULL;

	if (wish->uuid && (wish->count > 1 || !g_uuid_string_is_valid(wish->uuid)))
		return plan_refuse(status, problem, STATUS_USAGE, host, "EINVAL",
		                   g_strdup_printf("%s is not a uuid for one instance", wish->uuid),
		                   NULL);
	if (!attrs_are_sound(wish->attrs, host, status, problem))
		return NULL;
	return plan_parents(inventory, host, wish->where, wish->type, uuid, MAX(wish->count, 1),
	                    status, problem);
}

static char *uuid_of_wish(const DefineWish *wish)
{
	return wish->uuid ? g_ascii_strdown(wish->uuid, -1) : g_uuid_string_random();
}

Plan *plan_define(const Inventory *inventory, const char *host, const DefineWish *wish,
                  Status *status, Problem **problem)
{
	g_autoptr(GPtrArray) parents = parents_of_wish(inventory, host, wish, status, problem);

	if (!parents)
		return NULL;
	g_autofree char *text = definition_text(wish->type, wish->autostart, wish->attrs);
	g_autoptr(Plan) plan = plan_new(inventory, host);
	plan->purpose = g_strdup_printf("define %s%u %s on %s", wish->start ? "and start " : "",
	                                parents->len, wish->type, host);
	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		g_autofree char *uuid = uuid_of_wish(wish);
		StepSpec spec = { .kind = STEP_DEFINE,
			          .host = host,
			          .parent = parent->name,
			          .type = wish->type,
			          .uuid = uuid,
			          .after = text,
			          .mdevctl = mdevctl_of(inventory) };
		if (!add_define(plan, inventory, wish, &spec, status, problem))
			return NULL;
	}
	return g_steal_pointer(&plan);
}

Plan *plan_create_with_attrs(const Inventory *inventory, const char *host, const DefineWish *wish,
                             Status *status, Problem **problem)
{
	g_autoptr(GPtrArray) parents = parents_of_wish(inventory, host, wish, status, problem);

	if (!parents)
		return NULL;
	g_autoptr(Plan) plan = plan_new(inventory, host);
	plan->purpose = g_strdup_printf("create %u %s on %s", parents->len, wish->type, host);
	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		g_autofree char *uuid = uuid_of_wish(wish);
		StepSpec spec = { .kind = STEP_CREATE,
			          .host = host,
			          .parent = parent->name,
			          .type = wish->type,
			          .uuid = uuid,
			          .picked = plan_picks(wish->where) };
		if (!add_step(plan, &spec, status, problem) ||
		    (!is_running(inventory, &spec) &&
		     !add_attr_writes(plan, &spec, wish->attrs, status, problem)))
			return NULL;
	}
	return g_steal_pointer(&plan);
}

/* ---- of one definition ---- */

/* In one form, whoever wrote it; NULL for a broken one. New. */
static char *text_of(const Definition *definition)
{
	return definition->error
	               ? NULL
	               : definition_text_with_start(definition->text, definition->autostart);
}

static StepSpec spec_of(const Inventory *inventory, const char *host, const Definition *definition)
{
	return (StepSpec){ .host = host,
		           .parent = definition->parent,
		           .type = definition->type,
		           .uuid = definition->uuid,
		           .mdevctl = mdevctl_of(inventory) };
}

static bool is_broken(const char *host, const Definition *definition, Status *status,
                      Problem **problem)
{
	if (!definition->error)
		return false;
	plan_refuse(status, problem, STATUS_FAILED, host, "PARSE",
	            g_strdup_printf("%s: %s", definition->file, definition->error),
	            "mend the file, or undefine it");
	return true;
}

static Plan *plan_of(const Inventory *inventory, const char *verb, const char *host,
                     const Definition *definition)
{
	Plan *plan = plan_new(inventory, host);

	plan->purpose = g_strdup_printf("%s %s on %s", verb, definition->uuid, host);
	return plan;
}

Plan *plan_undefine(const Inventory *inventory, const char *host, const Definition *definition,
                    Status *status, Problem **problem)
{
	g_autoptr(Plan) plan = plan_of(inventory, "undefine", host, definition);
	g_autofree char *before = text_of(definition);
	StepSpec spec = spec_of(inventory, host, definition);

	spec.kind = STEP_UNDEFINE;
	spec.before = before;
	/* mdevctl ends at the first file that it cannot read: that one we remove ourselves. */
	if (!before)
		spec.mdevctl = NULL;
	return add_step(plan, &spec, status, problem) ? g_steal_pointer(&plan) : NULL;
}

Plan *plan_start(const Inventory *inventory, const char *host, const Definition *definition,
                 Status *status, Problem **problem)
{
	g_autoptr(Plan) plan = plan_of(inventory, "start", host, definition);
	StepSpec spec = spec_of(inventory, host, definition);

	if (is_broken(host, definition, status, problem) ||
	    !attrs_are_sound(definition->attrs, host, status, problem) ||
	    !plan_parent(inventory, host, definition->parent, definition->type, status, problem))
		return NULL;
	const GArray *attrs = is_running(inventory, &spec) ? NULL : definition->attrs;
	return add_start(plan, &spec, attrs, status, problem) ? g_steal_pointer(&plan) : NULL;
}

Plan *plan_stop(const Inventory *inventory, const char *host, const Definition *definition,
                bool force, Status *status, Problem **problem)
{
	g_autoptr(Plan) plan = plan_of(inventory, "stop", host, definition);
	const Instance *instance = inventory_instance(inventory, definition->uuid, NULL);
	StepSpec spec = spec_of(inventory, host, definition);

	plan->force = force;
	plan->if_exists = true;
	spec.kind = STEP_STOP;
	Problem *held =
		definition->active && instance ? plan_refuse_use(instance, host, force) : NULL;
	if (held) {
		*status = STATUS_REFUSED;
		*problem = held;
		return NULL;
	}
	return add_step(plan, &spec, status, problem) ? g_steal_pointer(&plan) : NULL;
}

Plan *plan_autostart(const Inventory *inventory, const char *host, const Definition *definition,
                     bool autostart, Status *status, Problem **problem)
{
	g_autoptr(Plan) plan = plan_of(inventory, "set autostart of", host, definition);
	StepSpec spec = spec_of(inventory, host, definition);

	if (is_broken(host, definition, status, problem))
		return NULL;
	g_autofree char *before = text_of(definition);
	g_autofree char *after = definition_text_with_start(before, autostart);
	spec.kind = STEP_AUTOSTART;
	spec.before = before;
	spec.after = after;
	return add_step(plan, &spec, status, problem) ? g_steal_pointer(&plan) : NULL;
}

/* One step from the attributes `from` to `to`. */
static bool add_attrs(Plan *plan, const StepSpec *of, const GArray *from, const GArray *to,
                      bool chained, Status *status, Problem **problem)
{
	g_autofree char *before = definition_text_with_attrs(of->before, from);
	g_autofree char *after = definition_text_with_attrs(of->before, to);
	StepSpec spec = *of;

	spec.kind = STEP_ATTRS;
	spec.before = before;
	spec.after = after;
	spec.chained = chained;
	return add_step(plan, &spec, status, problem);
}

static bool same_attr(const GArray *a, guint i, const GArray *b, guint k)
{
	const Attr *one = &g_array_index(a, Attr, i), *other = &g_array_index(b, Attr, k);

	return g_str_equal(one->key, other->key) && g_str_equal(one->value, other->value);
}

/* For mdevctl, which edits one at a time: drops what is different, last first, then adds. */
static bool add_attr_edits(Plan *plan, const StepSpec *spec, const GArray *from, const GArray *to,
                           Status *status, Problem **problem)
{
	guint head = 0, tail = 0, least = MIN(from->len, to->len);
	g_autoptr(GArray) now = g_array_copy((GArray *)from);

	while (head < least && same_attr(from, head, to, head))
		head++;
	while (tail < least - head && same_attr(from, from->len - 1 - tail, to, to->len - 1 - tail))
		tail++;
	for (guint at = from->len - tail; at > head; at--) {
		g_autoptr(GArray) was = g_array_copy(now);
		g_array_remove_index(now, at - 1);
		if (!add_attrs(plan, spec, was, now, plan->steps->len > 0, status, problem))
			return false;
	}
	for (guint at = head; at < to->len - tail; at++) {
		g_autoptr(GArray) was = g_array_copy(now);
		g_array_insert_val(now, at, g_array_index(to, Attr, at));
		if (!add_attrs(plan, spec, was, now, plan->steps->len > 0, status, problem))
			return false;
	}
	return true;
}

Plan *plan_attrs(const Inventory *inventory, const char *host, const Definition *definition,
                 const GArray *attrs, Status *status, Problem **problem)
{
	g_autoptr(Plan) plan = plan_of(inventory, "set attributes of", host, definition);
	StepSpec spec = spec_of(inventory, host, definition);

	if (is_broken(host, definition, status, problem) ||
	    !attrs_are_sound(attrs, host, status, problem))
		return NULL;
	g_autofree char *before = text_of(definition);
	spec.before = before;
	bool ok = !spec.mdevctl ||
	          add_attr_edits(plan, &spec, definition->attrs, attrs, status, problem);
	/* One step by ourselves, and one that says that all is as wanted already. */
	if (ok && plan->steps->len == 0) {
		spec.mdevctl = NULL;
		ok = add_attrs(plan, &spec, definition->attrs, attrs, false, status, problem);
	}
	return ok ? g_steal_pointer(&plan) : NULL;
}

Plan *plan_vf_type(const Inventory *inventory, const char *host, const char *bdf, guint before,
                   guint wanted, Status *status, Problem **problem)
{
	g_autoptr(Plan) plan = plan_new(inventory, host);
	g_autofree char *from = g_strdup_printf("%u", before);
	g_autofree char *to = g_strdup_printf("%u", wanted);
	StepSpec spec = {
		.kind = STEP_VF_TYPE, .host = host, .parent = bdf, .before = from, .after = to
	};

	g_autofree char *name = g_strconcat("vf:", bdf, NULL);
	const Instance *instance = inventory_instance(inventory, name, NULL);
	/* Where it cannot be told, the runner looks at every process before it writes. */
	Problem *held = instance ? plan_refuse_use(instance, host, true) : NULL;
	if (held) {
		*status = STATUS_REFUSED;
		*problem = held;
		return NULL;
	}
	plan->purpose = g_strdup_printf("set vGPU type of %s on %s", bdf, host);
	return add_step(plan, &spec, status, problem) ? g_steal_pointer(&plan) : NULL;
}
