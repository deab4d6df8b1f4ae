// SPDX-License-Identifier: GPL-2.0-or-later
/* Events: a host that tells of its changes is read when it does, and only then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/file_watch.h"
#include "core/fleet.h"
#include "core/udev_watch.h"
#include "core/uevent.h"
#include "tests/unit/fake_host.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define DEADLINE_US (20 * G_USEC_PER_SEC)
#define BURST 500

/* Host 0 tells of its changes; host 1 does not, is polled, and so serves as a clock. */
static FakeHost *hosts[2];

static Backend *open_fake(const HostAddress *address, const BackendOptions *options)
{
	return fake_backend_new(hosts[g_str_equal(address->label, "b")], address->label, options);
}

static void wake(void *data)
{
	(void)data;
}

static int setup(void **state)
{
	BackendOptions options = { .connect_timeout_ms = 1000, .deadline_ms = 1000 };

	hosts[0] = fake_host_new(4096);
	hosts[1] = fake_host_new(4);
	fake_host_tells(hosts[0]);
	*state = fleet_new(open_fake, &options, wake, NULL);
	for (int i = 0; i < 2; i++) {
		HostAddress *address = host_address_parse(i ? "b" : "a", NULL);
		fleet_set_visible(*state, fleet_add(*state, address), true);
	}
	return 0;
}

static int teardown(void **state)
{
	fleet_free(*state);
	fake_host_free(hosts[0]);
	fake_host_free(hosts[1]);
	return 0;
}

static guint instances(Fleet *fleet)
{
	g_auto(HostView) view = { 0 };

	fleet_view(fleet, 0, &view);
	return view.inventory ? view.inventory->instances->len : 0;
}

static HostState state_of(Fleet *fleet)
{
	g_auto(HostView) view = { 0 };

	fleet_view(fleet, 0, &view);
	return view.state;
}

#define EVENTUALLY(condition) \
	do { \
		gint64 until_ = g_get_monotonic_time() + DEADLINE_US; \
		while (!(condition)) { \
			if (g_get_monotonic_time() > until_) \
				fail_msg("never: %s", #condition); \
			g_usleep(5000); \
		} \
	} while (0)

/* Until the host that is polled has been read `n` times more. */
static void let_time_pass(guint n)
{
	guint scans = fake_host_scans(hosts[1]);

	EVENTUALLY(fake_host_scans(hosts[1]) >= scans + n);
}

static void test_silent_host_is_not_read(void **state)
{
	EVENTUALLY(state_of(*state) == HOST_UP);
	let_time_pass(1);
	guint scans = fake_host_scans(hosts[0]);
	let_time_pass(5);
	assert_int_equal(fake_host_scans(hosts[0]), scans);
	g_auto(HostView) view = { 0 };
	fleet_view(*state, 0, &view);
	assert_true(view.live);
	assert_int_equal(view.age_us, 0); /* a change would have been told */
}

static void test_event_is_seen(void **state)
{
	EVENTUALLY(state_of(*state) == HOST_UP);
	fake_host_add(hosts[0], U1);
	fake_host_tell(hosts[0]);
	EVENTUALLY(instances(*state) == 1);
}

static void test_burst_costs_few_scans(void **state)
{
	EVENTUALLY(state_of(*state) == HOST_UP);
	guint scans = fake_host_scans(hosts[0]);
	gint64 start = g_get_monotonic_time();
	for (guint i = 0; i < BURST; i++) {
		g_autofree char *uuid = g_strdup_printf("00000000-0000-4000-8000-%012u", i);
		fake_host_add(hosts[0], uuid);
		fake_host_tell(hosts[0]);
	}
	EVENTUALLY(instances(*state) == BURST);
	gint64 took_ms = (g_get_monotonic_time() - start) / 1000;
	/* One reading in 50 ms at the very most, of two scans where something changed. */
	assert_true(fake_host_scans(hosts[0]) - scans <= 4 + took_ms / 25);
}

static void test_lost_events_are_made_good(void **state)
{
	EVENTUALLY(state_of(*state) == HOST_UP);
	fake_host_add(hosts[0], U1);
	hosts[0]->lost = true;
	fake_host_tell(hosts[0]);
	EVENTUALLY(instances(*state) == 1);
}

/* Nothing tells of users over SSH: they are read by the clock, but only where somebody looks. */
static void test_users_of_what_is_selected(void **state)
{
	EVENTUALLY(state_of(*state) == HOST_UP);
	let_time_pass(1);
	guint scans = hosts[0]->user_scans;
	fleet_set_selected(*state, 0, true);
	EVENTUALLY(hosts[0]->user_scans > scans);
}

static void test_frozen_host_turns_stale(void **state)
{
	EVENTUALLY(state_of(*state) == HOST_UP);
	let_time_pass(1);
	fake_host_set(hosts[0], &hosts[0]->hang, true);
	EVENTUALLY(state_of(*state) == HOST_STALE);
	fake_host_set(hosts[0], &hosts[0]->hang, false);
	EVENTUALLY(state_of(*state) == HOST_UP);
}

/* --- the sources of events on this machine -------------------------------------------------- */

static char *folder;

static int make_folder(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("mdevcon-events.XXXXXX", NULL);
	return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
	const char *argv[] = { "rm", "-rf", "--", folder, NULL };

	(void)state;
	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
	             NULL);
	g_clear_pointer(&folder, g_free);
	return 0;
}

static char *below(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void make_file(const char *name)
{
	g_autofree char *path = below(name);
	assert_true(g_file_set_contents(path, "", 0, NULL));
}

static void open_file(const char *name)
{
	g_autofree char *path = below(name), *content = NULL;
	assert_true(g_file_get_contents(path, &content, NULL, NULL));
}

static bool speaks(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	return poll(&poll_fd, 1, 0) > 0;
}

static void test_opening_a_node_is_seen(void **state)
{
	g_autofree char *vfio = below("vfio"), *devices = below("vfio/devices");
	const FileWatchRow rows[] = { { vfio, NULL, FILE_OPENED | FILE_NAMES },
		                      { devices, NULL, FILE_OPENED | FILE_NAMES } };
	(void)state;

	g_autoptr(FileWatch) watch = file_watch_new(rows, G_N_ELEMENTS(rows));
	assert_non_null(watch);
	assert_false(file_watch_take(watch));
	g_mkdir(vfio, 0755);
	assert_true(file_watch_take(watch)); /* come into being, it may hold nodes already */
	assert_false(file_watch_take(watch));
	make_file("vfio/7");
	assert_true(speaks(file_watch_fd(watch)));
	assert_true(file_watch_take(watch));
	open_file("vfio/7");
	assert_true(speaks(file_watch_fd(watch)));
	assert_true(file_watch_take(watch));
	/* Listing the folder is no use of a device. */
	g_autoptr(GDir) dir = g_dir_open(vfio, 0, NULL);
	assert_non_null(g_dir_read_name(dir));
	assert_false(file_watch_take(watch));
	g_mkdir(devices, 0755);
	assert_true(file_watch_take(watch));
	make_file("vfio/devices/vfio0");
	assert_true(file_watch_take(watch));
	assert_false(file_watch_take(watch));
}

static void test_definitions_are_seen(void **state)
{
	g_autofree char *definitions = below("mdevctl.d"), *parents = below("mdevctl.d/*"),
			*parent = below("mdevctl.d/mtty");
	const FileWatchRow rows[] = { { definitions, NULL, FILE_WRITTEN },
		                      { parents, NULL, FILE_WRITTEN } };
	(void)state;

	g_mkdir(definitions, 0755);
	g_autoptr(FileWatch) watch = file_watch_new(rows, G_N_ELEMENTS(rows));
	g_mkdir(parent, 0755);
	assert_true(file_watch_take(watch));
	make_file("mdevctl.d/mtty/" U1);
	assert_true(file_watch_take(watch));
	open_file("mdevctl.d/mtty/" U1); /* reading it, as every scan does, must not call for one */
	assert_false(file_watch_take(watch));
}

static void test_group_follows_udevd(void **state)
{
	g_autofree char *udev = below("udev"), *control = below("udev/control");
	(void)state;

	g_autoptr(UdevWatch) watch = udev_watch_new(folder);
	if (!watch)
		skip(); /* no netlink socket to be had */
	assert_string_equal(udev_watch_group(folder), "kernel");
	g_mkdir(udev, 0755);
	udev_watch_take(watch);
	make_file("udev/control");
	assert_string_equal(udev_watch_group(folder), "udev");
	assert_true(speaks(udev_watch_fd(watch)));
	assert_int_equal(udev_watch_take(watch), EVENTS_LOST); /* between two monitors */
	assert_int_equal(g_unlink(control), 0);
	assert_true(speaks(udev_watch_fd(watch)));
	assert_int_equal(udev_watch_take(watch), EVENTS_LOST);
}

static void test_what_matters(void **state)
{
	(void)state;
	assert_true(uevent_matters("mdev", NULL));
	assert_true(uevent_matters("vfio-dev", NULL));
	assert_true(uevent_matters("mtty", "registered"));
	assert_false(uevent_matters("block", NULL));
	assert_false(uevent_matters(NULL, NULL));
}

int main(void)
{
#define FLEET(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define FOLDER(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		FLEET(test_silent_host_is_not_read),   FLEET(test_event_is_seen),
		FLEET(test_burst_costs_few_scans),     FLEET(test_lost_events_are_made_good),
		FLEET(test_users_of_what_is_selected), FLEET(test_frozen_host_turns_stale),
		FOLDER(test_opening_a_node_is_seen),   FOLDER(test_definitions_are_seen),
		FOLDER(test_group_follows_udevd),      cmocka_unit_test(test_what_matters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
