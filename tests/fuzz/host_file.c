// SPDX-License-Identifier: GPL-2.0-or-later
/* An inventory file of hosts: an error that names the line, or hosts that can be worked with. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/hosts.h"

static void check_host(const HostAddress *host, GHashTable *labels)
{
	CHECK(host_label_is_valid(host->label));
	CHECK(g_hash_table_add(labels, host->label));
	CHECK(host->address && host->groups && host->tags);
	CHECK(host->kind != HOST_SSH || (host->name && *host->name && *host->name != '-'));
	CHECK(host->kind == HOST_SSH || (!host->user && !host->ssh_config && !host->transport));
	CHECK(!host->user || *host->user != '-');
	CHECK(host->interval_s >= 0 && host->port <= 65535);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd;
	char *name = fuzz_file(data, size, &fd);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) hosts = hosts_load(name, &error);

	CHECK(!hosts == !!error);
	if (error) {
		fuzz_check_clean(error->message, "");
		CHECK(g_str_has_prefix(error->message, name));
		CHECK(g_ascii_strtoull(error->message + strlen(name) + 1, NULL, 10) > 0);
	}
	g_autoptr(GHashTable) labels = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; hosts && i < hosts->len; i++)
		check_host(g_ptr_array_index(hosts, i), labels);
	fuzz_file_drop(name, fd);
	return 0;
}
