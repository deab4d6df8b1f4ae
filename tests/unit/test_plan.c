// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans, made and run against a host that behaves like mtty. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/plan/plan.h"
#include "tests/unit/fake_host.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define U2 "22222222-2222-4222-8222-222222222222"

typedef struct {
	FakeHost *host;
	Backend *backend;
} Bed;

static int setup(void **state)
{
	Bed *bed = g_new0(Bed, 1);
	bed->host = fake_host_new(2);
	bed->backend = fake_backend_new(bed->host, "a", NULL);
	*state = bed;
	return 0;
}

static int teardown(void **state)
{
	Bed *bed = *state;
	backend_close(bed->backend);
	fake_host_free(bed->host);
	g_free(bed);
	return 0;
}

static Inventory *look(Bed *bed)
{
	g_autoptr(Facts) facts = backend_scan(bed->backend, SCAN_USERS, NULL, NULL);
	return inventory_new(facts);
}

static Plan *must_create(Bed *bed, const char *uuid, guint count)
{
	g_autoptr(Inventory) inventory = look(bed);
	g_autoptr(Problem) problem = NULL;
	Status status;
	Plan *plan = plan_create(inventory, "a", NULL, "mtty-1", uuid, count, &status, &problem);
	assert_non_null(plan);
	return plan;
}

static Status run_one(Bed *bed, const Plan *plan, bool *changed, char **text)
{
	g_autoptr(GPtrArray) results = plan_run(plan, bed->backend, NULL, NULL, NULL);
	assert_int_equal(results->len, plan->steps->len);
	StepResult *result = g_ptr_array_index(results, 0);
	if (changed)
		*changed = result->changed;
	if (text)
		*text = g_strdup(result->text);
	return result->ok ? STATUS_DONE : result->status;
}

static void test_create_shows_the_exact_write(void **state)
{
	g_autoptr(Plan) plan = must_create(*state, U1, 1);
	const Step *step = g_ptr_array_index(plan->steps, 0);
	g_autofree char *command = step_command(step);

	assert_string_equal(step->path,
	                    "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create");
	assert_string_equal(step->value, U1);
	assert_string_equal(command,
	                    "printf '%s\\n' '" U1 "' > "
	                    "'/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create'");
	assert_string_equal(step->undo->path, "/sys/bus/mdev/devices/" U1 "/remove");
}

static void test_create_twice_changes_once(void **state)
{
	g_autoptr(Plan) plan = must_create(*state, U1, 1);
	bool changed = false;

	assert_int_equal(run_one(*state, plan, &changed, NULL), STATUS_DONE);
	assert_true(changed);
	assert_int_equal(run_one(*state, plan, &changed, NULL), STATUS_DONE);
	assert_false(changed);
}

static void test_create_until_full(void **state)
{
	Bed *bed = *state;
	g_autoptr(Plan) plan = must_create(bed, NULL, 3);
	g_autoptr(GPtrArray) results = plan_run(plan, bed->backend, NULL, NULL, NULL);
	StepResult *last = g_ptr_array_index(results, 2);

	assert_true(((StepResult *)g_ptr_array_index(results, 1))->ok);
	assert_false(last->ok);
	assert_string_equal(last->problem->code, "ENOSPC");
	assert_non_null(strstr(last->text,
	                       "No space left on device (no capacity is left; types share it)"));
	assert_int_equal(bed->host->uuids->len, 2);
}

static void test_unprivileged(void **state)
{
	Bed *bed = *state;
	g_autoptr(Plan) plan = must_create(bed, U1, 1);
	bed->host->write_errno = EACCES;
	assert_int_equal(run_one(bed, plan, NULL, NULL), STATUS_PRIVILEGE);
}

static void test_unknown_names(void **state)
{
	g_autoptr(Inventory) inventory = look(*state);
	g_autoptr(Problem) no_parent = NULL, no_type = NULL;
	Status status;

	assert_null(plan_create(inventory, "a", "nope", "mtty-1", NULL, 1, &status, &no_parent));
	assert_int_equal(status, STATUS_NOT_FOUND);
	assert_null(plan_create(inventory, "a", "mtty", "mtty-9", NULL, 1, &status, &no_type));
	assert_int_equal(status, STATUS_NOT_FOUND);
	assert_string_equal(no_type->text, "mtty does not offer type mtty-9 (offers: mtty-1)");
}

static Plan *remove_one(Bed *bed, const char *uuid, bool force, Status *status, Problem **problem)
{
	g_autoptr(Inventory) inventory = look(bed);
	const char *const uuids[] = { uuid, NULL };
	return plan_remove(inventory, "a", uuids, force, false, status, problem);
}

static void test_remove_by_prefix(void **state)
{
	Bed *bed = *state;
	g_autoptr(Problem) problem = NULL;
	Status status;

	fake_host_add(bed->host, U1);
	fake_host_add(bed->host, U2);
	g_autoptr(Plan) plan = remove_one(bed, "2222", false, &status, &problem);
	assert_non_null(plan);
	assert_int_equal(run_one(bed, plan, NULL, NULL), STATUS_DONE);
	assert_int_equal(bed->host->uuids->len, 1);
	assert_int_equal(run_one(bed, plan, NULL, NULL), STATUS_NOT_FOUND); /* gone by then */
}

static void test_in_use_is_refused_by_name(void **state)
{
	Bed *bed = *state;
	g_autoptr(Problem) plain = NULL, forced = NULL;
	Status status;

	fake_host_add(bed->host, U1);
	bed->host->held = U1;
	assert_null(remove_one(bed, U1, false, &status, &plain));
	assert_int_equal(status, STATUS_REFUSED);
	assert_string_equal(plain->text, U1 " is in use by pid 4242 (web-7)");
	assert_null(remove_one(bed, U1, true, &status, &forced)); /* --force does not lift this */
}

static void test_unproved_needs_force(void **state)
{
	Bed *bed = *state;
	g_autoptr(Problem) problem = NULL;
	Status status;

	fake_host_add(bed->host, U1);
	bed->host->hidden = true;
	assert_null(remove_one(bed, U1, false, &status, &problem));
	assert_int_equal(status, STATUS_REFUSED);
	g_autoptr(Plan) plan = remove_one(bed, U1, true, &status, NULL);
	assert_non_null(plan);
	assert_int_equal(run_one(bed, plan, NULL, NULL), STATUS_DONE);
}

static void test_taken_between_plan_and_run(void **state)
{
	Bed *bed = *state;
	g_autoptr(Problem) problem = NULL;
	Status status;

	fake_host_add(bed->host, U1);
	g_autoptr(Plan) plan = remove_one(bed, U1, false, &status, &problem);
	bed->host->open_errno = EBUSY;
	assert_int_equal(run_one(bed, plan, NULL, NULL), STATUS_REFUSED);
	assert_int_equal(bed->host->uuids->len, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_create_shows_the_exact_write),
		TEST(test_create_twice_changes_once),
		TEST(test_create_until_full),
		TEST(test_unprivileged),
		TEST(test_unknown_names),
		TEST(test_remove_by_prefix),
		TEST(test_in_use_is_refused_by_name),
		TEST(test_unproved_needs_force),
		TEST(test_taken_between_plan_and_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
