// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/property/fleets.h"

static const struct {
	const char *module;
	bool migrates;
	const char *types[3];
} drivers[] = {
	{ "mtty", true, { "mtty-1", "mtty-2", NULL } },
	{ "nvidia", true, { "nvidia-1", "nvidia-2", "nvidia-3" } },
	{ "acme", true, { "acme-a1", "acme-a2", NULL } },
	{ "acme2", true, { "acme2-a1", "acme-a1", NULL } },
	{ "mdpy", false, { "mdpy-hd", NULL, NULL } },
};

typedef struct {
	GRand *rand;
	Facts *facts;
	guint group;
	GPtrArray *instances;
} Maker;

static const char *pick(Maker *m, const char *const *from, guint count)
{
	return from[g_rand_int_range(m->rand, 0, (gint32)count)];
}
#define PICK(m, ...) \
	pick(m, (const char *const[]){ __VA_ARGS__ }, \
	     sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static bool chance(Maker *m, int percent)
{
	return g_rand_int_range(m->rand, 0, 100) < percent;
}

/* NULL as value: the reading is absent. */
G_GNUC_PRINTF(4, 5)
static void put(Maker *m, FactKind kind, const char *value, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *path = g_strdup_vprintf(format, args);
	va_end(args);
	if (value)
		facts_add_text(m->facts, kind, path, value, -1);
}

static void put_names(Maker *m, const char *path, GPtrArray *names)
{
	g_ptr_array_add(names, NULL);
	facts_add_names(m->facts, path, (char **)names->pdata);
	g_ptr_array_set_size(names, (gint)names->len - 1);
}

static void make_instance(Maker *m, const char *parent, const char *type)
{
	char *uuid = chance(m, 5) ? g_strdup_printf("%08d-0000-0000-0000-%012u", 0, m->group)
	                          : g_strdup_printf("%08x-1111-4111-8111-%012u",
	                                            g_rand_int(m->rand), m->group);
	g_autofree char *base = g_strdup_printf("/sys/bus/mdev/devices/%s", uuid);
	g_autofree char *node = g_strdup_printf("/dev/vfio/%u", m->group);
	g_autofree char *group = g_strdup_printf("../../kernel/iommu_groups/%u", m->group);
	g_autofree char *link = g_strdup_printf("../../../devices/pci0000:00/%s/%s", parent, uuid);
	g_autofree char *type_link = g_strdup_printf("../mdev_supported_types/%s", type);

	g_ptr_array_add(m->instances, uuid);
	put(m, FACT_LINK, link, "%s", base);
	put(m, FACT_LINK, type_link, "%s/mdev_type", base);
	put(m, FACT_LINK, group, "%s/iommu_group", base);
	put(m, FACT_VALUE, chance(m, 10) ? "2" : NULL, "%s/aggregator", base);
	put(m, FACT_VALUE, chance(m, 10) ? PICK(m, "1.0", "1.1", "2.0") : NULL,
	    "%s/software_version", base);
	if (chance(m, 15))
		put(m, FACT_VALUE, PICK(m, "RUNNING", "RUNNING", "ERROR", "RESUMING"),
		    "/sys/kernel/debug/vfio/%s/migration/state", uuid);
	if (chance(m, 60)) {
		put(m, FACT_LINK, node, "/proc/%u/fd/9", 100 + m->group);
		put(m, FACT_VALUE,
		    chance(m, 10) ? "qemu\n-name\nguest=instance-0000002a"
		                  : "qemu\n-name\nguest=web",
		    "/proc/%u/cmdline", 100 + m->group);
	}
	m->group++;
}

static void make_type(Maker *m, const char *parent, const char *type)
{
	g_autofree char *base =
		g_strdup_printf("/sys/class/mdev_bus/%s/mdev_supported_types/%s", parent, type);

	put(m, FACT_VALUE, PICK(m, "One", "Two", "Three"), "%s/name", base);
	put(m, FACT_VALUE, PICK(m, "vfio-pci", "vfio-pci", "vfio-pci", "vfio-pci", "vfio-ap", NULL),
	    "%s/device_api", base);
	put(m, FACT_VALUE, PICK(m, "0", "1", "2", "7", "junk"), "%s/available_instances", base);
	put(m, FACT_VALUE, chance(m, 10) ? PICK(m, "1.0", "1.1", "2.0", "x") : NULL,
	    "%s/software_version", base);
	put(m, FACT_VALUE, chance(m, 5) ? PICK(m, "1", "1,2") : NULL, "%s/compatible_pci_ids",
	    base);
	for (int i = g_rand_int_range(m->rand, 0, 3); i > 0; i--)
		make_instance(m, parent, type);
}

static void make_parent(Maker *m, const char *name, guint driver)
{
	g_autofree char *base = g_strdup_printf("/sys/class/mdev_bus/%s", name);
	g_autofree char *link = g_strdup_printf("../../devices/pci0000:00/%s", name);
	g_autofree char *driver_link =
		g_strdup_printf("../../bus/pci/drivers/%s", drivers[driver].module);
	g_autofree char *module = g_strdup_printf("../../module/%s", drivers[driver].module);
	g_autofree char *list = g_strdup_printf("%s/mdev_supported_types", base);
	g_autoptr(GPtrArray) types = g_ptr_array_new();

	put(m, FACT_LINK, link, "%s", base);
	put(m, FACT_LINK, chance(m, 95) ? driver_link : NULL, "%s/driver", base);
	put(m, FACT_LINK, chance(m, 95) ? module : NULL, "%s/driver/module", base);
	put(m, FACT_VALUE, driver == 1 ? "0x10de" : "0x1234", "%s/vendor", base);
	put(m, FACT_VALUE, PICK(m, "0x1", "0x1", "0x1", "0x2"), "%s/device", base);
	put(m, FACT_VALUE, "0x10de", "%s/subsystem_vendor", base);
	put(m, FACT_VALUE, PICK(m, "0x7", "0x7", "0x8"), "%s/subsystem_device", base);
	put(m, FACT_VALUE, PICK(m, "0", "1", "-1"), "%s/numa_node", base);
	for (guint i = 0; i < 3 && drivers[driver].types[i]; i++) {
		if (!chance(m, 80))
			continue;
		g_ptr_array_add(types, (char *)drivers[driver].types[i]);
		make_type(m, name, drivers[driver].types[i]);
	}
	put_names(m, list, types);
}

static void make_modules(Maker *m)
{
	for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
		g_autofree char *base = g_strdup_printf("/sys/module/%s", drivers[i].module);
		put(m, FACT_VALUE, PICK(m, "1.0", "1.0", "1.1", NULL), "%s/version", base);
		put(m, FACT_VALUE, PICK(m, "AAAA", "AAAA", "BBBB", NULL), "%s/srcversion", base);
		put(m, FACT_VALUE, PICK(m, "", "OE", NULL), "%s/taint", base);
	}
}

Facts *fleet_facts(guint32 seed, guint nth)
{
	Maker m = { g_rand_new_with_seed(seed * 1000 + nth), facts_new(), 0,
		    g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(GPtrArray) parents = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *id = g_strdup_printf("machine-%u", nth / (chance(&m, 5) ? 2 : 1));

	facts_set_note(m.facts, "source", "tree");
	facts_set_note(m.facts, "users", "yes");
	facts_set_note(m.facts, "hidden", chance(&m, 10) ? "3" : "0");
	put(&m, FACT_VALUE, chance(&m, 95) ? "x86_64" : "aarch64", "/proc/sys/kernel/arch");
	put(&m, FACT_VALUE, PICK(&m, "6.12.0", "6.12.0", "6.8.0", "6.1.0", "5.14.0-1.el9_4", NULL),
	    "/proc/sys/kernel/osrelease");
	put(&m, FACT_VALUE, id, "/etc/machine-id");
	make_modules(&m);
	for (guint i = 0; i < 4; i++) {
		guint driver = (guint)g_rand_int_range(m.rand, 0, G_N_ELEMENTS(drivers));
		g_ptr_array_add(parents, g_strdup_printf("0000:0%u:00.0", i));
		make_parent(&m, g_ptr_array_index(parents, i), driver);
	}
	put_names(&m, "/sys/class/mdev_bus", parents);
	put_names(&m, "/sys/bus/mdev/devices", m.instances);
	g_rand_free(m.rand);
	g_ptr_array_unref(m.instances);
	return m.facts;
}

Inventory *fleet_host(guint32 seed, guint nth)
{
	g_autoptr(Facts) facts = fleet_facts(seed, nth);
	return inventory_new(facts);
}
