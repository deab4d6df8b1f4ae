// SPDX-License-Identifier: GPL-2.0-or-later

/* The inventory as a whole: life time, what belongs to the host, look-ups. */

#include "core/cards.h"
#include "core/explain.h"
#include "core/inventory_build.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VF "vf:"
#define CHUNK 4096 /* a small host has less text than that */

/* The public struct comes first; faces see nothing of the rest. */
typedef struct {
	Inventory inventory;
	gatomicrefcount refs;
	GStringChunk *strings;
} Owned;

static void parent_free(gpointer data)
{
	Parent *parent = data;
	g_ptr_array_unref(parent->types);
	g_free(parent);
}

static void instance_free(gpointer data)
{
	Instance *instance = data;
	g_array_unref(instance->users);
	g_array_unref(instance->attrs);
	g_array_unref(instance->settings);
	g_free(instance);
}

static void definition_free(gpointer data)
{
	Definition *definition = data;
	g_array_unref(definition->attrs);
	g_free(definition);
}

/* What explains what is not there. Pure over the rest: last. */
static void build_why(Builder *b)
{
	Inventory *inv = b->inventory;
	const Fact *bus = facts_get(b->facts, "/sys/class/mdev_bus");
	inv->has_mdev_bus = bus && bus->err != ENOENT;
	inv->notes = explain_notes(inv);
	g_autofree char *why = explain_empty(inv, bus ? bus->err : ENOENT);
	inv->empty_why = build_string(b, why);
}

static void build_mdevctl(Builder *b)
{
	static const char *const paths[] = { "/usr/sbin/mdevctl", "/usr/bin/mdevctl" };
	for (guint i = 0; i < G_N_ELEMENTS(paths) && !b->inventory->mdevctl; i++)
		if (facts_text(b->facts, paths[i]).state == READ_VALUE)
			b->inventory->mdevctl = paths[i];
}

Inventory *inventory_new(const Facts *facts)
{
	return inventory_new_named(facts, NULL);
}

Inventory *inventory_new_named(const Facts *facts, DeviceNamer namer)
{
	Owned *owned = g_new0(Owned, 1);
	g_atomic_ref_count_init(&owned->refs);
	owned->strings = g_string_chunk_new(CHUNK);
	Inventory *inv = &owned->inventory;
	inv->parents = g_ptr_array_new_with_free_func(parent_free);
	inv->functions = g_ptr_array_new_with_free_func(g_free);
	inv->instances = g_ptr_array_new_with_free_func(instance_free);
	inv->definitions = g_ptr_array_new_with_free_func(definition_free);
	inv->errors = g_ptr_array_new_with_free_func(g_free);
	Builder b = {
		.inventory = inv,
		.facts = facts,
		.namer = namer,
		.strings = owned->strings,
		.shared = g_hash_table_new(g_str_hash, g_str_equal),
		.path = g_string_sized_new(256),
		.no_users = g_array_new(FALSE, FALSE, sizeof(InstanceUser)),
		.no_attrs = g_array_new(FALSE, FALSE, sizeof(Attr)),
		.no_settings = g_array_new(FALSE, FALSE, sizeof(InstanceAttr)),
	};
	build_host(&b);
	build_mdevctl(&b);
	build_parents(&b);
	build_instances(&b);
	build_functions(&b);
	build_vfs(&b);
	build_users(&b);
	build_definitions(&b);
	build_reading_errors(&b);
	inv->cards = cards_new(inv);
	build_why(&b);
	g_hash_table_destroy(b.shared);
	g_string_free(b.path, TRUE);
	g_array_unref(b.no_users);
	g_array_unref(b.no_attrs);
	g_array_unref(b.no_settings);
	return inv;
}

Inventory *inventory_ref(Inventory *inventory)
{
	g_atomic_ref_count_inc(&((Owned *)inventory)->refs);
	return inventory;
}

void inventory_unref(Inventory *inventory)
{
	Owned *owned = (Owned *)inventory;
	if (!owned || !g_atomic_ref_count_dec(&owned->refs))
		return;
	g_ptr_array_unref(inventory->cards);
	g_strfreev(inventory->notes);
	g_ptr_array_unref(inventory->functions);
	g_ptr_array_unref(inventory->definitions);
	g_ptr_array_unref(inventory->instances);
	g_ptr_array_unref(inventory->parents);
	g_ptr_array_unref(inventory->errors);
	g_array_unref(inventory->ap_cards);
	g_strfreev(inventory->ap_queues);
	g_free(inventory->managers);
	g_string_chunk_free(owned->strings);
	g_free(owned);
}

/* ---- look-ups ---- */

Parent *inventory_parent(const Inventory *inventory, const char *name)
{
	const GPtrArray *parents = inventory->parents;
	guint low = 0, high = parents->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		Parent *parent = g_ptr_array_index(parents, middle);
		int order = strcmp(name, parent->name);
		if (order == 0)
			return parent;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

Type *parent_type(const Parent *parent, const char *type_id)
{
	for (guint i = 0; i < parent->types->len; i++) {
		Type *type = g_ptr_array_index(parent->types, i);
		if (strcmp(type->id, type_id) == 0)
			return type;
	}
	return NULL;
}

Definition *inventory_definition(const Inventory *inventory, const char *parent, const char *uuid)
{
	for (guint i = 0; i < inventory->definitions->len; i++) {
		Definition *definition = g_ptr_array_index(inventory->definitions, i);
		if (strcmp(definition->parent, parent) == 0 &&
		    g_ascii_strcasecmp(definition->uuid, uuid) == 0)
			return definition;
	}
	return NULL;
}

Instance *inventory_instance(const Inventory *inventory, const char *prefix, guint *matches)
{
	Instance *found = NULL;
	guint count = 0;
	/* A function's address begins like many a uuid: it is asked for by its own prefix. */
	InstanceKind kind = g_str_has_prefix(prefix, VF) ? INSTANCE_NVIDIA_VF : INSTANCE_MDEV;
	prefix += kind == INSTANCE_NVIDIA_VF ? strlen(VF) : 0;
	gsize len = strlen(prefix);
	for (guint i = 0; len > 0 && i < inventory->instances->len; i++) {
		Instance *instance = g_ptr_array_index(inventory->instances, i);
		if (instance->kind != kind || g_ascii_strncasecmp(instance->id, prefix, len) != 0)
			continue;
		found = instance;
		count++;
		if (instance->id[len] == '\0') {
			count = 1; /* the whole name, even if another begins with it */
			break;
		}
	}
	if (matches)
		*matches = count;
	return count == 1 ? found : NULL;
}

bool name_is_actionable(const char *name)
{
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	for (const char *s = name; *s; s++)
		if (!g_ascii_isalnum(*s) && !strchr("._:+-", *s))
			return false;
	return true;
}
