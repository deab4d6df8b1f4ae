// SPDX-License-Identifier: GPL-2.0-or-later
/* Simulated hosts other than the samples, and simulated hosts behind the seam. */
#include "tests/unit/test_simulate.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/inventory.h"
#include "core/simulate/backend_sim.h"

/* ---- NVIDIA with mdev ---- */

#define CARD "/sys/bus/pci/devices/0000:3b:00."
#define FIRST CARD "4/mdev_supported_types"
#define SECOND CARD "5/mdev_supported_types"
#define OTHER_CARD "/sys/bus/pci/devices/0000:af:00.4/mdev_supported_types"

static void test_card_of_one_size(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("nvidia");
	g_auto(GStrv) parents = NULL, types = NULL;
	assert_int_equal(sim_list(kernel, "/sys/class/mdev_bus", &parents), 0);
	assert_int_equal(g_strv_length(parents), 32);
	assert_int_equal(sim_list(kernel, FIRST, &types), 0);
	assert_int_equal(g_strv_length(types), 20);
	assert_value(kernel, FIRST "/nvidia-567/description",
	             "num_heads=4, frl_config=60, framebuffer=24576M, max_resolution=7680x4320, "
	             "max_instance=2");
	assert_value(kernel, SECOND "/nvidia-562/available_instances", "1");
	assert_int_equal(put(kernel, FIRST "/nvidia-567/create", U1), 36);
	/* A function has one instance, a card one size. */
	assert_value(kernel, FIRST "/nvidia-567/available_instances", "0");
	assert_value(kernel, SECOND "/nvidia-567/available_instances", "1");
	assert_value(kernel, SECOND "/nvidia-562/available_instances", "0");
	assert_value(kernel, OTHER_CARD "/nvidia-562/available_instances", "1");
	assert_int_equal(put(kernel, SECOND "/nvidia-562/create", U2), -EINVAL);
	/* And no more framebuffer than it has. */
	assert_int_equal(put(kernel, SECOND "/nvidia-567/create", U2), 36);
	assert_value(kernel, CARD "6/mdev_supported_types/nvidia-567/available_instances", "0");
	assert_int_equal(put(kernel, BUS "/" U1 "/remove", "1"), 1);
	assert_value(kernel, CARD "6/mdev_supported_types/nvidia-567/available_instances", "1");
}

static void test_functions_are_switched_on(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("nvidia-novf");
	assert_value(kernel, CARD "0/sriov_totalvfs", "16");
	assert_value(kernel, CARD "0/sriov_numvfs", "0");
	assert_names(kernel, "/sys/class/mdev_bus", "");
	assert_int_equal(put(kernel, CARD "0/sriov_numvfs", "17"), -ERANGE);
	assert_int_equal(put(kernel, CARD "0/sriov_numvfs", "2\n"), 2);
	assert_names(kernel, "/sys/class/mdev_bus", "0000:3b:00.4 0000:3b:00.5");
	g_autofree char *target = NULL;
	assert_int_equal(sim_readlink(kernel, CARD "4/physfn", &target), 0);
	assert_string_equal(target, "../0000:3b:00.0");
	assert_int_equal(put(kernel, CARD "0/sriov_numvfs", "4"), -EBUSY);
	assert_int_equal(put(kernel, FIRST "/nvidia-567/create", U1), 36);
	assert_int_equal(put(kernel, CARD "0/sriov_numvfs", "0"), -EBUSY);
	assert_int_equal(put(kernel, BUS "/" U1 "/remove", "1"), 1);
	assert_int_equal(put(kernel, CARD "0/sriov_numvfs", "0"), 1);
	assert_false(is_there(kernel, CARD "4"));
}

/* ---- NVIDIA without mdev ---- */

#define VF "/sys/bus/pci/devices/0000:41:00."

static void test_vendor_vfio(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("nvidia-vendor");
	assert_false(is_there(kernel, "/sys/class/mdev_bus"));
	assert_false(is_there(kernel, VF "0/nvidia"));
	g_autofree char *before = get(kernel, VF "5/nvidia/creatable_vgpu_types");
	assert_non_null(strstr(before, "1150 : NVIDIA L40S-4Q"));
	assert_int_equal(put(kernel, VF "4/nvidia/current_vgpu_type", "9"), -EINVAL);
	assert_int_equal(put(kernel, VF "4/nvidia/current_vgpu_type", "1155\n"), 5);
	assert_value(kernel, VF "4/nvidia/current_vgpu_type", "1155");
	assert_value(kernel, VF "4/nvidia/creatable_vgpu_types", "");
	assert_value(kernel, VF "5/nvidia/creatable_vgpu_types", "1155 : NVIDIA L40S-24Q");
	assert_int_equal(put(kernel, VF "5/nvidia/current_vgpu_type", "1150"), -EINVAL);
	const char *devices[] = { "0000:41:00.4", NULL };
	assert_int_equal(sim_guest_start(kernel, 77, "ml-1", devices), 0);
	assert_int_equal(put(kernel, VF "4/nvidia/current_vgpu_type", "0"), -EBUSY);
	assert_int_equal(sim_guest_stop(kernel, 77), 0);
	assert_int_equal(put(kernel, VF "4/nvidia/current_vgpu_type", "0"), 1);
	assert_value(kernel, VF "5/nvidia/creatable_vgpu_types", before);
}

/* ---- Intel and mainframes ---- */

static void test_gvt(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("gvt");
	static const char types[] = "/sys/class/mdev_bus/0000:00:02.0/mdev_supported_types";
	g_autofree char *create = g_strconcat(types, "/i915-GVTg_V5_1/create", NULL);
	g_autofree char *half = g_strconcat(types, "/i915-GVTg_V5_2/available_instances", NULL);
	assert_value(kernel, half, "3");
	assert_int_equal(put(kernel, create, U1), 36);
	assert_value(kernel, half, "1");
	assert_int_equal(put(kernel, create, U2), -ENOSPC);
}

#define MATRIX "/sys/devices/vfio_ap/matrix"

static void test_crypto(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("ap");
	static const char create[] = MATRIX "/mdev_supported_types/vfio_ap-passthrough/create";
	assert_int_equal(put(kernel, create, U1), 36);
	assert_int_equal(put(kernel, create, U2), 36);
	assert_int_equal(put(kernel, BUS "/" U1 "/assign_adapter", "5\n"), 2);
	assert_value(kernel, BUS "/" U1 "/matrix", "05.");
	assert_int_equal(put(kernel, BUS "/" U1 "/assign_domain", "0x47\n"), 5);
	assert_int_equal(put(kernel, BUS "/" U1 "/assign_domain", "4\n"), 2);
	assert_value(kernel, BUS "/" U1 "/matrix", "05.0004\n05.0047");
	assert_int_equal(put(kernel, BUS "/" U1 "/assign_adapter", "256"), -ENODEV);
	assert_int_equal(put(kernel, BUS "/" U1 "/assign_adapter", "x"), -EINVAL);
	/* Another instance's, and the host's own. */
	assert_int_equal(put(kernel, BUS "/" U2 "/assign_domain", "4"), 1);
	assert_int_equal(put(kernel, BUS "/" U2 "/assign_adapter", "5"), -EADDRINUSE);
	assert_int_equal(put(kernel, BUS "/" U2 "/assign_adapter", "7"), -EADDRNOTAVAIL);
	assert_int_equal(put(kernel, BUS "/" U2 "/assign_adapter", "6"), 1);
	assert_int_equal(put(kernel, "/sys/bus/ap/apmask", "+5"), -EBUSY);
	assert_int_equal(put(kernel, BUS "/" U1 "/unassign_adapter", "5"), 1);
	assert_int_equal(put(kernel, "/sys/bus/ap/apmask", "+5"), 2);
	assert_int_equal(put(kernel, BUS "/" U1 "/assign_adapter", "5"), -EADDRNOTAVAIL);
	assert_int_equal(put(kernel, BUS "/" U1 "/assign_control_domain", "0xab"), 4);
	assert_value(kernel, BUS "/" U1 "/control_domains", "00ab");
	assert_value(kernel, MATRIX "/features", "guest_matrix dyn ap_config");
}

static void test_subchannel(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("ccw");
	static const char create[] =
		"/sys/class/mdev_bus/0.0.0313/mdev_supported_types/vfio_ccw-io/create";
	assert_int_equal(put(kernel, create, U1), 36);
	assert_int_equal(put(kernel, create, U2), -EUSERS);
}

/* ---- definitions ---- */

static void test_definitions(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("mtty");
	static const char folder[] = "/etc/mdevctl.d/mtty", file[] = "/etc/mdevctl.d/mtty/" U1;
	assert_names(kernel, "/etc/mdevctl.d", "");
	assert_int_equal(sim_create_file(kernel, file), -ENOENT);
	assert_int_equal(sim_mkdir(kernel, folder), 0);
	assert_int_equal(sim_create_file(kernel, "/etc/mdevctl.d/mtty/.new"), 0);
	assert_int_equal(put(kernel, "/etc/mdevctl.d/mtty/.new", "{}"), 2);
	assert_int_equal(sim_rename(kernel, "/etc/mdevctl.d/mtty/.new", file), 0);
	assert_names(kernel, folder, U1);
	assert_value(kernel, file, "{}");
	assert_int_equal(sim_rmdir(kernel, folder), -ENOTEMPTY);
	assert_int_equal(sim_unlink(kernel, "/sys/bus/mdev/uevent"), -EPERM);
	assert_int_equal(sim_create_file(kernel, "/etc/passwd"), -EPERM);
	assert_int_equal(sim_unlink(kernel, file), 0);
	assert_int_equal(sim_rmdir(kernel, folder), 0);
	assert_names(kernel, "/etc/mdevctl.d", "");
}

/* ---- behind the seam ---- */

static Inventory *look(Backend *backend)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = backend_scan(backend, SCAN_USERS, NULL, &error);
	if (!facts)
		fail_msg("%s", error->message);
	return inventory_new(facts);
}

static int try_write(Backend *backend, const char *path, const char *value, int deadline_ms)
{
	return backend_write(backend, path, value, deadline_ms, NULL, NULL);
}

static void test_backend(void **state)
{
	(void)state;
	g_autoptr(Backend) backend = backend_sim_new("one", "mtty", NULL);
	g_autoptr(Backend) again = backend_sim_new("one", "mtty", NULL);
	g_autoptr(Backend) other = backend_sim_new("two", "mtty", NULL);
	assert_int_equal(try_write(backend, MTTY "/mtty-2/create", U1, 1000), 0);
	assert_int_equal(try_write(backend, MTTY "/mtty-2/create", U1, 1000), EEXIST);
	assert_int_equal(try_write(backend, "/etc/machine-id", "x", 1000), EINVAL);
	const char *devices[] = { U1, NULL };
	SimKernel *kernel = backend_sim_kernel("one", "mtty");
	assert_int_equal(sim_guest_start(kernel, 4242, "web-7", devices), 0);

	g_autoptr(Inventory) seen = look(again), elsewhere = look(other);
	assert_int_equal(elsewhere->instances->len, 0);
	assert_string_equal(seen->hostname.s, "one");
	assert_int_equal(seen->errors->len, 0);
	const Instance *instance = inventory_instance(seen, U1, NULL);
	assert_non_null(instance);
	assert_string_equal(instance->type.s, "mtty-2");
	assert_string_equal(instance->migration_state.s, "RUNNING");
	assert_int_equal(instance->in_use, TRI_YES);
	assert_string_equal(g_array_index(instance->users, InstanceUser, 0).vm, "web-7");
	assert_int_equal(backend_try_open(backend, "/dev/vfio/0", NULL, NULL), EBUSY);

	/* Past its deadline the removal stays pending, and ends when the guest does. */
	assert_int_equal(try_write(backend, BUS "/" U1 "/remove", "1", 20), ETIMEDOUT);
	g_autoptr(Inventory) pending = look(backend);
	assert_int_equal(pending->instances->len, 0);
	assert_int_equal(try_write(backend, MTTY "/mtty-1/create", U1, 1000), EEXIST);
	assert_int_equal(sim_guest_stop(kernel, 4242), 0);
	assert_int_equal(try_write(backend, MTTY "/mtty-1/create", U1, 1000), 0);
}

/* A function with a type is an instance to the inventory, and its guest is found. */
static void test_function_behind_the_seam(void **state)
{
	(void)state;
	g_autoptr(Backend) backend = backend_sim_new("vf", "nvidia-vendor", NULL);
	const char *devices[] = { "0000:c1:00.4", NULL };
	static const char type[] = "/sys/bus/pci/devices/0000:c1:00.4/nvidia/current_vgpu_type";
	assert_int_equal(try_write(backend, type, "1155", 1000), 0);
	assert_int_equal(
		sim_guest_start(backend_sim_kernel("vf", "nvidia-vendor"), 77, "ml-1", devices), 0);
	g_autoptr(Inventory) seen = look(backend);
	assert_int_equal(seen->parents->len, 0);
	assert_int_equal(seen->instances->len, 1);
	const Instance *instance = g_ptr_array_index(seen->instances, 0);
	assert_string_equal(instance->id, "0000:c1:00.4");
	assert_string_equal(instance->type.s, "nvidia-1155");
	assert_int_equal(instance->in_use, TRI_YES);
	assert_string_equal(g_array_index(instance->users, InstanceUser, 0).vm, "ml-1");
}

static void test_every_profile_reads_clean(void **state)
{
	(void)state;
	const SimProfile *profile;
	for (guint i = 0; (profile = sim_profile_nth(i)); i++) {
		if (profile->line != SIM_LINE_GOOD)
			continue;
		g_autoptr(Backend) backend = backend_sim_new("clean", profile->name, NULL);
		g_autoptr(Inventory) seen = look(backend);
		assert_string_equal(seen->arch.s, profile->arch);
		if (seen->errors->len > 0)
			fail_msg("%s: %s", profile->name,
			         ((ScanError *)g_ptr_array_index(seen->errors, 0))->path);
	}
}

static bool is_readable(int fd, int wait_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	return poll(&poll_fd, 1, wait_ms) == 1;
}

static void test_events_behind_the_seam(void **state)
{
	(void)state;
	g_autoptr(Backend) backend = backend_sim_new("events", "mtty", NULL);
	int fd = backend_event_fd(backend);
	assert_true(fd >= 0);
	assert_false(is_readable(fd, 0));
	assert_int_equal(put(backend_sim_kernel("events", "mtty"), MTTY "/mtty-1/create", U1), 36);
	assert_true(is_readable(fd, 0));
	assert_int_equal(backend_take_events(backend), EVENTS_CHANGED);
	assert_int_equal(backend_take_events(backend), EVENTS_NONE);
	assert_false(is_readable(fd, 0));
}

static void test_lively(void **state)
{
	(void)state;
	g_autoptr(Backend) backend = backend_sim_new("lively", "lively", NULL);
	int fd = backend_event_fd(backend);
	assert_true(is_readable(fd, 20000));
	assert_int_equal(backend_take_events(backend), EVENTS_CHANGED);
	g_autoptr(SimKernel) one = new_kernel("lively"), two = new_kernel("lively");
	for (guint i = 0; i < 100; i++) {
		sim_step(one);
		sim_step(two);
	}
	g_auto(GStrv) names = NULL, same = NULL;
	assert_int_equal(sim_list(one, BUS, &names), 0);
	assert_int_equal(sim_list(two, BUS, &same), 0);
	assert_true(g_strv_length(names) > 2);
	assert_true(g_strv_equal((const char *const *)names, (const char *const *)same));
}

static char *say_yes(const Question *question, GCancellable *cancel, void *data)
{
	(void)cancel;
	++*(guint *)data;
	return g_strdup(question->kind == QUESTION_HOSTKEY ? "yes" : "");
}

static int code_of_scan(Backend *backend, GCancellable *cancel)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = backend_scan(backend, 0, cancel, &error);
	return facts ? -1 : error->code;
}

static gpointer cancel_soon(gpointer cancel)
{
	g_cancellable_cancel(cancel);
	return NULL;
}

static void test_bad_lines(void **state)
{
	(void)state;
	guint asked = 0;
	BackendOptions options = {
		.ask = say_yes, .ask_data = &asked, .connect_timeout_ms = 20, .deadline_ms = 1000
	};
	static const struct {
		const char *profile;
		int codes[3];
	} lines[] = {
		{ "refused",
		  { BACKEND_ERROR_UNREACHABLE, BACKEND_ERROR_UNREACHABLE,
		    BACKEND_ERROR_UNREACHABLE } },
		{ "auth", { BACKEND_ERROR_AUTH, BACKEND_ERROR_AUTH, BACKEND_ERROR_AUTH } },
		{ "hang",
		  { BACKEND_ERROR_UNREACHABLE, BACKEND_ERROR_UNREACHABLE,
		    BACKEND_ERROR_UNREACHABLE } },
		{ "flapping", { -1, -1, BACKEND_ERROR_UNREACHABLE } },
		{ "hostkey", { -1, -1, -1 } },
	};
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(Backend) backend = backend_sim_new("bad", lines[i].profile, &options);
		for (guint k = 0; k < 3; k++)
			assert_int_equal(code_of_scan(backend, NULL), lines[i].codes[k]);
	}
	assert_int_equal(asked, 1);
	g_autoptr(Backend) nobody = backend_sim_new("bad", "hostkey", NULL);
	assert_int_equal(code_of_scan(nobody, NULL), BACKEND_ERROR_HOSTKEY);

	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_autoptr(Backend) hangs = backend_sim_new("bad", "hang", NULL);
	GThread *thread = g_thread_new("cancel", cancel_soon, cancel);
	assert_int_equal(code_of_scan(hangs, cancel), BACKEND_ERROR_CANCELLED);
	g_thread_join(thread);
}

static void test_hanging_read(void **state)
{
	(void)state;
	BackendOptions options = { .deadline_ms = 30 };
	g_autoptr(Backend) backend = backend_sim_new("hangs", "mtty", &options);
	SimKernel *kernel = backend_sim_kernel("hangs", "mtty");
	sim_inject(kernel, "read", "*/available_instances", -1, 0, 0);
	assert_int_equal(code_of_scan(backend, NULL), BACKEND_ERROR_TIMEOUT);
	sim_mend(kernel);
	g_autoptr(Inventory) seen = look(backend);
	assert_int_equal(seen->parents->len, 1);
}

int run_simulated_host_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_card_of_one_size),
		cmocka_unit_test(test_functions_are_switched_on),
		cmocka_unit_test(test_vendor_vfio),
		cmocka_unit_test(test_gvt),
		cmocka_unit_test(test_crypto),
		cmocka_unit_test(test_subchannel),
		cmocka_unit_test(test_definitions),
		cmocka_unit_test(test_backend),
		cmocka_unit_test(test_function_behind_the_seam),
		cmocka_unit_test(test_every_profile_reads_clean),
		cmocka_unit_test(test_events_behind_the_seam),
		cmocka_unit_test(test_lively),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_hanging_read),
	};
	return cmocka_run_group_tests_name("simulated hosts", tests, NULL, NULL);
}
