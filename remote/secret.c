// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/secret.h"

#include <glib.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE 4096

struct Secret {
	char text[SIZE];
};

Secret *secret_new(const char *text)
{
	gsize len = strlen(text);

	if (len >= SIZE)
		return NULL;
	Secret *secret = mmap(NULL, sizeof *secret, PROT_READ | PROT_WRITE,
	                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (secret == MAP_FAILED)
		return NULL;
	if (mlock(secret, sizeof *secret) < 0 ||
	    madvise(secret, sizeof *secret, MADV_DONTDUMP) < 0 ||
	    madvise(secret, sizeof *secret, MADV_WIPEONFORK) < 0) {
		munmap(secret, sizeof *secret);
		return NULL;
	}
	memcpy(secret->text, text, len + 1);
	return secret;
}

char *secret_text(const Secret *secret)
{
	return g_strdup(secret->text);
}

void secret_free(Secret *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret->text, sizeof secret->text);
	munmap(secret, sizeof *secret);
}
