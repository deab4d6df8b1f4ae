// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/driver.h"

#include <string.h>

bool is_nvidia(const Parent *parent)
{
	return (parent->module && g_str_has_prefix(parent->module, "nvidia")) ||
	       (parent->board_vendor.state == READ_VALUE &&
	        g_str_equal(parent->board_vendor.s, "10de"));
}

int version_compare(const char *a, const char *b)
{
	while (g_ascii_isdigit(*a) && g_ascii_isdigit(*b)) {
		char *a_end, *b_end;
		guint64 x = g_ascii_strtoull(a, &a_end, 10), y = g_ascii_strtoull(b, &b_end, 10);
		if (x != y)
			return x < y ? -1 : 1;
		a = *a_end == '.' ? a_end + 1 : a_end;
		b = *b_end == '.' ? b_end + 1 : b_end;
	}
	return g_ascii_isdigit(*a) - g_ascii_isdigit(*b);
}

/* A number at `at`, which is moved behind it. */
static bool read_number(const char **at, guint *number)
{
	char *end;
	guint64 n = g_ascii_strtoull(*at, &end, 10);

	if (!g_ascii_isdigit(**at) || n > G_MAXUINT)
		return false;
	*number = (guint)n;
	*at = end;
	return true;
}

bool version_parse(const char *text, guint parts[static 2])
{
	guint bugfix;

	if (!read_number(&text, &parts[0]) || *text++ != '.' || !read_number(&text, &parts[1]))
		return false;
	return !*text || (*text++ == '.' && read_number(&text, &bugfix) && !*text);
}

bool kernel_at_least(const char *release, guint major, guint minor)
{
	guint parts[2];

	if (!read_number(&release, &parts[0]) || *release++ != '.' ||
	    !read_number(&release, &parts[1]))
		return false;
	return parts[0] > major || (parts[0] == major && parts[1] >= minor);
}

bool kernel_is_enterprise(const char *release)
{
	return strstr(release, ".el8") || strstr(release, ".el9");
}

TextReading setting_of(const Instance *instance, const char *name)
{
	for (guint i = 0; instance && i < instance->settings->len; i++) {
		const InstanceAttr *attr = &g_array_index(instance->settings, InstanceAttr, i);
		if (g_str_equal(attr->name, name))
			return attr->value;
	}
	return (TextReading){ .state = READ_ABSENT };
}

/* A whole number, decimal or with 0x. */
static bool parse_value(const char *text, gint64 *number)
{
	char *end;

	*number = g_ascii_strtoll(text, &end, g_ascii_strncasecmp(text, "0x", 2) == 0 ? 16 : 10);
	return *text && !*end;
}

bool value_equal(const char *a, const char *b)
{
	gint64 x, y;

	if (g_ascii_strcasecmp(a, b) == 0)
		return true;
	return parse_value(a, &x) && parse_value(b, &y) && x == y;
}
