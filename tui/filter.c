// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/filter.h"

#include <glib.h>
#include <string.h>

Filter filter_new(const char *text)
{
	Filter filter = { 0 };
	if (text && *text == '!') {
		filter.invert = true;
		text++;
	}
	if (text && *text)
		filter.needle = g_utf8_casefold(text, -1);
	return filter;
}

void filter_clear(Filter *filter)
{
	g_clear_pointer(&filter->needle, g_free);
}

bool filter_contains(const Filter *filter, const char *text)
{
	if (!text)
		return false;
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *folded = g_utf8_casefold(valid, -1);
	return strstr(folded, filter->needle) != NULL;
}

char *filter_inverted(const char *text)
{
	return *text == '!' ? g_strdup(text + 1) : g_strconcat(*text ? "!" : "", text, NULL);
}
