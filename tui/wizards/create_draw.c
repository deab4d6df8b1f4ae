// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cards.h"
#include "core/explain.h"
#include "tui/wizards/choice.h"
#include "tui/wizards/create_private.h"

#define LABEL_COLUMNS 9
#define BELOW 4 /* a hint, two rows of what is wrong, the buttons */

static char *type_words(const Create *create)
{
	const Type *type = create_type(create);
	if (!create->type)
		return g_strdup("none is offered here");
	if (!type)
		return g_strdup_printf("%s (not offered here)", create->type);
	return g_strdup_printf("%s%s%s", type->id, type->name.s ? "  " : "",
	                       type->name.s ? type->name.s : "");
}

static char *room_words(const CardType *type)
{
	g_autofree char *why = NULL;
	if (type->unreadable == type->offers->len)
		return g_strdup("room unknown");
	if (explain_card_zero(type, &why) != ZERO_NOT)
		return g_strdup_printf("0: %s", why);
	return g_strdup_printf("%s%" G_GINT64_FORMAT " available",
	                       type->offers->len > 1 ? "up to " : "", type->available);
}

static char *card_words(const Create *create)
{
	const Inventory *inventory = create_inventory(create);
	const Card *card =
		inventory && create->card ? inventory_card(inventory, create->card) : NULL;
	if (!create->card)
		return g_strdup("the first one with room");
	const CardType *type = card && create->type ? card_type(card, create->type) : NULL;
	if (!type)
		return g_strdup_printf("%s (gone)", create->card);
	g_autofree char *room = room_words(type);
	return g_strdup_printf("%s  %s", card->label, room);
}

static void draw_field(Create *create, Surface *surface, Field field, Rect line)
{
	static const char *const keeps[KEEPS] = { "this boot only", "defined: stays after a reboot",
		                                  "defined, and started at boot" };
	bool here = create->focus == field;
	if (field == FIELD_UUID) {
		prompt_draw(&create->uuid, surface, line.x, line.y, MIN(line.w, 37), here);
		if (!create->uuid.len && !here)
			surface_put(surface, line.x, line.y, 37, ROLE_DIM, "(a new one)");
	} else if (field == FIELD_COUNT) {
		prompt_draw(&create->count, surface, line.x, line.y, MIN(line.w, 6), here);
	} else if (field == FIELD_ATTRS) {
		attr_list_draw(&create->attrs, surface, line, here);
	} else {
		g_autofree char *text = field == FIELD_TYPE    ? type_words(create)
		                        : field == FIELD_PLACE ? card_words(create)
		                                               : g_strdup(keeps[create->keep]);
		choice_draw(surface, line, here, text);
	}
}

static const char *hint_of(const Create *create)
{
	static const char *const hints[FIELDS] = {
		"Left and Right choose; typing finds a type.",
		"Left and Right choose; of a card's functions one with room is picked.",
		"Typed, or left empty for a new one.",
		"How many.",
		"Left and Right choose: gone at a reboot, kept, or there again.",
		"key=value, written in this order; PgUp and PgDn move a row.",
		"",
	};
	bool finds = create->focus == FIELD_TYPE && create->find.len;
	return finds ? create->find.text : hints[create->focus];
}

void create_draw(View *view, Surface *surface)
{
	static const char *const names[] = { "Type", "Card", "UUID", "Count", "Keep", "Attrs" };
	Create *create = (Create *)view;
	const HostView *host = snapshot_host(create->ui->hosts, create->host);
	g_autofree char *title = g_strdup_printf("Create on %s", host->address->label);
	Rect in = dialog_frame(surface, MIN(surface_width(surface) - 2, 76),
	                       MIN(surface_height(surface) - 2, 17), title);
	int attrs = MAX(in.h - FIELD_ATTRS - BELOW, 1);
	/* On a very small screen the fields move up behind the focused one. */
	int skip = MAX(MIN((int)create->focus, FIELD_ATTRS) - (in.h - 2), 0);
	for (int i = skip; i < FIELD_BUTTONS && i - skip < in.h - 1; i++) {
		Rect line = { in.x + LABEL_COLUMNS, in.y + i - skip, in.w - LABEL_COLUMNS,
			      i == FIELD_ATTRS ? attrs : 1 };
		surface_put(surface, in.x, line.y, LABEL_COLUMNS - 1, ROLE_HEADING, names[i]);
		draw_field(create, surface, (Field)i, line);
	}
	int y = in.y + FIELD_ATTRS + attrs, bottom = in.y + in.h - 1;
	if (y < bottom)
		surface_put(surface, in.x, y, in.w, ROLE_DIM, hint_of(create));
	if (create->error)
		text_wrapped(surface, (Rect){ in.x, y + 1, in.w, bottom - y - 1 }, ROLE_ERROR,
		             create->error);
	buttons_draw(&create->buttons, surface, in.x, bottom, in.w, create->focus == FIELD_BUTTONS);
}
