// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts on inventories made from facts written here by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/compat/verdict.h"
#include "tests/unit/trees.h"

static Verdict *judge(const Inventory *source, const char *parent, const char *type,
                      const Inventory *target)
{
	const Type *t = parent_type(inventory_parent(source, parent), type);
	assert_non_null(t);
	return verdict_new((Side){ "a", source }, t, NULL, (Side){ "b", target }, NULL);
}

static const RuleResult *rule(const Verdict *verdict, const char *id)
{
	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *r = g_ptr_array_index(verdict->rules, i);
		if (g_str_equal(r->id, id))
			return r;
	}
	return NULL;
}

static void test_ready_after_create(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Verdict) v = judge(a, "mtty", "mtty-2", a);
	g_autofree char *words = verdict_words(v);

	assert_int_equal(v->verdict, VERDICT_ACTION);
	assert_string_equal(words, "READY AFTER 1 STEP");
	assert_string_equal(rule(v, "R21")->text, "create 1 mtty-2 (12 left on mtty)");
	assert_string_equal(v->parent, "mtty");
	assert_int_equal(v->assurance, 'B');
	assert_string_equal(v->summary, "same type, same driver build, same settings");
}

static void test_other_arch(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Inventory) b = tree_inventory("aarch64", "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Verdict) v = judge(a, "mtty", "mtty-2", b);

	assert_int_equal(v->verdict, VERDICT_INCOMPATIBLE);
	assert_string_equal(
		v->why, "x86_64 -> aarch64: guests cannot be live migrated across architectures");
	assert_int_equal(v->todos->len, 0);
}

static void test_arch_not_read(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Inventory) b = tree_inventory(NULL, "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Verdict) v = judge(a, "mtty", "mtty-2", b);

	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(v->assurance, 'D');
}

static void test_type_must_be_equal(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Inventory) b = tree_inventory("x86_64", "mtty", "mtty-1", "vfio-pci", "24");
	g_autoptr(Verdict) v = judge(a, "mtty", "mtty-2", b);

	assert_int_equal(v->verdict, VERDICT_INCOMPATIBLE);
	assert_string_equal(rule(v, "R11")->text, "b does not offer mtty-2 (offers: mtty-1)");
}

static void test_same_suffix_is_a_near_miss(void **state)
{
	(void)state;
	g_autoptr(Inventory) a =
		tree_inventory("x86_64", "qat-v4", "qat-v4-type1", "vfio-pci", "2");
	g_autoptr(Inventory) b =
		tree_inventory("x86_64", "qat-v5", "qat-v5-type1", "vfio-pci", "2");
	g_autoptr(Verdict) v = judge(a, "qat-v4", "qat-v4-type1", b);

	assert_int_equal(v->verdict, VERDICT_INCOMPATIBLE);
	assert_string_equal(
		rule(v, "R12")->text,
		"'type1' exists there as qat-v5-type1: types are per driver, streams are "
		"not interchangeable");
}

static void test_api_must_be_equal(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Inventory) b = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-ccw", "12");
	g_autoptr(Inventory) c = tree_inventory("x86_64", "mtty", "mtty-2", NULL, "12");
	g_autoptr(Verdict) differs = judge(a, "mtty", "mtty-2", b);
	g_autoptr(Verdict) missing = judge(a, "mtty", "mtty-2", c);

	assert_int_equal(differs->verdict, VERDICT_INCOMPATIBLE);
	assert_string_equal(differs->why,
	                    "device API differs: vfio-pci here, vfio-ccw there: the guest "
	                    "would see another device");
	assert_int_equal(missing->verdict, VERDICT_UNKNOWN);
}

static void test_capacity(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Inventory) none = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "0");
	g_autoptr(Inventory) junk = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "many");
	g_autoptr(Verdict) full = judge(a, "mtty", "mtty-2", none);
	g_autoptr(Verdict) unread = judge(a, "mtty", "mtty-2", junk);

	assert_int_equal(full->verdict, VERDICT_BLOCKED);
	assert_string_equal(
		full->why,
		"no free mtty-2 on mtty: nothing seen holds it: the driver does not say why");
	assert_int_equal(unread->verdict, VERDICT_UNKNOWN);
}

static void test_driver_that_cannot(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = tree_inventory("x86_64", "mdpy", "mdpy-hd", "vfio-pci", "4");
	g_autoptr(Verdict) v = judge(a, "mdpy", "mdpy-hd", a);

	assert_int_equal(v->verdict, VERDICT_INCOMPATIBLE);
	assert_string_equal(v->why, "driver mdpy is known not to migrate");
}

static void test_host_not_seen(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = tree_inventory("x86_64", "mtty", "mtty-2", "vfio-pci", "12");
	g_autoptr(Verdict) v = judge(a, "mtty", "mtty-2", NULL);

	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_string_equal(v->why, "nothing is known of b: it has not answered");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ready_after_create),
		cmocka_unit_test(test_other_arch),
		cmocka_unit_test(test_arch_not_read),
		cmocka_unit_test(test_type_must_be_equal),
		cmocka_unit_test(test_same_suffix_is_a_near_miss),
		cmocka_unit_test(test_api_must_be_equal),
		cmocka_unit_test(test_capacity),
		cmocka_unit_test(test_driver_that_cannot),
		cmocka_unit_test(test_host_not_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
