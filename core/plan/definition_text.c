// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/definition_text.h"

#include <jansson.h>
#include <stdlib.h>

#include "core/output/names.h"

static json_t *attrs_json(const GArray *attrs)
{
	json_t *array = json_array();

	for (guint i = 0; attrs && i < attrs->len; i++) {
		const Attr *attr = &g_array_index(attrs, Attr, i);
		json_t *one = json_object();
		json_object_set_new(one, attr->key, json_string(attr->value));
		json_array_append_new(array, one);
	}
	return array;
}

/* Takes `object`. As mdevctl writes it: no line end behind. */
static char *dump(json_t *object)
{
	char *raw = json_dumps(object, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	char *text = g_strdup(raw);

	free(raw);
	json_decref(object);
	return text;
}

char *definition_text(const char *type, bool autostart, const GArray *attrs)
{
	json_t *object = json_object();

	json_object_set_new(object, "mdev_type", json_string(type));
	json_object_set_new(object, "start", json_string(start_name(autostart)));
	json_object_set_new(object, "attrs", attrs_json(attrs));
	return dump(object);
}

static json_t *load(const char *text)
{
	json_t *object = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (json_is_object(object))
		return object;
	json_decref(object);
	return NULL;
}

/* Takes `value`. */
static char *with(const char *text, const char *key, json_t *value)
{
	json_t *object = load(text);

	if (!object) {
		json_decref(value);
		return NULL;
	}
	json_object_set_new(object, key, value);
	return dump(object);
}

char *definition_text_with_start(const char *text, bool autostart)
{
	return with(text, "start", json_string(start_name(autostart)));
}

char *definition_text_with_attrs(const char *text, const GArray *attrs)
{
	return with(text, "attrs", attrs_json(attrs));
}

/* Without attributes there may be no list at all. */
static bool same_member(const json_t *a, const json_t *b)
{
	bool no_a = !a || (json_is_array(a) && json_array_size(a) == 0);
	bool no_b = !b || (json_is_array(b) && json_array_size(b) == 0);

	return no_a || no_b ? no_a == no_b : json_equal(a, b);
}

bool definition_text_same(const char *a, const char *b)
{
	static const char *const members[] = { "mdev_type", "start", "attrs" };

	if (!a || !b || g_strcmp0(a, b) == 0)
		return g_strcmp0(a, b) == 0;
	json_t *one = load(a), *other = load(b);
	bool same = one && other;
	for (guint i = 0; same && i < G_N_ELEMENTS(members); i++)
		same = same_member(json_object_get(one, members[i]),
		                   json_object_get(other, members[i]));
	json_decref(one);
	json_decref(other);
	return same;
}
