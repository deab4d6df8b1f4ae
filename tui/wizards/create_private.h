// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Inside of the create page: its state, shared by create.c (behaviour), create_choices.c (what the
 * host offers) and create_draw.c (looks).
 */

#include "tui/view.h"
#include "tui/widgets/dialog.h"
#include "tui/widgets/prompt.h"
#include "tui/wizards/attr_list.h"

typedef enum {
	FIELD_TYPE,
	FIELD_PLACE,
	FIELD_UUID,
	FIELD_COUNT,
	FIELD_KEEP,
	FIELD_ATTRS,
	FIELD_BUTTONS,
	FIELDS
} Field;

/* How long what is made lasts. */
typedef enum { KEEP_BOOT, KEEP_DEFINED, KEEP_AUTOSTART, KEEPS } Keep;

typedef struct {
	View base;
	Ui *ui;
	int host;
	Field focus;
	char *type, *card; /* ids; card NULL: the first one with room */
	Keep keep;
	Prompt find, uuid, count;
	AttrList attrs;
	Buttons buttons;
	char *error;
	bool warned; /* of what Esc would discard */
} Create;

/* NULL: the host is not read. */
const Inventory *create_inventory(const Create *create);
/* The ids of all types of the host, in order; strings of the inventory. */
GPtrArray *create_type_ids(const Inventory *inventory);
/* The names of the cards that offer the chosen type; the first is NULL: any. */
GPtrArray *create_card_names(const Create *create);
/* The chosen type on a parent that offers it; NULL: nobody does. */
const Type *create_type(const Create *create);
/* Chooses the first type whose id or name holds what was typed. */
void create_find_type(Create *create);

void create_draw(View *view, Surface *surface);
