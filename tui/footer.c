// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/footer.h"

#include <string.h>

/* The number of the function key that is an action's first key; 0: another key. */
static int function_key(const Action *action)
{
	return action->keys[0] == 'F' && g_ascii_isdigit(action->keys[1])
	               ? (int)g_ascii_strtoll(action->keys + 1, NULL, 10)
	               : 0;
}

/* Draws one entry if it fits whole; returns where the next one begins, or -1. */
static int draw_entry(Surface *surface, Rect row, int x, const Action *action, const char *word)
{
	int number = function_key(action);
	gsize n = strcspn(action->keys, " ");
	g_autofree char *key = number ? g_strdup_printf("%d", number)
	                              : g_strdup_printf("%.*s ", (int)n, action->keys);
	if (x + text_columns(key) + text_columns(word) > row.x + row.w)
		return -1;
	x += surface_put(surface, x, row.y, -1, ROLE_KEY, key);
	return x + surface_put(surface, x, row.y, -1, number ? ROLE_LABEL : ROLE_NORMAL, word);
}

static bool is_shown(const Action *action, Context context)
{
	return action && *action->footer && context_hears(context, action->context);
}

void footer_draw(Surface *surface, Rect row, Context context, bool overlay, bool typing)
{
	int x = row.x + 1;
	for (int number = 1; number <= 12; number++) {
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT && x >= 0; i++) {
			const Action *action = action_get((ActionId)i);
			if (!is_shown(action, context) || function_key(action) != number)
				continue;
			x = draw_entry(surface, row, x, action,
			               i == ACTION_QUIT && overlay ? "Back" : action->footer);
			x += x >= 0;
		}
	}
	x += 1; /* two blanks between the groups, as between letters */
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT && x > 0 && !typing; i++) {
		const Action *action = action_get((ActionId)i);
		if (!is_shown(action, context) || function_key(action))
			continue;
		x = draw_entry(surface, row, x, action, action->footer);
		x += 2;
		if (x < 2)
			break;
	}
}
