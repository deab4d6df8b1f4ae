// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * A one-line text field. The text lies in a buffer of fixed size, so that a secret leaves no copies
 * behind; prompt_wipe() overwrites it. UI thread.
 */

#include "tui/keymap.h"
#include "tui/surface.h"

#define PROMPT_MAX 512

typedef struct {
	char text[PROMPT_MAX]; /* UTF-8 */
	gsize len, at;         /* bytes; `at` is the cursor */
	bool secret;           /* not echoed */
} Prompt;

void prompt_set(Prompt *prompt, const char *text);
void prompt_wipe(Prompt *prompt);
/* Typing and editing; true if the key was one of them (the text may or may not have changed). */
bool prompt_key(Prompt *prompt, Key key);
/* Draws the field in `w` columns, and the hardware cursor in it if `focused`. */
void prompt_draw(const Prompt *prompt, Surface *surface, int x, int y, int w, bool focused);
