// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Makes bytes of a host safe to draw and to write as JSON: C0, C1, DEL and bidirectional controls
 * become \xNN or \u{NNNN} text, bytes that are not UTF-8 become \xNN. New text, valid UTF-8.
 */
char *text_visible(const char *bytes, gssize len);
/* The same for text of several lines: line ends stay. New text. */
char *text_visible_lines(const char *text);

/*
 * The shortest prefix (at least 8 characters) of `uuid` that no other of `uuids` shares; where the
 * prefixes are all alike, "first…last" (four characters each; "..." with ascii). New text.
 */
char *uuid_short(const char *uuid, const char *const *uuids, guint n, bool ascii);

/* "3 s ago", "2 min ago", "4 h ago". New text. */
char *age_text(gint64 age_us);

/* "nvidia-558" before "nvidia-1000": runs of digits are numbers. */
int natural_compare(const char *a, const char *b);
