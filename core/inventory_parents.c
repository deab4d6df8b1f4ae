// SPDX-License-Identifier: GPL-2.0-or-later

/* Parents and their types. */

#include "core/inventory_build.h"

#include <errno.h>
#include <string.h>

#define MDEV_BUS "/sys/class/mdev_bus"
#define MODULES "/sys/module"

static void type_free(gpointer data)
{
	Type *type = data;
	g_ptr_array_unref(type->instances);
	g_free(type->rare);
	g_free(type);
}

static ParentKind kind_of(const Parent *parent)
{
	static const struct {
		const char *prefix;
		ParentKind kind;
	} places[] = {
		{ "/sys/devices/pci", PARENT_PCI },
		{ "/sys/devices/vfio_ap", PARENT_AP },
		{ "/sys/devices/css", PARENT_CCW },
	};
	for (guint i = 0; i < G_N_ELEMENTS(places); i++)
		if (g_str_has_prefix(parent->path, places[i].prefix))
			return places[i].kind;
	if (name_is_bdf(parent->name))
		return PARENT_PCI;
	if (strcmp(parent->name, "matrix") == 0)
		return PARENT_AP;
	return g_str_has_prefix(parent->path, "/sys/devices/virtual/") ? PARENT_VIRTUAL
	                                                               : PARENT_OTHER;
}

/* "0x10de" → "10de" */
static TextReading build_pci_id(Builder *b, const char *path, bool pci)
{
	TextReading reading = facts_text(b->facts, path);
	if (reading.state != READ_VALUE)
		return pci ? reading : (TextReading){ .state = READ_ABSENT };
	const char *digits = reading.s;
	if (g_str_has_prefix(digits, "0x") || g_str_has_prefix(digits, "0X"))
		digits += 2;
	gsize n = strspn(digits, "0123456789abcdefABCDEF");
	if (n >= 1 && n <= 4 && digits[n] == '\0') {
		g_autofree char *id = g_strdup_printf("%4s", digits);
		g_autofree char *lower = g_ascii_strdown(g_strdelimit(id, " ", '0'), -1);
		return (TextReading){ .state = READ_VALUE, .s = build_shared(b, lower) };
	}
	if (!pci)
		return (TextReading){ .state = READ_ABSENT };
	build_error(b, "PARSE", EINVAL, "field", path, "not a PCI id", NULL);
	return (TextReading){ .state = READ_UNREADABLE, .err = EINVAL };
}

static void build_pci_ids(Builder *b, Parent *parent, gsize base)
{
	const struct {
		const char *name;
		TextReading *reading;
	} ids[] = {
		{ "vendor", &parent->vendor },
		{ "device", &parent->device },
		{ "subsystem_vendor", &parent->subsystem_vendor },
		{ "subsystem_device", &parent->subsystem_device },
	};
	for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
		*ids[i].reading = build_pci_id(b, build_path(b, base, ids[i].name),
		                               parent->kind == PARENT_PCI);
}

/* Of a virtual function the card is what counts; older recordings do not have it. */
static void build_board(Builder *b, Parent *parent, gsize base)
{
	const struct {
		const char *name;
		TextReading own, *reading;
	} ids[] = {
		{ "physfn/vendor", parent->vendor, &parent->board_vendor },
		{ "physfn/device", parent->device, &parent->board_device },
		{ "physfn/subsystem_vendor", parent->subsystem_vendor,
		  &parent->board_subsystem_vendor },
		{ "physfn/subsystem_device", parent->subsystem_device,
		  &parent->board_subsystem_device },
	};
	for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
		*ids[i].reading = ids[i].own;
		if (!parent->physfn)
			continue;
		TextReading card = build_pci_id(b, build_path(b, base, ids[i].name), true);
		if (card.state != READ_ABSENT)
			*ids[i].reading = card;
	}
}

static void build_label(Builder *b, Parent *parent)
{
	parent->label = parent->name;
	if (parent->kind != PARENT_PCI || parent->vendor.state != READ_VALUE ||
	    parent->device.state != READ_VALUE)
		return;
	bool sub = parent->subsystem_vendor.state == READ_VALUE &&
	           parent->subsystem_device.state == READ_VALUE;
	parent->device_name = build_device_name(b, parent->vendor.s, parent->device.s,
	                                        sub ? parent->subsystem_vendor.s : NULL,
	                                        sub ? parent->subsystem_device.s : NULL);
	parent->label = build_device_label(b, parent->device_name, parent->name);
}

/* Files that nearly no type has: memory for them only where there is one. */
static void build_rare(Builder *b, Type *type, gsize base)
{
	TypeRare rare = { 0 };
	const struct {
		const char *name;
		TextReading *reading;
	} files[] = {
		{ "software_version", &rare.software_version },
		{ "migration_version", &rare.migration_version },
		{ "dynamic_resources", &rare.dynamic_resources },
		{ "compatible_type", &rare.compatible_type },
		{ "compatible_pci_ids", &rare.compatible_pci_ids },
		{ "compatible_chpid_type", &rare.compatible_chpid_type },
	};
	bool any = false;
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		*files[i].reading = build_text(b, build_path(b, base, files[i].name));
		any = any || files[i].reading->state != READ_ABSENT;
	}
	if (any)
		type->rare = g_memdup2(&rare, sizeof rare);
}

static Type *build_type(Builder *b, Parent *parent, const char *id, gsize types_base)
{
	Type *type = g_new0(Type, 1);
	type->parent = parent;
	type->id = build_shared(b, id);
	type->instances = g_ptr_array_new();
	build_path(b, types_base, id);
	gsize base = b->path->len;
	type->name = build_text(b, build_path(b, base, "name"));
	type->device_api = build_text(b, build_path(b, base, "device_api"));
	type->description = build_text(b, build_path(b, base, "description"));
	type->available =
		build_number(b, build_path(b, base, "available_instances"), 0, G_MAXINT64);
	build_rare(b, type, base);
	return type;
}

static void build_types(Builder *b, Parent *parent, gsize base)
{
	parent->types = g_ptr_array_new_with_free_func(type_free);
	const char *path = build_path(b, base, "mdev_supported_types");
	const Fact *fact = facts_get(b->facts, path);
	/* Whoever is on the bus has this folder; a failed reading has a row of its own. */
	if (!fact || fact->err == ENOENT)
		build_error(b, "ENOENT", ENOENT, "device", path,
		            "the device is listed but has no types: gone while it was read?",
		            "read again");
	parent->types_err = fact ? fact->err : ENOENT;
	if (!fact || !fact->names)
		return;
	gsize types_base = b->path->len;
	for (char **id = fact->names; *id; id++)
		g_ptr_array_add(parent->types, build_type(b, parent, *id, types_base));
}

static bool module_exists(Builder *b, const char *name)
{
	gsize base = build_base(b, MODULES, name);
	const Fact *fact = facts_get(b->facts, b->path->str);
	if (fact && fact->err != ENOENT)
		return true;
	return facts_get(b->facts, build_path(b, base, "version")) ||
	       facts_get(b->facts, build_path(b, base, "srcversion"));
}

/*
 * Type ids are the driver's name, a dash and the driver's own name for the type. Both may hold
 * dashes: the longest leading part that is a module.
 */
static const char *module_of_types(Builder *b, const Parent *parent)
{
	for (guint i = 0; i < parent->types->len; i++) {
		const Type *type = g_ptr_array_index(parent->types, i);
		g_autofree char *part = g_strdup(type->id);
		for (char *dash = strrchr(part, '-'); dash; dash = strrchr(part, '-')) {
			*dash = '\0';
			g_autofree char *module = g_strdelimit(g_strdup(part), "-", '_');
			if (*module && module_exists(b, module))
				return build_shared(b, module);
		}
	}
	return NULL;
}

static void build_module(Builder *b, Parent *parent, gsize base)
{
	parent->driver = build_link_name(b, build_path(b, base, "driver"));
	parent->module = build_link_name(b, build_path(b, base, "driver/module"));
	/* A link that is there and cannot be read is no reason to guess. */
	bool no_links =
		facts_text(b->facts, build_path(b, base, "driver")).state == READ_ABSENT &&
		facts_text(b->facts, build_path(b, base, "driver/module")).state == READ_ABSENT;
	if (no_links)
		parent->module = module_of_types(b, parent);
	parent->module_version.state = parent->module_srcversion.state = READ_ABSENT;
	parent->module_taint.state = READ_ABSENT;
	if (!parent->module)
		return;
	base = build_base(b, MODULES, parent->module);
	parent->module_version = build_text(b, build_path(b, base, "version"));
	parent->module_srcversion = build_text(b, build_path(b, base, "srcversion"));
	parent->module_taint = build_text(b, build_path(b, base, "taint"));
}

static Parent *build_parent(Builder *b, const char *name)
{
	Parent *parent = g_new0(Parent, 1);
	gsize base = build_base(b, MDEV_BUS, name);
	g_autofree char *path = build_resolve(b, b->path->str);
	parent->name = build_shared(b, name);
	parent->path = build_string(b, path);
	parent->kind = kind_of(parent);
	parent->actionable = name_is_actionable(name);
	parent->physfn = build_link_name(b, build_path(b, base, "physfn"));
	parent->numa_node = build_number(b, build_path(b, base, "numa_node"), -1, G_MAXINT32);
	build_pci_ids(b, parent, base);
	build_board(b, parent, base);
	build_label(b, parent);
	build_types(b, parent, base);
	build_module(b, parent, base); /* last: it uses the scratch path for other places */
	return parent;
}

void build_parents(Builder *b)
{
	char **names = facts_names(b->facts, MDEV_BUS);
	/* Names are sorted, so the parents are. */
	for (; names && *names; names++)
		g_ptr_array_add(b->inventory->parents, build_parent(b, *names));
}
