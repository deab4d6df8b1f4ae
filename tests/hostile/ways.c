// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/hostile/ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/backend.h"
#include "core/sysfs.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ssh/shell_line.h"
#include "tests/unit/host_tree.h"

#define TOO_LONG_US (60 * G_USEC_PER_SEC)

const char *const way_names[WAY_COUNT] = { "local", "recorded tree", "recorded file",
	                                   "dash",  "bash",          "busybox" };
const char *way_now = "";

void way_fail(const char *file, int line, const char *text, const Inventory *inventory)
{
	fprintf(stderr, "%s:%d: %s: %s\n", file, line, way_now, text);
	for (guint i = 0; inventory && i < inventory->errors->len; i++) {
		const ScanError *row = g_ptr_array_index(inventory->errors, i);
		g_autofree char *path = g_strescape(row->path, NULL);
		fprintf(stderr, "  %s %s: %s\n", row->code, path, row->text);
	}
	abort();
}

static Facts *read_local(const char *root, GError **error)
{
	CollectOptions options = { .users = true, .live = !*root };
	return sysfs_collect(*root ? root : "/", options, error);
}

static Facts *read_recorded(const char *path, GError **error)
{
	g_autoptr(Backend) backend = backend_recorded_new("recorded", path);
	return backend_scan(backend, 0, NULL, error);
}

static Facts *read_file(const char *root, GError **error)
{
	g_autoptr(Facts) facts = read_local(root, error);
	if (!facts)
		return NULL;
	g_autoptr(GString) text = facts_write(facts);
	char *folder = host_tree_new();
	g_autofree char *file = g_build_filename(folder, "a.facts", NULL);
	host_tree_bytes(folder, "a.facts", text->str, (gssize)text->len);
	Facts *read = read_recorded(file, error);
	host_tree_free(folder);
	return read;
}

static Facts *read_by_shell(guint shell_number, const char *root, GError **error)
{
	static const guint of_way[] = { 0, 1, 3 };
	Shell shell;

	shell_start(&shell, shells[of_way[shell_number]], "");
	Probe *probe = probe_start(&shell_line, &shell, root, SHELL_DEADLINE_MS, NULL, error);
	Facts *facts = probe ? probe_scan(probe, true, SHELL_DEADLINE_MS, NULL, error) : NULL;
	probe_free(probe);
	shell_stop(&shell);
	return facts;
}

Facts *way_read(guint way, const char *root)
{
	g_autoptr(GError) error = NULL;
	Facts *facts;

	way_now = way_names[way];
	if (WAY_IS_SHELL(way))
		facts = read_by_shell(way - 3, root, &error);
	else if (way == 1)
		facts = *root ? read_recorded(root, &error) : NULL;
	else
		facts = way == 0 ? read_local(root, &error) : read_file(root, &error);
	if (error)
		way_fail(__FILE__, __LINE__, error->message, NULL);
	return facts;
}

static guint descriptor_count(void)
{
	GDir *dir = g_dir_open("/proc/self/fd", 0, NULL);
	guint n = 0;

	while (dir && g_dir_read_name(dir))
		n++;
	if (dir)
		g_dir_close(dir);
	return n;
}

Inventory *way_inventory(guint way, const char *root)
{
	guint before = descriptor_count();
	gint64 began = g_get_monotonic_time();
	g_autoptr(Facts) facts = way_read(way, root);

	EXPECT(facts);
	EXPECT(g_get_monotonic_time() - began < TOO_LONG_US);
	EXPECT(descriptor_count() == before);
	g_free(fuzz_check_facts(facts));
	Inventory *inventory = inventory_new(facts);
	fuzz_check_inventory(inventory);
	return inventory;
}

void expect_row(const Inventory *inventory, const char *path, const char *codes, const char *file,
                int line)
{
	g_auto(GStrv) known = g_strsplit(codes, " ", -1);
	guint n = 0;

	for (guint i = 0; i < inventory->errors->len; i++) {
		const ScanError *row = g_ptr_array_index(inventory->errors, i);
		if (strcmp(row->path, path) != 0)
			continue;
		n++;
		if (!g_strv_contains((const char *const *)known, row->code))
			way_fail(file, line, row->code, inventory);
	}
	if (n != 1)
		way_fail(file, line, path, inventory);
}

void expect_sane_rest(const Inventory *inventory, const char *file, int line)
{
	Parent *parent = inventory_parent(inventory, "mtty");
	Type *one = parent ? parent_type(parent, "mtty-1") : NULL;
	Type *two = parent ? parent_type(parent, "mtty-2") : NULL;
	Instance *instance = inventory_instance(inventory, HOST_TREE_UUID, NULL);

	if (!one || !two || one->available.n != 23 || two->available.n != 11 ||
	    strcmp(one->name.s, "Single port serial") != 0)
		way_fail(file, line, "mtty is not as it should be", inventory);
	if (!instance || instance->type_ref != one || instance->iommu_group.n != 3)
		way_fail(file, line, "the instance is not as it should be", inventory);
}
