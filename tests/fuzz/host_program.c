// SPDX-License-Identifier: GPL-2.0-or-later
/* What an inventory program says: an error, or hosts over SSH that can be worked with. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/hosts.h"

static void check_host(const HostAddress *host, GHashTable *labels)
{
	CHECK(host->kind == HOST_SSH);
	CHECK(host_label_is_valid(host->label));
	CHECK(g_hash_table_add(labels, host->label));
	CHECK(host->name && *host->name && *host->name != '-');
	CHECK(!host->user || *host->user != '-');
	CHECK(host->port <= 65535);
	for (char **group = host->groups; *group; group++)
		CHECK(host_label_is_valid(*group));
	fuzz_check_clean(host->address, "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) hosts =
		hosts_parse_ansible("program", (const char *)data, size, &error);

	CHECK(!hosts == !!error);
	if (error) {
		fuzz_check_clean(error->message, "");
		CHECK(g_str_has_prefix(error->message, "program --list: "));
	}
	g_autoptr(GHashTable) labels = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; hosts && i < hosts->len; i++)
		check_host(g_ptr_array_index(hosts, i), labels);
	return 0;
}
