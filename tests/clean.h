// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What may reach a terminal or a reader of JSON: valid UTF-8 without C0, DEL, C1 and the controls
 * that turn the direction of text. Written apart from core/text.c, which it judges.
 */

#include <glib.h>

/*
 * The first byte that is not clean, described with its place, or NULL. `allowed` names the
 * controls that may stand (e.g. "\n"). New text.
 */
char *unclean_at(const char *bytes, gsize len, const char *allowed);

/* The same for a terminal's stream: well-formed escape sequences of a screen program are passed. */
char *unclean_screen(const char *bytes, gsize len);
