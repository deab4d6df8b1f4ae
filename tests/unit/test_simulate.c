// SPDX-License-Identifier: GPL-2.0-or-later
/* The simulated kernel against transcripts of a real one (tests/data/kernel). */
#include "tests/unit/test_simulate.h"

#include <errno.h>
#include <string.h>

#include "core/facts.h"

/* ---- helpers ---- */

SimKernel *new_kernel(const char *profile)
{
	const SimProfile *found = sim_profile_find(profile);
	assert_non_null(found);
	return sim_kernel_new(found, "hy1");
}

gssize put(SimKernel *kernel, const char *path, const char *text)
{
	return sim_write(kernel, path, text, strlen(text), NULL);
}

char *get(SimKernel *kernel, const char *path)
{
	char *text = NULL;
	gssize n = sim_read(kernel, path, &text);
	if (n < 0)
		fail_msg("%s: %s", path, g_strerror((int)-n));
	return g_strchomp(text);
}

void assert_value(SimKernel *kernel, const char *path, const char *value)
{
	g_autofree char *text = get(kernel, path);
	if (strcmp(text, value) != 0)
		fail_msg("%s holds \"%s\", not \"%s\"", path, text, value);
}

void assert_names(SimKernel *kernel, const char *path, const char *names)
{
	g_auto(GStrv) list = NULL;
	assert_int_equal(sim_list(kernel, path, &list), 0);
	g_autofree char *joined = g_strjoinv(" ", list);
	assert_string_equal(joined, names);
}

bool is_there(SimKernel *kernel, const char *path)
{
	SimStat stat;
	return sim_stat(kernel, path, true, &stat) == 0;
}

static char **lines_of(const char *name)
{
	g_autofree char *path = g_build_filename(KERNEL_DATA, name, NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(path, &text, NULL, &error))
		fail_msg("%s", error->message);
	return g_strsplit(text, "\n", -1);
}

/* "37", or "-1 ENOSPC (No space left on device)" → -ENOSPC */
static gssize result_of(const char *text)
{
	if (!g_str_has_prefix(text, "-1 "))
		return (gssize)g_ascii_strtoll(text, NULL, 10);
	g_autofree char *name = g_strndup(text + 3, strcspn(text + 3, " "));
	return -errno_from_name(name);
}

/* write(PATH, "TEXT") = RESULT */
static void replay_write(SimKernel *kernel, const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line + strlen("write("), "\"", 3);
	g_autofree char *path = g_strndup(parts[0], strlen(parts[0]) - strlen(", "));
	g_autofree char *text = g_strcompress(parts[1]);
	gssize wanted = result_of(parts[2] + strlen(") = "));
	gssize n = put(kernel, path, text);
	if (n != wanted)
		fail_msg("%s\ngave %zd", line, n);
}

/* open(PATH) = RESULT */
static void replay_open(SimKernel *kernel, const char *line)
{
	const char *end = strstr(line, ") = ");
	g_autofree char *path = g_strndup(line + strlen("open("), (gsize)(end - line) - 5);
	SimStat stat;
	assert_int_equal(sim_stat(kernel, path, true, &stat), result_of(end + strlen(") = ")));
}

/* ---- transcripts ---- */

static void test_writes(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("samples");
	g_auto(GStrv) lines = lines_of("writes.txt");
	guint writes = 0;
	for (char **line = lines; *line; line++) {
		const char *colon = strstr(*line, ": ");
		if (g_str_has_prefix(*line, "write(")) {
			replay_write(kernel, *line);
			writes++;
		} else if (g_str_has_prefix(*line, "open(")) {
			replay_open(kernel, *line);
		} else if (g_str_has_prefix(*line, "/sys/bus/")) {
			g_autofree char *path = g_strndup(*line, (gsize)(colon - *line));
			assert_names(kernel, path, colon + 2);
		} else if (**line == '/') {
			g_autofree char *path = g_strndup(*line, (gsize)(colon - *line));
			assert_value(kernel, path, colon + 2);
		}
	}
	assert_true(writes > 120);
}

typedef struct {
	SimKernel *kernel;
	GHashTable *seen; /* paths of the part at hand */
	char *path;       /* whose value is being gathered */
	GString *value;
	guint compared;
} Layout;

static void check_value(Layout *layout)
{
	if (!layout->path)
		return;
	g_autofree char *text = NULL;
	gssize n = sim_read(layout->kernel, layout->path, &text);
	if (n == -EIO) {
		assert_non_null(strstr(layout->value->str, "Input/output error"));
	} else {
		if (n < 0)
			fail_msg("%s: %s", layout->path, g_strerror((int)-n));
		g_strchomp(text);
		g_strchomp(layout->value->str);
		if (strcmp(text, layout->value->str) != 0)
			fail_msg("%s holds \"%s\", not \"%s\"", layout->path, text,
			         layout->value->str);
	}
	layout->compared++;
	g_clear_pointer(&layout->path, g_free);
	g_string_truncate(layout->value, 0);
}

static void check_target(Layout *layout, const char *path, const char *target)
{
	g_autofree char *text = NULL;
	assert_int_equal(sim_readlink(layout->kernel, path, &text), 0);
	if (strcmp(text, target) != 0)
		fail_msg("%s leads to %s, not %s", path, text, target);
	SimStat stat;
	assert_int_equal(sim_stat(layout->kernel, path, true, &stat), 0);
	layout->compared++;
}

/* "F 444 PATH rc=0", "F 200 PATH (write-only)", "L 777 PATH -> TARGET", "D 755 PATH", "? 600 PATH"
 */
static void check_path(Layout *layout, const char *line)
{
	static const char kinds[] = {
		[SIM_DIR] = 'D', [SIM_FILE] = 'F', [SIM_LINK] = 'L', [SIM_CHAR] = '?'
	};
	g_auto(GStrv) words = g_strsplit(line, " ", 5);
	const char *path = words[2];
	SimStat stat;
	if (sim_stat(layout->kernel, path, false, &stat) != 0)
		fail_msg("%s is missing", path);
	if (kinds[stat.kind] != *line || stat.mode != strtoul(words[1], NULL, 8))
		fail_msg("%s is %c %o", path, kinds[stat.kind], stat.mode);
	g_hash_table_add(layout->seen, g_strdup(path));
	if (stat.kind == SIM_LINK)
		check_target(layout, path, words[4]);
	if (stat.kind == SIM_FILE && g_str_has_prefix(words[3], "rc="))
		layout->path = g_strdup(path);
	else if (stat.kind == SIM_FILE)
		assert_int_equal(sim_read(layout->kernel, path, &(char *){ NULL }), -EACCES);
}

/* Nothing is there that the real one has not. */
static void check_no_more(Layout *layout, const char *path)
{
	SimStat stat;
	assert_int_equal(sim_stat(layout->kernel, path, false, &stat), 0);
	if (!g_hash_table_contains(layout->seen, path))
		fail_msg("%s is too much", path);
	if (stat.kind != SIM_DIR)
		return;
	g_auto(GStrv) names = NULL;
	assert_int_equal(sim_list(layout->kernel, path, &names), 0);
	for (char **name = names; *name; name++) {
		g_autofree char *child = g_build_filename(path, *name, NULL);
		check_no_more(layout, child);
	}
}

static void end_part(Layout *layout)
{
	static const char *const roots[] = { "/dev/vfio",
		                             "/sys/bus/mdev",
		                             "/sys/class/mdev_bus",
		                             "/sys/class/vfio-dev",
		                             "/sys/devices/virtual/mtty",
		                             "/sys/devices/virtual/mdpy",
		                             "/sys/devices/virtual/mbochs",
		                             "/sys/devices/virtual/vfio",
		                             "/sys/kernel/iommu_groups" };
	check_value(layout);
	for (guint i = 0; g_hash_table_size(layout->seen) > 0 && i < G_N_ELEMENTS(roots); i++)
		if (is_there(layout->kernel, roots[i]))
			check_no_more(layout, roots[i]);
	g_hash_table_remove_all(layout->seen);
}

static void test_layout(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("samples");
	g_auto(GStrv) lines = lines_of("layout.txt");
	Layout layout = { .kernel = kernel, .value = g_string_new(NULL) };
	layout.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, "      |")) {
			g_string_append_printf(layout.value, "%s\n", *line + MIN(strlen(*line), 8));
			continue;
		}
		check_value(&layout);
		if (g_str_has_prefix(*line, "#####")) {
			end_part(&layout);
		} else if (g_str_has_prefix(*line, "write(")) {
			end_part(&layout);
			replay_write(kernel, *line);
		} else if (**line && **line != '#') {
			check_path(&layout, *line);
		}
	}
	end_part(&layout);
	assert_true(layout.compared > 250); /* values and links of both parts */
	g_hash_table_destroy(layout.seen);
	g_string_free(layout.value, TRUE);
}

/* ---- events ---- */

static void note_event(const SimEvent *event, void *data)
{
	GString *text = data;
	g_string_append_printf(text, "ACTION=%s\nDEVPATH=%s\nSUBSYSTEM=%s\n", event->action,
	                       event->devpath, event->subsystem);
	for (const char *const *line = event->properties; *line; line++)
		if (!g_str_has_prefix(*line, "SEQNUM="))
			g_string_append_printf(text, "%s\n", *line);
}

static void create(SimKernel *kernel, const char *parent, const char *type, const char *uuid,
                   gssize wanted)
{
	g_autofree char *path = g_strdup_printf(
		"/sys/class/mdev_bus/%s/mdev_supported_types/%s/create", parent, type);
	assert_int_equal(put(kernel, path, uuid), wanted);
}

static gssize drop(SimKernel *kernel, const char *uuid)
{
	g_autofree char *path = g_strdup_printf(BUS "/%s/remove", uuid);
	return put(kernel, path, "1\n");
}

static void test_events(void **state)
{
	(void)state;
	static const char *const large[] = { "00000001-0000-4000-8000-00000000000f",
		                             "00000002-0000-4000-8000-00000000000f",
		                             "00000003-0000-4000-8000-00000000000f",
		                             "00000004-0000-4000-8000-00000000000f" };
	static const char *const small[] = { U1, U2, "33333333-3333-3333-3333-333333333333",
		                             "44444444-4444-4444-4444-444444444444" };
	g_autoptr(SimKernel) kernel = new_kernel("samples");
	g_autoptr(GString) heard = g_string_new(NULL), wanted = g_string_new(NULL);
	guint id = sim_listen(kernel, note_event, heard);
	create(kernel, "mtty", "mtty-1", small[0], 36);
	create(kernel, "mtty", "mtty-2", small[1], 36);
	create(kernel, "mdpy", "mdpy-vga", small[2], 36);
	create(kernel, "mbochs", "mbochs-small", small[3], 36);
	for (guint i = 0; i < 4; i++)
		assert_int_equal(drop(kernel, small[i]), 2);
	for (guint i = 0; i < 4; i++)
		create(kernel, "mbochs", "mbochs-large", large[i], 36);
	create(kernel, "mbochs", "mbochs-large", "0000ffff-0000-4000-8000-00000000000f", -ENOSPC);
	for (guint i = 0; i < 4; i++)
		assert_int_equal(drop(kernel, large[i]), 2);
	sim_unlisten(kernel, id);
	create(kernel, "mtty", "mtty-1", U1, 36);

	g_auto(GStrv) lines = lines_of("uevents.txt");
	for (char **line = lines; *line; line++)
		if (strchr(*line, '=') && !g_str_has_prefix(*line, "SEQNUM="))
			g_string_append_printf(wanted, "%s\n", *line);
	assert_string_equal(heard->str, wanted->str);
}

/* ---- held instances ---- */

typedef struct {
	SimKernel *kernel;
	GCancellable *cancel;
	gssize n;
} Removal;

static gpointer remove_in_thread(gpointer data)
{
	Removal *removal = data;
	removal->n = sim_write(removal->kernel, BUS "/" U1 "/remove", "1\n", 2, removal->cancel);
	return NULL;
}

static void start_guest(SimKernel *kernel)
{
	const char *devices[] = { U1, NULL };
	assert_int_equal(sim_guest_start(kernel, 4242, "web-7", devices), 0);
}

/* Waits until the removal got as far as it can. */
static void until_off_bus(SimKernel *kernel)
{
	gint64 end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	while (is_there(kernel, BUS "/" U1)) {
		if (g_get_monotonic_time() > end)
			fail_msg("it stays on the bus");
		g_thread_yield();
	}
}

static void test_remove_of_a_held_instance(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("mtty");
	create(kernel, "mtty", "mtty-1", U1, 36);
	create(kernel, "mtty", "mtty-2", U2, 36);
	start_guest(kernel);
	assert_int_equal(sim_open_device(kernel, "/dev/vfio/0"), -EBUSY);
	assert_int_equal(sim_open_device(kernel, "/dev/vfio/1"), 0);
	Removal removal = { kernel, NULL, 0 };
	GThread *thread = g_thread_new("remove", remove_in_thread, &removal);
	until_off_bus(kernel);
	/* As in the transcript: off the bus, its ports still taken, its name too. */
	assert_names(kernel, BUS, U2);
	assert_value(kernel, MTTY "/mtty-1/available_instances", "21");
	assert_value(kernel, MTTY "/mtty-2/available_instances", "10");
	create(kernel, "mtty", "mtty-1", U1, -EEXIST);
	assert_int_equal(drop(kernel, U1), -ENOENT);
	assert_true(is_there(kernel, "/dev/vfio/0"));
	assert_int_equal(sim_guest_stop(kernel, 4242), 0);
	g_thread_join(thread);
	assert_int_equal(removal.n, 2);
	assert_value(kernel, MTTY "/mtty-1/available_instances", "22");
	assert_false(is_there(kernel, "/dev/vfio/0"));
	create(kernel, "mtty", "mtty-1", U1, 36);
}

static void test_remove_given_up(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("mtty");
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	create(kernel, "mtty", "mtty-1", U1, 36);
	start_guest(kernel);
	Removal removal = { kernel, cancel, 0 };
	GThread *thread = g_thread_new("remove", remove_in_thread, &removal);
	until_off_bus(kernel);
	g_cancellable_cancel(cancel);
	g_thread_join(thread);
	assert_int_equal(removal.n, -EINTR);
	assert_value(kernel, MTTY "/mtty-1/available_instances", "23"); /* pending all the same */
	assert_int_equal(sim_guest_stop(kernel, 4242), 0);
	assert_value(kernel, MTTY "/mtty-1/available_instances", "24");
}

/* ---- injections ---- */

static void test_injections(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("mtty");
	g_autofree char *text = NULL;
	sim_inject(kernel, "create", "*/mtty-1/create", EACCES, 0, 1);
	create(kernel, "mtty", "mtty-1", U1, -EACCES);
	create(kernel, "mtty", "mtty-1", U1, 36);
	sim_inject(kernel, "read", "*available_instances", EIO, 0, 0);
	assert_int_equal(sim_read(kernel, MTTY "/mtty-1/available_instances", &text), -EIO);
	assert_int_equal(sim_read(kernel, MTTY "/mtty-2/available_instances", &text), -EIO);
	sim_mend(kernel);
	assert_value(kernel, MTTY "/mtty-1/available_instances", "23");
	sim_inject(kernel, "list", BUS, ENOMEM, 0, 1);
	assert_int_equal(sim_list(kernel, BUS, &(char **){ NULL }), -ENOMEM);
	assert_names(kernel, BUS, U1);
	sim_inject(kernel, "open", "/dev/vfio/*", EPERM, 0, 1);
	assert_int_equal(sim_open_device(kernel, "/dev/vfio/0"), -EPERM);
	assert_int_equal(sim_open_device(kernel, "/dev/vfio/0"), 0);
	sim_inject(kernel, "remove", "*", -1, 0, 1);
	gint64 soon = g_get_monotonic_time() + 20000;
	assert_int_equal(sim_write_until(kernel, BUS "/" U1 "/remove", "1\n", 2, soon, NULL),
	                 -ETIMEDOUT);
	assert_int_equal(drop(kernel, U1), 2);
}

static void test_slowness(void **state)
{
	(void)state;
	g_autoptr(SimKernel) kernel = new_kernel("mtty");
	sim_inject(kernel, "create", "*", 0, 30, 1);
	gint64 start = g_get_monotonic_time();
	create(kernel, "mtty", "mtty-1", U1, 36);
	assert_true(g_get_monotonic_time() - start >= 30000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_remove_of_a_held_instance),
		cmocka_unit_test(test_remove_given_up),
		cmocka_unit_test(test_injections),
		cmocka_unit_test(test_slowness),
	};
	int failed = cmocka_run_group_tests_name("simulate", tests, NULL, NULL);
	return failed + run_simulated_host_tests();
}
