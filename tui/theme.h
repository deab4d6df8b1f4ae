// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Themes: what a thing on the screen *is* (its role) → how it looks. A theme is an INI file with
 *two sections, [color] and [mono]; each has one line a role:
 *
 *	role = [bold] [dim] [underline] [reverse] [COLOR] [on COLOR]
 *
 * COLOR is default, black, red, green, yellow, blue, magenta, cyan, white, any of them after
 * "bright-", a number to 255, or #RRGGBB. No curses here: terminal.c turns a Style into attributes.
 *Any thread.
 */

#include <glib.h>
#include <stdbool.h>

#include "tui/palette.h"

/* Every role: enumerator, name in theme files, what has it. */
#define ROLES(X) \
	X(NORMAL, "normal", "text, and the ground of the whole screen") \
	X(TITLE, "title", "the line at the top") \
	X(BORDER, "border", "a frame") \
	X(BORDER_FOCUS, "border-focus", "the frame that has the focus") \
	X(CURSOR, "cursor", "the selected row") \
	X(CURSOR_OTHER, "cursor-other", "the selected row of a pane without the focus") \
	X(DIM, "dim", "what matters less: counts, ages, stale values") \
	X(HEADING, "heading", "headings in texts and lists") \
	X(READY, "ready", "the verdict READY") \
	X(ACTION, "action", "the verdict READY AFTER n STEPS") \
	X(BLOCKED, "blocked", "the verdict BLOCKED NOW") \
	X(CANNOT, "cannot", "the verdict CANNOT") \
	X(UNKNOWN, "unknown", "the verdict CANNOT TELL") \
	X(WARNING, "warning", "a warning") \
	X(ERROR, "error", "an error") \
	X(KEY, "key", "a key in the footer") \
	X(LABEL, "label", "what a key does, in the footer") \
	X(INPUT, "input", "a field to type into") \
	X(BUTTON, "button", "a button") \
	X(BUTTON_FOCUS, "button-focus", "the button that Enter presses")

typedef enum {
#define X(id, name, help) ROLE_##id,
	ROLES(X)
#undef X
		ROLE_COUNT
} Role;

typedef struct {
	int fg, bg; /* palette.h */
	bool bold, dim, underline, reverse;
} Style;

typedef struct {
	Style color[ROLE_COUNT];
	Style mono[ROLE_COUNT];
} Theme;

#define THEME_ERROR (theme_error_quark())
GQuark theme_error_quark(void);

/* The name of a role as theme files spell it, and what on the screen has it. */
const char *role_name(Role role);
const char *role_help(Role role);

/* The themes that come with the program, NULL-terminated. */
extern const char *const theme_shipped[];
/* The built-in theme (themes/default.theme, compiled in). */
void theme_default(Theme *theme);
/*
 * Reads a theme file over the built-in one: what it does not name stays. False with an error that
 * names file and line for an unknown role, section or word.
 */
bool theme_load(Theme *theme, const char *filename, GError **error);
/*
 * The theme that the operator asked for: NULL or "default" where no file has that name (the
 * built-in one), a path (with a '/', or ending in .theme), or a name below the folders of themes
 * (core/folders.h). False with an error as above, or one that says where was looked.
 */
bool theme_choose(Theme *theme, const char *wanted, GError **error);
