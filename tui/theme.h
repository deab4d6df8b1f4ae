// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Themes: what a thing on the screen *is* (its role) → how it looks. A theme is an INI file with
 *two sections, [color] and [mono]; each has one line a role:
 *
 *	role = [bold] [dim] [underline] [reverse] [COLOR] [on COLOR]
 *
 * COLOR is default, black, red, green, yellow, blue, magenta, cyan, white, any of them after
 * "bright-", or a number to 255. No curses here: terminal.c turns a Style into attributes. Any
 *thread.
 */

#include <glib.h>
#include <stdbool.h>

/* Every role: enumerator, name in theme files. */
#define ROLES(X) \
	X(NORMAL, "normal") \
	X(TITLE, "title") \
	X(BORDER, "border") \
	X(BORDER_FOCUS, "border-focus") \
	X(CURSOR, "cursor") \
	X(CURSOR_OTHER, "cursor-other") \
	X(DIM, "dim") \
	X(HEADING, "heading") \
	X(READY, "ready") \
	X(ACTION, "action") \
	X(BLOCKED, "blocked") \
	X(CANNOT, "cannot") \
	X(UNKNOWN, "unknown") \
	X(WARNING, "warning") \
	X(ERROR, "error") \
	X(KEY, "key") \
	X(LABEL, "label") \
	X(INPUT, "input") \
	X(BUTTON, "button") \
	X(BUTTON_FOCUS, "button-focus")

typedef enum {
#define X(id, name) ROLE_##id,
	ROLES(X)
#undef X
		ROLE_COUNT
} Role;

#define COLOR_DEFAULT (-1)

typedef struct {
	short fg, bg; /* palette index or COLOR_DEFAULT */
	bool bold, dim, underline, reverse;
} Style;

typedef struct {
	Style color[ROLE_COUNT];
	Style mono[ROLE_COUNT];
} Theme;

#define THEME_ERROR (theme_error_quark())
GQuark theme_error_quark(void);

/* The name of a role as theme files spell it. */
const char *role_name(Role role);
/* The built-in theme (themes/default.theme, compiled in). */
void theme_default(Theme *theme);
/*
 * Reads a theme file over the built-in one: what it does not name stays. False with an error that
 * names file and line for an unknown role, section or word.
 */
bool theme_load(Theme *theme, const char *filename, GError **error);
