// SPDX-License-Identifier: GPL-2.0-or-later
/* Every rule against its cases, the worked examples, the policy, and the steps' checks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/compat/rules.h"
#include "core/compat/step_checks.h"
#include "core/output/pairs.h"
#include "tests/unit/rule_cases.h"

static const struct {
	const RuleCase *cases;
	const guint *count;
} tables[] = {
	{ type_cases, &type_case_count },
	{ use_cases, &use_case_count },
	{ driver_cases, &driver_case_count },
	{ config_cases, &config_case_count },
};

static const RuleResult *find_rule(const Verdict *verdict, const char *id)
{
	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *r = g_ptr_array_index(verdict->rules, i);
		if (g_str_equal(r->id, id))
			return r;
	}
	return NULL;
}

static Verdict *ask(const World *world, Asking asking)
{
	static CompatPolicy strict = { .nvidia_driver = STRICTNESS_STRICT };
	CompatQuestion q = world_question(world);

	if (asking & ASK_VF)
		q.instance = inventory_instance(world->a, "vf:0000:65:00.4", NULL);
	if (asking & ASK_NAMED)
		q.named = TARGET_UUID;
	if (asking & ASK_SELF)
		q.named = SOURCE_UUID;
	if (asking & ASK_OURS)
		q.is_ours = world_is_ours;
	if (asking & ASK_TYPE) {
		q.instance = NULL;
		q.type = world->type;
	}
	q.foreign = asking & ASK_FOREIGN;
	if (asking & ASK_NO_HOST)
		q.target.inventory = NULL;
	if (asking & ASK_OLD)
		q.now = 1100;
	if (asking & ASK_STRICT)
		q.policy = &strict;
	return verdict_answer(&q);
}

/* Says what differs instead of stopping at the first: a table is mended in one go. */
static guint check_case(const RuleCase *one)
{
	g_autoptr(World) world = world_new(one->world, one->edits);
	g_autoptr(Verdict) verdict = ask(world, one->asking);
	const RuleResult *rule = find_rule(verdict, one->rule);
	g_autofree char *text = one->text ? world_text(one->world, one->text) : NULL;
	bool right = verdict->verdict == one->verdict && !rule == !text &&
	             (!rule || (g_str_equal(rule->text, text) && rule->level == one->level));

	if (!right)
		print_error("%s with \"%s\":\n  got  %s, %s: %s\n  want %s, %s: %s\n", one->rule,
		            one->edits ? one->edits : "", verdict_name(verdict->verdict),
		            rule ? rule_level_name(rule->level) : "nothing",
		            rule ? rule->text : verdict->why, verdict_name(one->verdict),
		            text ? rule_level_name(one->level) : "nothing", text ? text : "");
	return !right;
}

static void test_cases(void **state)
{
	guint wrong = 0;

	(void)state;
	for (guint t = 0; t < G_N_ELEMENTS(tables); t++)
		for (guint i = 0; i < *tables[t].count; i++)
			wrong += check_case(&tables[t].cases[i]);
	assert_int_equal(wrong, 0);
}

/* Cases that cannot be, with the reason. */
static const struct {
	const char *rule;
	CaseKind kind;
	const char *why;
} exceptions[] = {
	{ "R10", CASE_ABSENT, "an absent mdev_type is what makes it fail" },
	{ "R47", CASE_ABSENT, "it reads nothing but the type's id, which R11 has found equal" },
	{ "R47", CASE_UNREAD, "as above" },
};

static bool is_excepted(const char *rule, CaseKind kind)
{
	for (guint i = 0; i < G_N_ELEMENTS(exceptions); i++)
		if (exceptions[i].kind == kind && g_str_equal(exceptions[i].rule, rule))
			return true;
	return false;
}

static bool has_case(const char *rule, CaseKind kind)
{
	for (guint t = 0; t < G_N_ELEMENTS(tables); t++)
		for (guint i = 0; i < *tables[t].count; i++)
			if (tables[t].cases[i].kind == kind &&
			    g_str_equal(tables[t].cases[i].rule, rule))
				return true;
	return false;
}

static void test_every_rule_has_its_cases(void **state)
{
	static const char *const kinds[] = { "passing", "failing", "absent", "unreadable" };

	(void)state;
	for (guint i = 0; i < compat_rule_count; i++)
		for (guint k = CASE_PASS; compat_rules[i].judge && k <= CASE_UNREAD; k++)
			if (!is_excepted(compat_rules[i].id, k) && !has_case(compat_rules[i].id, k))
				fail_msg("%s has no %s case", compat_rules[i].id, kinds[k]);
}

/* ---- the worked examples of the specification ---- */

static void test_example_mtty(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_MTTY, NULL);
	g_autoptr(Verdict) v = ask(world, 0);

	assert_int_equal(v->verdict, VERDICT_ACTION);
	assert_int_equal(v->assurance, 'B');
	assert_int_equal(v->todos->len, 1);
	assert_string_equal(verdict_todo(v, 0), "create 1 mtty-2 on b, mtty");
	assert_string_equal(v->summary, "same type, same driver build, same settings");
}

static void test_example_gvt(void **state)
{
	(void)state;
	g_autoptr(World) world =
		world_new(WORLD_GVT, "b n $P/mdev_supported_types i915-GVTg_V5_4/i915-GVTg_V6_4");
	g_autoptr(Verdict) v = ask(world, 0);

	assert_int_equal(v->verdict, VERDICT_INCOMPATIBLE);
	assert_int_equal(find_rule(v, "R11")->level, LEVEL_OK);
	assert_string_equal(find_rule(v, "R14")->text,
	                    "create i915-GVTg_V5_4, the source's type; not i915-GVTg_V6_4, "
	                    "expecting it to adapt");
	assert_string_equal(v->why, find_rule(v, "R47")->text);
}

static void test_example_versions_of_nvidia(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_NVIDIA, "b v $M/version 550.54");
	g_autoptr(Verdict) relaxed = ask(world, 0), strict = ask(world, ASK_STRICT);

	assert_int_equal(relaxed->verdict, VERDICT_ACTION);
	assert_int_equal(relaxed->assurance, 'C');
	assert_int_equal(strict->verdict, VERDICT_INCOMPATIBLE);
}

static void test_example_left_over(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_NVIDIA, "b j $t\nb v $T/available_instances 0");
	g_autoptr(Verdict) others = ask(world, 0), ours = ask(world, ASK_OURS);
	g_autoptr(Verdict) named = ask(world, ASK_NAMED);

	assert_int_equal(others->verdict, VERDICT_BLOCKED);
	assert_null(others->instance);
	assert_int_equal(ours->verdict, VERDICT_ACTION);
	assert_string_equal(ours->instance, TARGET_UUID);
	assert_int_equal(named->verdict, VERDICT_READY);
	assert_string_equal(named->instance, TARGET_UUID);
}

static void test_example_vfio_ap(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_AP, NULL);
	g_autoptr(Verdict) v = ask(world, 0);

	assert_int_equal(v->verdict, VERDICT_INCOMPATIBLE);
	assert_int_equal(v->todos->len, 4);
	assert_string_equal(verdict_todo(v, 0), "unplug " SOURCE_UUID " from its guest on a");
	assert_string_equal(verdict_todo(v, 1), "create 1 vfio_ap-passthrough on b, matrix");
	assert_string_equal(verdict_todo(v, 2), "migrate the guest to b");
	assert_string_equal(verdict_todo(v, 3), "plug the instance on b into the guest");
}

static void test_example_not_root(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_MTTY, "b j $t\nb m hidden 12");
	g_autoptr(Verdict) v = ask(world, ASK_NAMED);

	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(v->assurance, 'D');
}

/* Settings become steps, in their order, behind what they are set on. */
static void test_steps_in_order(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(
		WORLD_MTTY, "a n /etc/mdevctl.d $p\na n /etc/mdevctl.d/$p $u\n"
			    "a v /etc/mdevctl.d/$p/$u {\"mdev_type\":\"$t\",\"start\":\"auto\","
			    "\"attrs\":[{\"x\":\"1\"},{\"y\":\"2\"}]}\n"
			    "a v $I/aggregator 2");
	g_autoptr(Verdict) v = ask(world, 0);
	const Todo *last = g_ptr_array_index(v->todos, 3);

	assert_int_equal(v->todos->len, 4);
	assert_string_equal(verdict_todo(v, 0), "create 1 mtty-2 on b, mtty");
	assert_string_equal(verdict_todo(v, 1), "set aggregator=2 on the new instance");
	assert_string_equal(verdict_todo(v, 2), "set x=1 on the new instance");
	assert_string_equal(last->key, "y");
	assert_string_equal(last->value, "2");
}

static void test_proof_by_debugfs(void **state)
{
	(void)state;
	g_autoptr(World) world =
		world_new(WORLD_GVT,
	                  "a v $D/migration/state RUNNING\nb j $t\nb v $E/migration/state RUNNING");
	g_autoptr(Verdict) v = ask(world, 0);

	/* Both drivers show that they migrate: stronger than any table. */
	assert_int_equal(v->verdict, VERDICT_ACTION);
	assert_null(find_rule(v, "R47"));
}

/* ---- policy ---- */

static void test_policy(void **state)
{
	CompatPolicy policy = { 0 };
	CompatQuestion q;

	(void)state;
	g_autoptr(World) world =
		world_new(WORLD_STRANGE, "b l $P/driver/module ../../module/acme2");
	q = world_question(world);
	q.policy = &policy;
	assert_true(policy_set(&policy, "strictness", "strict", NULL));
	g_autoptr(Verdict) strict = verdict_answer(&q);
	assert_int_equal(strict->verdict, VERDICT_INCOMPATIBLE);
	assert_string_equal(strict->why, "type names match but module acme here, acme2 there");
	assert_true(policy_set(&policy, "R30", "relaxed", NULL));
	g_autoptr(Verdict) relaxed = verdict_answer(&q);
	assert_int_equal(relaxed->verdict, VERDICT_ACTION);
	assert_int_equal(find_rule(relaxed, "R30")->level, LEVEL_INFO);
	assert_true(policy_set(&policy, "module-equal", "off", NULL));
	g_autoptr(Verdict) off = verdict_answer(&q);
	assert_null(find_rule(off, "R30"));
	assert_true(policy_set(&policy, "R30", "on", NULL));
	g_autoptr(Verdict) on = verdict_answer(&q);
	assert_non_null(find_rule(on, "R30"));
}

static void test_policy_errors(void **state)
{
	static const struct {
		const char *key, *value;
		int code;
		const char *says;
	} wrong[] = {
		{ "R11", "off", POLICY_ERROR_FACT, "R11 (type-id-equal) states a fact" },
		{ "device-api-equal", "relaxed", POLICY_ERROR_FACT, "R13 (device-api-equal)" },
		{ "R62", "off", POLICY_ERROR_FACT, "R62 (managed) protects" },
		{ "R99", "off", POLICY_ERROR_KEY, "R99" },
		{ "R44", "maybe", POLICY_ERROR_VALUE, "R44 = maybe" },
		{ "strictness", "off", POLICY_ERROR_VALUE, "strictness" },
		{ "max_age", "0", POLICY_ERROR_VALUE, "max_age" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		CompatPolicy policy = { 0 }, before = { 0 };
		g_autoptr(GError) error = NULL;
		assert_false(policy_set(&policy, wrong[i].key, wrong[i].value, &error));
		assert_true(g_error_matches(error, POLICY_ERROR, wrong[i].code));
		assert_non_null(strstr(error->message, wrong[i].says));
		assert_memory_equal(&policy, &before, sizeof policy);
	}
}

/* ---- the documentation ---- */

#define MARK "<!-- rules -->\n"

static char *table_of_rules(void)
{
	static const char *const places[] = {
		[AT_PAIR] = "on two inventories",     [AT_MAPPING] = "over a host's parents",
		[AT_PREFLIGHT] = "in the pre-flight", [AT_REQUEST] = "on request",
		[AT_STEP] = "while a plan runs",      [AT_NOBODY] = "not built",
	};
	GString *out = g_string_new("\n| rule | name | certainty | decides | judged | reads |\n"
	                            "|---|---|---|---|---|---|\n");

	for (guint i = 0; i < compat_rule_count; i++) {
		const Rule *rule = &compat_rules[i];
		g_string_append_printf(out, "| %s | %s | %s | %s | %s | %s |\n", rule->id,
		                       rule->name, rule_certainty_name(rule->certainty),
		                       !rule->judge             ? ""
		                       : rule_is_decisive(rule) ? "yes"
		                                                : "no",
		                       places[rule->place], rule->inputs);
	}
	return g_string_free(out, FALSE);
}

static void test_documentation(void **state)
{
	const char *file = g_getenv("MDEVCON_DOCS");
	g_autofree char *text = NULL, *table = table_of_rules();

	(void)state;
	assert_non_null(file);
	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	char *at = strstr(text, MARK);
	assert_non_null(at);
	if (g_getenv("MDEVCON_UPDATE_DOCS")) {
		at[strlen(MARK)] = '\0';
		g_autofree char *whole = g_strconcat(text, table, NULL);
		assert_true(g_file_set_contents(file, whole, -1, NULL));
		return;
	}
	assert_string_equal(at + strlen(MARK), table);
}

/* ---- steps ---- */

static void test_step_checks(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_NVIDIA, "b j $t");
	const char *parent = "0000:41:00.4", *type = "nvidia-558";
	g_autofree char *wrong = check_created(world->b, TARGET_UUID, parent, "nvidia-559");
	g_autofree char *gone = check_created(world->b, SOURCE_UUID, parent, type);

	assert_null(check_created(world->b, TARGET_UUID, parent, type));
	assert_string_equal(wrong, TARGET_UUID " is a nvidia-558, not a nvidia-559");
	assert_string_equal(gone, SOURCE_UUID " is not there");
	assert_int_equal(check_uuid(world->b, SOURCE_UUID, parent, type), UUID_FREE);
	assert_int_equal(check_uuid(world->b, TARGET_UUID, parent, type), UUID_THERE);
	assert_int_equal(check_uuid(world->b, TARGET_UUID, "mtty", type), UUID_TAKEN);
	assert_int_equal(check_create_errno(EEXIST), CREATE_OTHER_UUID);
	assert_int_equal(check_create_errno(ENODEV), CREATE_TYPE_GONE);
	assert_int_equal(check_create_errno(ENOSPC), CREATE_BLOCKED);
	/* NVIDIA's driver removes it by itself: it gets its time. */
	assert_int_equal(check_clean_up(world->b, TARGET_UUID, 0), CLEAN_WAIT);
	assert_int_equal(check_clean_up(world->b, TARGET_UUID, CLEAN_UP_WAIT_S), CLEAN_NOW);
	assert_int_equal(check_clean_up(world->b, SOURCE_UUID, 0), CLEAN_GONE);
	assert_int_equal(check_clean_up(world->a, SOURCE_UUID, CLEAN_UP_WAIT_S), CLEAN_KEEP);
}

/* The object of contract.md, in its order. */
static void test_json(void **state)
{
	(void)state;
	g_autoptr(World) world = world_new(WORLD_MTTY, "a e $T/device_api EIO\n"
	                                               "b v $T/device_api bad\\033name");
	g_autoptr(Verdict) v = ask(world, 0);
	json_t *pair = json_pair(v, "a/11111111");
	json_t *rule = json_array_get(json_object_get(pair, "rules"), 2);
	g_autofree char *keys = g_strdup("");

	for (void *at = json_object_iter(pair); at; at = json_object_iter_next(pair, at)) {
		char *more = g_strconcat(keys, json_object_iter_key(at), " ", NULL);
		g_free(keys);
		keys = more;
	}
	assert_string_equal(keys, "source target instance verdict assurance summary rules steps ");
	assert_string_equal(json_string_value(json_object_get(pair, "target")), "b/mtty");
	assert_string_equal(json_string_value(json_object_get(pair, "verdict")), "unknown");
	assert_string_equal(json_string_value(json_object_get(rule, "id")), "R13");
	json_t *source = json_object_get(rule, "source"), *target = json_object_get(rule, "target");
	assert_string_equal(json_string_value(json_object_get(source, "state")), "unreadable");
	assert_true(json_is_null(json_object_get(source, "value")));
	assert_string_equal(json_string_value(json_object_get(target, "state")), "value");
	assert_null(strchr(json_string_value(json_object_get(target, "value")), 033));
	json_decref(pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_every_rule_has_its_cases),
		cmocka_unit_test(test_example_mtty),
		cmocka_unit_test(test_example_gvt),
		cmocka_unit_test(test_example_versions_of_nvidia),
		cmocka_unit_test(test_example_left_over),
		cmocka_unit_test(test_example_vfio_ap),
		cmocka_unit_test(test_example_not_root),
		cmocka_unit_test(test_steps_in_order),
		cmocka_unit_test(test_proof_by_debugfs),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_policy_errors),
		cmocka_unit_test(test_step_checks),
		cmocka_unit_test(test_documentation),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
