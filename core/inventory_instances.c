// SPDX-License-Identifier: GPL-2.0-or-later

/* Instances: what is on the mdev bus. */

#include "core/inventory_build.h"
#include "core/paths.h"

#include <errno.h>
#include <string.h>

#define DEBUGFS "/sys/kernel/debug/vfio"

/* Parent and path from the link; an entry that is no link says nothing of either. */
static void build_place(Builder *b, Instance *instance)
{
	g_autofree char *path = build_resolve(b, b->path->str);
	instance->path = build_string(b, path);
	if (facts_text(b->facts, b->path->str).state != READ_VALUE)
		return;
	g_autofree char *folder = g_path_get_dirname(path);
	const char *slash = strrchr(folder, '/');
	if (!slash || !slash[1])
		return;
	instance->parent_name = build_shared(b, slash + 1);
	Parent *parent = inventory_parent(b->inventory, instance->parent_name);
	/* A device of that name elsewhere is another one. */
	if (parent && strcmp(parent->path, folder) == 0)
		instance->parent = parent;
}

static NumReading build_group(Builder *b, const char *path)
{
	TextReading base = build_link_base(b, path);
	NumReading group = { .state = base.state, .err = base.err };
	if (base.state != READ_VALUE)
		return group;
	if (g_ascii_string_to_signed(base.s, 10, 0, G_MAXINT32, &group.n, NULL))
		return group;
	build_error(b, "PARSE", EINVAL, "field", path, "not the number of an IOMMU group", NULL);
	return (NumReading){ .state = READ_UNREADABLE, .err = EINVAL };
}

static void build_type_of(Builder *b, Instance *instance, const char *path)
{
	instance->type = build_link_base(b, path);
	/* Every mdev has a type; a reading that failed has a row of its own. */
	if (instance->type.state == READ_ABSENT)
		build_error(b, "ENOENT", ENOENT, "device", path,
		            "the instance is listed but has no type: gone while it was read?",
		            "read again");
	if (instance->type.state != READ_VALUE || !instance->parent)
		return;
	instance->type_ref = parent_type(instance->parent, instance->type.s);
	if (instance->type_ref)
		g_ptr_array_add(instance->type_ref->instances, instance);
}

/* True if debugfs lists a folder for the instance, and nothing says that it is closed. */
static bool debugfs_shows_folder(Builder *b, gsize base, const char *id)
{
	char **names = facts_names(b->facts, DEBUGFS);
	if (!names || !g_strv_contains((const char *const *)names, id))
		return false;
	const Fact *inside = facts_get(b->facts, build_path(b, base, "migration"));
	g_string_truncate(b->path, base);
	const Fact *folder = facts_get(b->facts, b->path->str);
	return !(inside && inside->err) && !(folder && folder->err);
}

/*
 * A vfio device has a folder of its name in debugfs, and in it migration/ exactly where its driver
 * migrates (drivers/vfio/debugfs.c). That there is no debugfs says nothing of the driver.
 */
static void build_migration(Builder *b, Instance *instance)
{
	const Fact *root = facts_get(b->facts, DEBUGFS);
	gsize base = build_base(b, DEBUGFS, instance->id);
	instance->migration_state = build_text(b, build_path(b, base, "migration/state"));
	instance->migration_features = build_text(b, build_path(b, base, "migration/features"));
	if (instance->migration_state.state != READ_ABSENT) {
		instance->migration = TRI_YES; /* even where it cannot be read it is there */
		return;
	}
	if (debugfs_shows_folder(b, base, instance->id)) {
		instance->migration = TRI_NO;
		return;
	}
	instance->migration_why = "this kernel shows no migration state in debugfs";
	if (!root || !root->err || root->err == ENOENT)
		return;
	/* A closed debugfs hides whether there is a state. */
	instance->migration_why = "debugfs cannot be read: read as root";
	instance->migration_state = (TextReading){ .state = READ_UNREADABLE, .err = root->err };
}

/* A value with the instance's own uuid masked: it differs between any two instances. */
static TextReading build_masked(Builder *b, const Instance *instance, const char *path)
{
	TextReading value = facts_text(b->facts, path);
	if (value.state != READ_VALUE)
		return value;
	g_auto(GStrv) parts = g_strsplit(value.s, instance->id, -1);
	g_autofree char *masked = g_strjoinv("UUID", parts);
	value.s = build_shared(b, masked);
	return value;
}

static void build_settings(Builder *b, Instance *instance)
{
	gsize base = build_base(b, INSTANCES, instance->id);
	for (guint i = 0; i < path_row_count; i++) {
		if (!(path_rows[i].flags & PATH_ATTR))
			continue;
		const char *name = path_rows[i].pattern + strlen(PATH_INSTANCE "/");
		InstanceAttr attr = {
			.name = name,
			.value = build_masked(b, instance, build_path(b, base, name)),
		};
		if (attr.value.state == READ_ABSENT)
			continue;
		if (instance->settings->len == 0) {
			g_array_unref(instance->settings);
			instance->settings = g_array_new(FALSE, FALSE, sizeof attr);
		}
		g_array_append_val(instance->settings, attr);
	}
}

static void build_group_members(Builder *b, Instance *instance, gsize base)
{
	const char *path = build_path(b, base, "iommu_group/devices");
	const Fact *fact = facts_get(b->facts, path);
	instance->group_members.state = build_list_state(b, path);
	if (fact && fact->names)
		instance->group_members.n = g_strv_length(fact->names);
	else if (fact)
		instance->group_members.err = fact->err;
}

Instance *build_instance_new(Builder *b, InstanceKind kind, const char *id)
{
	Instance *instance = g_new0(Instance, 1);
	instance->kind = kind;
	instance->id = build_string(b, id);
	instance->actionable = name_is_actionable(id);
	instance->users = g_array_ref(b->no_users);
	instance->attrs = g_array_ref(b->no_attrs);
	instance->settings = g_array_ref(b->no_settings);
	return instance;
}

void build_vfio(Builder *b, Instance *instance, gsize base)
{
	instance->iommu_group = build_group(b, build_path(b, base, "iommu_group"));
	const char *path = build_path(b, base, "vfio-dev");
	const Fact *nodes = facts_get(b->facts, path);
	char **vfio = facts_names(b->facts, path);
	if (vfio && *vfio)
		instance->vfio_dev = build_string(b, *vfio);
	instance->place_hidden = instance->iommu_group.state == READ_UNREADABLE ||
	                         (nodes && nodes->err && nodes->err != ENOENT);
	build_migration(b, instance);
}

static Instance *build_instance(Builder *b, const char *id)
{
	Instance *instance = build_instance_new(b, INSTANCE_MDEV, id);
	if (g_uuid_string_is_valid(id)) {
		g_autofree char *uuid = g_ascii_strdown(id, -1);
		instance->uuid = strcmp(uuid, id) == 0 ? instance->id : build_string(b, uuid);
	}
	gsize base = build_base(b, INSTANCES, id);
	build_place(b, instance);
	build_type_of(b, instance, build_path(b, base, "mdev_type"));
	instance->driver = build_link_name(b, build_path(b, base, "driver"));
	build_group_members(b, instance, base);
	build_vfio(b, instance, base);
	build_settings(b, instance);
	return instance;
}

void build_instances(Builder *b)
{
	char **names = facts_names(b->facts, INSTANCES);
	for (; names && *names; names++)
		g_ptr_array_add(b->inventory->instances, build_instance(b, *names));
}
