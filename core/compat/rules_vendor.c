// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * R15: virtual functions under NVIDIA's vendor VFIO (vGPU 17 and later, Linux 6.8 and later): no
 * mediated device, but a type that is written to the function's nvidia/current_vgpu_type. What a
 * function can take stands in creatable_vgpu_types, and changes with what its siblings hold.
 */

#include "core/compat/rules.h"

#include <string.h>

#define TYPE_PREFIX "nvidia-" /* the inventory's name of a vGPU type: nvidia-NUMBER */

static bool is_vendor(const Function *function)
{
	return function->vgpu_type.state != READ_ABSENT && function->vgpu_type.state != READ_NONE;
}

bool inventory_has_vendor_vfio(const Inventory *inventory)
{
	for (guint i = 0; inventory && i < inventory->functions->len; i++)
		if (is_vendor(g_ptr_array_index(inventory->functions, i)))
			return true;
	return false;
}

/* The name of a type in lines "1152 : NVIDIA L40S-6Q"; NULL: it is not among them. New text. */
static char *name_of(const char *lines, const char *number)
{
	g_auto(GStrv) all = g_strsplit(lines, "\n", -1);

	for (char **line = all; *line; line++) {
		g_auto(GStrv) parts = g_strsplit(*line, ":", 2);
		if (parts[0] && g_str_equal(g_strstrip(parts[0]), number))
			return g_strdup(parts[1] ? g_strstrip(parts[1]) : "");
	}
	return NULL;
}

/* A free function of the target that can take the type; NULL: none. `*name`: the type's. */
static const Function *find_creatable(const Inventory *target, const char *number, char **name,
                                      const Function **unread)
{
	for (guint i = 0; i < target->functions->len; i++) {
		const Function *function = g_ptr_array_index(target->functions, i);
		if (!is_vendor(function))
			continue;
		if (function->vgpu_type.state != READ_VALUE ||
		    (function->vgpu_type.n == 0 && is_unread(function->creatable))) {
			*unread = function;
			continue;
		}
		if (function->vgpu_type.n != 0 || !has_value(function->creatable))
			continue;
		*name = name_of(function->creatable.s, number);
		if (*name)
			return function;
	}
	return NULL;
}

static void judge_create(Judging *j, const char *number)
{
	const Case *c = j->c;
	const char *here = c->instance->type_name;
	g_autofree char *there = NULL;
	const Function *unread = NULL;
	const Function *function = find_creatable(c->target.inventory, number, &there, &unread);

	if (!function) {
		say(j, unread ? VENDOR_UNREAD : VENDOR_FULL, reading_of(c->type_id),
		    reading_of(NULL), unread ? unread->name : number, NULL);
		return;
	}
	j->chosen = function->name;
	say(j, VENDOR_CREATE, reading_of(c->type_id), reading_of(there), number, function->name,
	    NULL);
	if (here && !g_str_equal(here, there))
		say(j, VENDOR_NAME, reading_of(here), reading_of(there), number, NULL);
	if (wants_todo(j))
		add_todo(j, TODO_CREATE, c->target.host, function->name, "nvidia/current_vgpu_type",
		         number,
		         g_strdup_printf("write %s to current_vgpu_type of %s on %s", number,
		                         bdf_short(function->name), c->target.host));
}

/* The function that was named as target: of that type already, and proved idle. */
static void judge_named(Judging *j, const Instance *named)
{
	TextReading type = reading_of(j->c->type_id);

	if (named->kind != INSTANCE_NVIDIA_VF) {
		say(j, VENDOR_FRAMEWORK, type, named->type, "vendor VFIO", "a mediated device",
		    NULL);
	} else if (g_strcmp0(named->type.s, j->c->type_id) != 0) {
		say(j, VENDOR_OTHER, type, named->type, named->id, NULL);
	} else {
		j->chosen = named->id;
		say(j,
		    named->in_use == TRI_NO    ? VENDOR_REUSE
		    : named->in_use == TRI_YES ? VENDOR_USED
		                               : VENDOR_USE_UNREAD,
		    type, named->type, named->id, NULL);
	}
}

/* Rules on the source's use and its owner hold for functions as for mediated devices. */
static void judge_source(Judging *j)
{
	static const char *const rules[] = { "R60", "R62" };

	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		j->rule = &compat_rules[rule_find(rules[i])];
		j->rule->judge(j);
	}
}

bool rule_vendor_vfio(Judging *j)
{
	const Case *c = j->c;
	bool here = c->instance && c->instance->kind == INSTANCE_NVIDIA_VF;
	bool there = inventory_has_vendor_vfio(c->target.inventory);

	if (!here) {
		if (!there || c->target.inventory->parents->len > 0)
			return true;
		say(j, VENDOR_FRAMEWORK, reading_of(c->type_id), reading_of(NULL),
		    "a mediated device", "vendor VFIO", NULL);
		return false;
	}
	if (c->named)
		judge_named(j, c->named);
	else if (!there)
		say(j, VENDOR_FRAMEWORK, reading_of(c->type_id), reading_of(NULL), "vendor VFIO",
		    "none", NULL);
	else
		judge_create(j, c->type_id + strlen(TYPE_PREFIX));
	judge_source(j);
	return false;
}
