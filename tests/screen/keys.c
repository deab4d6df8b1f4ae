// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the person at the terminal does: keys, pastes and clicks, encoded by the emulator for the
 * modes the program has switched on.
 */
#include "term.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

static const struct {
	const char *name;
	VTermKey key;
	VTermModifier mod;
} keys[] = {
	{ "Up", VTERM_KEY_UP, 0 },
	{ "Down", VTERM_KEY_DOWN, 0 },
	{ "Left", VTERM_KEY_LEFT, 0 },
	{ "Right", VTERM_KEY_RIGHT, 0 },
	{ "Enter", VTERM_KEY_ENTER, 0 },
	{ "Tab", VTERM_KEY_TAB, 0 },
	{ "BackTab", VTERM_KEY_TAB, VTERM_MOD_SHIFT },
	{ "Esc", VTERM_KEY_ESCAPE, 0 },
	{ "PgUp", VTERM_KEY_PAGEUP, 0 },
	{ "PgDn", VTERM_KEY_PAGEDOWN, 0 },
	{ "Home", VTERM_KEY_HOME, 0 },
	{ "End", VTERM_KEY_END, 0 },
	{ "Ins", VTERM_KEY_INS, 0 },
	{ "Del", VTERM_KEY_DEL, 0 },
	{ "Backspace", VTERM_KEY_BACKSPACE, 0 },
};

static const struct {
	const char *prefix;
	VTermModifier mod;
} modifiers[] = {
	{ "Ctrl-", VTERM_MOD_CTRL },
	{ "Alt-", VTERM_MOD_ALT },
	{ "Shift-", VTERM_MOD_SHIFT },
};

/* Strips the prefixes. A lone "-" or "Ctrl-" with nothing behind it is left as it is. */
static const char *take_modifiers(const char *name, VTermModifier *mod)
{
	for (size_t i = 0; i < G_N_ELEMENTS(modifiers); i++) {
		size_t len = strlen(modifiers[i].prefix);

		if (g_str_has_prefix(name, modifiers[i].prefix) && name[len]) {
			*mod |= modifiers[i].mod;
			return take_modifiers(name + len, mod);
		}
	}
	return name;
}

static bool send_named(Term *t, const char *name, VTermModifier mod)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (strcmp(name, keys[i].name) == 0) {
			vterm_keyboard_key(term_vterm(t), keys[i].key, mod | keys[i].mod);
			return true;
		}
	}
	if (name[0] == 'F' && g_ascii_isdigit(name[1])) {
		char *end;
		long n = strtol(name + 1, &end, 10);

		if (*end == 0 && n >= 1 && n <= 12) {
			vterm_keyboard_key(term_vterm(t), VTERM_KEY_FUNCTION(n), mod);
			return true;
		}
	}
	return false;
}

/* Control characters by hand: the emulator would send Ctrl-I, -J, -M and -[ as CSI u sequences,
 * which xterm does not. */
static bool send_control(Term *t, gunichar c, VTermModifier mod)
{
	char bytes[] = { '\033', 0, 0 };

	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	if (c < '@' + 1 || c > '_') /* Ctrl-@ would be a NUL, which term_send() cannot send */
		return false;
	bytes[1] = (char)(c & 0x1f);
	term_send(t, mod & VTERM_MOD_ALT ? bytes : bytes + 1);
	return true;
}

static bool send_character(Term *t, const char *name, VTermModifier mod)
{
	const char *text = strcmp(name, "Space") == 0 ? " " : name;
	gunichar c;

	if (!g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) != 1)
		return false;
	c = g_utf8_get_char(text);
	if (mod & VTERM_MOD_CTRL)
		return send_control(t, c, mod);
	if (mod & VTERM_MOD_SHIFT)
		c = g_unichar_toupper(c);
	if (mod & VTERM_MOD_ALT)
		term_send(t, "\033");
	vterm_keyboard_unichar(term_vterm(t), c, VTERM_MOD_NONE);
	return true;
}

bool term_key(Term *t, const char *name)
{
	VTermModifier mod = VTERM_MOD_NONE;
	const char *base = take_modifiers(name, &mod);

	if (!send_named(t, base, mod) && !send_character(t, base, mod)) {
		fprintf(stderr, "term: no key \"%s\"\n", name);
		return false;
	}
	term_send(t, ""); /* flush what the emulator has encoded */
	return true;
}

void term_paste(Term *t, const char *text)
{
	vterm_keyboard_start_paste(term_vterm(t));
	term_send(t, text);
	vterm_keyboard_end_paste(term_vterm(t));
	term_send(t, "");
}

void term_click(Term *t, int row, int col, int button)
{
	vterm_mouse_move(term_vterm(t), row, col, VTERM_MOD_NONE);
	vterm_mouse_button(term_vterm(t), button, true, VTERM_MOD_NONE);
	vterm_mouse_button(term_vterm(t), button, false, VTERM_MOD_NONE);
	term_send(t, "");
}
