// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What a filter that was typed means: a part of a name in any case; "!" before it inverts. */

#include <stdbool.h>

typedef struct {
	char *needle; /* folded; NULL: no filter */
	bool invert;  /* show what does not match */
} Filter;

/* Parses what was typed; `text` may be NULL. The caller clears it. */
Filter filter_new(const char *text);
void filter_clear(Filter *filter);
/* "web" turned into "!web" and back; "" stays. New text. */
char *filter_inverted(const char *text);
/* True if the text holds the needle, which must not be NULL; inversion is the caller's. */
bool filter_contains(const Filter *filter, const char *text);
