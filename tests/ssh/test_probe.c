// SPDX-License-Identifier: GPL-2.0-or-later
/* The shell half under every shell at hand, over plain pipes, against the local collector. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "core/backend.h"
#include "core/sysfs.h"
#include "remote/probe.h"
#include "remote/probe_reply.h"
#include "remote/probe_script.h"
#include "tests/ssh/shell_line.h"
#include "tests/unit/host_tree.h"

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

/* ---- a tree ---- */

static char *root;

static void put(const char *path, const char *text, gssize len)
{
	host_tree_bytes(root, path, text, len);
}

static void put_link(const char *path, const char *target)
{
	host_tree_link(root, path, target);
}

static void put_folder(const char *path)
{
	g_autofree char *full = g_strconcat(root, path, NULL);

	assert_int_equal(g_mkdir_with_parents(full, 0755), 0);
}

static void set_mode(const char *path, mode_t mode)
{
	g_autofree char *full = g_strconcat(root, path, NULL);

	assert_int_equal(chmod(full, mode), 0);
}

static void put_type(const char *parent, const char *type)
{
	static const char *const files[][2] = {
		{ "name", "A name" },
		{ "device_api", "vfio-pci\n" },
		{ "available_instances", "4\n" },
		{ "description",
		  "num_heads=4, framebuffer=512M\nsecond line\n\nfourth: \xc3\xa4 \xff\n" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_strdup_printf("%s/mdev_supported_types/%s/%s", parent, type, files[i][0]);
		put(path, files[i][1], -1);
	}
}

static int make_tree(void **state)
{
	(void)state;
	root = g_dir_make_tmp("mdevcon-probe.XXXXXX", NULL);
	put("/proc/sys/kernel/osrelease", "6.12.0\n", -1);
	put("/proc/sys/kernel/hostname", "host\n", -1);
	put("/etc/machine-id", "", -1);
	put("/sys/devices/virtual/mtty/mtty/vendor", "0x10de\n", -1);
	put_type("/sys/devices/virtual/mtty/mtty", "mtty-1");
	put_type("/sys/devices/virtual/mtty/mtty", "nvidia-vgpu-63");
	put_folder("/sys/class/mdev_bus");
	put_link("/sys/class/mdev_bus/mtty", "../../devices/virtual/mtty/mtty");
	put_link("/sys/devices/virtual/mtty/mtty/driver", "../../../../bus/mdev/drivers/mtty");
	put_link("/sys/bus/mdev/drivers/mtty/module", "../../../../module/mtty-mod");
	put("/sys/module/mtty/version", "0.1\n", -1);
	put("/sys/module/nvidia_vgpu/taint", "OE\n", -1);
	put("/sys/module/nvidia_vgpu/version", "535\n", -1);
	put("/sys/devices/virtual/mtty/mtty/mdev_supported_types/mtty-1/software_version",
	    "1.2.3\n", -1);
	put_link("/etc/systemd/system/multi-user.target.wants/kubelet.service", "/lib/x");
	put("/sys/bus/ap/devices/card05/hwtype", "13\n", -1);
	put("/sys/module/unrelated/version", "1\n", -1);
	/* names that could confuse a reply */
	put_type("/sys/devices/odd", "odd type\n with\x01 control: \xff");
	put("/sys/devices/odd/vendor", "0x8086\n", -1);
	put_link("/sys/class/mdev_bus/a b\nl -> \xff*?'\"$(x)", "../../devices/odd");
	put_folder("/sys/devices/odd/device"); /* a folder where a value should be */
	put("/sys/devices/odd/numa_node", "\n\n\n", -1);
	g_autofree char *huge = g_strnfill(5000, 'x');
	put("/sys/devices/odd/subsystem_vendor", huge, 5000);
	put_link("/sys/bus/mdev/devices/" UUID, "../../../devices/virtual/mtty/mtty/" UUID);
	put_folder("/sys/devices/virtual/mtty/mtty/" UUID "/vfio-dev/vfio3");
	put_link("/sys/devices/virtual/mtty/mtty/" UUID "/mdev_type",
	         "../mdev_supported_types/mtty-1");
	put_link("/sys/devices/virtual/mtty/mtty/" UUID "/iommu_group", "../to -> where ");
	put("/sys/devices/virtual/mtty/mtty/" UUID "/vendor/sample_mdev_dev",
	    "This is MDEV " UUID "\n", -1);
	put_folder("/sys/devices/virtual/mtty/mtty/to -> where /devices/" UUID);
	put("/etc/mdevctl.d/mtty/" UUID, "{\n  \"mdev_type\": \"mtty-1\",\n  \"attrs\": []\n}", -1);
	put("/etc/mdevctl.d/mtty/notes.txt", "no definition\n", -1);
	put_folder("/etc/mdevctl.d/scripts.d/callouts");
	put("/usr/bin/mdevctl", "#!/bin/sh\n", -1);
	/* what happens at boot */
	put("/etc/modules-load.d/mtty.conf", "# a comment\nmtty\n", -1);
	put("/etc/modules", "", -1);
	put("/etc/udev/rules.d/99 odd name.rules", "a\\b \x01 \xff\n\n", -1);
	put_folder("/etc/systemd/system/multi-user.target.wants");
	g_autofree char *long_text = g_strnfill(70000, 'y');
	put("/etc/rc.local", long_text, 70000);
	put_link("/lib", "usr/lib");
	put("/usr/lib/udev/rules.d/60-mdevctl.rules", "ACTION==\"add\"\n", -1);
	put_link("/proc/4242/fd/3", "/dev/null");
	put_link("/proc/4242/fd/17", "/dev/vfio/7");
	put("/proc/4242/cmdline", "/usr/bin/qemu\0-name\0guest=vm one\0-secret\0x\0", 42);
	put_link("/proc/4243/fd/3", "/dev/null");
	static const char sysfsdev[] =
		"qemu\0-device\0vfio-pci,sysfsdev=/sys/bus/mdev/devices/" UUID;
	put("/proc/4243/cmdline", sysfsdev, sizeof sysfsdev);
	/* functions of a driver: what holds no address stands beside them */
	put_link("/sys/bus/pci/drivers/nvidia/0000:41:00.0", "../../../../devices/gpu");
	put_link("/sys/bus/pci/drivers/nvidia/module", "../../../../module/nvidia");
	put("/sys/bus/pci/drivers/nvidia/new_id", "", -1);
	put("/sys/devices/gpu/modalias", "pci:v000010DEd00002235sv000010DEsd0000145Abc03\n", -1);
	put("/sys/devices/gpu/sriov_totalvfs", "16\n", -1);
	put("/sys/devices/gpu/sriov_numvfs", "0\n", -1);
	put("/sys/devices/gpu/nvidia/current_vgpu_type", "0\n", -1);
	put("/sys/devices/gpu/nvidia/creatable_vgpu_types", "1 : A\n2 : B\n", -1);
	put("/sys/module/i915/parameters/enable_gvt", "N\n", -1);
	put_folder("/sys/bus/ap/drivers/vfio_ap/05.0047");
	put("/sys/bus/ap/apmask", "0xff\n", -1);
	/* what only root may read */
	put("/sys/kernel/debug/vfio/x/migration/state", "RUNNING\n", -1);
	set_mode("/sys/kernel/debug", 0);
	put("/sys/devices/odd/subsystem_device", "0x1\n", -1);
	set_mode("/sys/devices/odd/subsystem_device", 0);
	put_link("/proc/4245/fd/3", "/dev/null");
	set_mode("/proc/4245/fd", 0);
	put_link("/proc/4244/fd/3", "/dev/null");
	static const char other[] = "sh\0-c\0true";
	put("/proc/4244/cmdline", other, sizeof other);
	return 0;
}

static int remove_tree(void **state)
{
	const char *argv[] = { "rm", "-rf", "--", root, NULL };

	(void)state;
	set_mode("/sys/kernel/debug", 0700);
	set_mode("/proc/4245/fd", 0700);
	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
	             NULL);
	g_free(root);
	return 0;
}

/* ---- tests ---- */

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The readings of a facts text, sorted; not its notes. */
static char *sorted_readings(const Facts *facts)
{
	GString *text = facts_write(facts);
	g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
	GString *out = g_string_new(NULL);

	qsort(lines, g_strv_length(lines), sizeof *lines, compare_lines);
	for (char **l = lines; *l; l++) {
		if (g_str_has_prefix(*l, "v ") || g_str_has_prefix(*l, "l ") ||
		    g_str_has_prefix(*l, "n ") || g_str_has_prefix(*l, "e "))
			g_string_append_printf(out, "%s\n", *l);
	}
	g_string_free(text, TRUE);
	return g_string_free(out, FALSE);
}

/* Names the first line that differs: the whole text is too long to read. */
static void assert_same_lines(const char *got, const char *wanted)
{
	g_auto(GStrv) g = g_strsplit(got, "\n", -1), w = g_strsplit(wanted, "\n", -1);

	for (guint i = 0; g[i] || w[i]; i++) {
		if (g_strcmp0(g[i], w[i]) != 0)
			fail_msg("got \"%s\", wanted \"%s\"", g[i] ? g[i] : "", w[i] ? w[i] : "");
	}
}

static Probe *start(Shell *shell, const char *below)
{
	g_autoptr(GError) error = NULL;
	Probe *probe = probe_start(&shell_line, shell, below, SHELL_DEADLINE_MS, NULL, &error);

	if (!probe)
		fail_msg("probe: %s", error->message);
	return probe;
}

static void test_same_facts(void **state)
{
	(void)state;
	for (guint i = 0; i < SHELL_COUNT; i++) {
		for (int users = 0; users < 2; users++) {
			g_autoptr(GError) error = NULL;
			Shell shell;
			shell_start(&shell, shells[i], "");
			Probe *probe = start(&shell, root);
			CollectOptions options = { .users = users, .boot = users };
			g_autoptr(Facts) local = sysfs_collect(root, options, &error);
			assert_non_null(local);
			g_autofree char *wanted = sorted_readings(local);
			for (int again = 0; again < 2; again++) {
				g_autoptr(Facts) facts =
					probe_scan(probe, users ? SCAN_USERS | SCAN_BOOT : 0,
				                   SHELL_DEADLINE_MS, NULL, &error);
				if (!facts)
					fail_msg("%s: %s", shells[i][0], error->message);
				g_autofree char *got = sorted_readings(facts);
				assert_same_lines(got, wanted);
				assert_string_equal(facts_note(facts, "source"), "tree");
				assert_non_null(facts_note(facts, "taken"));
				assert_non_null(facts_note(facts, "euid"));
				if (users) {
					assert_string_equal(facts_note(facts, "users"), "yes");
					assert_string_equal(facts_note(facts, "hidden"),
					                    facts_note(local, "hidden"));
				} else {
					assert_null(facts_note(facts, "users"));
				}
			}
			probe_free(probe);
			shell_stop(&shell);
		}
	}
}

/* The live machine: nothing fails, and the notes are there. */
static void test_live(void **state)
{
	(void)state;
	for (guint i = 0; i < SHELL_COUNT; i++) {
		g_autoptr(GError) error = NULL;
		Shell shell;
		shell_start(&shell, shells[i], "");
		Probe *probe = start(&shell, "");
		g_autoptr(Facts) facts =
			probe_scan(probe, SCAN_USERS, SHELL_DEADLINE_MS, NULL, &error);
		assert_non_null(facts);
		g_autofree char *euid = g_strdup_printf("%u", geteuid());
		assert_string_equal(facts_note(facts, "source"), "live");
		assert_string_equal(facts_note(facts, "euid"), euid);
		assert_string_equal(facts_note(facts, "users"), "yes");
		assert_non_null(facts_note(facts, "hidden"));
		assert_non_null(facts_note(facts, "arch"));
		assert_int_equal(facts_text(facts, "/proc/sys/kernel/osrelease").state, READ_VALUE);
		assert_true(g_str_has_prefix(facts_text(facts, "/proc/self/ns/pid").s, "pid:["));
		probe_free(probe);
		shell_stop(&shell);
	}
}

static char *get(const char *path)
{
	g_autofree char *full = g_strconcat(root, path, NULL);
	char *text = NULL;

	assert_true(g_file_get_contents(full, &text, NULL, NULL));
	return text;
}

static void test_writes(void **state)
{
	(void)state;
	for (guint i = 0; i < SHELL_COUNT; i++) {
		g_autoptr(GError) error = NULL;
		Shell shell;
		put("/create", "", -1);
		shell_start(&shell, shells[i], "");
		Probe *probe = start(&shell, root);
		assert_int_equal(
			probe_write(probe, "/create", UUID, SHELL_DEADLINE_MS, NULL, &error), 0);
		g_autofree char *text = get("/create");
		assert_string_equal(text, UUID "\n");
		/* arguments are data */
		const char *value = "$(touch /tmp/x) `id` %s \\n ' \" \xff\n;*";
		put("/create", "", -1);
		assert_int_equal(
			probe_write(probe, "/create", value, SHELL_DEADLINE_MS, NULL, &error), 0);
		g_autofree char *second = get("/create");
		g_autofree char *wanted = g_strconcat(value, "\n", NULL);
		assert_string_equal(second, wanted);
		assert_int_equal(
			probe_write(probe, "/nothing", "1", SHELL_DEADLINE_MS, NULL, &error),
			ENOENT);
		assert_int_equal(probe_write(probe, "/sys", "1", SHELL_DEADLINE_MS, NULL, &error),
		                 EISDIR);
		assert_int_equal(probe_open(probe, "/create", SHELL_DEADLINE_MS, NULL, &error),
		                 ENODEV);
		assert_int_equal(probe_open(probe, "/nothing", SHELL_DEADLINE_MS, NULL, &error),
		                 ENOENT);
		probe_free(probe);
		shell_stop(&shell);

		/* the kernel's own errno, through dd of this machine */
		shell_start(&shell, shells[i], "");
		probe = start(&shell, "");
		assert_int_equal(probe_write(probe, "/proc/self/oom_score_adj", "zz",
		                             SHELL_DEADLINE_MS, NULL, &error),
		                 EINVAL);
		assert_int_equal(probe_open(probe, "/dev/null", SHELL_DEADLINE_MS, NULL, &error),
		                 0);
		probe_free(probe);
		shell_stop(&shell);
	}
}

/* A write whose deadline passes is ETIMEDOUT or its result, and never disturbs what follows. */
static void test_deadlines(void **state)
{
	(void)state;
	for (guint i = 0; i < SHELL_COUNT; i++) {
		g_autoptr(GError) error = NULL;
		Shell shell;
		put("/create", "", -1);
		shell_start(&shell, shells[i], "");
		Probe *probe = start(&shell, root);
		for (int n = 0; n < 20; n++) {
			int result = probe_write(probe, "/create", "1", n % 4, NULL, &error);
			assert_true(result == 0 || result == ETIMEDOUT);
			g_autoptr(Facts) facts =
				probe_scan(probe, 0, SHELL_DEADLINE_MS, NULL, &error);
			assert_non_null(facts);
		}
		probe_free(probe);
		shell_stop(&shell);
	}
}

/* A writer that the kernel holds: given up at the deadline, and silent when it ends later. */
static void test_stuck_writer(void **state)
{
	(void)state;
	for (guint i = 0; i < SHELL_COUNT; i++) {
		g_autoptr(GError) error = NULL;
		Shell shell;
		put("/create", "", -1);
		shell_start(&shell, shells[i], "dd() { sleep 1; }; ");
		Probe *probe = start(&shell, root);
		gint64 began = g_get_monotonic_time();
		assert_int_equal(probe_write(probe, "/create", "1", 100, NULL, &error), ETIMEDOUT);
		assert_true(g_get_monotonic_time() - began < 900000);
		while (g_get_monotonic_time() - began < 1300000) {
			g_autoptr(Facts) facts =
				probe_scan(probe, 0, SHELL_DEADLINE_MS, NULL, &error);
			if (!facts)
				fail_msg("%s: %s", shells[i][0], error->message);
		}
		assert_int_equal(
			probe_write(probe, "/create", "1", SHELL_DEADLINE_MS, NULL, &error), 0);
		probe_free(probe);
		shell_stop(&shell);
	}
}

static void test_talkative_login(void **state)
{
	Shell shell;
	g_autoptr(GError) error = NULL;

	(void)state;
	shell_start(&shell, shells[0], "echo 'Welcome!'; printf 'no newline: '; ");
	Probe *probe = start(&shell, root);
	g_autoptr(Facts) facts = probe_scan(probe, 0, SHELL_DEADLINE_MS, NULL, &error);
	assert_non_null(facts);
	probe_free(probe);
	shell_stop(&shell);

	shell_start(&shell, shells[0], "echo 'This account is not available.'; exit 1; ");
	probe = probe_start(&shell_line, &shell, "", SHELL_DEADLINE_MS, NULL, &error);
	assert_null(probe);
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_AUTH));
	assert_non_null(strstr(error->message, "This account is not available."));
	shell_stop(&shell);
}

static void test_cancel(void **state)
{
	Shell shell;
	g_autoptr(GError) error = NULL;
	g_autoptr(GCancellable) cancel = g_cancellable_new();

	(void)state;
	shell_start(&shell, shells[0], "");
	Probe *probe = start(&shell, root);
	g_cancellable_cancel(cancel);
	gint64 began = g_get_monotonic_time();
	assert_null(probe_scan(probe, 0, SHELL_DEADLINE_MS, cancel, &error));
	assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED));
	assert_true(g_get_monotonic_time() - began < G_USEC_PER_SEC);
	probe_free(probe);
	shell_stop(&shell);
}

/* ---- lines that misbehave ---- */

typedef struct {
	Shell shell;
	gsize left;    /* bytes until the line dies */
	bool babbling; /* or until it talks for ever */
} BadLine;

static gssize bad_read(void *data, char *buffer, gsize size, gint64 deadline, GCancellable *cancel,
                       GError **error)
{
	BadLine *bad = data;

	if (bad->left == 0) {
		if (!bad->babbling)
			return 0;
		memset(buffer, 'x', size);
		return (gssize)size;
	}
	gssize n =
		shell_line.read(&bad->shell, buffer, MIN(size, bad->left), deadline, cancel, error);
	if (n > 0)
		bad->left -= (gsize)n;
	return n;
}

static bool bad_write(void *data, const char *bytes, gsize size, gint64 deadline,
                      GCancellable *cancel, GError **error)
{
	return shell_line.write(&((BadLine *)data)->shell, bytes, size, deadline, cancel, error);
}

static const ProbeLine bad_line = { bad_read, bad_write };

static void scan_of_bad_line(gsize bytes, bool babbling, BackendErrorCode wanted)
{
	BadLine bad = { .left = G_MAXSIZE };
	g_autoptr(GError) error = NULL;

	shell_start(&bad.shell, shells[0], "");
	Probe *probe = probe_start(&bad_line, &bad, root, SHELL_DEADLINE_MS, NULL, &error);
	assert_non_null(probe);
	bad.left = bytes;
	bad.babbling = babbling;
	assert_null(probe_scan(probe, 0, SHELL_DEADLINE_MS, NULL, &error));
	assert_int_equal(error->code, wanted);
	probe_free(probe);
	shell_stop(&bad.shell);
}

static void test_bad_lines(void **state)
{
	(void)state;
	scan_of_bad_line(0, false, BACKEND_ERROR_UNREACHABLE);
	scan_of_bad_line(100, false, BACKEND_ERROR_UNREACHABLE);
	scan_of_bad_line(1500, false, BACKEND_ERROR_UNREACHABLE);
	scan_of_bad_line(100, true, BACKEND_ERROR_PROTOCOL);
}

static void test_reply_garbage(void **state)
{
	static const char *const garbage[] = {
		"x\n",       "v\n",          "v relative x\n",   "v %2 x\n",       "v %zz x\n",
		"+ alone\n", "e q /x EIO\n", "L\nlrwx x -> y\n", "n relative a\n", "no newline",
		"k /a\n",    "v %2f00 x\n",
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(garbage); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text = g_strdup(garbage[i]);
		Facts *facts = probe_reply_facts(text, strlen(text), "", &error);
		if (facts)
			fail_msg("taken: %s", garbage[i]);
		assert_true(g_error_matches(error, BACKEND_ERROR, BACKEND_ERROR_PROTOCOL));
	}
}

static void test_errno_texts(void **state)
{
	(void)state;
	assert_int_equal(probe_errno("File exists"), EEXIST);
	assert_int_equal(probe_errno("No space left on device"), ENOSPC);
	assert_int_equal(probe_errno("Too many users"), EUSERS);
	assert_int_equal(probe_errno("Device or resource busy"), EBUSY);
	assert_int_equal(probe_errno("Resource busy"), EBUSY);
	assert_int_equal(probe_errno("nonexistent directory"), ENOENT);
	assert_int_equal(probe_errno("ENODEV"), ENODEV);
	assert_int_equal(probe_errno("no such words"), EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_facts),      cmocka_unit_test(test_live),
		cmocka_unit_test(test_writes),          cmocka_unit_test(test_deadlines),
		cmocka_unit_test(test_talkative_login), cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_bad_lines),       cmocka_unit_test(test_reply_garbage),
		cmocka_unit_test(test_errno_texts),     cmocka_unit_test(test_stuck_writer),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
