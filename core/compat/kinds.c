// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/kinds.h"

void kind_free(gpointer data)
{
	Kind *kind = data;
	inventory_unref(kind->inventory);
	g_free(kind->key);
	g_free(kind);
}

Kind *kind_use(GHashTable *kinds, char *key, guint64 *serials, Inventory *inventory,
               const Type *type, const Instance *instance)
{
	Kind *kind = g_hash_table_lookup(kinds, key);

	if (kind) {
		g_free(key);
		kind->users++;
		return kind;
	}
	kind = g_new0(Kind, 1);
	*kind = (Kind){ .key = key,
		        .users = 1,
		        .serial = ++*serials,
		        .inventory = inventory_ref(inventory),
		        .type = type,
		        .instance = instance };
	g_hash_table_insert(kinds, kind->key, kind);
	return kind;
}

void kind_drop(GHashTable *kinds, Kind *kind)
{
	if (--kind->users == 0)
		g_hash_table_remove(kinds, kind->key);
}

/* ---- keys ---- */

static void key_reading(GString *key, TextReading reading)
{
	g_string_append_c(key, (char)('0' + reading.state));
	if (reading.s)
		g_string_append(key, reading.s);
	g_string_append_c(key, '\n');
}

static void key_number(GString *key, int number)
{
	g_string_append_c(key, (char)('0' + number));
}

static void key_host(GString *key, const Inventory *inventory)
{
	key_reading(key, inventory->arch);
	key_reading(key, inventory->kernel);
	key_reading(key, inventory->ap_features);
}

static void key_parent(GString *key, const Parent *parent)
{
	const TextReading readings[] = {
		reading_of(parent->driver),    reading_of(parent->module),
		parent->module_version,        parent->module_srcversion,
		parent->module_taint,          parent->board_vendor,
		parent->board_device,          parent->board_subsystem_vendor,
		parent->board_subsystem_device
	};

	for (guint i = 0; i < G_N_ELEMENTS(readings); i++)
		key_reading(key, readings[i]);
	key_number(key, parent->kind);
}

static void key_type(GString *key, const Type *type)
{
	key_reading(key, type->device_api);
	key_parent(key, type->parent);
	if (!type->rare)
		return;
	key_reading(key, type->rare->software_version);
	key_reading(key, type->rare->migration_version);
	key_reading(key, type->rare->compatible_pci_ids);
	key_reading(key, type->rare->compatible_chpid_type);
}

char *kind_source_key(const Inventory *inventory, const Instance *instance)
{
	GString *key = g_string_sized_new(192);
	CompatQuestion q = { .source = { "", inventory }, .instance = instance };
	Case c = case_new(&q, NULL);

	key_reading(key, reading_of(c.type_id));
	key_number(key, instance->kind);
	key_reading(key, reading_of(instance->type_name));
	key_host(key, inventory);
	key_number(key, c.migrates_here);
	if (c.type)
		key_type(key, c.type);
	for (guint i = 0; i < instance->settings->len; i++) {
		const InstanceAttr *attr = &g_array_index(instance->settings, InstanceAttr, i);
		g_string_append(key, attr->name);
		key_reading(key, attr->value);
	}
	return g_string_free(key, FALSE);
}

/* Room, as far as it matters without a named target: none, some, or not known. */
static int room_of(const Type *type)
{
	if (type->available.state != READ_VALUE)
		return 2;
	return type->available.n > 0;
}

char *kind_target_key(const Inventory *inventory, const Type *type)
{
	GString *key = g_string_sized_new(192);
	CompatQuestion q = { .target = { "", inventory }, .type = type };
	Case c = case_new(&q, type->parent);

	key_reading(key, reading_of(type->id));
	key_host(key, inventory);
	key_number(key, c.migrates_there);
	key_number(key, room_of(type));
	key_type(key, type);
	/* Shared by nobody: what stands in its instances would have to be in the key. */
	if (kind_is_special(type))
		g_string_append_printf(key, "%p", (const void *)type);
	return g_string_free(key, FALSE);
}

bool kind_is_special(const Type *type)
{
	return type->parent->kind == PARENT_AP || (room_of(type) != 1 && type->instances->len > 0);
}

VerdictKind kind_floor(const Inventory *inventory, const Instance *instance, bool foreign)
{
	const char *sign;

	if (instance->type.state != READ_VALUE)
		return instance->type.state == READ_UNREADABLE ? VERDICT_UNKNOWN
		                                               : VERDICT_INCOMPATIBLE;
	if ((instance->migration_state.state == READ_VALUE &&
	     g_str_equal(instance->migration_state.s, "ERROR")) ||
	    (!foreign && instance_owner(instance, &sign)))
		return VERDICT_BLOCKED;
	if (instance->in_use == TRI_UNKNOWN || instance_owner_hidden(instance, inventory))
		return VERDICT_UNKNOWN;
	return instance->in_use == TRI_YES ? VERDICT_READY : VERDICT_ACTION;
}
