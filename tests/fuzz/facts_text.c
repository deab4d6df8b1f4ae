// SPDX-License-Identifier: GPL-2.0-or-later
/* A recording from anywhere: refused with a clean message, or read and written without a loss. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = facts_parse((const char *)data, size, &error);

	CHECK(!facts == !!error);
	if (error)
		fuzz_check_clean(error->message, "");
	else
		g_free(fuzz_check_facts(facts));
	return 0;
}
