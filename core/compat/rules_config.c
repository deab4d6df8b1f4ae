// SPDX-License-Identifier: GPL-2.0-or-later

/* Configuration, one to one: what the source was given the target must be given too. */

#include "core/compat/driver.h"
#include "core/compat/rules.h"

#include <string.h>

/* The target instance exists and its settings are unknown: a person must look. */
static void compare_by_hand(Judging *j, const char *what)
{
	const Case *c = j->c;

	if (c->named && wants_todo(j))
		add_todo(j, TODO_BY_HAND, c->target.host, c->named->id, NULL, NULL,
		         g_strdup_printf("compare %s of %s by hand", what, c->named->id));
}

static void set_on_target(Judging *j, const char *key, const char *value)
{
	const Case *c = j->c;

	if (wants_todo(j))
		add_todo(j, TODO_SET, c->target.host, j->chosen, key, value,
		         g_strdup_printf("set %s=%s on %s", key, value,
		                         j->chosen ? j->chosen : "the new instance"));
}

/* Copies one setting: says `same`, `set` with a step, or `unread`. Absent here: says nothing. */
static void copy_setting(Judging *j, const char *name, guint same, guint set, guint unread)
{
	const Case *c = j->c;
	TextReading s = setting_of(c->instance, name), t = setting_of(c->named, name);

	if (s.state == READ_ABSENT)
		return;
	if (is_unread(s) || is_unread(t)) {
		say(j, unread, s, t, name, is_unread(s) ? c->source.host : c->target.host, NULL);
		compare_by_hand(j, name);
	} else if (has_value(t) && g_str_equal(s.s, t.s)) {
		say(j, same, s, t, name, NULL);
	} else {
		say(j, set, s, t, name, NULL);
		set_on_target(j, name, s.s);
	}
}

/* R40: never computed: V5_2 with aggregator 1 is not V5_4 with aggregator 2. */
bool rule_aggregator(Judging *j)
{
	static const char *const names[] = { "aggregator", "intel_vgpu/aggregator" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		copy_setting(j, names[i], AGGREGATOR_SAME, AGGREGATOR_SET, AGGREGATOR_UNREAD);
	return true;
}

/* The setting's own name for what a type calls "fps": itself or behind a folder. NULL: not read. */
static const char *setting_named(const Instance *instance, const char *token)
{
	for (guint i = 0; instance && i < instance->settings->len; i++) {
		const InstanceAttr *attr = &g_array_index(instance->settings, InstanceAttr, i);
		const char *slash = strrchr(attr->name, '/');
		if (g_str_equal(slash ? slash + 1 : attr->name, token))
			return attr->name;
	}
	return NULL;
}

/* R41: the attributes that the type wants copied; R40 has dealt with the aggregator. */
bool rule_dynamic_resources(Judging *j)
{
	const Case *c = j->c;
	const TypeRare *rare = c->type && c->type->rare ? c->type->rare : c->there->rare;
	TextReading wanted = rare ? rare->dynamic_resources : reading_of(NULL);

	if (wanted.state == READ_ABSENT || !c->instance)
		return true;
	if (!has_value(wanted)) {
		say(j, DYNAMIC_UNREAD, wanted, reading_of(NULL), "what dynamic_resources names",
		    NULL);
		compare_by_hand(j, "dynamic_resources");
		return true;
	}
	g_auto(GStrv) tokens = g_strsplit_set(wanted.s, ", \n\t", -1);
	for (char **token = tokens; *token; token++) {
		if (!**token || g_str_equal(*token, "aggregator"))
			continue;
		const char *name = setting_named(c->instance, *token);
		if (name) {
			copy_setting(j, name, DYNAMIC_SAME, DYNAMIC_SET, DYNAMIC_UNREAD);
			continue;
		}
		say(j, DYNAMIC_UNREAD, reading_of(NULL), reading_of(NULL), *token, NULL);
		compare_by_hand(j, *token);
	}
	return true;
}

/* ---- R42 ---- */

/* True if every member of `subset` is one of `set`; numbers count by value (0xab is 171). */
static bool is_subset(const char *subset, const char *set)
{
	g_auto(GStrv) wanted = g_strsplit_set(subset, ", \n\t", -1);
	g_auto(GStrv) have = g_strsplit_set(set, ", \n\t", -1);

	for (char **want = wanted; *want; want++) {
		bool found = !**want;
		for (char **one = have; *one && !found; one++)
			found = value_equal(*want, *one);
		if (!found)
			return false;
	}
	return true;
}

static void judge_set(Judging *j, const char *name, TextReading s, TextReading t)
{
	const Case *c = j->c;

	if (s.state == READ_ABSENT)
		return;
	if (is_unread(s) || is_unread(t))
		say(j, SETS_UNREAD, s, t, name, is_unread(s) ? c->source.host : c->target.host,
		    NULL);
	else if (t.state == READ_ABSENT)
		say(j, SETS_ONE, s, t, name, NULL);
	else
		say(j, is_subset(s.s, t.s) ? SETS_FIT : SETS_MISS, s, t, name, NULL);
}

bool rule_compatible_sets(Judging *j)
{
	static const TypeRare nothing = { .compatible_type.state = READ_ABSENT,
		                          .compatible_pci_ids.state = READ_ABSENT,
		                          .compatible_chpid_type.state = READ_ABSENT };
	const Case *c = j->c;
	const TypeRare *s = c->type && c->type->rare ? c->type->rare : &nothing;
	const TypeRare *t = c->there->rare ? c->there->rare : &nothing;

	judge_set(j, "compatible_pci_ids", s->compatible_pci_ids, t->compatible_pci_ids);
	judge_set(j, "compatible_chpid_type", s->compatible_chpid_type, t->compatible_chpid_type);
	if (has_value(s->compatible_type) || has_value(t->compatible_type))
		say(j, SETS_TYPE, s->compatible_type, t->compatible_type, NULL);
	return true;
}

/* ---- R43 ---- */

/* In order; assign_* attributes count as sets: how often each stands in the list. */
static guint occurrences(const GArray *attrs, const Attr *attr)
{
	guint n = 0;

	for (guint i = 0; i < attrs->len; i++) {
		const Attr *other = &g_array_index(attrs, Attr, i);
		n += g_str_equal(other->key, attr->key) && value_equal(other->value, attr->value);
	}
	return n;
}

static bool attrs_equal(const GArray *a, const GArray *b)
{
	if (a->len != b->len)
		return false;
	for (guint i = 0; i < a->len; i++) {
		const Attr *x = &g_array_index(a, Attr, i), *y = &g_array_index(b, Attr, i);
		bool as_set = g_str_has_prefix(x->key, "assign_");
		if (as_set && occurrences(a, x) == occurrences(b, x))
			continue;
		if (as_set || !g_str_equal(x->key, y->key) || !value_equal(x->value, y->value))
			return false;
	}
	return true;
}

/* "assign_adapter=5, assign_domain=0xab"; new text. */
static char *attrs_words(const GArray *attrs)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < attrs->len; i++) {
		const Attr *attr = &g_array_index(attrs, Attr, i);
		g_string_append_printf(out, "%s%s=%s", i ? ", " : "", attr->key, attr->value);
	}
	return g_string_free(out, FALSE);
}

/* The attributes that the target has already, or NULL. */
static const GArray *attrs_there(const Case *c)
{
	if (c->named_definition)
		return c->named_definition->attrs;
	return c->named && c->named->defined ? c->named->attrs : NULL;
}

static void judge_attrs(Judging *j, const GArray *attrs)
{
	const GArray *there = attrs_there(j->c);

	if (there ? attrs_equal(attrs, there) : attrs->len == 0) {
		if (there && attrs->len > 0)
			say(j, ATTRS_SAME, reading_of(NULL), reading_of(NULL), NULL);
		return;
	}
	g_autofree char *here = wants_text(j) ? attrs_words(attrs) : NULL;
	g_autofree char *have = wants_text(j) && there ? attrs_words(there) : NULL;
	say(j, ATTRS_APPLY, reading_of(here), reading_of(have), NULL);
	for (guint i = 0; i < attrs->len; i++) {
		const Attr *attr = &g_array_index(attrs, Attr, i);
		set_on_target(j, attr->key, attr->value);
	}
	if (attrs->len == 0)
		compare_by_hand(j, "the attributes");
}

/* Why the definition of an instance is not known; NULL where it is, or where there is none. */
static const char *definition_unread(const Instance *instance, const Inventory *inventory)
{
	if (instance->definition_error)
		return instance->definition_error;
	return !instance->defined && inventory->definitions_state == READ_UNREADABLE
	               ? "/etc/mdevctl.d is unreadable"
	               : NULL;
}

bool rule_definition_attrs(Judging *j)
{
	const Case *c = j->c;

	if (!c->instance)
		return true;
	const char *here = definition_unread(c->instance, c->source.inventory);
	const char *there = c->named ? definition_unread(c->named, c->target.inventory) : NULL;
	if (here || there) {
		say(j, ATTRS_UNREAD, reading_of(NULL), reading_of(NULL),
		    here ? c->instance->id : c->named->id, here ? here : there, NULL);
		compare_by_hand(j, "the definition");
	} else if (!c->instance->defined) {
		say(j, ATTRS_NONE, reading_of(NULL), reading_of(NULL), NULL);
	} else {
		judge_attrs(j, c->instance->attrs);
	}
	return true;
}

/* ---- R44 ---- */

/* Settings that a rule of their own compares. */
static const char *const compared_elsewhere[] = {
	"aggregator",
	"intel_vgpu/aggregator",
	"matrix",
	"guest_matrix",
	"control_domains",
	"software_version",
	"migration_version",
	"migration/self/software_version",
	NULL,
};

bool rule_settings(Judging *j)
{
	const Case *c = j->c;

	for (guint i = 0; c->instance && c->named && i < c->instance->settings->len; i++) {
		const InstanceAttr *attr = &g_array_index(c->instance->settings, InstanceAttr, i);
		TextReading s = attr->value, t = setting_of(c->named, attr->name);
		if (g_strv_contains(compared_elsewhere, attr->name))
			continue;
		if (is_unread(s) || is_unread(t))
			say(j, SETTING_UNREAD, s, t, attr->name,
			    is_unread(s) ? c->source.host : c->target.host, NULL);
		else if (g_strcmp0(s.s, t.s) != 0)
			say(j, SETTING_DIFFERS, s, t, attr->name, NULL);
	}
	return true;
}
