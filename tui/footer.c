// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/footer.h"

#include <string.h>

/* The number of the function key that is an action's first key; 0: another key. */
static int function_key(const char *keys)
{
	return keys[0] == 'F' && g_ascii_isdigit(keys[1]) ? (int)g_ascii_strtoll(keys + 1, NULL, 10)
	                                                  : 0;
}

/* Draws one entry if it fits whole; returns where the next one begins, or -1. */
static int draw_entry(Surface *surface, Rect row, int x, const char *keys, const char *word)
{
	int number = function_key(keys);
	gsize n = strcspn(keys, " ");
	g_autofree char *key =
		number ? g_strdup_printf("%d", number) : g_strdup_printf("%.*s ", (int)n, keys);
	if (x + text_columns(key) + text_columns(word) > row.x + row.w)
		return -1;
	x += surface_put(surface, x, row.y, -1, ROLE_KEY, key);
	return x + surface_put(surface, x, row.y, -1, number ? ROLE_LABEL : ROLE_NORMAL, word);
}

static bool is_shown(const Action *action, const char *keys, Context context)
{
	return *keys && *action->footer && context_hears(context, action->context);
}

void footer_draw(Surface *surface, Rect row, const Keymap *keymap, Context context, bool overlay,
                 bool typing)
{
	int x = row.x + 1;
	for (int number = 1; number <= 12; number++) {
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT && x >= 0; i++) {
			const Action *action = action_get((ActionId)i);
			const char *keys = keymap_keys(keymap, (ActionId)i);
			if (!is_shown(action, keys, context) || function_key(keys) != number)
				continue;
			x = draw_entry(surface, row, x, keys,
			               i == ACTION_QUIT && overlay ? "Back" : action->footer);
			x += x >= 0;
		}
	}
	x += 1; /* two blanks between the groups, as between letters */
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT && x > 0 && !typing; i++) {
		const Action *action = action_get((ActionId)i);
		const char *keys = keymap_keys(keymap, (ActionId)i);
		if (!is_shown(action, keys, context) || function_key(keys))
			continue;
		x = draw_entry(surface, row, x, keys, action->footer);
		x += 2;
		if (x < 2)
			break;
	}
}
