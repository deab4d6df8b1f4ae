// SPDX-License-Identifier: GPL-2.0-or-later
/* What any facts mean: the input is the lines between the header and the closing line. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GString) text = g_string_new("mdevcon-facts 1\n");

	g_string_append_len(text, (const char *)data, (gssize)size);
	g_string_append(text, "\n.\n");
	g_autoptr(Facts) facts = facts_parse(text->str, text->len, NULL);
	if (!facts)
		return -1; /* not worth keeping: facts_text.c looks at these */
	g_autoptr(Inventory) inventory = inventory_new(facts);
	fuzz_check_inventory(inventory);
	return 0;
}
