// SPDX-License-Identifier: GPL-2.0-or-later
/* The pair model: how two inventories become aligned rows, by type and by hardware. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/views/pair_model.h"

static void add_value(Facts *facts, const char *value, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void add_value(Facts *facts, const char *value, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *path = g_strdup_vprintf(format, args);
	va_end(args);
	facts_add_text(facts, FACT_VALUE, path, value, -1);
}

/* An inventory of one parent "mtty" from lists like "mtty-1 mtty-2" and "mtty-1=UUID". */
static Inventory *make(const char *types, const char *instances)
{
	g_autoptr(Facts) facts = facts_new();
	g_auto(GStrv) ids = g_strsplit(types, " ", -1);
	g_auto(GStrv) pairs = *instances ? g_strsplit(instances, " ", -1) : g_new0(char *, 1);
	const char *const parents[] = { "mtty", NULL };
	const char *dir = "/sys/class/mdev_bus/mtty/mdev_supported_types";
	facts_add_names(facts, "/sys/class/mdev_bus", (char **)parents);
	facts_add_text(facts, FACT_LINK, "/sys/class/mdev_bus/mtty",
	               "../../devices/virtual/mtty/mtty", -1);
	facts_add_names(facts, dir, ids);
	for (char **id = ids; *id; id++) {
		add_value(facts, *id, "%s/%s/name", dir, *id);
		add_value(facts, "vfio-pci", "%s/%s/device_api", dir, *id);
		add_value(facts, "3", "%s/%s/available_instances", dir, *id);
	}
	g_autoptr(GPtrArray) uuids = g_ptr_array_new();
	for (char **pair = pairs; *pair; pair++) {
		char *uuid = strchr(*pair, '=') + 1;
		g_autofree char *path = g_strdup_printf("/sys/bus/mdev/devices/%s", uuid);
		g_autofree char *link = g_strdup_printf("%s/mdev_type", path);
		g_autofree char *where =
			g_strdup_printf("../../../devices/virtual/mtty/mtty/%s", uuid);
		g_autofree char *to = g_strdup_printf("../mdev_supported_types/%.*s",
		                                      (int)(uuid - 1 - *pair), *pair);
		facts_add_text(facts, FACT_LINK, path, where, -1);
		facts_add_text(facts, FACT_LINK, link, to, -1);
		g_ptr_array_add(uuids, uuid);
	}
	g_ptr_array_add(uuids, NULL);
	facts_add_names(facts, "/sys/bus/mdev/devices", (char **)uuids->pdata);
	return inventory_new(facts);
}

#define U1 "11111111-0000-4000-8000-000000000001"
#define U2 "22222222-0000-4000-8000-000000000002"
#define U3 "33333333-0000-4000-8000-000000000003"

static void test_pair_alignment(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = make("mtty-1 mtty-2 mtty-10", "mtty-2=" U1 " mtty-2=" U2);
	g_autoptr(Inventory) b = make("mtty-2 mtty-30", "mtty-2=" U3);
	PairInput input = { .inventory = { a, b } };
	g_autoptr(PairModel) m = pair_model_new(&input);
	static const struct {
		PairRowKind kind;
		const char *type;
		bool left, right;
	} want[] = {
		{ ROW_TYPE, "mtty-1", true, false },    { ROW_TYPE, "mtty-2", true, true },
		{ ROW_INSTANCE, "mtty-2", true, true }, { ROW_INSTANCE, "mtty-2", true, false },
		{ ROW_TYPE, "mtty-10", true, false },   { ROW_TYPE, "mtty-30", false, true },
	};
	assert_int_equal(m->rows->len, G_N_ELEMENTS(want));
	for (int i = 0; i < (int)G_N_ELEMENTS(want); i++) {
		const PairRow *row = pair_model_row(m, i);
		assert_int_equal(row->kind, want[i].kind);
		assert_string_equal(row->type_id, want[i].type);
		bool instance = row->kind == ROW_INSTANCE;
		assert_int_equal(instance ? row->instance[0] != NULL : row->type[0].type != NULL,
		                 want[i].left);
		assert_int_equal(instance ? row->instance[1] != NULL : row->type[1].type != NULL,
		                 want[i].right);
	}
	assert_false(pair_row_has(pair_model_row(m, 3), SIDE_TARGET));
	assert_true(pair_row_has(pair_model_row(m, 0), SIDE_TARGET));
	assert_int_equal(pair_model_find(m, SIDE_SOURCE, NULL, "mtty-2", U2), 3);
	/* What has gone is looked for at its type; what never was, nowhere. */
	assert_int_equal(pair_model_find(m, SIDE_TARGET, NULL, "mtty-2", U2), 1);
	assert_int_equal(pair_model_find(m, SIDE_SOURCE, NULL, "other", NULL), -1);
	assert_null(pair_model_row(m, 99));
}

static Inventory *recorded_host(const char *name)
{
	g_autofree char *file = g_strdup_printf("%s/%s.facts", g_getenv("MDEVCON_DATA"), name);
	g_autoptr(Facts) facts = facts_load(file, NULL);
	assert_non_null(facts);
	return inventory_new(facts);
}

/* Cards on the same row where they have the same name; types below; a folded card is one row. */
static void test_pair_hardware(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = recorded_host("gpu-sriov"), b = recorded_host("gpu-b");
	PairInput input = { .inventory = { a, b }, .hardware = true };
	g_autoptr(PairModel) m = pair_model_new(&input);
	const PairRow *card = pair_model_row(m, 0), *type = pair_model_row(m, 1);
	assert_int_equal(card->kind, ROW_CARD);
	assert_non_null(card->card[SIDE_SOURCE]);
	assert_non_null(card->card[SIDE_TARGET]);
	assert_int_equal(card->type[SIDE_SOURCE].instances, 3);
	assert_int_equal(card->type[SIDE_SOURCE].available, 13);
	assert_int_equal(type->kind, ROW_TYPE);
	assert_string_equal(type->card_name, "0000:41:00.0");
	int second = pair_model_find(m, SIDE_SOURCE, "0000:a1:00.0", NULL, NULL);
	assert_int_equal(pair_model_row(m, second)->kind, ROW_CARD);
	assert_null(pair_model_row(m, second)->card[SIDE_TARGET]);
	/* The same type stands under both cards: the card's name tells which is meant. */
	input.unfold = true;
	g_autoptr(PairModel) all = pair_model_new(&input);
	int first = pair_model_find(all, SIDE_SOURCE, "0000:41:00.0", "nvidia-558", NULL);
	assert_true(pair_model_find(all, SIDE_SOURCE, "0000:a1:00.0", "nvidia-558", NULL) > first);

	g_autoptr(GHashTable) closed = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_add(closed, (gpointer) "0000:41:00.0");
	input.closed = closed;
	g_autoptr(PairModel) folded = pair_model_new(&input);
	assert_true(pair_model_row(folded, 0)->closed);
	assert_string_equal(pair_model_row(folded, 1)->card_name, "0000:a1:00.0");
	/* A filter looks into folded cards too, and leaves out cards without a match. */
	input.filter = "a7c4d2f0";
	g_autoptr(PairModel) found = pair_model_new(&input);
	assert_int_equal(found->rows->len, 3);
	assert_string_equal(pair_model_row(found, 2)->instance[SIDE_SOURCE]->parent_name,
	                    "0000:41:00.7");
}

static void test_pair_empty(void **state)
{
	(void)state;
	PairInput input = { 0 };
	g_autoptr(PairModel) m = pair_model_new(&input);
	assert_int_equal(m->rows->len, 0);
	assert_int_equal(m->folded, 0);
}

static void test_pair_fold(void **state)
{
	(void)state;
	GString *types = g_string_new("t-0");
	for (int i = 1; i < 12; i++)
		g_string_append_printf(types, " t-%d", i);
	g_autoptr(Inventory) used = make(types->str, "t-5=" U1);
	g_autoptr(Inventory) unused = make(types->str, "");
	g_string_free(types, TRUE);

	PairInput input = { .inventory = { used, NULL } };
	g_autoptr(PairModel) folded = pair_model_new(&input);
	assert_int_equal(folded->folded, 11);
	assert_int_equal(folded->rows->len, 2);
	input.keep_type = "t-7";
	g_autoptr(PairModel) kept = pair_model_new(&input);
	assert_int_equal(kept->folded, 10);
	input.unfold = true;
	g_autoptr(PairModel) unfolded = pair_model_new(&input);
	assert_int_equal(unfolded->folded, 0);
	assert_int_equal(unfolded->rows->len, 13);
	/* Folding everything would leave nothing to see. */
	PairInput none = { .inventory = { unused, NULL } };
	g_autoptr(PairModel) all = pair_model_new(&none);
	assert_int_equal(all->rows->len, 12);
}

static void test_pair_filter(void **state)
{
	(void)state;
	g_autoptr(Inventory) a = make("mtty-1 mtty-2 other-3", "mtty-2=" U1 " mtty-2=" U2);
	static const struct {
		const char *filter;
		guint rows;
	} cases[] = {
		{ "MTTY", 4 },    { "2222", 2 },  { "other", 1 }, { "!mtty", 1 },
		{ "nothing", 0 }, { "!2222", 4 }, { "", 5 },      { "!", 5 },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		PairInput input = { .inventory = { a, NULL }, .filter = cases[i].filter };
		g_autoptr(PairModel) m = pair_model_new(&input);
		assert_int_equal(m->rows->len, cases[i].rows);
		assert_int_equal(m->things, 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pair_alignment), cmocka_unit_test(test_pair_hardware),
		cmocka_unit_test(test_pair_empty),     cmocka_unit_test(test_pair_fold),
		cmocka_unit_test(test_pair_filter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
