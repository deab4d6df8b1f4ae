// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/clean.h"

#include <stdbool.h>
#include <string.h>

static bool turns_text(gunichar c)
{
	static const struct {
		gunichar from, to;
	} ranges[] = { { 0x061c, 0x061c },
		       { 0x200e, 0x200f },
		       { 0x2028, 0x202e },
		       { 0x2066, 0x2069 },
		       { 0xfeff, 0xfeff } };
	for (guint i = 0; i < G_N_ELEMENTS(ranges); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

char *unclean_at(const char *bytes, gsize len, const char *allowed)
{
	for (gsize i = 0; i < len;) {
		guchar byte = (guchar)bytes[i];
		if (byte < 0x20 || byte == 0x7f) {
			if (byte == 0 || !strchr(allowed, byte))
				return g_strdup_printf("control %02x at %zu", byte, i);
			i++;
			continue;
		}
		gunichar c = g_utf8_get_char_validated(bytes + i, (gssize)(len - i));
		if (c >= 0x110000)
			return g_strdup_printf("byte %02x, not UTF-8, at %zu", byte, i);
		if ((c >= 0x80 && c < 0xa0) || turns_text(c))
			return g_strdup_printf("U+%04X at %zu", c, i);
		i += (gsize)(g_utf8_next_char(bytes + i) - (bytes + i));
	}
	return NULL;
}

/* Length of the escape sequence at `s` (an ESC), or 0 if a screen program would not send it. */
static gsize sequence_length(const char *s, gsize len)
{
	if (len < 2)
		return 0;
	if (s[1] == '(' || s[1] == ')')
		return len > 2 && g_ascii_isalnum(s[2]) ? 3 : 0;
	if (s[1] != '[')
		return strchr("78=>M", s[1]) ? 2 : 0;
	gsize i = 2;
	while (i < len && s[i] >= 0x20 && s[i] < 0x40)
		i++;
	return i < len && s[i] >= 0x40 && s[i] < 0x7f ? i + 1 : 0;
}

char *unclean_screen(const char *bytes, gsize len)
{
	g_autoptr(GString) text = g_string_sized_new(len);

	for (gsize i = 0; i < len;) {
		gsize n = bytes[i] == '\033' ? sequence_length(bytes + i, len - i) : 0;
		if (n == 0)
			g_string_append_c(text, bytes[i++]);
		i += n;
	}
	return unclean_at(text->str, text->len, "\r\n\b\t\016\017");
}
