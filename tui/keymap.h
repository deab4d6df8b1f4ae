// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Keys, their names, and which action a key means in which context. No curses here. UI thread,
 * after keymap_new (which any thread may call).
 */

#include <glib.h>
#include <stdbool.h>

#include "tui/actions.h"

/* A key: a character (control characters included), or one of the codes past the last character. */
typedef guint32 Key;

enum {
	KEYCODE_TAB = 9,
	KEYCODE_ENTER = 13,
	KEYCODE_ESC = 27,
	KEYCODE_BACKSPACE = 127,
	KEYCODE_NONE = 0x110000,
	KEYCODE_UP,
	KEYCODE_DOWN,
	KEYCODE_LEFT,
	KEYCODE_RIGHT,
	KEYCODE_PGUP,
	KEYCODE_PGDN,
	KEYCODE_HOME,
	KEYCODE_END,
	KEYCODE_INSERT,
	KEYCODE_DELETE,
	KEYCODE_BACKTAB,
	KEYCODE_F1,
	KEYCODE_F12 = KEYCODE_F1 + 11,
};

typedef struct {
	ActionId id;
	const char *name, *keys, *footer, *help;
	Context context;
	bool changes; /* it leads to a change of a host */
} Action;

/* The row of an action; NULL for ACTION_NONE. */
const Action *action_get(ActionId id);

/* What a context is called in documents; NULL past the last. */
const char *context_name(Context context);

typedef struct Keymap Keymap;

/* The built-in keys. `*collision` (may be NULL) gets new text if two actions want one key. */
Keymap *keymap_new(char **collision);
/*
 * Gives an action other keys, names separated by blanks; none takes its keys away. `where` (file
 * and line) is copied. False with a sentence in `*problem` (new) if there is no such action or key.
 * keymap_settle makes it hold.
 */
bool keymap_bind(Keymap *keymap, const char *action, const char *keys, const char *where,
                 char **problem);
/* Makes all bindings hold; one that collides is said in `problems` (char *) and taken back. */
void keymap_settle(Keymap *keymap, GPtrArray *problems);
/* The keys of an action as they are now, separated by blanks. */
const char *keymap_keys(const Keymap *keymap, ActionId id);
void keymap_free(Keymap *keymap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keymap, keymap_free)

/* True if the keys of `shared` are heard in the place `context` (or are its own). */
bool context_hears(Context context, Context shared);
/* The action of a key in a place: its own, then what it shares with others; ACTION_NONE. */
ActionId keymap_find(const Keymap *keymap, Context context, Key key);

/* "F1", "PgUp", "Ctrl-L", "a" → key; KEYCODE_NONE if there is no such name. */
Key key_parse(const char *name);
/* True for a character that can be typed into a text. */
bool key_is_text(Key key);
