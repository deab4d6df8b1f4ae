// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text.h"

#include <string.h>

/* Controls that reorder or hide text (Unicode 15, Bidi_Control, and the interlinear marks). */
static bool is_bidi_control(gunichar c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

static bool is_unsafe(gunichar c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || is_bidi_control(c) || c == 0x2028 ||
	       c == 0x2029 || c == 0xfeff;
}

static void append_char(GString *out, gunichar c)
{
	if (!is_unsafe(c))
		g_string_append_unichar(out, c);
	else if (c < 0x100)
		g_string_append_printf(out, "\\x%02x", c);
	else
		g_string_append_printf(out, "\\u{%04x}", c);
}

char *text_visible(const char *bytes, gssize len)
{
	gsize n = len < 0 ? strlen(bytes) : (gsize)len;
	GString *out = g_string_sized_new(n);

	for (gsize i = 0; i < n;) {
		gunichar c = bytes[i] == '\0' ? 0 : g_utf8_get_char_validated(bytes + i, n - i);
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_printf(out, "\\x%02x", (guint8)bytes[i]);
			i++;
			continue;
		}
		append_char(out, c);
		i += c == 0 ? 1 : (gsize)g_unichar_to_utf8(c, NULL);
	}
	return g_string_free(out, FALSE);
}

char *text_visible_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		char *visible = text_visible(*line, -1);
		g_free(*line);
		*line = visible;
	}
	return g_strjoinv("\n", lines);
}

static gsize common_prefix(const char *a, const char *b)
{
	gsize i = 0;
	while (a[i] != '\0' && a[i] == b[i])
		i++;
	return i;
}

char *uuid_short(const char *uuid, const char *const *uuids, guint n, bool ascii)
{
	gsize need = 8, len = strlen(uuid);

	for (guint i = 0; i < n; i++) {
		if (strcmp(uuids[i], uuid) == 0)
			continue;
		need = MAX(need, common_prefix(uuid, uuids[i]) + 1);
	}
	if (need <= 13 || len <= 13)
		return g_strndup(uuid, MIN(need, len));
	return g_strdup_printf("%.4s%s%s", uuid, ascii ? "..." : "…", uuid + len - 4);
}

char *age_text(gint64 age_us)
{
	gint64 s = age_us / G_USEC_PER_SEC;

	if (s < 120)
		return g_strdup_printf("%" G_GINT64_FORMAT " s ago", MAX(s, 0));
	if (s < 2 * 3600)
		return g_strdup_printf("%" G_GINT64_FORMAT " min ago", s / 60);
	if (s < 2 * 86400)
		return g_strdup_printf("%" G_GINT64_FORMAT " h ago", s / 3600);
	return g_strdup_printf("%" G_GINT64_FORMAT " days ago", s / 86400);
}

int natural_compare(const char *a, const char *b)
{
	while (*a && *b) {
		if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b)) {
			while (*a == '0' && g_ascii_isdigit(a[1]))
				a++;
			while (*b == '0' && g_ascii_isdigit(b[1]))
				b++;
			gsize na = strspn(a, "0123456789"), nb = strspn(b, "0123456789");
			int d = na != nb ? (na < nb ? -1 : 1) : strncmp(a, b, na);
			if (d)
				return d;
			a += na;
			b += nb;
			continue;
		}
		if (*a != *b)
			return (guchar)*a < (guchar)*b ? -1 : 1;
		a++;
		b++;
	}
	return *a ? 1 : *b ? -1 : 0;
}
