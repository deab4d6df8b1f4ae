// SPDX-License-Identifier: GPL-2.0-or-later
/* A definition of mdevctl of any content: its row stays, with what is wrong or with its type. */
#include "tests/fuzz/fuzz.h"

#define FOLDER "/etc/mdevctl.d"
#define UUID "11111111-1111-1111-1111-111111111111"
#define FILE_PATH FOLDER "/mtty/" UUID

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > FACTS_JSON_MAX)
		return -1;
	g_autoptr(Facts) facts = facts_new();
	char *parents[] = { (char *)"mtty", NULL }, *uuids[] = { (char *)UUID, NULL };
	facts_add_names(facts, FOLDER, parents);
	facts_add_names(facts, FOLDER "/mtty", uuids);
	facts_add_text(facts, FACT_VALUE, FILE_PATH, (const char *)data, (gssize)size);
	g_autoptr(Inventory) inventory = inventory_new(facts);
	fuzz_check_inventory(inventory);
	CHECK(inventory->definitions->len == 1);
	const Definition *definition = g_ptr_array_index(inventory->definitions, 0);
	/* One row for a broken one, none for a good one. */
	CHECK(inventory->errors->len == (definition->error ? 1 : 0));
	return 0;
}
