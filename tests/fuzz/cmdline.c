// SPDX-License-Identifier: GPL-2.0-or-later
/* What is kept of a command line: no secrets, one line a value, never more than there was. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_device_line(const char *line)
{
	static const char *const secrets[] = { "pass", "secret", "token", "key=" };

	for (guint i = 0; i < G_N_ELEMENTS(secrets); i++)
		CHECK(!strstr(line, secrets[i]));
	CHECK(*line && !strpbrk(line, " \t\r"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *kept = facts_reduce_cmdline((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(kept, "\n", -1);

	CHECK(strlen(kept) <= size);
	for (guint i = 1; lines[0] && lines[i]; i++) {
		if (strcmp(lines[i], "-name") == 0 || strcmp(lines[i], "-uuid") == 0) {
			CHECK(lines[i + 1]); /* its value */
			i++;
		} else {
			check_device_line(lines[i]);
		}
	}
	/* The same as a fact: who uses what is read from it. */
	g_autoptr(Facts) facts = facts_new();
	facts_add_text(facts, FACT_VALUE, "/proc/42/cmdline", kept, -1);
	char *bus[] = { (char *)"11111111-1111-1111-1111-111111111111", NULL };
	facts_add_names(facts, "/sys/bus/mdev/devices", bus);
	g_autoptr(Inventory) inventory = inventory_new(facts);
	fuzz_check_inventory(inventory);
	return 0;
}
