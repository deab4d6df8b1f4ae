// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/inventory_diff.h"

#include <string.h>

#include "core/output/json.h"
#include "core/text.h"

/* Puts the things of one kind into an object: id → JSON. */
typedef void (*Collect)(const Inventory *inventory, json_t *things);

typedef struct {
	const char *what;
	Collect collect;
	const char *const *ignored; /* keys that may differ */
} KindRow;

static void put(json_t *things, const char *id, json_t *thing)
{
	g_autofree char *visible = text_visible(id, -1);
	json_object_set_new_nocheck(things, visible, thing);
}

static void put_below(json_t *things, const char *parent, const char *id, json_t *thing)
{
	g_autofree char *path = g_strconcat(parent, "/", id, NULL);
	put(things, path, thing);
}

static void collect_parents(const Inventory *inventory, json_t *things)
{
	for (guint i = 0; i < inventory->parents->len; i++) {
		const Parent *parent = g_ptr_array_index(inventory->parents, i);
		put(things, parent->name, json_parent(parent));
	}
}

static void collect_types(const Inventory *inventory, json_t *things)
{
	for (guint i = 0; i < inventory->parents->len; i++) {
		const Parent *parent = g_ptr_array_index(inventory->parents, i);
		for (guint t = 0; t < parent->types->len; t++) {
			const Type *type = g_ptr_array_index(parent->types, t);
			put_below(things, parent->name, type->id, json_mdev_type(type));
		}
	}
}

static void collect_instances(const Inventory *inventory, json_t *things)
{
	for (guint i = 0; i < inventory->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(inventory->instances, i);
		put(things, instance->id, json_instance(instance));
	}
}

static void collect_definitions(const Inventory *inventory, json_t *things)
{
	for (guint i = 0; i < inventory->definitions->len; i++) {
		const Definition *definition = g_ptr_array_index(inventory->definitions, i);
		put_below(things, definition->parent, definition->uuid,
		          json_definition(definition));
	}
}

static const char *const of_host[] = { "taken_at", "age_s", "latency_ms", "errors", NULL };
static const char *const of_parent[] = { "types", NULL };
static const char *const of_type[] = { "instances", NULL };
static const char *const nothing[] = { NULL };
static const char *const lists[] = { "parents", "instances", "definitions", "guests", NULL };

static const KindRow kinds[] = {
	{ "parent", collect_parents, of_parent },
	{ "type", collect_types, of_type },
	{ "instance", collect_instances, nothing },
	{ "definition", collect_definitions, nothing },
};

static void change_free(gpointer data)
{
	InventoryChange *change = data;
	g_free(change->id);
	json_decref(change->before);
	json_decref(change->after);
	g_free(change);
}

static json_t *without(json_t *object, const char *const *keys)
{
	json_t *copy = json_copy(object);
	for (; *keys; keys++)
		json_object_del(copy, *keys);
	return copy;
}

static bool same(json_t *a, json_t *b, const char *const *ignored)
{
	if (!a || !b)
		return a == b;
	json_t *x = without(a, ignored), *y = without(b, ignored);
	bool equal = json_equal(x, y);
	json_decref(x);
	json_decref(y);
	return equal;
}

/* References both; NULL is none. */
static void add_change(GPtrArray *changes, const char *what, const char *id, json_t *before,
                       json_t *after)
{
	InventoryChange *change = g_new0(InventoryChange, 1);
	*change = (InventoryChange){ what, g_strdup(id), json_incref(before), json_incref(after) };
	g_ptr_array_add(changes, change);
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The ids of either side, in order, each once. They belong to the objects. */
static GPtrArray *all_ids(json_t *before, json_t *after)
{
	GPtrArray *ids = g_ptr_array_new();
	const char *id;
	json_t *thing;

	json_object_foreach(before, id, thing) g_ptr_array_add(ids, (char *)id);
	json_object_foreach(after, id, thing)
	{
		if (!json_object_get(before, id))
			g_ptr_array_add(ids, (char *)id);
	}
	g_ptr_array_sort(ids, by_text);
	return ids;
}

static void compare_kind(GPtrArray *changes, const KindRow *kind, const Inventory *before,
                         const Inventory *after)
{
	json_t *old = json_object(), *new = json_object();

	kind->collect(before, old);
	kind->collect(after, new);
	g_autoptr(GPtrArray) ids = all_ids(old, new);
	for (guint i = 0; i < ids->len; i++) {
		const char *id = g_ptr_array_index(ids, i);
		json_t *was = json_object_get(old, id), *is = json_object_get(new, id);
		if (!same(was, is, kind->ignored))
			add_change(changes, kind->what, id, was, is);
	}
	json_decref(old);
	json_decref(new);
}

static json_t *host_alone(const HostRow *row)
{
	json_t *whole = json_host(row), *host = without(whole, lists);
	json_decref(whole);
	return host;
}

GPtrArray *inventory_diff(const HostRow *before, const HostRow *after)
{
	GPtrArray *changes = g_ptr_array_new_with_free_func(change_free);
	json_t *was = host_alone(before), *is = host_alone(after);

	if (!same(was, is, of_host))
		add_change(changes, "host", after->address->label, was, is);
	json_decref(was);
	json_decref(is);
	/* The same inventory is shared by reference: then nothing in it can have changed. */
	if (!before->inventory || !after->inventory || before->inventory == after->inventory)
		return changes;
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		compare_kind(changes, &kinds[i], before->inventory, after->inventory);
	return changes;
}
