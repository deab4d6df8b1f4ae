// SPDX-License-Identifier: GPL-2.0-or-later
/* The local collector and the write of one attribute, on trees; local and recorded backends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "core/backend.h"
#include "core/sysfs.h"
#include "core/sysfs_root.h"
#include "tests/unit/host_tree.h"

#define TYPE "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1"
#define INSTANCE "/sys/bus/mdev/devices/" HOST_TREE_UUID

static Facts *collect(const char *root)
{
	g_autoptr(GError) error = NULL;
	Facts *facts = sysfs_collect(root, (CollectOptions){ .users = true }, &error);
	assert_null(error);
	assert_non_null(facts);
	return facts;
}

static void assert_value(const Facts *facts, const char *path, const char *value)
{
	TextReading reading = facts_text(facts, path);
	assert_int_equal(reading.state, READ_VALUE);
	assert_string_equal(reading.s, value);
}

static int error_of(const Facts *facts, const char *path)
{
	const Fact *fact = facts_get(facts, path);
	return fact ? fact->err : -1;
}

/* A driver's folder holds devices and attributes: only the devices are read. */
static void test_functions_of_a_driver(void **state)
{
#define NVIDIA "/sys/bus/pci/drivers/nvidia"
	host_tree_link(*state, NVIDIA "/0000:41:00.0", "../../../../devices/gpu");
	host_tree_file(*state, NVIDIA "/new_id", "");
	host_tree_file(*state, "/sys/devices/gpu/sriov_numvfs", "4\n");
	g_autoptr(Facts) facts = collect(*state);
	assert_value(facts, NVIDIA "/0000:41:00.0/sriov_numvfs", "4");
	assert_null(facts_get(facts, NVIDIA "/new_id"));
}

static void test_reads_all(void **state)
{
	g_autoptr(Facts) facts = collect(*state);
	assert_value(facts, "/proc/sys/kernel/hostname", "hy1");
	assert_value(facts, "/sys/class/mdev_bus/mtty", "../../devices/virtual/mtty/mtty");
	assert_value(facts, TYPE "/available_instances", "23");
	assert_value(facts, TYPE "/name", "Single port serial");
	assert_null(facts_get(facts, TYPE "/description"));
	assert_value(facts, INSTANCE "/mdev_type", "../mdev_supported_types/mtty-1");
	assert_string_equal(facts_names(facts, INSTANCE "/vfio-dev")[0], "vfio0");
	assert_non_null(facts_get(facts, "/sys/module/mtty"));
	assert_string_equal(facts_note(facts, "source"), "tree");
	assert_null(facts_note(facts, "users"));
	for (guint i = 0; i < facts_count(facts); i++)
		assert_int_equal(facts_nth(facts, i)->err, 0);
}

static void test_module_behind_driver(void **state)
{
	const char *root = *state;
	host_tree_folder(root, "/sys/bus/pci/drivers/nv");
	host_tree_link(root, HOST_TREE_MTTY "/driver", "../../../../bus/pci/drivers/nv");
	host_tree_link(root, "/sys/bus/pci/drivers/nv/module", "../../../../module/nvidia-x");
	host_tree_file(root, "/sys/module/nvidia_x/version", "550.1\n");
	g_autoptr(Facts) facts = collect(root);
	assert_value(facts, "/sys/class/mdev_bus/mtty/driver/module",
	             "../../../../module/nvidia-x");
	assert_value(facts, "/sys/module/nvidia_x/version", "550.1");
}

/* A link, an absolute one too, stays below the root; what lies outside is not read. */
static void test_stays_in_root(void **state)
{
	const char *root = *state;
	host_tree_file(root, "/secret", "inside\n");
	host_tree_link(root, TYPE "/description", "../../../../../../../../../../../../etc/passwd");
	host_tree_link(root, HOST_TREE_MTTY "/vendor", "/secret");
	host_tree_link(root, HOST_TREE_MTTY "/device", "/etc/hostname");
	g_autoptr(Facts) facts = collect(root);
	assert_null(facts_get(facts, TYPE "/description"));
	assert_value(facts, "/sys/class/mdev_bus/mtty/vendor", "inside");
	assert_null(facts_get(facts, "/sys/class/mdev_bus/mtty/device"));
}

static void test_odd_files(void **state)
{
	const char *root = *state;
	g_autofree char *fifo = g_build_filename(root, HOST_TREE_MTTY "/vendor", NULL);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	host_tree_link(root, HOST_TREE_MTTY "/device", "vendor");
	host_tree_folder(root, HOST_TREE_MTTY "/numa_node");
	host_tree_link(root, HOST_TREE_MTTY "/subsystem_vendor", "subsystem_vendor");
	g_autofree char *big = g_strnfill(5000, 'x');
	host_tree_file(root, TYPE "/description", big);
	g_autofree char *most = g_strnfill(4000, 'y');
	host_tree_file(root, HOST_TREE_TYPES "/mtty-2/description", most);
	g_autoptr(Facts) facts = collect(root);
	assert_int_equal(error_of(facts, "/sys/class/mdev_bus/mtty/vendor"), EMEDIUMTYPE);
	assert_int_equal(error_of(facts, "/sys/class/mdev_bus/mtty/device"), EMEDIUMTYPE);
	assert_int_equal(error_of(facts, "/sys/class/mdev_bus/mtty/numa_node"), EISDIR);
	assert_int_equal(error_of(facts, "/sys/class/mdev_bus/mtty/subsystem_vendor"), ELOOP);
	assert_int_equal(error_of(facts, TYPE "/description"), EFBIG);
	assert_value(facts, "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/description",
	             most);
	assert_value(facts, TYPE "/available_instances", "23");
}

static void test_link_loop_and_dangling(void **state)
{
	const char *root = *state;
	host_tree_link(root, "/sys/class/mdev_bus/loop", "loop");
	host_tree_link(root, "/sys/class/mdev_bus/nowhere", "../../devices/none");
	g_autoptr(Facts) facts = collect(root);
	assert_value(facts, "/sys/class/mdev_bus/loop", "loop");
	assert_int_equal(error_of(facts, "/sys/class/mdev_bus/loop/mdev_supported_types"), ELOOP);
	assert_value(facts, "/sys/class/mdev_bus/nowhere", "../../devices/none");
	assert_null(facts_get(facts, "/sys/class/mdev_bus/nowhere/mdev_supported_types"));
	assert_value(facts, TYPE "/available_instances", "23");
}

static void test_processes(void **state)
{
	const char *root = *state;
	static const char qemu[] = "qemu\0-name\0web01\0-device\0vfio-pci,sysfsdev=/x\0";
	static const char daemon_line[] = "secretd\0--password\0hunter2\0";
	host_tree_link(root, "/proc/42/fd/7", "/dev/vfio/3");
	host_tree_link(root, "/proc/42/fd/8", "/etc/passwd");
	host_tree_bytes(root, "/proc/42/cmdline", qemu, sizeof qemu - 1);
	host_tree_bytes(root, "/proc/43/cmdline", daemon_line, sizeof daemon_line - 1);
	host_tree_folder(root, "/proc/43/fd");
	host_tree_file(root, "/proc/4x/cmdline", "vfio");
	g_autoptr(Facts) facts = collect(root);
	assert_value(facts, "/proc/42/fd/7", "/dev/vfio/3");
	assert_null(facts_get(facts, "/proc/42/fd/8"));
	assert_value(facts, "/proc/42/cmdline", "qemu\n-name\nweb01\nvfio-pci,sysfsdev=/x");
	assert_null(facts_get(facts, "/proc/43/cmdline"));
	assert_null(facts_get(facts, "/proc/4x/cmdline"));
	assert_string_equal(facts_note(facts, "users"), "yes");
	assert_string_equal(facts_note(facts, "hidden"), "0");
	g_autoptr(Facts) without = sysfs_collect(root, (CollectOptions){ 0 }, NULL);
	assert_null(facts_get(without, "/proc/42/fd/7"));
	assert_null(facts_note(without, "users"));
}

static void test_definitions(void **state)
{
	const char *root = *state;
	g_autofree char *large = g_strnfill(20000, ' ');
	host_tree_file(root, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID, large);
	host_tree_file(root, "/etc/mdevctl.d/mtty/README", "password: hunter2");
	host_tree_file(root, "/etc/mdevctl.d/README", "hello");
	host_tree_file(root, "/etc/mdevctl.d/scripts.d/notifiers.d/x", "#!/bin/sh");
	g_autoptr(Facts) facts = collect(root);
	assert_int_equal(facts_get(facts, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID)->len, 20000);
	assert_null(facts_get(facts, "/etc/mdevctl.d/mtty/README"));
	assert_null(facts_get(facts, "/etc/mdevctl.d/README"));
	for (guint i = 0; i < facts_count(facts); i++)
		assert_int_equal(facts_nth(facts, i)->err, 0);
}

static void test_live(void **state)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts =
		sysfs_collect("/", (CollectOptions){ .users = true, .live = true }, &error);
	assert_null(error);
	assert_string_equal(facts_note(facts, "source"), "live");
	assert_non_null(facts_note(facts, "arch"));
	assert_int_equal(facts_text(facts, "/proc/sys/kernel/osrelease").state, READ_VALUE);
	assert_int_equal(facts_text(facts, "/proc/self/ns/pid").state, READ_VALUE);
	assert_true(g_ascii_strtoll(facts_note(facts, "euid"), NULL, 10) == geteuid());
}

static void test_no_root(void **state)
{
	g_autoptr(GError) error = NULL;
	assert_null(sysfs_collect("/nonexistent/root", (CollectOptions){ 0 }, &error));
	assert_non_null(strstr(error->message, "/nonexistent/root"));
}

/* ---- writes ---- */

static void assert_content(const char *root, const char *path, const char *content)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(full, &text, NULL, NULL));
	assert_string_equal(text, content);
}

static void test_write(void **state)
{
	const char *root = *state;
	host_tree_file(root, TYPE "/create", "");
	assert_int_equal(sysfs_write(root, TYPE "/create", HOST_TREE_UUID, 5000), 0);
	assert_content(root, HOST_TREE_TYPES "/mtty-1/create", HOST_TREE_UUID "\n");
	assert_int_equal(sysfs_write(root, TYPE "/nothing", "1", 5000), ENOENT);
	assert_int_equal(sysfs_write(root, TYPE, "1", 5000), EISDIR);
	assert_int_equal(sysfs_write(root, "/etc/machine-id", "1", 5000), EINVAL);
	assert_int_equal(sysfs_write(root, "/sys/../etc/machine-id", "1", 5000), EINVAL);
	assert_int_equal(sysfs_write("/nonexistent", TYPE "/create", "1", 5000), ENOENT);
	/* Not a file: it is not opened, so a FIFO without a reader holds nobody up. */
	g_autofree char *fifo = g_build_filename(root, TYPE "/fifo", NULL);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(sysfs_write(root, TYPE "/fifo", "1", 5000), EMEDIUMTYPE);
	/* The grandchild is init's: nothing is left for us to wait for. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void test_write_stays_in_root(void **state)
{
	const char *root = *state;
	char *outside = host_tree_new();
	host_tree_file(outside, "victim", "untouched");
	g_autofree char *target = g_build_filename(outside, "victim", NULL);
	host_tree_link(root, TYPE "/create", target);
	assert_int_equal(sysfs_write(root, TYPE "/create", "1", 5000), ENOENT);
	assert_content(outside, "victim", "untouched");
	host_tree_free(outside);
}

static gpointer write_some(gpointer data)
{
	int failed = 0;
	for (int i = 0; i < 20; i++)
		failed += sysfs_write(data, TYPE "/create", HOST_TREE_UUID, 10000) != 0;
	return GINT_TO_POINTER(failed);
}

static void test_write_threads(void **state)
{
	host_tree_file(*state, TYPE "/create", "");
	GThread *threads[4];
	for (int i = 0; i < 4; i++)
		threads[i] = g_thread_new("writer", write_some, *state);
	for (int i = 0; i < 4; i++)
		assert_int_equal(GPOINTER_TO_INT(g_thread_join(threads[i])), 0);
}

/*
 * A write that hangs is given up at its deadline. A lease holds the writer's open until the lease
 * is given back, much as a device in use holds a remove.
 */
static void test_write_deadline(void **state)
{
	const char *root = *state;
	host_tree_file(root, TYPE "/create", "");
	g_autofree char *full = g_build_filename(root, TYPE "/create", NULL);
	int fd = open(full, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	signal(SIGIO, SIG_IGN);
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0) {
		close(fd);
		skip(); /* not every file system has leases */
	}
	gint64 before = g_get_monotonic_time();
	assert_int_equal(sysfs_write(root, TYPE "/create", "1", 200), ETIMEDOUT);
	assert_true(g_get_monotonic_time() - before < 5 * G_USEC_PER_SEC);
	fcntl(fd, F_SETLEASE, F_UNLCK);
	close(fd);
}

static void test_try_open(void **state)
{
	const char *root = *state;
	host_tree_file(root, "/dev/vfio/3", "");
	assert_int_equal(sysfs_try_open(root, "/dev/vfio/3"), ENODEV);
	assert_int_equal(sysfs_try_open(root, "/dev/vfio/4"), ENOENT);
	assert_int_equal(sysfs_try_open(root, "/dev/null"), EINVAL);
	g_autofree char *node = g_build_filename(root, "/dev/vfio/5", NULL);
	if (mknod(node, S_IFCHR | 0600, makedev(1, 3)) < 0)
		skip(); /* only root makes device nodes */
	int fd = open(node, O_RDWR);
	if (fd < 0)
		skip(); /* a file system without devices */
	close(fd);
	assert_int_equal(sysfs_try_open(root, "/dev/vfio/5"), 0);
}

/* ---- backends ---- */

static void test_local_backend(void **state)
{
	host_tree_file(*state, TYPE "/create", "");
	g_autoptr(Backend) backend = backend_local_new("here", *state);
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = backend_scan(backend, SCAN_USERS, NULL, &error);
	assert_non_null(facts);
	assert_string_equal(backend->ops->state_when_up, "up");
	assert_int_equal(backend_write(backend, TYPE "/create", "x", 5000, NULL, &error), 0);
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_cancellable_cancel(cancel);
	assert_null(backend_scan(backend, 0, cancel, &error));
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED));
}

static void test_recorded_backend(void **state)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Backend) tree = backend_recorded_new("tree", *state);
	g_autoptr(Facts) facts = backend_scan(tree, 0, NULL, &error);
	assert_non_null(facts);
	assert_int_equal(backend_write(tree, TYPE "/create", "x", 5000, NULL, &error), -1);
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_READ_ONLY));
	g_clear_error(&error);
	assert_int_equal(backend_try_open(tree, "/dev/vfio/3", NULL, &error), -1);
	g_clear_error(&error);

	char *folder = host_tree_new();
	g_autofree char *file = g_build_filename(folder, "a.facts", NULL);
	g_autoptr(Backend) missing = backend_recorded_new("file", file);
	assert_null(backend_scan(missing, 0, NULL, &error));
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_NOT_FOUND));
	g_clear_error(&error);
	g_autoptr(Backend) empty = backend_recorded_new("empty", folder);
	assert_null(backend_scan(empty, 0, NULL, &error));
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_FORMAT));
	g_clear_error(&error);
	host_tree_file(folder, "a.facts", "rubbish");
	assert_null(backend_scan(missing, 0, NULL, &error));
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_FORMAT));
	g_clear_error(&error);
	g_autoptr(GString) text = facts_write(facts);
	host_tree_file(folder, "a.facts", text->str);
	g_autoptr(Facts) loaded = backend_scan(missing, 0, NULL, &error);
	assert_non_null(loaded);
	assert_int_equal(facts_count(loaded), facts_count(facts));
	host_tree_free(folder);
}

#define TREE_TEST(f) cmocka_unit_test_setup_teardown(f, host_tree_set_up, host_tree_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_reads_all),
		TREE_TEST(test_module_behind_driver),
		TREE_TEST(test_stays_in_root),
		TREE_TEST(test_odd_files),
		TREE_TEST(test_link_loop_and_dangling),
		TREE_TEST(test_processes),
		TREE_TEST(test_definitions),
		TREE_TEST(test_functions_of_a_driver),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_no_root),
		TREE_TEST(test_write),
		TREE_TEST(test_write_stays_in_root),
		TREE_TEST(test_write_threads),
		TREE_TEST(test_write_deadline),
		TREE_TEST(test_try_open),
		TREE_TEST(test_local_backend),
		TREE_TEST(test_recorded_backend),
	};
	return cmocka_run_group_tests_name("sysfs", tests, NULL, NULL);
}
