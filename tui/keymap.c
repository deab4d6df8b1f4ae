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
	[CONTEXT_MATRIX] = "The matrix screen",
	[CONTEXT_MENU] = "The menu of columns",
	[CONTEXT_TEXT] = "Details, help and review pages",
	[CONTEXT_ACTS] = "What can be done with the selected thing",
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
	{ "Semicolon", ';' }, /* begins a comment in files */
};

struct Keymap {
	GHashTable *actions[CONTEXT_COUNT]; /* Key → ActionId */
	char *keys[ACTION_COUNT];           /* bound by a file; NULL: the built-in ones */
	char *where[ACTION_COUNT];          /* file and line of that; else NULL */
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
	[CONTEXT_MATRIX] = { CONTEXT_MATRIX, CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_MENU] = { CONTEXT_MENU, CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_TEXT] = { CONTEXT_TEXT, CONTEXT_MOVE, CONTEXT_ALL },
	[CONTEXT_ACTS] = { CONTEXT_ACTS, CONTEXT_MOVE, CONTEXT_ALL },
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

/* Two actions that want one key in one place, or one that wants a key that is none. */
typedef struct {
	ActionId id, other;
	char *key;
} Clash;

static bool add_keys(Keymap *keymap, ActionId id, Clash *clash)
{
	const Context context = actions[id].context;
	g_auto(GStrv) names = g_strsplit_set(keymap_keys(keymap, id), " \t", -1);
	for (char **n = names; *n; n++) {
		if (!**n)
			continue;
		Key key = key_parse(*n);
		ActionId other = taken_by(keymap, context, key);
		if (other || key == KEYCODE_NONE) {
			*clash = (Clash){ id, other, g_strdup(*n) };
			return false;
		}
		g_hash_table_insert(keymap->actions[context], GUINT_TO_POINTER(key),
		                    GINT_TO_POINTER((int)id));
	}
	return true;
}

/* Fills the tables anew; false at the first clash. */
static bool fill(Keymap *keymap, Clash *clash)
{
	for (int c = 0; c < CONTEXT_COUNT; c++)
		g_hash_table_remove_all(keymap->actions[c]);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		if (!add_keys(keymap, (ActionId)i, clash))
			return false;
	}
	return true;
}

Keymap *keymap_new(char **collision)
{
	Keymap *keymap = g_new0(Keymap, 1);
	Clash clash = { 0 };
	for (int c = 0; c < CONTEXT_COUNT; c++)
		keymap->actions[c] = g_hash_table_new(NULL, NULL);
	if (!fill(keymap, &clash) && collision)
		*collision =
			g_strdup_printf("key %s: %s, %s", clash.key, actions[clash.id].name,
		                        clash.other ? actions[clash.other].name : "no such key");
	g_free(clash.key);
	return keymap;
}

static void unbind(Keymap *keymap, ActionId id)
{
	g_clear_pointer(&keymap->keys[id], g_free);
	g_clear_pointer(&keymap->where[id], g_free);
}

static ActionId action_find(const char *name)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		if (strcmp(actions[i].name, name) == 0)
			return (ActionId)i;
	}
	return ACTION_NONE;
}

bool keymap_bind(Keymap *keymap, const char *action, const char *keys, const char *where,
                 char **problem)
{
	ActionId id = action_find(action);
	if (id == ACTION_NONE) {
		*problem = g_strdup_printf("there is no action \"%s\"", action);
		return false;
	}
	g_auto(GStrv) names = g_strsplit_set(keys, " \t", -1);
	for (char **n = names; *n; n++) {
		if (**n && key_parse(*n) == KEYCODE_NONE) {
			*problem = g_strdup_printf("there is no key \"%s\"", *n);
			return false;
		}
	}
	unbind(keymap, id);
	keymap->keys[id] = g_strdup(keys);
	keymap->where[id] = g_strdup(where);
	return true;
}

/* What is written in a file gives way to what is built in: that has no collisions. */
void keymap_settle(Keymap *keymap, GPtrArray *problems)
{
	Clash clash = { 0 };
	while (!fill(keymap, &clash)) {
		ActionId loser = keymap->keys[clash.id] ? clash.id : clash.other;
		ActionId winner = loser == clash.id ? clash.other : clash.id;
		g_ptr_array_add(problems,
		                g_strdup_printf("%s: key %s: %s has it already (%s)",
		                                keymap->where[loser], clash.key,
		                                actions[winner].name,
		                                keymap->where[winner] ? keymap->where[winner]
		                                                      : "built in"));
		g_clear_pointer(&clash.key, g_free);
		unbind(keymap, loser);
	}
}

const char *keymap_keys(const Keymap *keymap, ActionId id)
{
	return keymap->keys[id] ? keymap->keys[id] : actions[id].keys;
}

void keymap_free(Keymap *keymap)
{
	if (!keymap)
		return;
	for (int c = 0; c < CONTEXT_COUNT; c++)
		g_hash_table_unref(keymap->actions[c]);
	for (int i = 0; i < ACTION_COUNT; i++)
		unbind(keymap, (ActionId)i);
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
