// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking at a fleet of 1,000 hosts with 10 parents of 12 types each and 100 instances, in one run:
 * the best targets of one source among 10,000 parents, and the matrix of 100,000 instances and
 * 1,000 hosts, each beside a loop that judges pair by pair. Prints medians and ratios.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/compat/index.h"
#include "core/compat/matrix.h"

#define HOSTS 1000
#define PARENTS 10
#define TYPES 12
#define FAMILIES 50  /* of cards, each with types of its own */
#define INSTANCES 10 /* of a parent */
#define ROUNDS 11

static void put(Facts *facts, FactKind kind, const char *value, const char *base, const char *rest)
{
	g_autofree char *path = g_strconcat(base, rest, NULL);
	facts_add_text(facts, kind, path, value, -1);
}

static void put_type(Facts *facts, const char *parent, const char *type)
{
	g_autofree char *base =
		g_strdup_printf("/sys/class/mdev_bus/%s/mdev_supported_types/%s", parent, type);
	put(facts, FACT_VALUE, "A40-2Q", base, "/name");
	put(facts, FACT_VALUE, "vfio-pci", base, "/device_api");
	put(facts, FACT_VALUE, "3", base, "/available_instances");
}

static void put_instance(Facts *facts, GStrvBuilder *names, const char *parent, const char *type,
                         int group)
{
	g_autofree char *uuid = g_uuid_string_random();
	g_autofree char *base = g_strconcat("/sys/bus/mdev/devices/", uuid, NULL);
	g_autofree char *link = g_strdup_printf("../../../devices/pci0000:00/%s/%s", parent, uuid);
	g_autofree char *type_link = g_strconcat("../mdev_supported_types/", type, NULL);
	g_autofree char *iommu = g_strdup_printf("../../kernel/iommu_groups/%d", group);
	g_autofree char *fd = g_strdup_printf("/proc/%d/fd/9", 1000 + group);
	g_autofree char *node = g_strdup_printf("/dev/vfio/%d", group);

	g_strv_builder_add(names, uuid);
	put(facts, FACT_LINK, link, base, "");
	put(facts, FACT_LINK, type_link, base, "/mdev_type");
	put(facts, FACT_LINK, iommu, base, "/iommu_group");
	facts_add_text(facts, FACT_LINK, fd, node, -1);
}

static void put_parent(Facts *facts, GStrvBuilder *names, GStrvBuilder *instances, int host, int p)
{
	g_autofree char *name = g_strdup_printf("0000:%02x:00.0", p);
	g_autofree char *base = g_strconcat("/sys/class/mdev_bus/", name, NULL);
	g_autofree char *list = g_strconcat(base, "/mdev_supported_types", NULL);
	g_autofree char *link = g_strconcat("../../devices/pci0000:00/", name, NULL);
	g_autoptr(GStrvBuilder) types = g_strv_builder_new();
	int family = (host * PARENTS + p) % FAMILIES;

	g_strv_builder_add(names, name);
	put(facts, FACT_LINK, link, base, "");
	put(facts, FACT_LINK, "../../bus/pci/drivers/nvidia", base, "/driver");
	put(facts, FACT_LINK, "../../module/nvidia", base, "/driver/module");
	put(facts, FACT_VALUE, "0x10de", base, "/vendor");
	put(facts, FACT_VALUE, "0x2235", base, "/device");
	put(facts, FACT_VALUE, "0x10de", base, "/subsystem_vendor");
	put(facts, FACT_VALUE, "0x145a", base, "/subsystem_device");
	for (int t = 0; t < TYPES; t++) {
		g_autofree char *type = g_strdup_printf("nvidia-%d", family * 100 + t);
		g_strv_builder_add(types, type);
		put_type(facts, name, type);
		for (int i = t; i < INSTANCES; i += TYPES)
			put_instance(facts, instances, name, type, p * INSTANCES + i);
	}
	g_auto(GStrv) all = g_strv_builder_end(types);
	facts_add_names(facts, list, all);
}

static Inventory *make_host(int host)
{
	g_autoptr(Facts) facts = facts_new();
	g_autoptr(GStrvBuilder) names = g_strv_builder_new(), instances = g_strv_builder_new();
	g_autofree char *id = g_strdup_printf("machine-%d", host);

	facts_set_note(facts, "users", "yes");
	facts_set_note(facts, "hidden", "0");
	put(facts, FACT_VALUE, "x86_64", "/proc/sys/kernel/arch", "");
	put(facts, FACT_VALUE, host % 3 ? "6.12.0" : "6.8.0", "/proc/sys/kernel/osrelease", "");
	put(facts, FACT_VALUE, id, "/etc/machine-id", "");
	put(facts, FACT_VALUE, host % 2 ? "550.54" : "550.90", "/sys/module/nvidia/version", "");
	put(facts, FACT_VALUE, "POE", "/sys/module/nvidia/taint", "");
	for (int p = 0; p < PARENTS; p++)
		put_parent(facts, names, instances, host, p);
	g_auto(GStrv) parents = g_strv_builder_end(names);
	g_auto(GStrv) uuids = g_strv_builder_end(instances);
	facts_add_names(facts, "/sys/class/mdev_bus", parents);
	facts_add_names(facts, "/sys/bus/mdev/devices", uuids);
	return inventory_new(facts);
}

/* ---- what is measured: each returns how many pairs it looked at ---- */

typedef struct {
	Inventory *hosts[HOSTS];
	CompatIndex *index;
	CompatMatrix *matrix;
} Fleet;

static CompatQuestion question(const Fleet *fleet)
{
	return (CompatQuestion){ .source = { "h0000", fleet->hosts[0] },
		                 .instance = g_ptr_array_index(fleet->hosts[0]->instances, 0) };
}

static guint best_by_index(Fleet *fleet)
{
	guint64 before = compat_index_judged(fleet->index);
	CompatQuestion q = question(fleet);
	g_autoptr(GPtrArray) best = compat_index_best(fleet->index, &q, 10);
	return (guint)(compat_index_judged(fleet->index) - before);
}

static guint best_by_loop(Fleet *fleet)
{
	CompatQuestion q = question(fleet);
	guint n = 0;

	for (int h = 1; h < HOSTS; h++) {
		q.target = (Side){ "t", fleet->hosts[h] };
		for (guint p = 0; p < fleet->hosts[h]->parents->len; p++, n++) {
			q.parent = g_ptr_array_index(fleet->hosts[h]->parents, p);
			verdict_free(verdict_answer(&q));
		}
	}
	return n;
}

static guint matrix_by_kind(Fleet *fleet)
{
	guint64 before = compat_index_judged(fleet->index);
	compat_matrix_free(fleet->matrix);
	fleet->matrix = compat_matrix_new(fleet->index, NULL);
	return (guint)(compat_index_judged(fleet->index) - before);
}

static guint matrix_of_one_host(Fleet *fleet)
{
	guint64 before = compat_index_judged(fleet->index);
	compat_index_set(fleet->index, "h0500", fleet->hosts[500]);
	compat_matrix_refresh(fleet->matrix);
	return (guint)(compat_index_judged(fleet->index) - before);
}

/* A thousandth of it: the whole would take minutes. */
static guint matrix_by_loop(Fleet *fleet)
{
	guint n = 0;

	for (int i = 0; i < 100; i++) {
		const Inventory *from = fleet->hosts[i * 10];
		CompatQuestion q = { .source = { "s", from },
			             .instance =
			                     g_ptr_array_index(from->instances, (guint)i % 100) };
		for (int h = 0; h < HOSTS; h++, n++) {
			q.target = (Side){ "t", fleet->hosts[h] };
			verdict_free(verdict_answer(&q));
		}
	}
	return n;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Median of the rounds, in ms. */
static double measure(const char *name, guint (*run)(Fleet *), Fleet *fleet, int rounds)
{
	double ms[ROUNDS];
	guint pairs = 0;

	for (int i = 0; i < rounds; i++) {
		gint64 start = g_get_monotonic_time();
		pairs = run(fleet);
		ms[i] = (double)(g_get_monotonic_time() - start) / 1000;
	}
	qsort(ms, (size_t)rounds, sizeof *ms, compare_doubles);
	printf("%-34s %10.3f ms (least %.3f)  %u pairs judged\n", name, ms[rounds / 2], ms[0],
	       pairs);
	return ms[rounds / 2];
}

int main(void)
{
	Fleet fleet = { .index = compat_index_new() };

	for (int h = 0; h < HOSTS; h++) {
		char label[16];
		g_snprintf(label, sizeof label, "h%04d", h);
		fleet.hosts[h] = make_host(h);
		compat_index_set(fleet.index, label, fleet.hosts[h]);
	}
	double index = measure("best of 10,000 parents, by index", best_by_index, &fleet, ROUNDS);
	double loop = measure("the same, parent by parent", best_by_loop, &fleet, 3);
	double kinds = measure("matrix 100,000 x 1,000, by kind", matrix_by_kind, &fleet, ROUNDS);
	double column = measure("one host read anew", matrix_of_one_host, &fleet, ROUNDS);
	double pairs = measure("a thousandth of it, pair by pair", matrix_by_loop, &fleet, 1);
	printf("%u sources in %u rows\n", compat_matrix_sources(fleet.matrix),
	       compat_matrix_rows(fleet.matrix));
	printf("best: %.0f times faster; matrix: %.0f times faster; one host: %.3f of the whole\n",
	       loop / index, pairs * 1000 / kinds, column / kinds);
	compat_matrix_free(fleet.matrix);
	compat_index_free(fleet.index);
	for (int h = 0; h < HOSTS; h++)
		inventory_unref(fleet.hosts[h]);
	return 0;
}
