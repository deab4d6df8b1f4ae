// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Trees that nobody should be given, read in every way there is: the sane rest is shown, what is
 * wrong has one row that names it, and nothing of it is raw in text or JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/hostile/ways.h"
#include "tests/hostile/zoo.h"
#include "tests/unit/host_tree.h"

#define BUS "/sys/class/mdev_bus"
#define NOBODY 65534

static Inventory *dropped(Inventory *inventory)
{
	inventory_unref(inventory);
	return NULL;
}

#define FOR_EACH_WAY(way, inventory, root) \
	for (guint way = 0; way < WAY_COUNT; way++) \
		for (Inventory *inventory = way_inventory(way, root); inventory; \
		     inventory = dropped(inventory))

static void test_names(void **state)
{
	zoo_put_names(*state);
	FOR_EACH_WAY(way, inventory, *state)
	{
		EXPECT_SANE_REST(inventory);
		EXPECT(inventory->parents->len == ZOO_NAMES + 1);
		EXPECT(inventory->instances->len == ZOO_NAMES + 1);
		EXPECT(inventory->definitions->len == ZOO_NAMES);
		for (guint i = 0; i < ZOO_NAMES; i++) {
			Parent *parent = inventory_parent(inventory, zoo_names[i]);
			Type *type = parent ? parent_type(parent, zoo_names[i]) : NULL;
			EXPECT(type && type->available.n == 4 && type->instances->len == 1);
			const Instance *instance = g_ptr_array_index(type->instances, 0);
			EXPECT(strcmp(instance->id, zoo_names[i]) == 0);
			EXPECT(instance->parent == parent && instance->iommu_group.n == 100 + i);
			EXPECT(parent->driver && strcmp(parent->driver, zoo_names[i]) == 0);
			/* What could be mistaken in a path is not written to. */
			EXPECT(parent->actionable ==
			       (strspn(zoo_names[i], "-nrf5") == strlen(zoo_names[i])));
		}
		EXPECT_ROWS(inventory, 0);
	}
}

/* In every value there is. Shells read a line byte by byte, so theirs is shorter. */
static void test_long_values(void **state)
{
	static const struct {
		gsize len, line; /* 0: one line */
		guint ways;
	} passes[] = { { 1024 * 1024, 64, WAY_COUNT },
		       { 1024 * 1024, 0, 3 },
		       { 64 * 1024 + 2, 0, WAY_COUNT } };

	for (guint pass = 0; pass < G_N_ELEMENTS(passes); pass++) {
		char *root = host_tree_new();
		g_autofree char *text = g_strnfill(passes[pass].len, 'x');
		for (gsize i = 0; passes[pass].line && i < passes[pass].len; i += passes[pass].line)
			text[i] = '\n';
		host_tree_mtty(root);
		g_auto(GStrv) paths = zoo_put_card(root, text, passes[pass].len);
		for (guint way = 0; way < passes[pass].ways; way++) {
			g_autoptr(Inventory) inventory = way_inventory(way, root);
			EXPECT_SANE_REST(inventory);
			for (char **path = paths; *path; path++)
				EXPECT_ROW(inventory, *path, "EFBIG");
			EXPECT_ROWS(inventory, g_strv_length(paths));
		}
		host_tree_free(root);
	}
	(void)state;
}

static void test_binary_values(void **state)
{
	char bytes[255];
	for (guint i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(255 - i); /* no NUL: shells drop it */
	g_strfreev(zoo_put_card(*state, bytes, sizeof bytes));
	FOR_EACH_WAY(way, inventory, *state)
	{
		EXPECT_SANE_REST(inventory);
		EXPECT_ROW(inventory, BUS "/0000:0b:00.0/vendor", "PARSE");
		EXPECT_ROW(inventory, BUS "/0000:0b:00.0/numa_node", "PARSE");
		EXPECT_ROW(inventory,
		           BUS "/0000:0b:00.0/mdev_supported_types/card-1/available_instances",
		           "PARSE");
		EXPECT_ROW(inventory,
		           "/etc/mdevctl.d/0000:0b:00.0/22222222-2222-2222-2222-222222222222",
		           "PARSE");
	}
	bytes[7] = '\0';
	host_tree_bytes(*state, BUS "/0000:0b:00.0/vendor", bytes, sizeof bytes);
	host_tree_bytes(*state, "/proc/sys/kernel/osrelease", bytes, sizeof bytes);
	FOR_EACH_WAY(way, inventory, *state)
	{
		EXPECT_SANE_REST(inventory);
		EXPECT_ROW(inventory, BUS "/0000:0b:00.0/vendor", "PARSE");
		if (!WAY_IS_SHELL(way))
			EXPECT_ROW(inventory, "/proc/sys/kernel/osrelease", "PARSE");
	}
}

/* In the place of a type's name: FIFO, socket, device, loop, folder. */
static void test_kinds(void **state)
{
	const char *root = *state;
	static const char *const types[] = { "t-fifo", "t-socket", "t-device", "t-loop",
		                             "t-folder" };
	static const char *const codes[] = { "EMEDIUMTYPE", "EMEDIUMTYPE", "EMEDIUMTYPE", "ELOOP",
		                             "EISDIR" };
	gboolean made[G_N_ELEMENTS(types)] = { 0 };

	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		g_autofree char *type = zoo_put_type(root, types[i], "1");
		g_autofree char *name = g_strconcat(type, "/name", NULL);
		g_autofree char *full = g_strconcat(root, name, NULL);
		assert_int_equal(unlink(full), 0);
		made[i] = i == 0   ? zoo_put_fifo(root, name)
		          : i == 1 ? zoo_put_socket(root, name)
		          : i == 2 ? zoo_put_device(root, name)
		                   : true;
		if (i == 3)
			host_tree_link(root, name, "name");
		else if (i == 4)
			host_tree_folder(root, name);
	}
	host_tree_file(root, "/sys/class/mdev_bus/plain", "x");
	host_tree_link(root, "/sys/class/mdev_bus/loop", "loop");
	host_tree_file(root, "/sys/class/mdev_bus/flat/mdev_supported_types", "x");
	assert_true(zoo_put_fifo(root, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID));
	host_tree_folder(root, "/etc/mdevctl.d/mtty/33333333-3333-3333-3333-333333333333");
	host_tree_file(root, "/etc/mdevctl.d/README", "x");
	assert_true(zoo_put_fifo(root, "/sys/bus/mdev/devices/fifo"));
	assert_true(zoo_put_fifo(root, "/proc/77/cmdline"));
	host_tree_file(root, "/proc/78/fd", "x");
	FOR_EACH_WAY(way, inventory, root)
	{
		EXPECT_SANE_REST(inventory);
		for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
			g_autofree char *path =
				g_strdup_printf(BUS "/mtty/mdev_supported_types/%s/name", types[i]);
			if (made[i])
				EXPECT_ROW(inventory, path, codes[i]);
		}
		EXPECT_ROW(inventory, BUS "/plain/mdev_supported_types", "ENOENT");
		EXPECT_ROW(inventory, BUS "/loop/mdev_supported_types", "ELOOP ENOENT");
		EXPECT_ROW(inventory, BUS "/flat/mdev_supported_types", "ENOTDIR");
		EXPECT_ROW(inventory, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID, "EMEDIUMTYPE");
		EXPECT_ROW(inventory, "/etc/mdevctl.d/mtty/33333333-3333-3333-3333-333333333333",
		           "EISDIR");
	}
}

/* Folders that are none, where everything is expected. */
static void test_files_for_folders(void **state)
{
	const char *root = *state;
	host_tree_file(root, "/etc/mdevctl.d", "x");
	char *other = host_tree_new();
	host_tree_file(other, "/sys/class/mdev_bus", "x");
	host_tree_file(other, "/sys/bus/mdev/devices", "x");
	FOR_EACH_WAY(way, inventory, root)
	{
		EXPECT_SANE_REST(inventory);
		EXPECT_ROW(inventory, "/etc/mdevctl.d", "ENOTDIR");
		EXPECT_ROWS(inventory, 1);
	}
	FOR_EACH_WAY(way, inventory, other)
	{
		EXPECT(inventory->parents->len == 0 && inventory->instances->len == 0);
		EXPECT_ROW(inventory, BUS, "ENOTDIR");
		EXPECT_ROW(inventory, "/sys/bus/mdev/devices", "ENOTDIR");
	}
	host_tree_free(other);
}

/* Links out of the tree, by an absolute path and by dots: what lies there is never read. */
static void test_links_out(void **state)
{
	const char *root = *state;
	char *outside = host_tree_new();
	host_tree_file(outside, "secret", "hunter2");
	host_tree_file(outside, "types/hunter2-1/available_instances", "1");
	g_autofree char *secret = g_build_filename(outside, "secret", NULL);
	g_autofree char *dots = g_strconcat("../../../../../../../../../../..", secret, NULL);
	g_autofree char *types = g_build_filename(outside, "types", NULL);
	g_free(zoo_put_type(root, "t-1", "1"));
	host_tree_link(root, HOST_TREE_TYPES "/t-1/description", secret);
	host_tree_link(root, HOST_TREE_TYPES "/t-1/device_api", dots);
	host_tree_link(root, "/sys/devices/out/mdev_supported_types", types);
	host_tree_link(root, "/sys/class/mdev_bus/out", "../../devices/out");
	host_tree_link(root, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID, secret);
	/* A shell reads whatever its kernel shows below a prefix; on a host the prefix is empty. */
	for (guint way = 0; way < WAY_COUNT && !WAY_IS_SHELL(way); way++) {
		g_autoptr(Facts) facts = way_read(way, root);
		g_autoptr(GString) text = facts_write(facts);
		g_autoptr(Inventory) inventory = way_inventory(way, root);
		EXPECT(!strstr(text->str, "hunter2"));
		EXPECT_SANE_REST(inventory);
		EXPECT_ROW(inventory, BUS "/out/mdev_supported_types", "ENOENT");
		EXPECT_ROW(inventory, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID, "ENOENT");
	}
	host_tree_free(outside);
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		gint64 n; /* -1: not a number */
	} numbers[] = { { "-1", -1 },       { "99999999999999999999", -1 },
		        { "", -1 },         { "0x10", -1 },
		        { " 3 ", 3 },       { "3\n4", -1 },
		        { "\xd9\xa3", -1 }, { "3\033", -1 },
		        { "007", 7 },       { "1e3", -1 },
		        { "\n", -1 },       { "0", 0 } };

	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_autofree char *id = g_strdup_printf("t-%u", i);
		g_free(zoo_put_type(*state, id, numbers[i].text));
	}
	FOR_EACH_WAY(way, inventory, *state)
	{
		EXPECT_SANE_REST(inventory);
		for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
			g_autofree char *id = g_strdup_printf("t-%u", i);
			g_autofree char *path = g_strdup_printf(
				BUS "/mtty/mdev_supported_types/%s/available_instances", id);
			Type *type = parent_type(inventory_parent(inventory, "mtty"), id);
			EXPECT(type);
			if (numbers[i].n >= 0) {
				EXPECT(type->available.state == READ_VALUE);
				EXPECT(type->available.n == numbers[i].n);
			} else {
				EXPECT(type->available.state == READ_UNREADABLE);
				EXPECT_ROW(inventory, path, "PARSE");
			}
		}
	}
}

static void test_definitions(void **state)
{
	static const char good[] = "{\"mdev_type\":\"mtty-1\",\"start\":\"auto\"}";
	g_autofree char *deep = g_strnfill(30000, '[');
	g_autofree char *many = g_strnfill(70000, ' ');
	const char *const broken[] = {
		"{",
		"",
		"[]",
		"null",
		"{\"mdev_type\":5,\"start\":\"auto\"}",
		"{\"start\":\"auto\"}",
		"{\"mdev_type\":\"a\"}",
		"{\"mdev_type\":\"a\",\"mdev_type\":\"b\",\"start\":\"auto\"}",
		"{\"mdev_type\":\"\\u001b[31m\",\"start\":\"\\u202e\"}",
		"{\"mdev_type\":\"a\xff\",\"start\":\"auto\"}",
		"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[[]]}",
		deep,
		many
	};

	for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autofree char *path =
			g_strdup_printf("/etc/mdevctl.d/mtty/%08u-0000-4000-8000-000000000000", i);
		host_tree_file(*state, path, broken[i]);
	}
	host_tree_file(*state, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID, good);
	FOR_EACH_WAY(way, inventory, *state)
	{
		EXPECT_SANE_REST(inventory);
		EXPECT(inventory->definitions->len == G_N_ELEMENTS(broken) + 1);
		EXPECT_ROWS(inventory, G_N_ELEMENTS(broken));
		for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
			g_autofree char *path = g_strdup_printf(
				"/etc/mdevctl.d/mtty/%08u-0000-4000-8000-000000000000", i);
			EXPECT_ROW(inventory, path, "PARSE EFBIG");
		}
		const Definition *definition =
			inventory_definition(inventory, "mtty", HOST_TREE_UUID);
		EXPECT(definition && definition->active && !definition->error);
	}
}

/* Two names of one device, and two devices of one name. */
static void test_twins(void **state)
{
	const char *root = *state;
	host_tree_link(root, "/sys/class/mdev_bus/again", "../../devices/virtual/mtty/mtty");
	host_tree_folder(root, "/sys/devices/other/mtty/44444444-4444-4444-4444-444444444444");
	host_tree_link(root,
	               "/sys/devices/other/mtty/44444444-4444-4444-4444-444444444444/mdev_type",
	               "../mdev_supported_types/mtty-1");
	host_tree_link(root, "/sys/bus/mdev/devices/44444444-4444-4444-4444-444444444444",
	               "../../../devices/other/mtty/44444444-4444-4444-4444-444444444444");
	FOR_EACH_WAY(way, inventory, root)
	{
		EXPECT_SANE_REST(inventory);
		const Instance *other = inventory_instance(inventory, "4444", NULL);
		EXPECT(inventory_parent(inventory, "again"));
		EXPECT(other && !other->parent && !other->type_ref);
		EXPECT(strcmp(other->path,
		              "/sys/devices/other/mtty/44444444-4444-4444-4444-444444444444") == 0);
		EXPECT(parent_type(inventory_parent(inventory, "mtty"), "mtty-1")->instances->len ==
		       1);
	}
}

/* Half of everything: gone while it was read. */
static void test_gone(void **state)
{
	const char *root = *state;
	host_tree_link(root, "/sys/class/mdev_bus/gone", "../../devices/gone");
	host_tree_link(root, "/sys/bus/mdev/devices/55555555-5555-5555-5555-555555555555",
	               "../../../devices/gone/55555555-5555-5555-5555-555555555555");
	host_tree_folder(root, HOST_TREE_TYPES "/mtty-9");
	FOR_EACH_WAY(way, inventory, root)
	{
		EXPECT_SANE_REST(inventory);
		EXPECT_ROW(inventory, BUS "/gone/mdev_supported_types", "ENOENT");
		EXPECT_ROW(inventory,
		           "/sys/bus/mdev/devices/55555555-5555-5555-5555-555555555555/mdev_type",
		           "ENOENT");
		EXPECT_ROWS(inventory, 2);
		Type *empty = parent_type(inventory_parent(inventory, "mtty"), "mtty-9");
		EXPECT(empty && empty->available.state == READ_ABSENT);
	}
}

static void test_no_mdev(void **state)
{
	char *root = host_tree_new();
	(void)state;
	host_tree_file(root, "/proc/sys/kernel/osrelease", "6.12.0\n");
	host_tree_folder(root, "/sys/class");
	FOR_EACH_WAY(way, inventory, root)
	{
		EXPECT_ROWS(inventory, 0);
		EXPECT(strstr(inventory->empty_why, "not loaded"));
		EXPECT(inventory->users_known == TRI_UNKNOWN);
	}
	host_tree_free(root);
}

/* ---- what only root may read ---- */

static void set_mode(const char *root, const char *path, mode_t mode)
{
	g_autofree char *full = g_strconcat(root, path, NULL);
	assert_int_equal(chmod(full, mode), 0);
}

static const char *const closed[] = {
	HOST_TREE_TYPES "/t-1/name", HOST_TREE_TYPES "/t-2",
	"/sys/devices/closed",       "/etc/mdevctl.d",
	"/sys/kernel/debug",         "/proc/43/fd",
};

static void read_closed(const char *root)
{
	FOR_EACH_WAY(way, inventory, root)
	{
		EXPECT_SANE_REST(inventory);
		EXPECT_ROW(inventory, BUS "/mtty/mdev_supported_types/t-1/name", "EACCES");
		/* A shell's pattern does not tell a closed folder from one that is gone. */
		EXPECT_ROW(inventory, BUS "/closed/mdev_supported_types",
		           WAY_IS_SHELL(way) ? "ENOENT" : "EACCES");
		EXPECT_ROW(inventory, "/etc/mdevctl.d", "EACCES");
		EXPECT(inventory_parent(inventory, "closed")->types->len == 0);
		/* A process was hidden: nobody can say that the instance is idle. */
		EXPECT(inventory->users_known == TRI_UNKNOWN);
		EXPECT(inventory_instance(inventory, HOST_TREE_UUID, NULL)->in_use == TRI_UNKNOWN);
	}
}

static void test_closed(void **state)
{
	const char *root = *state;
	if (geteuid() != 0)
		skip();
	g_free(zoo_put_type(root, "t-1", "1"));
	g_free(zoo_put_type(root, "t-2", "1"));
	host_tree_folder(root, "/sys/devices/closed/mdev_supported_types/x-1");
	host_tree_link(root, "/sys/class/mdev_bus/closed", "../../devices/closed");
	host_tree_file(root, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID, "{}");
	host_tree_file(root, "/sys/kernel/debug/vfio/x/migration/state", "RUNNING");
	host_tree_link(root, "/proc/43/fd/3", "/dev/vfio/3");
	host_tree_link(root, "/proc/44/fd/3", "/dev/null");
	set_mode(root, "", 0755);
	for (guint i = 0; i < G_N_ELEMENTS(closed); i++)
		set_mode(root, closed[i], 0);
	pid_t pid = fork();
	if (pid == 0) {
		if (setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
		    setresuid(NOBODY, NOBODY, NOBODY) == 0)
			read_closed(root);
		_exit(0);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

#define TREE_TEST(f) cmocka_unit_test_setup_teardown(f, host_tree_set_up, host_tree_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_names),
		cmocka_unit_test(test_long_values),
		TREE_TEST(test_binary_values),
		TREE_TEST(test_kinds),
		TREE_TEST(test_files_for_folders),
		TREE_TEST(test_links_out),
		TREE_TEST(test_numbers),
		TREE_TEST(test_definitions),
		TREE_TEST(test_twins),
		TREE_TEST(test_gone),
		TREE_TEST(test_no_mdev),
		TREE_TEST(test_closed),
	};
	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
