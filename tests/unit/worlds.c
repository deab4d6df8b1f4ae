// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/worlds.h"

#include <string.h>

static const char hosts_base[] = "+ v /proc/sys/kernel/arch x86_64\n"
				 "+ v /proc/sys/kernel/osrelease 6.12.0\n"
				 "a v /etc/machine-id aaaaaaaaaaaaaaaa\n"
				 "b v /etc/machine-id bbbbbbbbbbbbbbbb\n"
				 "a v /proc/sys/kernel/random/boot_id boot-a\n"
				 "b v /proc/sys/kernel/random/boot_id boot-b\n"
				 "+ m source tree\n+ m users yes\n+ m hidden 0\n"
				 "a v /proc/4242/cmdline qemu\\n-name\\nguest=web01\n"
				 "a l /proc/4242/fd/7 /dev/vfio/0\n"
				 "+ v $M/version 1.0\n+ v $M/srcversion AAAABBBBCCCC\n"
				 "+ v $M/taint \n+ n $M version\n"
				 "+ n /sys/bus/mdev/devices \n";

static const char source_base[] = "a n /sys/bus/mdev/devices " SOURCE_UUID "\n"
				  "a l $I ../../../devices/$w/$p/" SOURCE_UUID "\n"
				  "a l $I/mdev_type ../mdev_supported_types/$t\n"
				  "a l $I/iommu_group ../../../kernel/iommu_groups/0\n"
				  "a n $I/iommu_group/devices " SOURCE_UUID "\n";

static const struct {
	const char *parent, *place, *module, *type, *types;
} worlds[] = {
	[WORLD_MTTY] = { "mtty", "virtual/x", "mtty", "mtty-2",
	                 "+ l $P ../../devices/virtual/x/mtty\n"
	                 "+ n $P/mdev_supported_types mtty-1/mtty-2\n"
	                 "+ v $P/mdev_supported_types/mtty-1/name Single port serial\n"
	                 "+ v $P/mdev_supported_types/mtty-1/device_api vfio-pci\n"
	                 "+ v $P/mdev_supported_types/mtty-1/available_instances 24\n"
	                 "+ v $T/name Dual port serial\n+ v $T/device_api vfio-pci\n"
	                 "+ v $T/available_instances 12\n" },
	[WORLD_NVIDIA] = { "0000:41:00.4", "pci0000:40/x", "nvidia", "nvidia-558",
	                   "+ l $P ../../devices/pci0000:40/x/0000:41:00.4\n"
	                   "+ l $P/driver ../../bus/pci/drivers/nvidia\n"
	                   "+ l $P/driver/module ../../module/nvidia\n"
	                   "+ l $P/physfn ../0000:41:00.0\n"
	                   "+ v $P/physfn/vendor 0x10de\n+ v $P/physfn/device 0x2235\n"
	                   "+ v $P/physfn/subsystem_vendor 0x10de\n"
	                   "+ v $P/physfn/subsystem_device 0x145a\n"
	                   "+ n $P/mdev_supported_types nvidia-558\n"
	                   "+ v $T/name A40-2Q\n+ v $T/device_api vfio-pci\n"
	                   "+ v $T/available_instances 1\n+ v $M/taint POE\n"
	                   "+ v $M/version 550.90\n" },
	[WORLD_AP] = { "matrix", "vfio_ap", "vfio_ap", "vfio_ap-passthrough",
	               "+ l $P ../../devices/vfio_ap/matrix\n"
	               "+ l $P/driver ../../bus/matrix/drivers/vfio_ap\n"
	               "+ l $P/driver/module ../../module/vfio_ap\n"
	               "+ n $P/mdev_supported_types vfio_ap-passthrough\n"
	               "+ v $T/name VFIO AP\n+ v $T/device_api vfio-ap\n"
	               "+ v $T/available_instances 65536\n" },
	[WORLD_GVT] = { "0000:00:02.0", "pci0000:00", "kvmgt", "i915-GVTg_V5_4",
	                "+ l $P ../../devices/pci0000:00/0000:00:02.0\n"
	                "+ l $P/driver ../../bus/pci/drivers/i915\n"
	                "+ l $P/driver/module ../../module/kvmgt\n"
	                "+ v $P/vendor 0x8086\n+ v $P/device 0x5916\n"
	                "+ n $P/mdev_supported_types i915-GVTg_V5_4/i915-GVTg_V5_8\n"
	                "+ v $T/name GVTg_V5_4\n+ v $T/device_api vfio-pci\n"
	                "+ v $T/available_instances 1\n" },
	[WORLD_STRANGE] = { "acme", "pci0000:00", "acme", "acme-a1",
	                    "+ l $P ../../devices/pci0000:00/acme\n"
	                    "+ l $P/driver ../../bus/pci/drivers/acme\n"
	                    "+ l $P/driver/module ../../module/acme\n"
	                    "+ v $P/vendor 0x1234\n+ v $P/device 0x0001\n"
	                    "+ n $P/mdev_supported_types acme-a1\n"
	                    "+ v $T/name Acme one\n+ v $T/device_api vfio-pci\n"
	                    "+ v $T/available_instances 4\n" },
};

/* ---- the words of paths ---- */

static char *replace(char *text, const char *word, const char *with)
{
	g_auto(GStrv) parts = g_strsplit(text, word, -1);
	g_free(text);
	return g_strjoinv(with, parts);
}

char *world_text(WorldKind kind, const char *text)
{
	char *out = g_strdup(text);
	g_autofree char *type = g_strconcat("$P/mdev_supported_types/", worlds[kind].type, NULL);
	g_autofree char *module = g_strconcat("/sys/module/", worlds[kind].module, NULL);
	g_autofree char *parent = g_strconcat("/sys/class/mdev_bus/", worlds[kind].parent, NULL);

	out = replace(out, "$T", type);
	out = replace(out, "$P", parent);
	out = replace(out, "$M", module);
	out = replace(out, "$I", "/sys/bus/mdev/devices/" SOURCE_UUID);
	out = replace(out, "$J", "/sys/bus/mdev/devices/" TARGET_UUID);
	out = replace(out, "$D", "/sys/kernel/debug/vfio/" SOURCE_UUID);
	out = replace(out, "$E", "/sys/kernel/debug/vfio/" TARGET_UUID);
	out = replace(out, "$u", SOURCE_UUID);
	out = replace(out, "$j", TARGET_UUID);
	out = replace(out, "$V", "/sys/bus/pci/drivers/nvidia/0000:65:00.4/nvidia");
	out = replace(out, "$S", "/etc/systemd/system/multi-user.target.wants");
	out = replace(out, "$w", worlds[kind].place);
	out = replace(out, "$p", worlds[kind].parent);
	return replace(out, "$t", worlds[kind].type);
}

/* ---- edits ---- */

/* path → "v value", "l target", "n names", "e kind errno", "m value" */
static void edit(GHashTable *facts, char kind, const char *path, const char *rest)
{
	const char *old = g_hash_table_lookup(facts, path);

	if (kind == 'x')
		g_hash_table_remove(facts, path);
	else if (kind == 'e')
		g_hash_table_insert(facts, g_strdup(path),
		                    g_strdup_printf("e%c%s", old ? old[0] : 'v', rest));
	else
		g_hash_table_insert(facts, g_strdup(path), g_strdup_printf("%c%s", kind, rest));
}

static void apply(GHashTable *facts, WorldKind kind, char host, const char *text);

static void add_target_instance(GHashTable *facts, WorldKind kind, const char *type)
{
	g_autofree char *lines =
		g_strdup_printf("b n /sys/bus/mdev/devices " TARGET_UUID "\n"
	                        "b l $J ../../../devices/$w/$p/" TARGET_UUID "\n"
	                        "b l $J/mdev_type ../mdev_supported_types/%s\n"
	                        "b l $J/iommu_group ../../../kernel/iommu_groups/3\n"
	                        "b n $J/iommu_group/devices " TARGET_UUID "\n",
	                        type);
	apply(facts, kind, 'b', lines);
}

static void apply_line(GHashTable *facts, WorldKind kind, char host, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 4);

	if (g_strv_length(words) < 3 || (words[0][0] != host && words[0][0] != '+'))
		return;
	g_autofree char *rest = g_strcompress(words[3] ? words[3] : "");
	if (words[1][0] == 'j')
		add_target_instance(facts, kind, words[2]);
	else
		edit(facts, words[1][0], words[2], rest);
}

static void apply(GHashTable *facts, WorldKind kind, char host, const char *text)
{
	g_autofree char *expanded = world_text(kind, text);
	g_auto(GStrv) lines = g_strsplit(expanded, "\n", -1);

	for (char **line = lines; *line; line++)
		apply_line(facts, kind, host, *line);
}

static void add_fact(Facts *facts, const char *path, const char *what)
{
	g_auto(GStrv) names = NULL;

	if (what[0] == 'm') {
		facts_set_note(facts, path, what + 1);
	} else if (what[0] == 'e') {
		facts_add_error(facts, (FactKind)what[1], path, errno_from_name(what + 2));
	} else if (what[0] == 'n') {
		names = what[1] ? g_strsplit(what + 1, "/", -1) : g_new0(char *, 1);
		facts_add_names(facts, path, names);
	} else {
		facts_add_text(facts, (FactKind)what[0], path, what + 1, -1);
	}
}

static Inventory *make_host(WorldKind kind, char host, const char *edits)
{
	g_autoptr(GHashTable) table =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(Facts) facts = facts_new();
	GHashTableIter iter;
	gpointer path, what;

	apply(table, kind, host, hosts_base);
	g_autofree char *bus = g_strdup_printf("+ n /sys/class/mdev_bus %s\n", worlds[kind].parent);
	apply(table, kind, host, bus);
	apply(table, kind, host, worlds[kind].types);
	apply(table, kind, host, source_base);
	apply(table, kind, host, edits ? edits : "");
	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, &path, &what))
		add_fact(facts, path, what);
	return inventory_new(facts);
}

World *world_new(WorldKind kind, const char *edits)
{
	World *world = g_new0(World, 1);
	world->a = make_host(kind, 'a', edits);
	world->b = make_host(kind, 'b', edits);
	world->source = inventory_instance(world->a, SOURCE_UUID, NULL);
	const Parent *parent = inventory_parent(world->a, worlds[kind].parent);
	world->type = parent ? parent_type(parent, worlds[kind].type) : NULL;
	return world;
}

void world_free(World *world)
{
	if (!world)
		return;
	inventory_unref(world->a);
	inventory_unref(world->b);
	g_free(world);
}

CompatQuestion world_question(const World *world)
{
	return (CompatQuestion){ .source = { "a", world->a },
		                 .type = world->source ? NULL : world->type,
		                 .instance = world->source,
		                 .target = { "b", world->b } };
}

bool world_is_ours(const Side *side, const Instance *instance, void *data)
{
	(void)side;
	(void)instance;
	(void)data;
	return true;
}
