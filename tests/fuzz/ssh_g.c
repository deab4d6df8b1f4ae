// SPDX-License-Identifier: GPL-2.0-or-later
/* What `ssh -G` printed: any text gives options within their bounds. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "remote/ssh_config.h"

static void check_files(const GPtrArray *files)
{
	for (guint i = 0; i < files->len; i++)
		CHECK(files->pdata[i] && *(const char *)files->pdata[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(SshConfig) config = ssh_config_parse(text);

	CHECK(config);
	CHECK(config->port <= 65535);
	CHECK(config->connect_timeout_s >= 0 && config->connect_timeout_s <= G_MAXINT / 1000);
	check_files(config->user_known_hosts);
	check_files(config->global_known_hosts);
	check_files(config->identity_files);
	CHECK(!config->hostname || *config->hostname);
	CHECK(!config->user || *config->user);
	return 0;
}
