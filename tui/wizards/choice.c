// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/choice.h"

void choice_step(char **value, const GPtrArray *choices, int step)
{
	guint at = 0;
	if (choices->len == 0)
		return;
	for (guint i = 0; i < choices->len; i++) {
		if (g_strcmp0(g_ptr_array_index(choices, i), *value) == 0)
			at = i;
	}
	at = (at + choices->len + (guint)step) % choices->len;
	g_free(*value);
	*value = g_strdup(g_ptr_array_index(choices, at));
}

void choice_draw(Surface *surface, Rect line, bool focused, const char *text)
{
	surface_putf(surface, line.x, line.y, line.w, focused ? ROLE_BUTTON_FOCUS : ROLE_NORMAL,
	             "< %s >", text);
	if (focused)
		surface_set_cursor(surface, line.x, line.y);
}
