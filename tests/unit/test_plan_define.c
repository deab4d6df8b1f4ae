// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans about definitions: by the host's mdevctl, by ourselves, and back again. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/plan/definition_text.h"
#include "core/plan/plan.h"
#include "core/plan/plan_json.h"
#include "core/simulate/backend_sim.h"
#include "tests/unit/fake_host.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define FILE_U1 "/etc/mdevctl.d/mtty/" U1

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

static int setup_mdevctl(void **state)
{
	setup(state);
	((Bed *)*state)->host->has_mdevctl = true;
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

static GArray *attrs_of(const char *const *pairs)
{
	GArray *attrs = g_array_new(FALSE, FALSE, sizeof(Attr));
	for (; pairs[0]; pairs += 2) {
		Attr attr = { pairs[0], pairs[1] };
		g_array_append_val(attrs, attr);
	}
	return attrs;
}

#define ATTRS(...) attrs_of((const char *const[]){ __VA_ARGS__, NULL })
#define NO_ATTRS attrs_of((const char *const[]){ NULL })

static Plan *must_define(Bed *bed, const GArray *attrs, bool start)
{
	g_autoptr(Inventory) inventory = look(bed);
	g_autoptr(Problem) problem = NULL;
	DefineWish wish = { .type = "mtty-1", .uuid = U1, .attrs = attrs, .start = start };
	Status status;
	Plan *plan = plan_define(inventory, "a", &wish, &status, &problem);
	assert_non_null(plan);
	return plan;
}

/* Makes the plan of the definition of U1, which must be there. */
static Plan *of_u1(Bed *bed, Inventory **inventory, const Definition **definition)
{
	*inventory = look(bed);
	*definition = inventory_definition(*inventory, "mtty", U1);
	assert_non_null(*definition);
	return NULL;
}

static Status run_plan(Bed *bed, const Plan *plan, bool *changed)
{
	g_autoptr(GPtrArray) results = plan_run(plan, bed->backend, NULL, NULL, NULL);
	Status statuses[16];

	assert_int_equal(results->len, plan->steps->len);
	*changed = false;
	for (guint i = 0; i < results->len; i++) {
		const StepResult *result = g_ptr_array_index(results, i);
		*changed |= result->changed;
		statuses[i] = result->ok ? STATUS_DONE : result->status;
	}
	return status_combine(statuses, results->len);
}

static void must_run(Bed *bed, const Plan *plan)
{
	bool changed = false;
	assert_int_equal(run_plan(bed, plan, &changed), STATUS_DONE);
	assert_true(changed);
}

static const char *file_u1(Bed *bed)
{
	return g_hash_table_lookup(bed->host->definitions, FILE_U1);
}

static const char *last_run(Bed *bed)
{
	return bed->host->ran->len ? g_ptr_array_index(bed->host->ran, bed->host->ran->len - 1)
	                           : "";
}

static const Step *step_of(const Plan *plan, guint i)
{
	assert_true(i < plan->steps->len);
	return g_ptr_array_index(plan->steps, i);
}

static void test_define_by_ourselves(void **state)
{
	Bed *bed = *state;
	g_autoptr(GArray) attrs = ATTRS("a", "1", "b", "2", "a", "3");
	g_autoptr(Plan) plan = must_define(bed, attrs, false);
	bool changed = true;

	assert_string_equal(step_of(plan, 0)->path, FILE_U1);
	assert_null(step_of(plan, 0)->argv);
	assert_null(step_of(plan, 0)->undo->value); /* the way back removes the file */
	must_run(bed, plan);
	/* as mdevctl 1.2.0 writes it */
	assert_string_equal(file_u1(bed),
	                    "{\n  \"mdev_type\": \"mtty-1\",\n  \"start\": \"manual\",\n"
	                    "  \"attrs\": [\n    {\n      \"a\": \"1\"\n    },\n    {\n"
	                    "      \"b\": \"2\"\n    },\n    {\n      \"a\": \"3\"\n    }\n  ]\n}");
	assert_int_equal(bed->host->ran->len, 0);
	assert_int_equal(run_plan(bed, plan, &changed), STATUS_DONE); /* again: nothing to do */
	assert_false(changed);
}

static void test_define_by_mdevctl(void **state)
{
	Bed *bed = *state;
	g_autoptr(GArray) attrs = ATTRS("a", "it's");
	g_autoptr(Plan) plan = must_define(bed, attrs, true);
	g_autofree char *command = step_command(step_of(plan, 0));

	assert_string_equal(
		command,
		"printf %s '{\"mdev_type\": \"mtty-1\", \"start\": \"manual\", \"attrs\": [{\"a\": "
		"\"it'\\''s\"}]}' | /usr/sbin/mdevctl define --uuid " U1
		" --parent mtty --jsonfile /dev/stdin");
	must_run(bed, plan);
	assert_string_equal(last_run(bed), "/usr/sbin/mdevctl start --uuid " U1 " --parent mtty");
	assert_int_equal(bed->host->uuids->len, 1);
	assert_string_equal(step_of(plan, 1)->undo->argv[1], "stop");
}

/* What a callout script says when it refuses is what the operator reads. */
static void test_callout_refuses(void **state)
{
	Bed *bed = *state;
	g_autoptr(Plan) plan = must_define(bed, NULL, false);

	bed->host->run_says = "site.sh: not in this rack\nError: callout script failed\n";
	g_autoptr(GPtrArray) results = plan_run(plan, bed->backend, NULL, NULL, NULL);
	const StepResult *result = g_ptr_array_index(results, 0);
	assert_false(result->ok);
	assert_non_null(
		strstr(result->text, "site.sh: not in this rack; Error: callout script failed"));
}

/* Half a device is not left behind: the second attribute fails, the instance goes. */
static void test_start_is_undone(void **state)
{
	Bed *bed = *state;
	g_autoptr(GArray) attrs = ATTRS("good", "1", "bad", "2", "never", "3");
	g_autoptr(Plan) plan = must_define(bed, attrs, true);

	assert_int_equal(plan->steps->len, 5);
	g_autoptr(GPtrArray) results = plan_run(plan, bed->backend, NULL, NULL, NULL);
	assert_string_equal(((StepResult *)g_ptr_array_index(results, 0))->problem->code, "UNDONE");
	assert_string_equal(((StepResult *)g_ptr_array_index(results, 1))->problem->code, "UNDONE");
	assert_string_equal(((StepResult *)g_ptr_array_index(results, 3))->problem->code, "EINVAL");
	assert_string_equal(((StepResult *)g_ptr_array_index(results, 4))->problem->code,
	                    "SKIPPED");
	for (guint i = 0; i < results->len; i++)
		assert_false(((StepResult *)g_ptr_array_index(results, i))->changed);
	assert_int_equal(bed->host->uuids->len, 0);
	assert_null(file_u1(bed));
}

/* Of a plan over many, only what is chained to the failure goes; with roll_back, everything. */
static void test_roll_back(void **state)
{
	Bed *bed = *state;
	g_autoptr(Inventory) inventory = look(bed);
	Status status;

	for (guint all = 0; all < 2; all++) {
		g_autoptr(Plan) plan =
			plan_create(inventory, "a", "mtty", "mtty-1", NULL, 4, &status, NULL);
		plan->roll_back = all;
		g_autoptr(GPtrArray) results = plan_run(plan, bed->backend, NULL, NULL, NULL);
		assert_int_equal(bed->host->uuids->len, all ? 0 : 2); /* of two ports */
		g_ptr_array_set_size(bed->host->uuids, 0);
	}
}

static void test_unknown_keys_stay(void **state)
{
	Bed *bed = *state;
	const Definition *definition;
	g_autoptr(Inventory) inventory = NULL;
	Status status;

	g_hash_table_insert(
		bed->host->definitions, g_strdup(FILE_U1),
		g_strdup("{\"x\":{\"y\":[1]},\"mdev_type\":\"mtty-1\","
	                 "\"attrs\":[{\"b\":\"2\"},{\"a\":\"1\"}],\"start\":\"manual\"}"));
	of_u1(bed, &inventory, &definition);
	g_autoptr(Plan) plan = plan_autostart(inventory, "a", definition, true, &status, NULL);
	must_run(bed, plan);
	const char *text = file_u1(bed);
	assert_non_null(strstr(text, "\"y\""));
	assert_non_null(strstr(text, "\"start\": \"auto\""));
	assert_true(strstr(text, "\"b\"") < strstr(text, "\"a\""));
	/* and back */
	g_autoptr(GPtrArray) done =
		g_ptr_array_new_with_free_func((GDestroyNotify)step_result_free);
	StepResult *result = g_new0(StepResult, 1);
	result->changed = true;
	g_ptr_array_add(done, result);
	g_autoptr(Plan) back = plan_undo(plan, done);
	must_run(bed, back);
	assert_non_null(strstr(file_u1(bed), "\"start\": \"manual\""));
}

/* Somebody else changed it since the plan was made: nothing is overwritten. */
static void test_changed_since(void **state)
{
	Bed *bed = *state;
	const Definition *definition;
	g_autoptr(Inventory) inventory = NULL;
	Status status;
	bool changed = true;
	g_autoptr(Plan) plan = must_define(bed, NULL, false);

	must_run(bed, plan);
	of_u1(bed, &inventory, &definition);
	g_autoptr(Plan) undefine = plan_undefine(inventory, "a", definition, &status, NULL);
	g_hash_table_insert(bed->host->definitions, g_strdup(FILE_U1),
	                    g_strdup("{\"mdev_type\":\"mtty-9\",\"start\":\"auto\",\"attrs\":[]}"));
	assert_int_equal(run_plan(bed, undefine, &changed), STATUS_REFUSED);
	assert_false(changed);
	assert_non_null(file_u1(bed));
}

static void test_attr_edits(void **state)
{
	static const struct {
		const char *from[9], *to[9];
		guint steps;
	} cases[] = {
		{ { NULL }, { "a", "1", "b", "2", NULL }, 2 },
		{ { "a", "1", "b", "2", NULL }, { NULL }, 2 },
		{ { "a", "1", "a", "2", "a", "3", NULL }, { "a", "1", "a", "3", NULL }, 1 },
		{ { "a", "1", "c", "3", NULL }, { "a", "1", "b", "2", "c", "3", NULL }, 1 },
		{ { "a", "1", "a", "1", NULL }, { "a", "1", "a", "1", "a", "1", NULL }, 1 },
		{ { "a", "1", "b", "2", NULL }, { "a", "9", "b", "2", NULL }, 2 },
		{ { "a", "1", NULL }, { "a", "1", NULL }, 1 }, /* the step that says: so already */
	};
	Bed *bed = *state;

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GArray) from = attrs_of(cases[i].from);
		g_autoptr(GArray) to = attrs_of(cases[i].to);
		const Definition *definition;
		g_autoptr(Inventory) inventory = NULL;
		Status status;
		g_hash_table_remove_all(bed->host->definitions);
		g_autoptr(Plan) plan = must_define(bed, from, false);
		must_run(bed, plan);
		of_u1(bed, &inventory, &definition);
		g_autoptr(Plan) edits = plan_attrs(inventory, "a", definition, to, &status, NULL);
		assert_int_equal(edits->steps->len, cases[i].steps);
		/* one edit each, so that each is one command of mdevctl */
		for (guint s = 0; s < edits->steps->len; s++)
			assert_true(cases[i].steps == 1 || step_of(edits, s)->argv != NULL);
		/* together they lead to what is wanted */
		g_autofree char *wanted = definition_text("mtty-1", false, to);
		assert_string_equal(step_of(edits, edits->steps->len - 1)->after, wanted);
	}
}

static void test_bad_attrs(void **state)
{
	static const char *const bad[][2] = {
		{ "../remove", "1" }, { "a", "1\n2" },         { "", "1" },
		{ "a b", "1" },       { "a", "\xe2\x80\xae" },
	};
	Bed *bed = *state;
	g_autoptr(Inventory) inventory = look(bed);

	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		const char *const pair[] = { bad[i][0], bad[i][1], NULL };
		g_autoptr(GArray) attrs = attrs_of(pair);
		g_autoptr(Problem) problem = NULL;
		DefineWish wish = { .type = "mtty-1", .uuid = U1, .attrs = attrs, .start = true };
		Status status;
		assert_null(plan_define(inventory, "a", &wish, &status, &problem));
		assert_true(status == STATUS_USAGE || status == STATUS_REFUSED);
	}
}

/* A device in use is not stopped, whoever would stop it. */
static void test_stop_in_use(void **state)
{
	Bed *bed = *state;
	const Definition *definition;
	g_autoptr(Inventory) inventory = NULL;
	g_autoptr(Problem) problem = NULL;
	g_autoptr(Plan) plan = must_define(bed, NULL, true);
	Status status;
	bool changed;

	must_run(bed, plan);
	of_u1(bed, &inventory, &definition);
	g_autoptr(Plan) stop = plan_stop(inventory, "a", definition, false, &status, NULL);
	bed->host->held = U1;
	assert_int_equal(run_plan(bed, stop, &changed), STATUS_REFUSED);
	g_autoptr(Inventory) held = look(bed);
	assert_null(plan_stop(held, "a", inventory_definition(held, "mtty", U1), true, &status,
	                      &problem));
	assert_int_equal(status, STATUS_REFUSED);
	assert_int_equal(bed->host->uuids->len, 1);
	bed->host->held = NULL;
	must_run(bed, stop);
	assert_int_equal(bed->host->uuids->len, 0);
	assert_non_null(file_u1(bed));
}

#define FUNCTION "0000:41:00.4"
#define SIM "vgpu", "nvidia-vendor"

/* Sets the type of FUNCTION from `before` to `wanted` on a simulated host. */
static Status set_type(guint before, guint wanted, bool *changed)
{
	g_autoptr(Backend) backend = backend_sim_new(SIM, NULL);
	g_autoptr(Facts) facts = backend_scan(backend, SCAN_USERS, NULL, NULL);
	g_autoptr(Inventory) inventory = inventory_new(facts);
	Bed bed = { .backend = backend };
	Status status;
	g_autoptr(Plan) plan =
		plan_vf_type(inventory, "vgpu", FUNCTION, before, wanted, &status, NULL);
	return run_plan(&bed, plan, changed);
}

static void test_vf_type(void **state)
{
	Bed *bed = *state;
	g_autoptr(Inventory) inventory = look(bed);
	g_autoptr(Problem) problem = NULL;
	Status status;
	bool changed = false;
	g_autoptr(Plan) plan = plan_vf_type(inventory, "a", FUNCTION, 0, 1155, &status, NULL);

	assert_string_equal(step_of(plan, 0)->path,
	                    "/sys/bus/pci/devices/" FUNCTION "/nvidia/current_vgpu_type");
	assert_string_equal(step_of(plan, 0)->value, "1155");
	assert_string_equal(step_of(plan, 0)->undo->value, "0");
	assert_int_equal(run_plan(bed, plan, &changed), STATUS_NOT_FOUND); /* no such function */
	assert_null(plan_vf_type(inventory, "a", "../x", 0, 1155, &status, &problem));

	assert_int_equal(set_type(0, 1155, &changed), STATUS_DONE);
	assert_true(changed);
	assert_int_equal(set_type(0, 1155, &changed), STATUS_DONE); /* again */
	assert_false(changed);
	assert_int_equal(set_type(1150, 0, &changed), STATUS_REFUSED); /* it is another by now */
	assert_false(changed);
	assert_int_equal(set_type(1155, 0, &changed), STATUS_DONE);
	assert_true(changed);
}

/* --- as JSON and back ----------------------------------------------------------------------- */

static json_t *json_of(Plan *plan)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	g_ptr_array_add(one, plan);
	return json_plan(one);
}

static void test_json_round_trip(void **state)
{
	Bed *bed = *state;
	g_autoptr(GArray) attrs = ATTRS("a", "1");
	g_autoptr(Plan) plan = must_define(bed, attrs, true);
	json_t *said = json_of(plan);
	g_autofree char *why = NULL;
	g_autoptr(GPtrArray) plans = plans_from_json(said, &why);

	assert_non_null(plans);
	json_t *again = json_plan(plans);
	assert_true(json_equal(said, again));
	must_run(bed, g_ptr_array_index(plans, 0));
	assert_non_null(file_u1(bed));
	json_decref(said);
	json_decref(again);
}

/* A file cannot make mdevcon do what it does not say, or anything else at all. */
static void test_json_is_not_believed(void **state)
{
	static const char *const forged[][2] = {
		{ "path", "/sys/power/state" },
		{ "path", "/etc/passwd" },
		{ "value", "mem" },
	};
	Bed *bed = *state;

	for (guint i = 0; i < G_N_ELEMENTS(forged); i++) {
		g_autoptr(Plan) plan = must_define(bed, NULL, true);
		json_t *said = json_of(plan);
		json_t *step = json_array_get(json_object_get(said, "steps"), 0);
		json_object_set_new(json_object_get(step, "write"), forged[i][0],
		                    json_string(forged[i][1]));
		g_autofree char *why = NULL;
		assert_null(plans_from_json(said, &why));
		assert_non_null(why);
		json_decref(said);
	}
}

static void test_json_programs(void **state)
{
	Bed *bed = *state;
	g_autoptr(Plan) plan = must_define(bed, NULL, false);
	json_t *said = json_of(plan);
	json_t *argv = json_object_get(json_array_get(json_object_get(said, "steps"), 0), "argv");
	g_autofree char *why = NULL;

	json_array_set_new(argv, 0, json_string("/bin/sh"));
	assert_null(plans_from_json(said, &why));
	json_decref(said);
}

static void test_restarted_host(void **state)
{
	Bed *bed = *state;
	bool changed = true;

	bed->host->boot_id = "boot-1";
	g_autoptr(Plan) plan = must_define(bed, NULL, false);
	bed->host->boot_id = "boot-2";
	assert_int_equal(run_plan(bed, plan, &changed), STATUS_REFUSED);
	assert_false(changed);
	assert_null(file_u1(bed));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define WITH_MDEVCTL(name) cmocka_unit_test_setup_teardown(name, setup_mdevctl, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_define_by_ourselves),
		WITH_MDEVCTL(test_define_by_mdevctl),
		WITH_MDEVCTL(test_callout_refuses),
		TEST(test_start_is_undone),
		TEST(test_roll_back),
		TEST(test_unknown_keys_stay),
		TEST(test_changed_since),
		WITH_MDEVCTL(test_attr_edits),
		TEST(test_bad_attrs),
		TEST(test_stop_in_use),
		WITH_MDEVCTL(test_stop_in_use),
		TEST(test_vf_type),
		TEST(test_json_round_trip),
		WITH_MDEVCTL(test_json_round_trip),
		TEST(test_json_is_not_believed),
		WITH_MDEVCTL(test_json_programs),
		TEST(test_restarted_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
