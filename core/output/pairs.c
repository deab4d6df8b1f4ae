// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/pairs.h"

#include "core/output/json.h"

static void put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new_nocheck(object, key, value);
}

static json_t *json_side(ReadState state, const char *value)
{
	static const char *const names[] = { [READ_NONE] = "none",
		                             [READ_VALUE] = "value",
		                             [READ_ABSENT] = "absent",
		                             [READ_UNREADABLE] = "unreadable" };
	json_t *o = json_object();

	put(o, "state", json_string(names[state]));
	put(o, "value", json_text(value));
	return o;
}

static json_t *json_rule(const RuleResult *rule)
{
	json_t *o = json_object();

	put(o, "id", json_string(rule->id));
	put(o, "decisive", json_boolean(rule->decisive));
	put(o, "level", json_string(rule_level_name(rule->level)));
	put(o, "text", json_text(rule->text));
	put(o, "source", json_side(rule->source_state, rule->source));
	put(o, "target", json_side(rule->target_state, rule->target));
	return o;
}

/* A step as contract.md has it; what is written, and where, is known only to a plan made of it. */
static json_t *json_todo(const Todo *todo, guint n)
{
	json_t *o = json_object();

	put(o, "n", json_integer(n));
	put(o, "kind", json_string(todo_kind_name(todo->kind)));
	put(o, "host", json_text(todo->host));
	put(o, "text", json_text(todo->text));
	put(o, "write", json_null());
	put(o, "argv", json_null());
	put(o, "precondition", json_array());
	put(o, "undo", json_null());
	put(o, "parent", json_text(todo->parent));
	put(o, "type", json_text(todo->type));
	put(o, "uuid", json_text(todo->uuid));
	put(o, "key", json_text(todo->key));
	put(o, "value", json_text(todo->value));
	return o;
}

json_t *json_pair(const Verdict *verdict, const char *source)
{
	char assurance[2] = { verdict->assurance, '\0' };
	g_autofree char *target =
		verdict->parent ? g_strdup_printf("%s/%s", verdict->target, verdict->parent)
				: g_strdup(verdict->target);
	json_t *o = json_object(), *rules = json_array(), *steps = json_array();

	for (guint i = 0; i < verdict->rules->len; i++)
		json_array_append_new(rules, json_rule(g_ptr_array_index(verdict->rules, i)));
	for (guint i = 0; i < verdict->todos->len; i++)
		json_array_append_new(steps,
		                      json_todo(g_ptr_array_index(verdict->todos, i), i + 1));
	put(o, "source", json_text(source));
	put(o, "target", json_text(target));
	put(o, "instance", json_text(verdict->instance));
	put(o, "verdict", json_string(verdict_name(verdict->verdict)));
	put(o, "assurance", json_string(assurance));
	put(o, "summary", json_text(verdict->summary));
	put(o, "rules", rules);
	put(o, "steps", steps);
	return o;
}
