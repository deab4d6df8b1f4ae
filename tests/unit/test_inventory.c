// SPDX-License-Identifier: GPL-2.0-or-later
/* From a host's tree (or facts written by hand) to its inventory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "core/inventory.h"
#include "core/sysfs.h"
#include "tests/unit/host_tree.h"

#define UUID2 "22222222-2222-2222-2222-222222222222"
#define DEFINITION "/etc/mdevctl.d/mtty/" HOST_TREE_UUID

static Inventory *read_tree(const char *root)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = sysfs_collect(root, (CollectOptions){ .users = true }, &error);
	assert_null(error);
	return inventory_new(facts);
}

static Inventory *read_text(const char *body)
{
	g_autofree char *text = g_strconcat("mdevcon-facts 1\n", body, ".\n", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = facts_parse(text, strlen(text), &error);
	assert_null(error);
	return inventory_new(facts);
}

static const ScanError *only_error(const Inventory *inventory)
{
	assert_int_equal(inventory->errors->len, 1);
	return g_ptr_array_index(inventory->errors, 0);
}

static Type *type_of(const Inventory *inventory, const char *id)
{
	Parent *parent = inventory_parent(inventory, "mtty");
	assert_non_null(parent);
	Type *type = parent_type(parent, id);
	assert_non_null(type);
	return type;
}

static void test_host(void **state)
{
	g_autoptr(Inventory) inv = read_tree(*state);
	assert_false(inv->live);
	assert_string_equal(inv->hostname.s, "hy1");
	assert_string_equal(inv->arch.s, "x86_64");
	assert_string_equal(inv->kernel.s, "6.12.0");
	assert_int_equal(inv->boot_id.state, READ_ABSENT);
	assert_true(inv->has_mdev_bus);
	assert_null(inv->empty_why);
	assert_int_equal(inv->errors->len, 0);
	assert_true(inv->taken_at > 0);
}

static void test_parent(void **state)
{
	g_autoptr(Inventory) inv = read_tree(*state);
	assert_int_equal(inv->parents->len, 1);
	Parent *parent = inventory_parent(inv, "mtty");
	assert_string_equal(parent->path, HOST_TREE_MTTY);
	assert_int_equal(parent->kind, PARENT_VIRTUAL);
	assert_null(parent->driver);
	assert_string_equal(parent->module, "mtty");
	assert_int_equal(parent->module_version.state, READ_ABSENT);
	assert_int_equal(parent->numa_node.state, READ_ABSENT);
	assert_int_equal(parent->vendor.state, READ_ABSENT);
	assert_string_equal(parent->label, "mtty");
	assert_true(parent->actionable);
	assert_int_equal(parent->types->len, 2);
	Type *type = type_of(inv, "mtty-1");
	assert_string_equal(type->name.s, "Single port serial");
	assert_string_equal(type->device_api.s, "vfio-pci");
	assert_int_equal(type->available.n, 23);
	assert_int_equal(type->description.state, READ_ABSENT);
	assert_int_equal(type->instances->len, 1);
	assert_ptr_equal(type->parent, parent);
	assert_null(inventory_parent(inv, "mdpy"));
	assert_null(parent_type(parent, "mtty-3"));
}

static void test_pci_parent(void **state)
{
	const char *root = *state;
#define PF "/sys/devices/pci0000:40/0000:40:01.1/0000:41:00.4"
	host_tree_file(root, PF "/vendor", "0x10de\n");
	host_tree_file(root, PF "/device", "0x26B9\n");
	host_tree_file(root, PF "/subsystem_vendor", "0xzz\n");
	host_tree_file(root, PF "/numa_node", "-1\n");
	host_tree_folder(root, PF "/mdev_supported_types");
	host_tree_link(root, PF "/physfn", "../0000:41:00.0");
	host_tree_link(root, PF "/driver", "../../../../bus/pci/drivers/nvidia");
	host_tree_link(root, "/sys/bus/pci/drivers/nvidia/module", "../../../../module/nvidia");
	host_tree_file(root, "/sys/module/nvidia/version", "550.90.05\n");
	host_tree_file(root, "/sys/module/nvidia/srcversion", "ABC\n");
	host_tree_link(root, "/sys/class/mdev_bus/0000:41:00.4",
	               "../../devices/pci0000:40/0000:40:01.1/0000:41:00.4");
	g_autoptr(Inventory) inv = read_tree(root);
	Parent *parent = inventory_parent(inv, "0000:41:00.4");
	assert_int_equal(parent->kind, PARENT_PCI);
	assert_string_equal(parent->path, PF);
	assert_string_equal(parent->vendor.s, "10de");
	assert_string_equal(parent->device.s, "26b9");
	assert_int_equal(parent->subsystem_vendor.state, READ_UNREADABLE);
	assert_int_equal(parent->subsystem_device.state, READ_ABSENT);
	assert_int_equal(parent->numa_node.state, READ_VALUE);
	assert_int_equal(parent->numa_node.n, -1);
	assert_string_equal(parent->physfn, "0000:41:00.0");
	assert_string_equal(parent->driver, "nvidia");
	assert_string_equal(parent->module, "nvidia");
	assert_string_equal(parent->module_version.s, "550.90.05");
	assert_string_equal(parent->label, "10de:26b9 41:00.4");
	const ScanError *row = only_error(inv);
	assert_string_equal(row->code, "PARSE");
	assert_string_equal(row->path, "/sys/class/mdev_bus/0000:41:00.4/subsystem_vendor");
}

static void test_instance(void **state)
{
	g_autoptr(Inventory) inv = read_tree(*state);
	assert_int_equal(inv->instances->len, 1);
	Instance *instance = g_ptr_array_index(inv->instances, 0);
	assert_string_equal(instance->id, HOST_TREE_UUID);
	assert_string_equal(instance->uuid, HOST_TREE_UUID);
	assert_string_equal(instance->path, HOST_TREE_MTTY "/" HOST_TREE_UUID);
	assert_string_equal(instance->parent_name, "mtty");
	assert_ptr_equal(instance->parent, inventory_parent(inv, "mtty"));
	assert_string_equal(instance->type.s, "mtty-1");
	assert_ptr_equal(instance->type_ref, type_of(inv, "mtty-1"));
	assert_string_equal(instance->driver, "mtty");
	assert_int_equal(instance->iommu_group.n, 3);
	assert_string_equal(instance->vfio_dev, "vfio0");
	assert_false(instance->defined);
	assert_int_equal(instance->users->len, 0);
	assert_int_equal(instance->attrs->len, 0);
	assert_int_equal(instance->migration_state.state, READ_ABSENT);
}

static void test_lookup_by_prefix(void **state)
{
	g_autoptr(Inventory) inv = read_text(
		"n /sys/bus/mdev/devices aaaa0000-0000-0000-0000-000000000001/"
		"aaaa0000-0000-0000-0000-000000000002/bbbb0000-0000-0000-0000-000000000003\n");
	guint matches = 7;
	assert_null(inventory_instance(inv, "aaaa", &matches));
	assert_int_equal(matches, 2);
	assert_string_equal(inventory_instance(inv, "BBBB", &matches)->uuid,
	                    "bbbb0000-0000-0000-0000-000000000003");
	assert_int_equal(matches, 1);
	assert_non_null(inventory_instance(inv, "aaaa0000-0000-0000-0000-000000000002", NULL));
	assert_null(inventory_instance(inv, "", &matches));
	assert_int_equal(matches, 0);
	assert_null(inventory_instance(inv, "aaaa0000-0000-0000-0000-0000000000020", NULL));
}

/* A reading that is damaged costs one row and one field, never the listing. */
static void test_damage(void **state)
{
	const char *root = *state;
	host_tree_file(root, HOST_TREE_TYPES "/mtty-1/available_instances", "many\n");
	g_autoptr(Inventory) inv = read_tree(root);
	Type *type = type_of(inv, "mtty-1");
	assert_int_equal(type->available.state, READ_UNREADABLE);
	assert_int_equal(type->available.err, EINVAL);
	assert_int_equal(type_of(inv, "mtty-2")->available.n, 11);
	const ScanError *row = only_error(inv);
	assert_string_equal(row->code, "PARSE");
	assert_string_equal(row->scope, "field");
	assert_string_equal(row->path, "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1"
	                               "/available_instances");
}

static void test_numbers(void **state)
{
	static const char *const bad[] = { "",     "%0A",  "-1",
		                           "1x",   "0x10", "99999999999999999999",
		                           "3%00", "1 2",  "%FF" };
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *value = g_strdup(bad[i]);
		g_strdelimit(value, " ", '_');
		g_autofree char *body = g_strdup_printf(
			"n /sys/class/mdev_bus p\nn /sys/class/mdev_bus/p/mdev_supported_types t\n"
			"v /sys/class/mdev_bus/p/mdev_supported_types/t/available_instances %s\n",
			value);
		g_autoptr(Inventory) inv = read_text(body);
		Type *type = parent_type(inventory_parent(inv, "p"), "t");
		assert_int_equal(type->available.state, READ_UNREADABLE);
		assert_string_equal(only_error(inv)->code, "PARSE");
	}
}

static void test_unreadable(void **state)
{
	g_autoptr(Inventory) inv = read_text(
		"n /sys/class/mdev_bus p\nl /sys/class/mdev_bus/p ../../devices/virtual/p/p\n"
		"n /sys/class/mdev_bus/p/mdev_supported_types t\n"
		"e v /sys/class/mdev_bus/p/mdev_supported_types/t/available_instances EIO\n"
		"e v /sys/class/mdev_bus/p/vendor EISDIR\n" /* not PCI: nobody's loss */
		"e n /sys/kernel/debug/vfio EACCES\n");     /* no instance: nobody's loss */
	Type *type = parent_type(inventory_parent(inv, "p"), "t");
	assert_int_equal(type->available.state, READ_UNREADABLE);
	assert_int_equal(type->available.err, EIO);
	const ScanError *row = only_error(inv);
	assert_string_equal(row->code, "EIO");
	assert_int_equal(row->err, EIO);
	assert_non_null(row->hint);
}

static void test_vanished(void **state)
{
	const char *root = *state;
	host_tree_link(root, "/sys/bus/mdev/devices/" UUID2,
	               "../../../devices/virtual/mtty/mtty/" UUID2);
	g_autoptr(Inventory) inv = read_tree(root);
	assert_int_equal(inv->instances->len, 2);
	Instance *gone = inventory_instance(inv, UUID2, NULL);
	assert_string_equal(gone->parent_name, "mtty");
	assert_int_equal(gone->type.state, READ_ABSENT);
	assert_int_equal(gone->in_use, TRI_UNKNOWN);
	const ScanError *row = only_error(inv);
	assert_string_equal(row->code, "ENOENT");
	assert_string_equal(row->path, "/sys/bus/mdev/devices/" UUID2 "/mdev_type");
}

static void test_orphan(void **state)
{
	g_autoptr(Inventory) inv = read_text(
		"n /sys/bus/mdev/devices " UUID2 "\n"
		"l /sys/bus/mdev/devices/" UUID2 " ../../../devices/virtual/gone/gone/" UUID2 "\n"
		"l /sys/bus/mdev/devices/" UUID2 "/mdev_type ../mdev_supported_types/gone-1\n");
	Instance *instance = g_ptr_array_index(inv->instances, 0);
	assert_null(instance->parent);
	assert_null(instance->type_ref);
	assert_string_equal(instance->parent_name, "gone");
	assert_string_equal(instance->type.s, "gone-1");
}

static void test_debugfs(void **state)
{
	const char *root = *state;
	host_tree_file(root, "/sys/kernel/debug/vfio/" HOST_TREE_UUID "/migration/state",
	               "RUNNING\n");
	g_autoptr(Inventory) inv = read_tree(root);
	Instance *instance = g_ptr_array_index(inv->instances, 0);
	assert_string_equal(instance->migration_state.s, "RUNNING");

	g_autoptr(Inventory) closed = read_text("n /sys/bus/mdev/devices " UUID2 "\n"
	                                        "l /sys/bus/mdev/devices/" UUID2 "/mdev_type x\n"
	                                        "e n /sys/kernel/debug/vfio EACCES\n");
	instance = g_ptr_array_index(closed->instances, 0);
	assert_int_equal(instance->migration_state.state, READ_UNREADABLE);
	assert_string_equal(only_error(closed)->code, "EACCES");
}

static void test_empty(void **state)
{
	g_autoptr(Inventory) none = read_text("");
	assert_false(none->has_mdev_bus);
	assert_non_null(strstr(none->empty_why, "not loaded"));
	g_autoptr(Inventory) empty = read_text("n /sys/class/mdev_bus \n");
	assert_true(empty->has_mdev_bus);
	assert_non_null(strstr(empty->empty_why, "no driver"));
	g_autoptr(Inventory) closed = read_text("e n /sys/class/mdev_bus EACCES\n");
	assert_true(closed->has_mdev_bus);
	assert_non_null(strstr(closed->empty_why, "cannot read"));
	assert_string_equal(only_error(closed)->scope, "host");
}

static void test_parent_kinds(void **state)
{
	static const struct {
		const char *name, *link;
		ParentKind kind;
	} cases[] = {
		{ "0.0.26ab", "../../devices/css0/0.0.26ab", PARENT_CCW },
		{ "matrix", "../../devices/vfio_ap/matrix", PARENT_AP },
		{ "0000:3b:00.4", "/elsewhere/0000:3b:00.4", PARENT_PCI },
		{ "mtty", "../../devices/virtual/mtty/mtty", PARENT_VIRTUAL },
		{ "x", "../../devices/platform/x", PARENT_OTHER },
		{ "y", "../../../../../../../../..", PARENT_OTHER },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *body =
			g_strdup_printf("n /sys/class/mdev_bus %s\nl /sys/class/mdev_bus/%s %s\n",
		                        cases[i].name, cases[i].name, cases[i].link);
		g_autoptr(Inventory) inv = read_text(body);
		Parent *parent = inventory_parent(inv, cases[i].name);
		assert_int_equal(parent->kind, cases[i].kind);
		assert_int_equal(parent->path[0], '/');
		assert_null(strstr(parent->path, ".."));
	}
}

/* ---- users ---- */

static Tri use_of(const Inventory *inventory)
{
	Instance *instance = g_ptr_array_index(inventory->instances, 0);
	/* The reason is there exactly where it is needed. */
	assert_int_equal(instance->in_use == TRI_UNKNOWN, instance->in_use_why != NULL);
	assert_int_equal(instance->in_use == TRI_YES, instance->users->len > 0);
	return instance->in_use;
}

static void test_users_of_tree(void **state)
{
	const char *root = *state;
	g_autoptr(Inventory) silent = read_tree(root);
	assert_int_equal(use_of(silent), TRI_UNKNOWN);
	host_tree_folder(root, "/proc/1/fd");
	g_autoptr(Inventory) idle = read_tree(root);
	assert_int_equal(use_of(idle), TRI_NO);
	assert_int_equal(idle->users_known, TRI_YES);
	static const char qemu[] = "/usr/bin/qemu\0-name\0guest=web,,01,debug-threads=on\0";
	host_tree_link(root, "/proc/4242/fd/9", "/dev/vfio/3");
	host_tree_bytes(root, "/proc/4242/cmdline", qemu, sizeof qemu - 1);
	g_autoptr(Inventory) held = read_tree(root);
	assert_int_equal(use_of(held), TRI_YES);
	Instance *instance = g_ptr_array_index(held->instances, 0);
	InstanceUser *user = &g_array_index(instance->users, InstanceUser, 0);
	assert_int_equal(instance->users->len, 1);
	assert_int_equal(user->pid, 4242);
	assert_string_equal(user->vm, "web,01");
}

static void test_user_evidence(void **state)
{
	static const struct {
		const char *fact;
		bool hit;
	} cases[] = {
		{ "l /proc/7/fd/3 /dev/vfio/3\n", true },
		{ "l /proc/7/fd/3 /dev/vfio/3%20(deleted)\n", true },
		{ "l /proc/7/fd/3 /dev/vfio/noiommu-3\n", true },
		{ "l /proc/7/fd/3 /dev/vfio/devices/vfio0\n", true },
		{ "l /proc/7/fd/3 /dev/vfio/33\n", false },
		{ "l /proc/7/fd/3 /dev/vfio/vfio\n", false },
		{ "l /proc/7x/fd/3 /dev/vfio/3\n", false },
		{ "v /proc/7/cmdline qemu%0Avfio-pci,sysfsdev=/sys/bus/mdev/devices/" HOST_TREE_UUID
		  "\n",
		  true },
		{ "v /proc/7/cmdline qemu%0A\"sysfsdev\":\"/x/" HOST_TREE_UUID "\"\n", true },
		{ "v /proc/7/cmdline qemu%0A-uuid%0A" HOST_TREE_UUID "\n", false },
		{ "v /proc/7/cmdline qemu%0A-name%0A" HOST_TREE_UUID "\n", false },
		{ "v /proc/7/cmdline qemu%0A/x/" HOST_TREE_UUID "0\n", false },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *body = g_strconcat(
			"m source tree\nm users yes\nm hidden 0\n"
			"n /sys/bus/mdev/devices " HOST_TREE_UUID "\n"
			"l /sys/bus/mdev/devices/" HOST_TREE_UUID "/iommu_group ../iommu_groups/3\n"
			"n /sys/bus/mdev/devices/" HOST_TREE_UUID "/vfio-dev vfio0\n",
			cases[i].fact, NULL);
		g_autoptr(Inventory) inv = read_text(body);
		assert_int_equal(use_of(inv), cases[i].hit ? TRI_YES : TRI_NO);
	}
}

static void test_idle_needs_proof(void **state)
{
#define GROUP \
	"n /sys/bus/mdev/devices " UUID2 "\nl /sys/bus/mdev/devices/" UUID2 "/iommu_group g/3\n"
#define FIRST "l /proc/self/ns/pid pid:[4026531836]\n"
	static const struct {
		const char *facts;
		Tri use;
		const char *why;
	} cases[] = {
		{ "m source live\nm euid 0\nm users yes\nm hidden 0\n" FIRST GROUP, TRI_NO, NULL },
		{ "m source live\nm euid 1000\nm users yes\nm hidden 0\n" FIRST GROUP, TRI_UNKNOWN,
		  "root" },
		{ "m source live\nm users yes\nm hidden 0\n" FIRST GROUP, TRI_UNKNOWN, "root" },
		{ "m source live\nm euid 0\nm users yes\nm hidden 2\n" FIRST GROUP, TRI_UNKNOWN,
		  "hidden" },
		{ "m source live\nm euid 0\nm users yes\n" FIRST GROUP, TRI_UNKNOWN, "hidden" },
		{ "m source live\nm euid 0\nm hidden 0\n" FIRST GROUP, TRI_UNKNOWN, "not looked" },
		{ "m source live\nm euid 0\nm users yes\nm hidden 0\n" GROUP, TRI_UNKNOWN,
		  "cannot tell" },
		{ "m source live\nm euid 0\nm users yes\nm hidden 0\n"
		  "l /proc/self/ns/pid pid:[4026532000]\n" GROUP,
		  TRI_UNKNOWN, "namespace" },
		{ "m source tree\n" GROUP, TRI_UNKNOWN, "nothing of processes" },
		{ "m source tree\nm users yes\nm hidden 0\nn /sys/bus/mdev/devices " UUID2 "\n",
		  TRI_UNKNOWN, "IOMMU group" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Inventory) inv = read_text(cases[i].facts);
		assert_int_equal(use_of(inv), cases[i].use);
		Instance *instance = g_ptr_array_index(inv->instances, 0);
		if (cases[i].why)
			assert_non_null(strstr(instance->in_use_why, cases[i].why));
	}
}

/* ---- definitions ---- */

static void test_definition(void **state)
{
	const char *root = *state;
	host_tree_file(root, DEFINITION,
	               "{\"mdev_type\":\"mtty-1\",\"start\":\"auto\","
	               "\"attrs\":[{\"assign_adapter\":\"5\"},{\"assign_adapter\":\"6\"}]}");
	host_tree_file(root, "/etc/mdevctl.d/mtty/" UUID2,
	               "{\"mdev_type\":\"mtty-2\",\"start\":\"manual\",\"attrs\":[]}");
	host_tree_file(root, "/etc/mdevctl.d/mtty/README", "not a definition");
	host_tree_folder(root, "/etc/mdevctl.d/scripts.d/notifiers.d");
	g_autoptr(Inventory) inv = read_tree(root);
	assert_int_equal(inv->errors->len, 0);
	assert_int_equal(inv->definitions->len, 2);
	Definition *definition = inventory_definition(inv, "mtty", HOST_TREE_UUID);
	assert_true(definition->active);
	assert_true(definition->autostart);
	assert_null(definition->error);
	assert_string_equal(definition->type, "mtty-1");
	assert_string_equal(definition->file, DEFINITION);
	assert_int_equal(definition->attrs->len, 2);
	assert_string_equal(g_array_index(definition->attrs, Attr, 1).key, "assign_adapter");
	assert_string_equal(g_array_index(definition->attrs, Attr, 1).value, "6");
	Instance *instance = g_ptr_array_index(inv->instances, 0);
	assert_true(instance->defined && instance->autostart);
	assert_int_equal(instance->attrs->len, 2);
	assert_false(inventory_definition(inv, "mtty", UUID2)->active);
	assert_null(inventory_definition(inv, "other", UUID2));
}

static void test_broken_definitions(void **state)
{
	static const char *const broken[] = {
		"",
		"{",
		"[]",
		"\"x\"",
		"{\"start\":\"auto\"}",
		"{\"mdev_type\":\"mtty-1\"}",
		"{\"mdev_type\":5,\"start\":\"auto\"}",
		"{\"mdev_type\":\"mtty-1\",\"start\":\"yes\"}",
		"{\"mdev_type\":\"mtty-1\",\"start\":true}",
		"{\"mdev_type\":\"mtty-1\",\"start\":\"auto\",\"attrs\":{}}",
		"{\"mdev_type\":\"mtty-1\",\"start\":\"auto\",\"attrs\":[\"x\"]}",
		"{\"mdev_type\":\"mtty-1\",\"start\":\"auto\",\"attrs\":[{}]}",
		"{\"mdev_type\":\"mtty-1\",\"start\":\"auto\",\"attrs\":[{\"a\":1}]}",
		("{\"mdev_type\":\"mtty-1\",\"start\":\"auto\",\"attrs\":[{\"a\":\"1\",\"b\":\"2\"}"
		 "]"
		 "}"),
		"{\"mdev_type\":\"a\",\"mdev_type\":\"b\",\"start\":\"auto\"}",
		"{\"mdev_type\":\"\xff\",\"start\":\"auto\"}",
		"{\"mdev_type\":\"mtty-1\",\"start\":\"auto\"} trailing",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
		host_tree_file(*state, DEFINITION, broken[i]);
		g_autoptr(Inventory) inv = read_tree(*state);
		assert_int_equal(inv->definitions->len, 1);
		Definition *definition = g_ptr_array_index(inv->definitions, 0);
		assert_non_null(definition->error);
		assert_int_equal(definition->attrs->len, 0);
		const ScanError *row = only_error(inv);
		assert_string_equal(row->code, "PARSE");
		assert_string_equal(row->path, DEFINITION);
		assert_non_null(inventory_parent(inv, "mtty"));
	}
}

static void test_definition_is_folder(void **state)
{
	host_tree_folder(*state, DEFINITION);
	g_autoptr(Inventory) inv = read_tree(*state);
	assert_non_null(((Definition *)g_ptr_array_index(inv->definitions, 0))->error);
	assert_string_equal(only_error(inv)->path, DEFINITION);
}

static void test_actionable(void **state)
{
	assert_true(name_is_actionable("0000:41:00.4"));
	assert_true(name_is_actionable("mtty-1_x+y"));
	static const char *const bad[] = { "",    ".",        "..", "a/b", "a b",
		                           "a\n", "\xc3\xa4", "$x", "a;b" };
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_false(name_is_actionable(bad[i]));
	g_autoptr(Inventory) inv = read_text("n /sys/class/mdev_bus a%20b\n");
	assert_false(inventory_parent(inv, "a b")->actionable);
}

static void test_outlives_facts(void **state)
{
	g_autoptr(Inventory) inv = read_tree(*state);
	Inventory *other = inventory_ref(inv);
	inventory_unref(other);
	assert_string_equal(type_of(inv, "mtty-1")->name.s, "Single port serial");
	inventory_unref(NULL);
}

#define TREE_TEST(f) cmocka_unit_test_setup_teardown(f, host_tree_set_up, host_tree_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_host),
		TREE_TEST(test_parent),
		TREE_TEST(test_pci_parent),
		TREE_TEST(test_instance),
		cmocka_unit_test(test_lookup_by_prefix),
		TREE_TEST(test_damage),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_unreadable),
		TREE_TEST(test_vanished),
		cmocka_unit_test(test_orphan),
		TREE_TEST(test_debugfs),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_parent_kinds),
		TREE_TEST(test_users_of_tree),
		cmocka_unit_test(test_user_evidence),
		cmocka_unit_test(test_idle_needs_proof),
		TREE_TEST(test_definition),
		TREE_TEST(test_broken_definitions),
		TREE_TEST(test_definition_is_folder),
		cmocka_unit_test(test_actionable),
		TREE_TEST(test_outlives_facts),
	};
	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
