// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/keymap.h"

#include <string.h>

static const Action actions[ACTION_COUNT] = {
#define X(id_, name_, context_, keys_, footer_, danger_, help_) \
	[ACTION_##id_] = { .id = ACTION_##id_, \
		           .name = name_, \
		           .keys = keys_, \
		           .footer = footer_, \
		           .help = help_, \
		           .context = CONTEXT_##context_, \
		           .changes = danger_ },
	ACTIONS(X)
#undef X
};

static const char *const context_names[CONTEXT_COUNT] = {
	[CONTEXT_ALL] = "Everywhere, except where text is typed",
	[CONTEXT_MOVE] = "Lists, texts and dialogs",
	[CONTEXT_SCREEN] = "All screens",
	[CONTEXT_HOSTS] = "The pair, fleet and guests screens",
	[CONTEXT_TABLE] = "The fleet, guests and messages screens",
	[CONTEXT_PAIR] = "The pair screen",
	[CONTEXT_FLEET] = "The fleet screen",
	[CONTEXT_MENU] = "The menu of columns",
	[CONTEXT_TEXT] = "Details, help and review pages",
};

static const struct {
	const char *name;
	Key key;
} key_names[] = {
	{ "Tab", KEYCODE_TAB },         { "Enter", KEYCODE_ENTER },
	{ "Esc", KEYCODE_ESC },         { "Backspace", KEYCODE_BACKSPACE },
	{ "Up", KEYCODE_UP },           { "Down", KEYCODE_DOWN },
	{ "Left", KEYCODE_LEFT },       { "Right", KEYCODE_RIGHT },
	{ "PgUp", KEYCODE_PGUP },       { "PgDn", KEYCODE_PGDN },
	{ "Home", KEYCODE_HOME },       { "End", KEYCODE_END },
	{ "Ins", KEYCODE_INSERT },      { "Del", KEYCODE_DELETE },
	{ "BackTab", KEYCODE_BACKTAB }, { "Space", ' ' },
};

struct Keymap {
	GHashTable *actions[CONTEXT_COUNT]; /* Key → ActionId */
};

const Action *action_get(ActionId id)
{
	return id > ACTION_NONE && id < ACTION_COUNT ? &actions[id] : NULL;
}

const char *context_name(Context context)
{
	return context < CONTEXT_COUNT ? context_names[context] : NULL;
}

Key key_parse(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(key_names); i++) {
		if (strcmp(name, key_names[i].name) == 0)
			return key_names[i].key;
	}
	guint64 n;
	if (name[0] == 'F' && g_ascii_string_to_unsigned(name + 1, 10, 1, 12, &n, NULL))
		return KEYCODE_F1 + (Key)n - 1;
	if (g_str_has_prefix(name, "Ctrl-") && g_ascii_isupper(name[5]) && !name[6])
		return (Key)(name[5] - '@');
	if (g_utf8_validate(name, -1, NULL) && g_utf8_strlen(name, -1) == 1)
		return g_utf8_get_char(name);
	return KEYCODE_NONE;
}

bool key_is_text(Key key)
{
	return key < KEYCODE_NONE && key >= ' ' && key != 127 && !(key >= 0x80 && key < 0xa0);
}

/* What a place hears, in that order; each list ends with ALL. */
static const Context heard[CONTEXT_COUNT][7] = {
	[CONTEXT_ALL] = { CONTEXT_ALL },
	[CONTEXT_MOVE] = { CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_SCREEN] = { CONTEXT_SCREEN, CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_HOSTS] = { CONTEXT_HOSTS, CONTEXT_TABLE, CONTEXT_SCREEN, CONTEXT_MOVE,
	                    CONTEXT_ALL },
	[CONTEXT_TABLE] = { CONTEXT_TABLE, CONTEXT_SCREEN, CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_PAIR] = { CONTEXT_PAIR, CONTEXT_HOSTS, CONTEXT_SCREEN, CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_FLEET] = { CONTEXT_FLEET, CONTEXT_HOSTS, CONTEXT_TABLE, CONTEXT_SCREEN,
	                    CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_MENU] = { CONTEXT_MENU, CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_TEXT] = { CONTEXT_TEXT, CONTEXT_MOVE, CONTEXT_ALL },
};

bool context_hears(Context context, Context shared)
{
	for (const Context *c = heard[context];; c++) {
		if (*c == shared)
			return true;
		if (*c == CONTEXT_ALL)
			return false;
	}
}

/* The action that would answer the key already in some place that hears `context`. */
static ActionId taken_by(const Keymap *keymap, Context context, Key key)
{
	ActionId id = ACTION_NONE;
	for (int place = 0; id == ACTION_NONE && place < CONTEXT_COUNT; place++) {
		if (context_hears((Context)place, context))
			id = keymap_find(keymap, (Context)place, key);
	}
	return id;
}

Keymap *keymap_new(char **collision)
{
	Keymap *keymap = g_new0(Keymap, 1);
	for (int c = 0; c < CONTEXT_COUNT; c++)
		keymap->actions[c] = g_hash_table_new(NULL, NULL);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		g_auto(GStrv) names = g_strsplit(actions[i].keys, " ", -1);
		for (char **n = names; *n; n++) {
			Key key = key_parse(*n);
			ActionId other = taken_by(keymap, actions[i].context, key);
			if (collision && !*collision && (other || key == KEYCODE_NONE))
				*collision = g_strdup_printf("key %s: %s, %s", *n, actions[i].name,
				                             other ? actions[other].name
				                                   : "no such key");
			g_hash_table_insert(keymap->actions[actions[i].context],
			                    GUINT_TO_POINTER(key), GINT_TO_POINTER(i));
		}
	}
	return keymap;
}

void keymap_free(Keymap *keymap)
{
	if (!keymap)
		return;
	for (int c = 0; c < CONTEXT_COUNT; c++)
		g_hash_table_unref(keymap->actions[c]);
	g_free(keymap);
}

ActionId keymap_find(const Keymap *keymap, Context context, Key key)
{
	for (const Context *c = heard[context];; c++) {
		gpointer id = g_hash_table_lookup(keymap->actions[*c], GUINT_TO_POINTER(key));
		if (id || *c == CONTEXT_ALL)
			return (ActionId)GPOINTER_TO_INT(id);
	}
}
