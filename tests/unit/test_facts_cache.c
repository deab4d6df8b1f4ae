// SPDX-License-Identifier: GPL-2.0-or-later
/* The cache: what a host said last is shown before it answers, to its owner alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/facts_cache.h"
#include "core/fleet.h"
#include "tests/unit/fake_host.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define DEADLINE_US (20 * G_USEC_PER_SEC)

static char *folder;
static FakeHost *host;

static int setup(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("mdevcon-cache.XXXXXX", NULL);
	host = fake_host_new(4);
	fake_host_add(host, U1);
	return folder ? 0 : -1;
}

static int teardown(void **state)
{
	const char *argv[] = { "rm", "-rf", "--", folder, NULL };

	(void)state;
	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
	             NULL);
	g_clear_pointer(&folder, g_free);
	fake_host_free(host);
	return 0;
}

static char *path_of(const char *name)
{
	return g_build_filename(folder, "facts", name, NULL);
}

static mode_t mode_of(const char *path)
{
	GStatBuf st;

	assert_int_equal(g_stat(path, &st), 0);
	return st.st_mode & 07777;
}

static Facts *some_facts(void)
{
	Facts *facts = facts_new();

	facts_set_note(facts, "source", "live");
	facts_set_note(facts, "users", "yes");
	facts_add_text(facts, FACT_VALUE, "/etc/machine-id", "0123", -1);
	facts_add_text(facts, FACT_LINK, "/proc/42/fd/5", "/dev/vfio/1", -1);
	facts_add_text(facts, FACT_VALUE, "/proc/42/cmdline", "qemu\n-name\nsecret-guest", -1);
	return facts;
}

static bool save(FactsCache *cache, const char *address)
{
	g_autoptr(HostAddress) parsed = host_address_parse(address, NULL);
	g_autoptr(Facts) facts = some_facts();

	return facts_cache_save(cache, parsed, facts);
}

static Facts *load(FactsCache *cache, const char *address)
{
	g_autoptr(HostAddress) parsed = host_address_parse(address, NULL);
	gint64 true_at = 0;

	return facts_cache_load(cache, parsed, &true_at);
}

static void test_kept_for_its_owner_alone(void **state)
{
	(void)state;
	g_autoptr(FactsCache) cache = facts_cache_open(folder);
	g_autofree char *dir = path_of(NULL), *file = path_of("a");

	assert_true(save(cache, "a"));
	assert_int_equal(mode_of(dir), 0700);
	assert_int_equal(mode_of(file), 0600);
	g_autoptr(Facts) facts = load(cache, "a");
	assert_string_equal(facts_text(facts, "/etc/machine-id").s, "0123");
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	assert_null(strstr(text, "/proc/42")); /* nothing of processes */
	assert_null(facts_note(facts, "users"));
}

static void test_another_host_of_that_label_is_not_shown(void **state)
{
	(void)state;
	g_autoptr(FactsCache) cache = facts_cache_open(folder);
	static const char *const others[] = { "a=b", "a=root@a", "a=ssh://a:2222", "A" };

	assert_true(save(cache, "a"));
	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		assert_null(load(cache, others[i]));
	g_autoptr(Facts) same = load(cache, "a=a");
	assert_non_null(same);
}

static void test_labels_stay_inside_the_folder(void **state)
{
	(void)state;
	g_autoptr(FactsCache) cache = facts_cache_open(folder);
	static const char *const labels[] = { "..=a", ".=a", "%2E.=a", "a:b%c=a", ".new-1-1=a" };
	guint files = 0;

	for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
		assert_true(save(cache, labels[i]));
	g_autofree char *dir = path_of(NULL), *long_label = g_strnfill(240, '%');
	g_autofree char *too_long = g_strconcat(long_label, "=a", NULL);
	assert_false(save(cache, too_long));
	g_autoptr(GDir) list = g_dir_open(dir, 0, NULL);
	for (const char *name; (name = g_dir_read_name(list)); files++)
		assert_true(*name != '.');
	assert_int_equal(files, G_N_ELEMENTS(labels));
	assert_int_equal(g_access(folder, F_OK), 0);
}

static void test_what_is_not_ours_is_not_read(void **state)
{
	(void)state;
	g_autoptr(FactsCache) cache = facts_cache_open(folder);
	g_autofree char *file = path_of("a"), *real = path_of("b"), *dir = path_of(NULL);

	assert_true(save(cache, "a"));
	assert_int_equal(g_rename(file, real), 0);
	assert_int_equal(symlink(real, file), 0);
	assert_null(load(cache, "a")); /* a link */
	assert_int_equal(g_unlink(file), 0);
	assert_int_equal(mkfifo(file, 0600), 0);
	assert_null(load(cache, "a")); /* which would hang */
	assert_int_equal(g_unlink(file), 0);
	assert_int_equal(g_rename(real, file), 0);
	assert_int_equal(g_chmod(file, 0644), 0);
	assert_null(load(cache, "a")); /* others may have read it, or given it away */
	assert_int_equal(g_chmod(file, 0600), 0);
	g_autoptr(Facts) facts = load(cache, "a");
	assert_non_null(facts);
	assert_true(g_file_set_contents(file, "mdevcon-facts 1\nv /x", -1, NULL));
	assert_null(load(cache, "a")); /* cut off */
	assert_int_equal(g_chmod(dir, 0755), 0);
	assert_null(facts_cache_open(folder));
}

/* --- in the fleet --------------------------------------------------------------------------- */

static Backend *open_fake(const HostAddress *address, const BackendOptions *options)
{
	return fake_backend_new(host, address->label, options);
}

static void wake(void *data)
{
	(void)data;
}

static Fleet *start(const char *address)
{
	BackendOptions options = { .connect_timeout_ms = 1000, .deadline_ms = 1000 };
	Fleet *fleet = fleet_new(open_fake, &options, wake, NULL);

	fleet_use_cache(fleet, folder);
	fleet_set_visible(fleet, fleet_add(fleet, host_address_parse(address, NULL)), true);
	return fleet;
}

static void wait_for(Fleet *fleet, HostState state, bool cached)
{
	for (gint64 until = g_get_monotonic_time() + DEADLINE_US; g_get_monotonic_time() < until;
	     g_usleep(5000)) {
		g_auto(HostView) view = { 0 };
		fleet_view(fleet, 0, &view);
		if (view.state == state && view.cached == cached)
			return;
	}
	fail_msg("the host never was in state %d", state);
}

static void run_once(void)
{
	Fleet *fleet = start("a");

	wait_for(fleet, HOST_UP, false);
	fleet_free(fleet);
}

static void test_shown_before_the_host_answers(void **state)
{
	(void)state;
	run_once();
	fake_host_set(host, &host->hang, true);
	Fleet *fleet = start("a");
	wait_for(fleet, HOST_STALE, true);
	g_auto(HostView) view = { 0 };
	fleet_view(fleet, 0, &view);
	assert_int_equal(view.inventory->instances->len, 1);
	assert_true(view.age_us >= 0);
	const Instance *instance = g_ptr_array_index(view.inventory->instances, 0);
	assert_int_equal(instance->in_use, TRI_UNKNOWN);
	fake_host_set(host, &host->hang, false);
	wait_for(fleet, HOST_UP, false);
	fleet_free(fleet);
}

static void test_another_address_starts_empty(void **state)
{
	(void)state;
	run_once();
	fake_host_set(host, &host->refuse, true);
	Fleet *fleet = start("a=elsewhere");
	wait_for(fleet, HOST_DOWN, false);
	fleet_free(fleet);
}

static void test_forgotten_on_disk_too(void **state)
{
	(void)state;
	g_autofree char *file = path_of("a");
	Fleet *fleet = start("a");

	wait_for(fleet, HOST_UP, false);
	fleet_forget(fleet, 0);
	fleet_free(fleet); /* waits for the worker */
	assert_int_not_equal(g_access(file, F_OK), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_kept_for_its_owner_alone),
		TEST(test_another_host_of_that_label_is_not_shown),
		TEST(test_labels_stay_inside_the_folder),
		TEST(test_what_is_not_ours_is_not_read),
		TEST(test_shown_before_the_host_answers),
		TEST(test_another_address_starts_empty),
		TEST(test_forgotten_on_disk_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
