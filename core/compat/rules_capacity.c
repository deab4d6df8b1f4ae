// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/rules.h"

#include "core/explain.h"

#include <string.h>

static guint count_use(const Type *type, Tri use)
{
	guint n = 0;
	for (guint i = 0; i < type->instances->len; i++)
		n += ((Instance *)g_ptr_array_index(type->instances, i))->in_use == use;
	return n;
}

static TextReading number_words(NumReading number, char buf[static 24])
{
	g_snprintf(buf, 24, "%" G_GINT64_FORMAT, number.n);
	return (TextReading){ number.state, number.err, number.state == READ_VALUE ? buf : NULL };
}

static char *no_room_words(const Case *c)
{
	g_autofree char *why = NULL;
	explain_zero(c->there, &why);
	return g_strdup_printf("no free %s on %s%s%s", c->type_id, c->parent->label,
	                       why ? ": " : "", why ? why : "");
}

/* Nothing can be made: what stands in the way, as far as it can be told (R20 and R22). */
static void add_no_capacity(const Case *c, Verdict *verdict, TextReading left)
{
	guint used = count_use(c->there, TRI_YES), idle = count_use(c->there, TRI_NO);
	guint unknown = count_use(c->there, TRI_UNKNOWN);

	if (idle + unknown > 0)
		verdict_add(verdict, "R20", true, LEVEL_BLOCKED, reading_of(c->type_id), left,
		            g_strdup_printf(
				    "0 creatable; %u %s instance%s of %s that mdevcon did not make",
				    idle ? idle : unknown, idle ? "idle" : "perhaps idle",
				    (idle ? idle : unknown) == 1 ? "" : "s", c->type_id));
	else if (used > 0)
		verdict_add(verdict, "R22", true, LEVEL_BLOCKED, reading_of(c->type_id), left,
		            g_strdup_printf("no free %s on %s: all %u in use", c->type_id,
		                            c->parent->name, used));
	else
		verdict_add(verdict, "R22", true, LEVEL_BLOCKED, reading_of(c->type_id), left,
		            no_room_words(c));
}

/* Where on the host, as an operator says it: a function of a card, or the parent. New text. */
static char *place_of(const Parent *parent)
{
	const char *function = parent->name, *card = parent->physfn;

	if (!card)
		return g_strdup(parent->label);
	if (g_str_has_prefix(function, "0000:") && g_str_has_prefix(card, "0000:")) {
		function += strlen("0000:");
		card += strlen("0000:");
	}
	return g_strdup_printf("card %s, function %s", card, function);
}

/*
 * R20, R21, R22: create first. An idle instance is offered only if it is known to be ours, and this
 * build keeps no record of what it made: so it is shown, never offered.
 */
bool rule_capacity(const Case *c, Verdict *verdict)
{
	char buf[24];
	TextReading left = number_words(c->there->available, buf);

	if (left.state != READ_VALUE) {
		verdict_add(verdict, "R21", true, LEVEL_UNKNOWN, reading_of(c->type_id), left,
		            g_strdup_printf("available_instances of %s on %s/%s could not be read",
		                            c->type_id, c->target.host, c->parent->name));
		return true;
	}
	if (c->there->available.n <= 0) {
		add_no_capacity(c, verdict, left);
		return true;
	}
	verdict_add(verdict, "R21", true, LEVEL_ACTION, reading_of(c->type_id), left,
	            g_strdup_printf("create 1 %s (%s left on %s)", c->type_id, left.s,
	                            c->parent->name));
	g_autofree char *place = place_of(c->parent);
	verdict_add_step(verdict, g_strdup_printf("create 1 %s on %s, %s", c->type_id,
	                                          c->target.host, place));
	return true;
}

static char *holders(const Instance *instance)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		const InstanceUser *user = &g_array_index(instance->users, InstanceUser, i);
		g_string_append_printf(out, "%s pid %" G_GINT64_FORMAT, i ? "," : " by", user->pid);
		if (user->vm)
			g_string_append_printf(out, " (%s)", user->vm);
	}
	return g_string_free(out, FALSE);
}

/* R61, target-idle: who holds the instances that exist. It matters where none can be made. */
bool rule_target_idle(const Case *c, Verdict *verdict)
{
	bool full = c->there->available.state == READ_VALUE && c->there->available.n <= 0;

	for (guint i = 0; full && i < c->there->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(c->there->instances, i);
		g_autofree char *by = holders(instance);
		if (instance->in_use == TRI_YES)
			verdict_add(verdict, "R61", true, LEVEL_BLOCKED, reading_of(NULL),
			            reading_of(instance->id),
			            g_strdup_printf("%.8s in use%s", instance->id, by));
		else if (instance->in_use == TRI_UNKNOWN)
			/* Best of the alternatives: blocked anyway, so this does not decide. */
			verdict_add(
				verdict, "R61", false, LEVEL_UNKNOWN, reading_of(NULL),
				reading_of(instance->id),
				g_strdup_printf("%.8s: use unknown: %s", instance->id,
			                        instance->in_use_why ? instance->in_use_why : ""));
	}
	return true;
}
