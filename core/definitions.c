// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Definitions of mdevctl: /etc/mdevctl.d/PARENT/UUID, one JSON object each. Files whose name is not
 * a uuid (a README, an editor's backup) are none, and scripts.d holds mdevctl's call-outs: neither
 * is worth a row.
 */

#include "core/inventory_build.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#define FOLDER DEFINITIONS_FOLDER

/* What is wrong with the attributes, or NULL. */
static const char *read_attrs(Builder *b, Definition *definition, const json_t *attrs)
{
	if (!attrs)
		return NULL;
	if (!json_is_array(attrs))
		return "\"attrs\" is not a list";
	for (size_t i = 0; i < json_array_size(attrs); i++) {
		json_t *item = json_array_get(attrs, i);
		void *at = json_is_object(item) ? json_object_iter(item) : NULL;
		if (!at || json_object_size(item) != 1)
			return "an entry of \"attrs\" is not one attribute with its value";
		json_t *value = json_object_iter_value(at);
		if (!json_is_string(value))
			return "a value in \"attrs\" is not a text";
		Attr attr = {
			.key = build_shared(b, json_object_iter_key(at)),
			.value = build_shared(b, json_string_value(value)),
		};
		g_array_append_val(definition->attrs, attr);
	}
	return NULL;
}

static const char *read_start(Definition *definition, const json_t *start)
{
	if (!start)
		return "\"start\" is missing";
	const char *text = json_string_value(start);
	if (!text || (strcmp(text, "auto") != 0 && strcmp(text, "manual") != 0))
		return "\"start\" is neither \"auto\" nor \"manual\"";
	definition->autostart = strcmp(text, "auto") == 0;
	return NULL;
}

static const char *read_object(Builder *b, Definition *definition, const json_t *object)
{
	if (!json_is_object(object))
		return "not a JSON object";
	const char *type = json_string_value(json_object_get(object, "mdev_type"));
	const char *wrong = NULL;
	if (!json_object_get(object, "mdev_type"))
		wrong = "\"mdev_type\" is missing";
	else if (!type || !*type)
		wrong = "\"mdev_type\" is not a text";
	else
		definition->type = build_shared(b, type);
	/* All that can be read is read, so that the rest of the definition is not lost. */
	const char *wrong_start = read_start(definition, json_object_get(object, "start"));
	const char *wrong_attrs = read_attrs(b, definition, json_object_get(object, "attrs"));
	if (wrong_attrs)
		g_array_set_size(definition->attrs, 0);
	return wrong ? wrong : wrong_start ? wrong_start : wrong_attrs;
}

static void definition_is_wrong(Builder *b, Definition *definition, const char *text)
{
	definition->error = build_string(b, text);
	build_error(b, "PARSE", 0, "device", definition->file, text,
	            "mend the file or remove it; mdevctl stumbles over it too");
}

static void read_definition(Builder *b, Definition *definition)
{
	const Fact *fact = facts_get(b->facts, definition->file);
	if (!fact || fact->err == ENOENT) {
		definition->error = "gone while it was read";
		build_error(b, "ENOENT", ENOENT, "device", definition->file, definition->error,
		            "read again");
		return;
	}
	if (!fact->text) {
		/* The row for the failed reading is made with all others. */
		definition->error =
			build_shared(b, fact->err ? g_strerror(fact->err) : "not a file");
		return;
	}
	definition->text = build_string(b, fact->text);
	json_error_t where;
	json_t *object = json_loadb(fact->text, fact->len, JSON_REJECT_DUPLICATES, &where);
	if (!object) {
		g_autofree char *text = g_strdup_printf("line %d: %s", where.line, where.text);
		definition_is_wrong(b, definition, text);
		return;
	}
	const char *wrong = read_object(b, definition, object);
	if (wrong)
		definition_is_wrong(b, definition, wrong);
	json_decref(object);
}

/*
 * Attributes cannot be compared: sysfs does not show in order what was written to a device, and
 * many attributes can only be written.
 */
static void compare(Builder *b, Instance *instance, const Definition *definition)
{
	if (!definition->type || !instance->type.s ||
	    g_str_equal(definition->type, instance->type.s))
		return;
	g_autofree char *text =
		g_strdup_printf("it is a %s, defined as %s", instance->type.s, definition->type);
	instance->differs = build_string(b, text);
}

/* The definition and the instance that it describes, where that is on the bus. */
static void join_instance(Builder *b, GHashTable *by_uuid, Definition *definition)
{
	Instance *instance = g_hash_table_lookup(by_uuid, definition->uuid);
	if (!instance || g_strcmp0(instance->parent_name, definition->parent) != 0)
		return;
	definition->active = true;
	instance->defined = true;
	instance->autostart = definition->autostart;
	instance->definition_error = definition->error;
	g_array_unref(instance->attrs);
	instance->attrs = g_array_ref(definition->attrs);
	compare(b, instance, definition);
}

static void build_folder(Builder *b, GHashTable *by_uuid, const char *parent)
{
	g_autofree char *folder = g_strconcat(FOLDER "/", parent, NULL);
	char **names = facts_names(b->facts, folder);
	if (build_list_state(b, folder) == READ_UNREADABLE)
		b->inventory->definitions_state = READ_UNREADABLE;
	for (; names && *names; names++) {
		if (!g_uuid_string_is_valid(*names))
			continue;
		Definition *definition = g_new0(Definition, 1);
		g_autofree char *uuid = g_ascii_strdown(*names, -1);
		g_autofree char *file = g_strconcat(folder, "/", *names, NULL);
		definition->uuid = build_string(b, uuid);
		definition->parent = build_shared(b, parent);
		definition->file = build_string(b, file);
		definition->attrs = g_array_new(FALSE, FALSE, sizeof(Attr));
		read_definition(b, definition);
		join_instance(b, by_uuid, definition);
		g_ptr_array_add(b->inventory->definitions, definition);
	}
}

void build_definitions(Builder *b)
{
	char **parents = facts_names(b->facts, FOLDER);
	b->inventory->definitions_state = build_list_state(b, FOLDER);
	if (!parents)
		return;
	g_autoptr(GHashTable) by_uuid = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < b->inventory->instances->len; i++) {
		Instance *instance = g_ptr_array_index(b->inventory->instances, i);
		if (instance->uuid)
			g_hash_table_insert(by_uuid, (char *)instance->uuid, instance);
	}
	for (; *parents; parents++)
		if (strcmp(*parents, "scripts.d") != 0)
			build_folder(b, by_uuid, *parents);
}
