// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/widgets/prompt.h"

#include <string.h>

#define CTRL(c) ((Key)((c) - '@'))

void prompt_wipe(Prompt *prompt)
{
	bool secret = prompt->secret;
	explicit_bzero(prompt, sizeof *prompt);
	prompt->secret = secret;
}

void prompt_set(Prompt *prompt, const char *text)
{
	prompt_wipe(prompt);
	g_strlcpy(prompt->text, text, sizeof prompt->text);
	prompt->len = prompt->at = strlen(prompt->text);
}

static void cut(Prompt *prompt, gsize from, gsize to)
{
	memmove(prompt->text + from, prompt->text + to, prompt->len - to + 1);
	prompt->len -= to - from;
	prompt->at = from;
}

static gsize before(const Prompt *prompt, gsize at)
{
	const char *p = g_utf8_find_prev_char(prompt->text, prompt->text + at);
	return p ? (gsize)(p - prompt->text) : 0;
}

static gsize after(const Prompt *prompt, gsize at)
{
	return at < prompt->len ? (gsize)(g_utf8_next_char(prompt->text + at) - prompt->text) : at;
}

static void insert(Prompt *prompt, Key key)
{
	char bytes[6];
	gsize n = (gsize)g_unichar_to_utf8(key, bytes);
	if (prompt->len + n >= sizeof prompt->text)
		return;
	memmove(prompt->text + prompt->at + n, prompt->text + prompt->at,
	        prompt->len - prompt->at + 1);
	memcpy(prompt->text + prompt->at, bytes, n);
	prompt->len += n;
	prompt->at += n;
}

static void cut_word(Prompt *prompt)
{
	gsize from = prompt->at;
	while (from > 0 && prompt->text[from - 1] == ' ')
		from--;
	while (from > 0 && prompt->text[from - 1] != ' ')
		from--;
	cut(prompt, from, prompt->at);
}

bool prompt_key(Prompt *prompt, Key key)
{
	switch (key) {
	case KEYCODE_LEFT:
		prompt->at = before(prompt, prompt->at);
		return true;
	case KEYCODE_RIGHT:
		prompt->at = after(prompt, prompt->at);
		return true;
	case KEYCODE_HOME:
	case CTRL('A'):
		prompt->at = 0;
		return true;
	case KEYCODE_END:
	case CTRL('E'):
		prompt->at = prompt->len;
		return true;
	case KEYCODE_BACKSPACE:
		cut(prompt, before(prompt, prompt->at), prompt->at);
		return true;
	case KEYCODE_DELETE: {
		gsize at = prompt->at;
		cut(prompt, at, after(prompt, at));
		return true;
	}
	case CTRL('U'):
		cut(prompt, 0, prompt->at);
		return true;
	case CTRL('W'):
		cut_word(prompt);
		return true;
	default:
		break;
	}
	if (!key_is_text(key))
		return false;
	insert(prompt, key);
	return true;
}

void prompt_draw(const Prompt *prompt, Surface *surface, int x, int y, int w, bool focused)
{
	int column = 0;
	surface_fill(surface, (Rect){ x, y, w, 1 }, ' ', ROLE_INPUT);
	if (!prompt->secret) {
		/* The text before the cursor must be seen up to the cursor itself. */
		g_autofree char *head = g_strndup(prompt->text, prompt->at);
		const char *from = head;
		while (*from && text_columns(from) >= w)
			from = g_utf8_next_char(from);
		column = text_columns(from);
		surface_put(surface, x, y, w, ROLE_INPUT, prompt->text + (from - head));
	}
	if (focused)
		surface_set_cursor(surface, x + column, y);
}
