// SPDX-License-Identifier: GPL-2.0-or-later
/* A known_hosts file of any content, also around a line that revokes a key: that always counts. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "remote/host_keys.h"

#define TYPE "ssh-ed25519"
#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIJ8Yk6tK"
#define REVOKED "@revoked victim " TYPE " " KEY "\n"

static HostKeyResult check(const char *name, const char *host, guint port)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new();
	g_ptr_array_add(files, (char *)name);
	HostKeyCheck result = host_keys_check(files, host, port, TYPE, KEY);
	HostKeyResult verdict = result.result;
	CHECK(!result.file == (verdict == HOST_KEY_OK || verdict == HOST_KEY_UNKNOWN));
	CHECK(!result.file || (strcmp(result.file, name) == 0 && result.line > 0));
	g_auto(GStrv) types = host_keys_types(files, host, port);
	for (char **type = types; *type; type++)
		CHECK(**type);
	host_key_check_clear(&result);
	return verdict;
}

static HostKeyResult check_bytes(const GString *bytes, const char *host, guint port)
{
	int fd;
	char *name = fuzz_file((const uint8_t *)bytes->str, bytes->len, &fd);
	HostKeyResult result = check(name, host, port);
	fuzz_file_drop(name, fd);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GString) file = g_string_new_len((const char *)data, (gssize)size);
	HostKeyResult alone = check_bytes(file, "example.org", 0);

	/* A key is good or revoked only where it stands in the file. */
	if (alone == HOST_KEY_OK || alone == HOST_KEY_REVOKED)
		CHECK(memmem(data, size, KEY, strlen(KEY)));
	check_bytes(file, "2001:db8::1", 2222);
	g_string_append(file, "\n" REVOKED);
	CHECK(check_bytes(file, "victim", 22) == HOST_KEY_REVOKED);
	g_string_assign(file, REVOKED);
	g_string_append_len(file, (const char *)data, (gssize)size);
	CHECK(check_bytes(file, "victim", 0) == HOST_KEY_REVOKED);
	return 0;
}
