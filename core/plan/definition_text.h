// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The text of a definition as mdevctl keeps it in /etc/mdevctl.d/PARENT/UUID: a JSON object with
 * "mdev_type", "start" ("auto" or "manual") and "attrs" (a list of objects of one key each: order
 * matters, keys may repeat), two blanks deep. Edits keep what else is in the object. Pure
 * functions.
 */

#include "core/inventory.h"

/* `attrs`: Attr, or NULL. New. */
char *definition_text(const char *type, bool autostart, const GArray *attrs);
/* `text` with one thing changed; NULL if it is no JSON object. New. */
char *definition_text_with_start(const char *text, bool autostart);
char *definition_text_with_attrs(const char *text, const GArray *attrs);

/* True if both say the same of type, start and attributes; NULL is no definition at all. */
bool definition_text_same(const char *a, const char *b);
