// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs that know nothing of the simulation, on the simulated kernel as a file system: the table
 * of operations, our own sysfs code, and (in the other files) mdevctl. Names given as arguments
 * select.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/backend.h"
#include "core/collect.h"
#include "core/output/json.h"
#include "core/simulate/kernel.h"
#include "tests/ops/golden.h"
#include "tests/screen/term.h"
#include "tests/sysfs/tests.h"
#include "tests/unit/cli_run.h"

#define SKIPPED 77 /* meson's */
#define PROFILE "samples"
#define HOSTNAME "simfs" /* what simfs calls its host */

static int mount_one(void **state)
{
	*state = mounted_new(PROFILE);
	return 0;
}

static int unmount_one(void **state)
{
	mounted_free(*state);
	return 0;
}

void create_instance(const Mounted *mounted, const char *type, const char *uuid)
{
	g_autofree char *path = g_build_filename(MTTY_TYPES, type, "create", NULL);
	assert_int_equal(mounted_write(mounted, path, uuid), strlen(uuid));
}

/* The same program that runs in the lab's guests. */
static void test_operations(void **state)
{
	const Mounted *mounted = *state;
	const char *const argv[] = { g_getenv("MDEVCON_OPS_RUN"), mounted->root, NULL };
	g_autofree char *log = NULL;
	int status = -1;

	assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &log, NULL,
	                         &status, NULL));
	assert_int_equal(status, 0);
	expect_kernel_log(log);
}

/* Not even root gets them open, whatever it would do then. */
static void test_open_is_refused(void **state)
{
	const Mounted *mounted = *state;
	g_autofree char *create = mounted_path(mounted, MTTY_TYPES "/mtty-1/create");
	g_autofree char *name = mounted_path(mounted, MTTY_TYPES "/mtty-1/name");

	assert_int_equal(open(create, O_RDONLY), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(open(create, O_RDWR), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(open(name, O_WRONLY | O_TRUNC), -1);
	assert_int_equal(errno, EACCES);
}

/* ---- what our sysfs code reads is what the simulation holds ---- */

static const char *const writes[][2] = {
	{ MTTY_TYPES "/mtty-2/create", U1 },
	{ MTTY_TYPES "/mtty-1/create", U2 },
	{ "/sys/class/mdev_bus/mdpy/mdev_supported_types/mdpy-vga/create",
	  "33333333-3333-4333-8333-333333333333" },
	{ DEVICES "/" U2 "/remove", "1" },
	{ MTTY_TYPES "/mtty-1/create", U2 },
};

static SimKernel *twin_of(const Mounted *mounted)
{
	const char *const held[] = { U1, NULL };
	SimKernel *twin = sim_kernel_new(sim_profile_find(PROFILE), HOSTNAME);

	for (guint i = 0; i < G_N_ELEMENTS(writes); i++) {
		gssize len = (gssize)strlen(writes[i][1]);
		assert_int_equal(mounted_write(mounted, writes[i][0], writes[i][1]), len);
		assert_int_equal(sim_write(twin, writes[i][0], writes[i][1], (gsize)len, NULL),
		                 len);
	}
	mounted_order(mounted, "guest-start 4711 vm1 " U1);
	assert_int_equal(sim_guest_start(twin, 4711, "vm1", held), 0);
	return twin;
}

static Facts *collect_twin(SimKernel *twin)
{
	FileTree *files = sim_tree_new(twin, 0, NULL);
	Facts *facts = facts_collect(files, (CollectOptions){ .users = true });
	sim_tree_free(files);
	return facts;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The readings as sorted lines, without the notes about who read them. */
static char *readings(const Facts *facts)
{
	g_autoptr(GString) text = facts_write(facts);
	g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
	g_autoptr(GPtrArray) kept = g_ptr_array_new();

	for (char **line = lines; *line; line++)
		if (!g_str_has_prefix(*line, "m "))
			g_ptr_array_add(kept, *line);
	qsort(kept->pdata, kept->len, sizeof *kept->pdata, compare_lines);
	g_ptr_array_add(kept, NULL);
	return g_strjoinv("\n", (char **)kept->pdata);
}

/* The seam that the console scans through, too. */
static void test_same_readings(void **state)
{
	const Mounted *mounted = *state;
	SimKernel *twin = twin_of(mounted);
	g_autoptr(Backend) backend = backend_local_new("simfs", mounted->root);
	g_autoptr(Facts) here = collect_twin(twin);
	g_autoptr(Facts) there = backend_scan(backend, SCAN_USERS, NULL, NULL);

	assert_non_null(there);
	g_autofree char *expected = readings(here), *found = readings(there);
	assert_non_null(strstr(expected, "/dev/vfio/"));
	assert_string_equal(found, expected);
	sim_kernel_unref(twin);
}

static const json_t *only_host(const Ran *ran)
{
	return at(payload(ran, "list", "hosts"), 0);
}

static void test_same_inventory(void **state)
{
	static const char *const parts[] = { "parents", "instances", "definitions", "guests" };
	const Mounted *mounted = *state;
	SimKernel *twin = twin_of(mounted);
	g_autoptr(Facts) facts = collect_twin(twin);
	Inventory *inventory = inventory_new(facts);
	g_autoptr(HostAddress) address = host_address_parse("local", NULL);
	const HostRow row = {
		.address = address, .state = "up", .inventory = inventory, .latency_ms = -1
	};
	json_t *expected = json_host(&row);
	g_auto(Ran) ran = run("--root", mounted->root, "list", "--json", NULL);

	assert_int_equal(ran.exit, 0);
	assert_int_equal(json_array_size(field(only_host(&ran), "instances")), 3);
	for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *ours =
			json_dumps(json_object_get(expected, parts[i]),
		                   JSON_SORT_KEYS | JSON_INDENT(1) | JSON_ENCODE_ANY);
		g_autofree char *theirs =
			json_dumps(json_object_get(only_host(&ran), parts[i]),
		                   JSON_SORT_KEYS | JSON_INDENT(1) | JSON_ENCODE_ANY);
		assert_string_equal(theirs, ours);
	}
	json_decref(expected);
	inventory_unref(inventory);
	sim_kernel_unref(twin);
}

static void test_create_and_remove(void **state)
{
	const Mounted *mounted = *state;
	g_auto(Ran) made = run("--root", mounted->root, "create", "local/mtty", "mtty-2", "--uuid",
	                       U1, "--json", NULL);
	g_autofree char *left = mounted_value(mounted, MTTY_TYPES "/mtty-1/available_instances");
	assert_int_equal(made.exit, 0);
	assert_string_equal(left, "22");

	g_auto(Ran) again = run("--root", mounted->root, "create", "local/mtty", "mtty-2", "--uuid",
	                        U1, "--json", NULL);
	assert_int_equal(again.exit, 0);
	assert_true(json_is_false(field(at(payload(&again, "create", "results"), 0), "changed")));

	g_auto(Ran) gone = run("--root", mounted->root, "remove", "local/" U1, "--yes", NULL);
	g_autofree char *all = mounted_value(mounted, MTTY_TYPES "/mtty-1/available_instances");
	assert_int_equal(gone.exit, 0);
	assert_string_equal(all, "24");
	assert_int_equal(mounted_write(mounted, DEVICES "/" U1 "/remove", "1"), -ENOENT);
}

static Term *console;

static int stop_console(void **state)
{
	term_stop(console, NULL);
	console = NULL;
	return unmount_one(state);
}

/* Below a root nothing announces a change: the console looks again by itself. */
static void test_console_sees_changes(void **state)
{
	const Mounted *mounted = *state;
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--root", mounted->root, NULL };

	console = term_start(40, 120, argv, NULL);
	assert_non_null(console);
	expect_text(console, "mtty-2");
	create_instance(mounted, "mtty-2", U1);
	expect_text(console, "11111111");
}

/* A test that did not run must not look like one that passed. */
static const char *why_not(void)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return "/dev/fuse cannot be opened";
	close(fd);
	return geteuid() == 0 ? NULL : "only root can mount over /sys and be another user";
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, mount_one, unmount_one)
	const struct CMUnitTest tests[] = {
		TEST(test_operations),
		TEST(test_open_is_refused),
		TEST(test_same_readings),
		TEST(test_same_inventory),
		TEST(test_create_and_remove),
		cmocka_unit_test_setup_teardown(test_console_sees_changes, mount_one, stop_console),
		TEST(test_mdevctl_types),
		TEST(test_mdevctl_life_of_a_device),
		TEST(test_mdevctl_sees_what_mdevcon_made),
		TEST(test_held_is_refused),
		TEST(test_held_write_waits),
		TEST(test_own_write_has_a_deadline),
		TEST(test_many_hung_writes),
	};
	const char *why = why_not();
	if (why) {
		fprintf(stderr, "SKIPPED: nothing was tested on a mounted kernel: %s\n", why);
		return SKIPPED;
	}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, cli_set_up, cli_tear_down);
}
