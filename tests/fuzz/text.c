// SPDX-License-Identifier: GPL-2.0-or-later
/* Bytes made fit for a screen, and the small parsers of names. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/hosts.h"
#include "core/output/columns.h"
#include "core/text.h"

static void check_visible(const char *bytes, gsize len)
{
	g_autofree char *visible = text_visible(bytes, (gssize)len);
	fuzz_check_clean(visible, "");
	g_autofree char *again = text_visible(visible, -1);
	CHECK(strcmp(visible, again) == 0);
}

static void check_names(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(HostAddress) address = host_address_parse(text, &error);
	const char *const others[] = { text, "11111111-1111", NULL };

	CHECK(!address == !!error);
	if (error)
		fuzz_check_clean(error->message, "");
	if (address) {
		CHECK(address->port <= 65535 && address->address);
		fuzz_check_clean(address->label, "");
		CHECK(host_label_is_valid(address->label) || address->kind == HOST_RECORDED ||
		      address->kind == HOST_SSH);
	}
	if (name_is_actionable(text))
		CHECK(!strchr(text, '/') && !strpbrk(text, " \n'\"$`\\") && text[0]);
	g_autofree char *shorter = uuid_short(text, others, 2, true);
	CHECK(strlen(shorter) <= MAX(strlen(text), 11));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *lines = text_visible_lines(text);
	TextStyle ascii = { .ascii = true };
	g_autofree char *plain = text_printable(text, &ascii);

	check_visible((const char *)data, size);
	fuzz_check_clean(lines, "\n");
	fuzz_check_clean(plain, "");
	CHECK(g_str_is_ascii(plain));
	CHECK(text_width(plain) == strlen(plain));
	check_names(text);
	return 0;
}
