// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * An ordered list of attributes to edit, one "key=value" a row, keys may repeat. The last row is
 * empty: what is typed there is added. PgUp and PgDn move a row, an emptied row is dropped. UI
 * thread.
 */

#include "core/inventory.h"
#include "tui/widgets/prompt.h"

typedef struct {
	GPtrArray *rows; /* Prompt *; the last one is empty */
	guint at;        /* the row that is edited */
	int top;         /* the first row shown */
	GStringChunk *strings;
} AttrList;

/* `attrs`: Attr, copied; or NULL. */
void attr_list_init(AttrList *list, const GArray *attrs);
void attr_list_clear(AttrList *list);
bool attr_list_is_empty(const AttrList *list);
/* As "a=1\nb=2": to see whether anything was changed. New. */
char *attr_list_text(const AttrList *list);
/*
 * The attributes (Attr; new, its strings live until the next call), or NULL and in `*why` what is
 * wrong (new text).
 */
GArray *attr_list_read(AttrList *list, char **why);

/* Typing; true if the key was used up. */
bool attr_list_key(AttrList *list, Key key);
/* UP, DOWN (false past the ends: the focus goes on), PAGE_UP, PAGE_DOWN. */
bool attr_list_action(AttrList *list, ActionId id);
void attr_list_draw(AttrList *list, Surface *surface, Rect area, bool focused);
