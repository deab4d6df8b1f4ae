// SPDX-License-Identifier: GPL-2.0-or-later
/* The fleet: a host that hangs or dies costs its own row only, and comes back by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/fleet.h"
#include "tests/unit/fake_host.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define DEADLINE_US (20 * G_USEC_PER_SEC)

static FakeHost *hosts[2];

static Backend *open_fake(const HostAddress *address, const BackendOptions *options)
{
	return fake_backend_new(hosts[g_str_equal(address->label, "b")], address->label, options);
}

static void wake(void *data)
{
	(void)data;
	g_main_context_wakeup(NULL);
}

static int setup(void **state)
{
	BackendOptions options = { .connect_timeout_ms = 1000, .deadline_ms = 1000 };

	hosts[0] = fake_host_new(4);
	hosts[1] = fake_host_new(4);
	*state = fleet_new(open_fake, &options, wake, NULL);
	return 0;
}

static int teardown(void **state)
{
	fleet_free(*state);
	fake_host_free(hosts[0]);
	fake_host_free(hosts[1]);
	return 0;
}

static void add(Fleet *fleet, const char *label)
{
	fleet_set_visible(fleet, fleet_add(fleet, host_address_parse(label, NULL)), true);
}

typedef bool (*ViewTest)(const HostView *view);

static bool is_up(const HostView *view)
{
	return view->state == HOST_UP;
}
static bool is_down(const HostView *view)
{
	return view->state == HOST_DOWN;
}
static bool is_stale(const HostView *view)
{
	return view->state == HOST_STALE;
}
static bool is_asking(const HostView *view)
{
	return view->question_id != 0;
}
static bool has_one(const HostView *view)
{
	return view->inventory && view->inventory->instances->len == 1;
}

static void eventually(Fleet *fleet, guint host, ViewTest holds)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_US;

	while (g_get_monotonic_time() < until) {
		g_auto(HostView) view = { 0 };
		fleet_view(fleet, host, &view);
		if (holds(&view))
			return;
		g_usleep(10000);
	}
	fail_msg("host %u did not get there", host);
}

static void test_hung_host_hangs_alone(void **state)
{
	Fleet *fleet = *state;

	fake_host_set(hosts[1], &hosts[1]->hang, true);
	add(fleet, "a");
	add(fleet, "b");
	eventually(fleet, 0, is_up);
	fake_host_add(hosts[0], U1);
	eventually(fleet, 0, has_one);
	g_auto(HostView) view = { 0 };
	fleet_view(fleet, 1, &view);
	assert_int_equal(view.state, HOST_CONNECTING);
	fake_host_set(hosts[1], &hosts[1]->hang, false);
	eventually(fleet, 1, is_up);
}

static void test_stale_and_back(void **state)
{
	Fleet *fleet = *state;

	add(fleet, "a");
	eventually(fleet, 0, is_up);
	fake_host_set(hosts[0], &hosts[0]->refuse, true);
	eventually(fleet, 0, is_stale);
	g_auto(HostView) view = { 0 };
	fleet_view(fleet, 0, &view);
	assert_non_null(view.inventory); /* what was seen stays */
	assert_string_equal(view.error_code, "UNREACHABLE");
	fake_host_set(hosts[0], &hosts[0]->refuse, false);
	eventually(fleet, 0, is_up);
}

static void test_frozen_host_turns_stale_before_its_deadline(void **state)
{
	Fleet *fleet = *state;

	add(fleet, "a");
	eventually(fleet, 0, is_up);
	fake_host_set(hosts[0], &hosts[0]->hang, true);
	eventually(fleet, 0, is_stale);
	fake_host_set(hosts[0], &hosts[0]->hang, false);
	eventually(fleet, 0, is_up);
}

static void test_down_from_the_start(void **state)
{
	fake_host_set(hosts[0], &hosts[0]->refuse, true);
	add(*state, "a");
	eventually(*state, 0, is_down);
	fake_host_set(hosts[0], &hosts[0]->refuse, false);
	eventually(*state, 0, is_up);
}

static FleetReply *next_reply(Fleet *fleet)
{
	FleetReply *reply = NULL;
	for (gint64 until = g_get_monotonic_time() + DEADLINE_US;
	     !reply && g_get_monotonic_time() < until; g_usleep(10000))
		reply = fleet_reply(fleet);
	assert_non_null(reply);
	return reply;
}

static void test_plan_ends_in_one_reply(void **state)
{
	Fleet *fleet = *state;
	g_autoptr(Problem) problem = NULL;
	Status status;

	add(fleet, "a");
	eventually(fleet, 0, is_up);
	g_auto(HostView) view = { 0 };
	fleet_view(fleet, 0, &view);
	Plan *plan = plan_create(view.inventory, "a", "mtty", "mtty-1", U1, 1, &status, &problem);
	guint64 id = fleet_run(fleet, 0, plan);
	FleetReply *reply = next_reply(fleet);
	assert_int_equal(reply->id, id);
	assert_true(((StepResult *)g_ptr_array_index(reply->results, 0))->ok);
	fleet_reply_free(reply);
	eventually(fleet, 0, has_one); /* seen already when the reply comes */
	assert_null(fleet_reply(fleet));
}

static void test_question_declined_is_not_asked_again(void **state)
{
	Fleet *fleet = *state;

	hosts[0]->ask = true;
	add(fleet, "a");
	eventually(fleet, 0, is_asking);
	g_auto(HostView) view = { 0 };
	fleet_view(fleet, 0, &view);
	fleet_answer(fleet, 0, view.question_id, NULL);
	eventually(fleet, 0, is_down);
	g_auto(HostView) down = { 0 };
	fleet_view(fleet, 0, &down);
	assert_string_equal(down.error_code, "HOSTKEY");
	assert_int_equal(down.question_id, 0);
	fleet_refresh(fleet, 0); /* the operator asks for another try: then it may ask */
	eventually(fleet, 0, is_asking);
	g_auto(HostView) again = { 0 };
	fleet_view(fleet, 0, &again);
	fleet_answer(fleet, 0, again.question_id, "yes");
	eventually(fleet, 0, is_up);
}

static bool is_paused(const HostView *view)
{
	return view->state == HOST_PAUSED;
}

static void test_paused_host_is_left_alone_and_comes_back(void **state)
{
	Fleet *fleet = *state;
	g_autoptr(Problem) problem = NULL;
	Status status;

	add(fleet, "a");
	add(fleet, "b");
	eventually(fleet, 0, is_up);
	fleet_pause(fleet, 0);
	eventually(fleet, 0, is_paused);
	g_auto(HostView) view = { 0 };
	fleet_view(fleet, 0, &view);
	assert_non_null(view.inventory); /* what was seen stays */
	Plan *plan = plan_create(view.inventory, "a", "mtty", "mtty-1", U1, 1, &status, &problem);
	guint64 id = fleet_run(fleet, 0, plan);
	g_autoptr(FleetReply) reply = next_reply(fleet);
	assert_int_equal(reply->id, id);
	assert_non_null(reply->problem);
	assert_int_equal(hosts[0]->uuids->len, 0);
	guint scans = fake_host_scans(hosts[0]), others = fake_host_scans(hosts[1]);
	while (fake_host_scans(hosts[1]) < others + 3)
		g_usleep(10000);
	assert_int_equal(fake_host_scans(hosts[0]), scans);
	fleet_resume(fleet, 0);
	eventually(fleet, 0, is_up);
}

static void test_pause_cuts_a_hung_request(void **state)
{
	Fleet *fleet = *state;

	fake_host_set(hosts[0], &hosts[0]->hang, true);
	add(fleet, "a");
	fleet_pause(fleet, 0);
	eventually(fleet, 0, is_paused);
	fake_host_set(hosts[0], &hosts[0]->hang, false);
	fleet_resume(fleet, 0);
	eventually(fleet, 0, is_up);
}

static void test_forgotten_host_keeps_the_indices_of_others(void **state)
{
	Fleet *fleet = *state;

	add(fleet, "a");
	add(fleet, "b");
	eventually(fleet, 0, is_up);
	eventually(fleet, 1, is_up);
	fleet_forget(fleet, 0);
	g_auto(HostView) view = { 0 };
	fleet_view(fleet, 0, &view);
	assert_int_equal(view.state, HOST_FORGOTTEN);
	assert_null(view.inventory);
	assert_int_equal(fleet_find(fleet, "a"), -1);
	assert_int_equal(fleet_find(fleet, "b"), 1);
	add(fleet, "a"); /* the label is free again */
	assert_int_equal(fleet_find(fleet, "a"), 2);
	eventually(fleet, 2, is_up);
	eventually(fleet, 1, is_up);
}

/* Black holes before it in the list: what is on screen is asked at once, the rest soon after. */
#define HOLES 60

static Backend *open_hole(const HostAddress *address, const BackendOptions *options)
{
	bool hole = g_str_has_prefix(address->label, "hole");
	return fake_backend_new(hosts[hole], address->label, options);
}

static void test_black_holes_hold_up_nobody(void **state)
{
	BackendOptions options = { .connect_timeout_ms = 60000, .deadline_ms = 60000 };
	Fleet *fleet = fleet_new(open_hole, &options, wake, NULL);

	(void)state;
	fake_host_set(hosts[1], &hosts[1]->hang, true);
	for (guint i = 0; i < HOLES; i++) {
		g_autofree char *label = g_strdup_printf("hole%u", i);
		fleet_add(fleet, host_address_parse(label, NULL));
	}
	guint hidden = fleet_add(fleet, host_address_parse("hidden", NULL));
	guint seen = fleet_add(fleet, host_address_parse("seen", NULL));
	fleet_set_visible(fleet, seen, true);
	eventually(fleet, seen, is_up);
	eventually(fleet, hidden, is_up);
	fleet_free(fleet);
	fake_host_set(hosts[1], &hosts[1]->hang, false);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_hung_host_hangs_alone),
		TEST(test_stale_and_back),
		TEST(test_frozen_host_turns_stale_before_its_deadline),
		TEST(test_down_from_the_start),
		TEST(test_plan_ends_in_one_reply),
		TEST(test_question_declined_is_not_asked_again),
		TEST(test_paused_host_is_left_alone_and_comes_back),
		TEST(test_pause_cuts_a_hung_request),
		TEST(test_forgotten_host_keeps_the_indices_of_others),
		TEST(test_black_holes_hold_up_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
