// SPDX-License-Identifier: GPL-2.0-or-later
/* Which functions a create picks, and what happens when the card fills up meanwhile. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/cards.h"
#include "core/plan/plan.h"

#define U1 "11111111-0000-4000-8000-000000000001"

static Inventory *sriov(void)
{
	g_autofree char *file = g_strdup_printf("%s/gpu-sriov.facts", g_getenv("MDEVCON_DATA"));
	g_autoptr(Facts) facts = facts_load(file, NULL);
	assert_non_null(facts);
	return inventory_new(facts);
}

/* "0000:41:00.6 0000:41:01.0": the parents of the plan's steps. New. */
static char *places(const Inventory *inv, const char *where, const char *type, guint count)
{
	g_autoptr(Problem) problem = NULL;
	Status status;
	g_autoptr(Plan) plan = plan_create(inv, "a", where, type, NULL, count, &status, &problem);
	GString *out = g_string_new(NULL);
	assert_non_null(plan);
	for (guint i = 0; i < plan->steps->len; i++)
		g_string_append_printf(out, "%s%s", i ? " " : "",
		                       ((Step *)g_ptr_array_index(plan->steps, i))->parent);
	return g_string_free(out, FALSE);
}

static void test_picks_a_card(void **state)
{
	static const struct {
		const char *where, *type;
		guint count;
		const char *places;
	} cases[] = {
		/* Where that size is at home already, and functions have room. */
		{ NULL, "nvidia-562", 2, "0000:41:00.6 0000:41:01.0" },
		/* The first card holds another size: the type has no room there. */
		{ NULL, "nvidia-558", 1, "0000:a1:00.4" },
		/* A card takes six of these, and three exist: the other card takes all four. */
		{ NULL, "nvidia-562", 4, "0000:a1:00.4 0000:a1:00.5 0000:a1:00.6 0000:a1:00.7" },
		{ "card:a1:00.0", "nvidia-562", 1, "0000:a1:00.4" },
		{ "card:0000:A1:00.0", "nvidia-562", 1, "0000:a1:00.4" },
		/* Named by the operator: no other is picked. */
		{ "0000:41:02.0", "nvidia-562", 2, "0000:41:02.0 0000:41:02.0" },
		/* Nothing fits: the kernel is asked all the same, each function once. */
		{ "card:41:00.0", "nvidia-558", 2, "0000:41:00.4 0000:41:00.5" },
	};
	g_autoptr(Inventory) inv = sriov();

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = places(inv, cases[i].where, cases[i].type, cases[i].count);
		assert_string_equal(got, cases[i].places);
	}
}

#define TYPE_ON(parent) \
	"l /sys/class/mdev_bus/" parent " ../../devices/pci0000:00/" parent "\n" \
	"n /sys/class/mdev_bus/" parent "/mdev_supported_types v-1\n" \
	"v /sys/class/mdev_bus/" parent "/mdev_supported_types/v-1/available_instances 4\n"
#define ONE "/sys/bus/mdev/devices/" U1

/* The second card holds the type already: the first stays free for any other. */
static void test_prefers_a_card_that_holds_the_type(void **state)
{
	static const char text[] =
		"mdevcon-facts 1\n"
		"n /sys/class/mdev_bus 0000:01:00.0/0000:02:00.0\n" TYPE_ON("0000:01:00.0")
			TYPE_ON("0000:02:00.0") "n /sys/bus/mdev/devices " U1 "\n"
						"l " ONE
						" ../../../devices/pci0000:00/0000:02:00.0/" U1 "\n"
						"l " ONE
						"/mdev_type ../mdev_supported_types/v-1\n.\n";
	g_autoptr(Facts) facts = facts_parse(text, strlen(text), NULL);
	g_autoptr(Inventory) inv = inventory_new(facts);
	g_autofree char *one = places(inv, NULL, "v-1", 1);

	(void)state;
	assert_string_equal(one, "0000:02:00.0");
}

/* More than one card takes: both are used, the one that holds the type first. */
static void test_spreads_over_cards(void **state)
{
	g_autoptr(Inventory) inv = sriov();
	g_autofree char *got = places(inv, NULL, "nvidia-562", 9);

	(void)state;
	assert_string_equal(got, "0000:41:00.6 0000:41:01.0 0000:41:01.1 0000:a1:00.4 0000:a1:00.5 "
	                         "0000:a1:00.6 0000:a1:00.7 0000:a1:01.0 0000:a1:01.1");
}

static void test_refusals(void **state)
{
	static const struct {
		const char *where, *type, *text;
	} cases[] = {
		{ "card:99:00.0", "nvidia-562", "has no card 99:00.0" },
		{ "card:41:00.0", "nope", "card 0000:41:00.0" },
		{ "0000:41:00.0", "nvidia-562", "has no parent 0000:41:00.0" },
		{ NULL, "nope", "no parent of a offers type nope" },
	};
	g_autoptr(Inventory) inv = sriov();

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Problem) problem = NULL;
		Status status = STATUS_DONE;
		assert_null(plan_create(inv, "a", cases[i].where, cases[i].type, NULL, 1, &status,
		                        &problem));
		assert_int_equal(status, STATUS_NOT_FOUND);
		assert_non_null(strstr(problem->text, cases[i].text));
	}
}

/* Repeating a create finds the function where the uuid is that type already. */
static void test_existing_uuid(void **state)
{
	g_autoptr(Inventory) inv = sriov();
	g_autoptr(Problem) problem = NULL;
	Status status;
	g_autoptr(Plan) plan =
		plan_create(inv, "a", "card:41:00.0", "nvidia-562",
	                    "A7C4D2F0-3333-4D0A-9C36-5A1C7E0D9B43", 1, &status, &problem);

	(void)state;
	assert_non_null(plan);
	assert_string_equal(((Step *)g_ptr_array_index(plan->steps, 0))->parent, "0000:41:00.7");
}

/* ---- a card of two functions whose hardware takes one instance ------------------------------ */

#define BUS "/sys/class/mdev_bus/"
#define LIST "mdev_supported_types/v-1"

typedef struct {
	Backend base;
	char *uuid, *function; /* what was made; or NULL */
	guint writes;
} SmallCard;

static Facts *small_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	SmallCard *card = (SmallCard *)backend;
	GString *text = g_string_new("mdevcon-facts 1\n"
	                             "n /sys/class/mdev_bus 0000:01:00.1/0000:01:00.2\n");

	(void)flags;
	(void)cancel;
	for (int i = 1; i <= 2; i++)
		g_string_append_printf(text,
		                       "l " BUS
		                       "0000:01:00.%d ../../devices/pci0000:00/0000:01:00.%d\n"
		                       "l " BUS "0000:01:00.%d/physfn ../0000:01:00.0\n"
		                       "n " BUS "0000:01:00.%d/mdev_supported_types v-1\n"
		                       "v " BUS "0000:01:00.%d/" LIST "/available_instances %d\n",
		                       i, i, i, i, i, card->uuid ? 0 : 1);
	if (card->uuid)
		g_string_append_printf(
			text,
			"n /sys/bus/mdev/devices %s\n"
			"l /sys/bus/mdev/devices/%s ../../../devices/pci0000:00/%s/%s\n"
			"l /sys/bus/mdev/devices/%s/mdev_type ../mdev_supported_types/v-1\n",
			card->uuid, card->uuid, card->function, card->uuid, card->uuid);
	g_string_append(text, ".\n");
	Facts *facts = facts_parse(text->str, text->len, error);
	g_string_free(text, TRUE);
	return facts;
}

static int small_write(Backend *backend, const char *path, const char *value, int deadline_ms,
                       GCancellable *cancel, GError **error)
{
	SmallCard *card = (SmallCard *)backend;

	(void)deadline_ms;
	(void)cancel;
	(void)error;
	card->writes++;
	if (card->uuid)
		return EINVAL;
	card->uuid = g_strdup(value);
	card->function = g_strndup(path + strlen(BUS), strlen("0000:01:00.1"));
	return 0;
}

/* The sum of the counters said two; after the first the hardware is full, and nothing is written.
 */
static void test_capacity_is_checked_at_each_step(void **state)
{
	static const BackendOps ops = { .scan = small_scan, .write = small_write };
	SmallCard card = { .base = { .ops = &ops, .label = (char *)"a" } };
	g_autoptr(Facts) facts = small_scan(&card.base, 0, NULL, NULL);
	g_autoptr(Inventory) inv = inventory_new(facts);
	g_autoptr(Problem) problem = NULL;
	Status status;
	g_autoptr(Plan) plan =
		plan_create(inv, "a", "card:01:00.0", "v-1", NULL, 2, &status, &problem);
	g_autoptr(GPtrArray) results = plan_run(plan, &card.base, NULL, NULL, NULL);
	const StepResult *first = g_ptr_array_index(results, 0);
	const StepResult *second = g_ptr_array_index(results, 1);

	(void)state;
	assert_int_equal(card_type(inventory_card(inv, "01:00.0"), "v-1")->available, 2);
	assert_true(first->ok);
	assert_string_equal(card.function, "0000:01:00.1");
	assert_false(second->ok);
	assert_string_equal(second->problem->code, "ENOSPC");
	assert_non_null(strstr(second->text, "used up: 1 v-1 exists"));
	assert_int_equal(card.writes, 1);
	g_free(card.uuid);
	g_free(card.function);
}

/* A parent that the operator named is left to its kernel, whose answer is explained. */
static void test_the_kernels_answer_is_explained(void **state)
{
	static const BackendOps ops = { .scan = small_scan, .write = small_write };
	SmallCard card = { .base = { .ops = &ops, .label = (char *)"a" } };
	card.uuid = g_strdup(U1);
	card.function = g_strdup("0000:01:00.1");
	g_autoptr(Facts) facts = small_scan(&card.base, 0, NULL, NULL);
	g_autoptr(Inventory) inv = inventory_new(facts);
	g_autoptr(Problem) problem = NULL;
	Status status;
	g_autoptr(Plan) plan =
		plan_create(inv, "a", "0000:01:00.1", "v-1", NULL, 1, &status, &problem);
	g_autoptr(GPtrArray) results = plan_run(plan, &card.base, NULL, NULL, NULL);
	const StepResult *only = g_ptr_array_index(results, 0);

	(void)state;
	assert_int_equal(card.writes, 1);
	assert_int_equal(only->problem->err, EINVAL);
	assert_non_null(strstr(only->problem->text, "function 01:00.1 has its one instance"));
	g_free(card.uuid);
	g_free(card.function);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_picks_a_card),
		cmocka_unit_test(test_prefers_a_card_that_holds_the_type),
		cmocka_unit_test(test_spreads_over_cards),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_existing_uuid),
		cmocka_unit_test(test_capacity_is_checked_at_each_step),
		cmocka_unit_test(test_the_kernels_answer_is_explained),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
