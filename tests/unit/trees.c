// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/trees.h"

static void add_value(Facts *facts, const char *value, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void add_value(Facts *facts, const char *value, const char *format, ...)
{
	va_list args;

	if (!value)
		return;
	va_start(args, format);
	g_autofree char *path = g_strdup_vprintf(format, args);
	va_end(args);
	facts_add_text(facts, FACT_VALUE, path, value, -1);
}

Facts *tree_facts(const char *arch, const char *parent, const char *type, const char *device_api,
                  const char *available)
{
	Facts *facts = facts_new();
	char *parents[] = { (char *)parent, NULL }, *types[] = { (char *)type, NULL };
	g_autofree char *link = g_strdup_printf("/sys/class/mdev_bus/%s", parent);
	g_autofree char *target = g_strdup_printf("../../devices/virtual/%s/%s", parent, parent);
	g_autofree char *supported = g_strdup_printf("%s/mdev_supported_types", link);

	facts_set_note(facts, "source", "tree");
	facts_set_note(facts, "taken", "1700000000");
	add_value(facts, arch, "/proc/sys/kernel/arch");
	add_value(facts, "6.12.0", "/proc/sys/kernel/osrelease");
	facts_add_names(facts, "/sys/class/mdev_bus", parents);
	facts_add_text(facts, FACT_LINK, link, target, -1);
	facts_add_names(facts, supported, types);
	add_value(facts, "Some type", "%s/%s/name", supported, type);
	add_value(facts, device_api, "%s/%s/device_api", supported, type);
	add_value(facts, available, "%s/%s/available_instances", supported, type);
	add_value(facts, "ABCDEF", "/sys/module/%s/srcversion", parent);
	add_value(facts, "", "/sys/module/%s/taint", parent);
	return facts;
}

Inventory *tree_inventory(const char *arch, const char *parent, const char *type,
                          const char *device_api, const char *available)
{
	g_autoptr(Facts) facts = tree_facts(arch, parent, type, device_api, available);
	return inventory_new(facts);
}

void tree_add_instance(Facts *facts, const char *parent, const char *type, const char *uuid,
                       int group)
{
	g_autofree char *link = g_strdup_printf("/sys/bus/mdev/devices/%s", uuid);
	g_autofree char *target =
		g_strdup_printf("../../../devices/virtual/%s/%s/%s", parent, parent, uuid);
	g_autofree char *type_link = g_strdup_printf("%s/mdev_type", link);
	g_autofree char *type_target = g_strdup_printf("../mdev_supported_types/%s", type);
	g_autofree char *group_link = g_strdup_printf("%s/iommu_group", link);
	g_autofree char *group_target =
		g_strdup_printf("../../../../../kernel/iommu_groups/%d", group);
	char **old = facts_names(facts, "/sys/bus/mdev/devices");
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();

	for (; old && *old; old++)
		g_strv_builder_add(names, *old);
	g_strv_builder_add(names, uuid);
	g_auto(GStrv) all = g_strv_builder_end(names);
	facts_add_names(facts, "/sys/bus/mdev/devices", all);
	facts_add_text(facts, FACT_LINK, link, target, -1);
	facts_add_text(facts, FACT_LINK, type_link, type_target, -1);
	facts_add_text(facts, FACT_LINK, group_link, group_target, -1);
}
