// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Room on the target: create first; else what mdevcon made and is idle, or what was named. Idle
 * instances of others may belong to stopped guests: they are counted, never offered.
 */

#include "core/compat/rules.h"

#include <string.h>

#include "core/explain.h"

static bool is_full(const Type *type)
{
	return type->available.state == READ_VALUE && type->available.n <= 0;
}

static bool can_create(const Type *type)
{
	return type->available.state == READ_VALUE && type->available.n > 0;
}

static guint count_use(const Type *type, Tri use)
{
	guint n = 0;
	for (guint i = 0; i < type->instances->len; i++)
		n += ((Instance *)g_ptr_array_index(type->instances, i))->in_use == use;
	return n;
}

bool instance_is_ours(const CompatQuestion *q, const Instance *instance)
{
	return instance->ours || (q->is_ours && q->is_ours(&q->target, instance, q->ours_data));
}

static bool is_ours(const Case *c, const Instance *instance)
{
	return instance_is_ours(c->q, instance);
}

/* A failed incoming migration leaves RESUMING: such an instance is never reused. */
static bool is_running(const Instance *instance)
{
	return instance->migration_state.state != READ_VALUE ||
	       g_str_equal(instance->migration_state.s, "RUNNING");
}

bool instance_is_free(const Instance *instance)
{
	return instance->in_use == TRI_NO && is_running(instance);
}

/* An instance of that type that mdevcon made, proved idle and fit for use; NULL: none. */
static const Instance *find_ours(const Case *c, const Type *type)
{
	for (guint i = 0; i < type->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(type->instances, i);
		if (instance_is_free(instance) && is_ours(c, instance))
			return instance;
	}
	return NULL;
}

/* Where on the host, as an operator says it: a function of a card, or the parent. New text. */
static char *place_of(const Parent *parent)
{
	if (!parent->physfn)
		return g_strdup(parent->label);
	return g_strdup_printf("card %s, function %s", bdf_short(parent->physfn),
	                       bdf_short(parent->name));
}

static void judge_named(Judging *j, const Instance *named)
{
	j->chosen = named->id;
	if (!is_running(named))
		say(j, REUSE_STATE, reading_of(NULL), named->migration_state, named->id, NULL);
	else if (named->in_use == TRI_NO)
		say(j, REUSE_NAMED, reading_of(NULL), reading_of(named->id), NULL);
}

static void judge_ours(Judging *j, const Instance *ours)
{
	const Case *c = j->c;

	j->chosen = ours->id;
	say(j, REUSE_OURS, reading_of(NULL), reading_of(ours->id), NULL);
	if (wants_todo(j))
		add_todo(j, TODO_REUSE, c->target.host, ours->id, NULL, NULL,
		         g_strdup_printf("use %s, idle on %s", ours->id, c->target.host));
}

/* Idle, or perhaps idle, instances of others, where nothing can be created. */
static void judge_others(Judging *j)
{
	const Type *there = j->c->there;
	guint idle = count_use(there, TRI_NO), perhaps = count_use(there, TRI_UNKNOWN);
	char count[16], buf[24];
	TextReading left = reading_of_number(there->available, buf);

	if (idle + perhaps == 0)
		return;
	g_snprintf(count, sizeof count, "%u", idle ? idle : perhaps);
	say(j, idle ? REUSE_OTHERS : REUSE_PERHAPS, reading_of(j->c->type_id), left, count,
	    idle == 1 ? "it" : "one", NULL);
}

/* R20: an instance that exists, where it was named, or where nothing can be created. */
bool rule_idle_instance(Judging *j)
{
	const Case *c = j->c;

	if (c->named) {
		judge_named(j, c->named);
		return true;
	}
	if (c->q->named && !c->named_definition) {
		say(j, REUSE_NOTHING, reading_of(c->type_id), reading_of(NULL), c->q->named, NULL);
		return true;
	}
	if (c->named_definition || can_create(c->there))
		return true;
	const Instance *ours = find_ours(c, c->there);
	if (ours)
		judge_ours(j, ours);
	else if (is_full(c->there))
		judge_others(j);
	return true;
}

/* True where R20 or R24 has something that makes R21 and R22 moot. */
static bool is_settled(const Judging *j)
{
	return j->c->q->named || j->chosen;
}

/* R21: the counter says that one can be made. */
bool rule_creatable(Judging *j)
{
	const Case *c = j->c;
	char buf[24];
	TextReading left = reading_of_number(c->there->available, buf);

	if (is_settled(j) || is_full(c->there))
		return true;
	if (!has_value(left)) {
		say(j, CREATE_UNREAD, reading_of(c->type_id), left, NULL);
		return true;
	}
	say(j, CREATE_ONE, reading_of(c->type_id), left, NULL);
	if (!wants_todo(j))
		return true;
	g_autofree char *place = place_of(c->parent);
	add_todo(j, TODO_CREATE, c->target.host, NULL, NULL, NULL,
	         g_strdup_printf("create 1 %s on %s, %s", c->type_id, c->target.host, place));
	return true;
}

/* An idle instance of ours of any type on that parent: they share its hardware. */
static const Instance *find_ours_of_any_type(const Case *c)
{
	const Instance *found = NULL;

	for (guint i = 0; !found && i < c->parent->types->len; i++)
		found = find_ours(c, g_ptr_array_index(c->parent->types, i));
	return found;
}

/* No instance of that type is there: what else holds the hardware, as far as it can be told. */
static void say_full(Judging *j, TextReading left)
{
	g_autofree char *why = NULL;

	if (wants_text(j))
		explain_zero(j->c->there, &why);
	say(j, FULL_SHARED, reading_of(j->c->type_id), left,
	    why ? why : "the driver does not say why", j->c->parent->label, NULL);
}

/* R22: nothing can be made, and nothing is idle. Only what is ours is named for removal. */
bool rule_no_capacity(Judging *j)
{
	const Case *c = j->c;
	guint used = count_use(c->there, TRI_YES);
	char buf[24], count[16];
	TextReading left = reading_of_number(c->there->available, buf);

	if (is_settled(j) || !is_full(c->there) || used < c->there->instances->len)
		return true;
	const Instance *ours = find_ours_of_any_type(c);
	g_snprintf(count, sizeof count, "%u", used);
	if (ours)
		say(j, FULL_OURS, reading_of(c->type_id), left, ours->id, NULL);
	else if (used > 0)
		say(j, FULL_USED, reading_of(c->type_id), left, count, NULL);
	else
		say_full(j, left);
	return true;
}

static void judge_definition(Judging *j, const Definition *definition)
{
	const Case *c = j->c;
	TextReading type = reading_of(c->type_id);
	char buf[24];

	if (definition->error) {
		say(j, DEFINED_UNREAD, type, reading_of(definition->type), definition->uuid,
		    definition->error, NULL);
	} else if (g_strcmp0(definition->type, c->type_id) != 0) {
		say(j, DEFINED_OTHER, type, reading_of(definition->type), definition->uuid, NULL);
	} else if (is_full(c->there)) {
		say(j, DEFINED_FULL, type, reading_of(definition->uuid), NULL);
	} else if (!can_create(c->there)) {
		say(j, DEFINED_UNREAD, type, reading_of_number(c->there->available, buf),
		    definition->uuid, "available_instances is unreadable", NULL);
	} else {
		j->chosen = definition->uuid;
		say(j, DEFINED_START, type, reading_of(definition->uuid), NULL);
		if (wants_todo(j))
			add_todo(j, TODO_START, c->target.host, definition->uuid, NULL, NULL,
			         g_strdup_printf("start %s on %s (mdevctl)", definition->uuid,
			                         c->target.host));
	}
}

/* R24: a definition that was named can be started; others are only mentioned. */
bool rule_defined(Judging *j)
{
	const Case *c = j->c;
	const GPtrArray *definitions = c->target.inventory->definitions;
	guint n = 0;
	const char *first = NULL;

	if (c->named_definition)
		judge_definition(j, c->named_definition);
	for (guint i = 0; !c->q->named && i < definitions->len; i++) {
		const Definition *definition = g_ptr_array_index(definitions, i);
		if (definition->active || g_strcmp0(definition->type, c->type_id) != 0 ||
		    !g_str_equal(definition->parent, c->parent->name))
			continue;
		first = first ? first : definition->uuid;
		n++;
	}
	if (n > 0) {
		char count[16];
		g_snprintf(count, sizeof count, "%u", n);
		say(j, DEFINED_ALSO, reading_of(c->type_id), reading_of(first), count, NULL);
	}
	return true;
}
