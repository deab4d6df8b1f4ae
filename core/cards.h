// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Cards: parents grouped as hardware. The virtual functions of a physical function are one card; a
 * parent that is no virtual function is a card by itself; so is a physical function whose driver
 * could offer devices but has no parent yet. Made once with each inventory, immutable, and valid as
 * long as that is. Any thread.
 */

#include "core/inventory.h"

/* A type as the functions of one card offer it. */
typedef struct {
	const Card *card;
	const char *id;
	GPtrArray *offers; /* Type *, one a function, by name of the function */
	gint64 available;  /* sum of the counters that could be read: "up to", never capacity */
	guint unreadable;  /* counters that could not */
	guint instances, used, use_unknown;
} CardType;

struct Card {
	const char *name;         /* BDF of the physical function, or the parent's name */
	char *label;              /* "A40 41:00.0" */
	bool has_functions;       /* its parents are virtual functions of it */
	GPtrArray *parents;       /* Parent *, by name */
	const Function *function; /* the physical function, where its driver was asked; or NULL */
	GPtrArray *functions;     /* Function *: its virtual functions under vendor VFIO */
	GPtrArray *types;         /* CardType *, in natural order of their ids */
	GPtrArray *instances;     /* Instance *, by id */
};

/* Groups what the inventory holds; sets each parent's `card`. Card * array that owns its cards. */
GPtrArray *cards_new(Inventory *inventory);

/* Lookups; NULL if there is none. A card may be named in short: "41:00.0" is "0000:41:00.0". */
const Card *inventory_card(const Inventory *inventory, const char *name);
CardType *card_type(const Card *card, const char *type_id);
/* The type's name, from its functions or its instances; or NULL. */
const char *card_type_name(const CardType *type);
/* The card that an instance belongs to, or NULL. */
const Card *instance_card(const Inventory *inventory, const Instance *instance);
