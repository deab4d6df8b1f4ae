// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Why something is empty or 0, as far as the readings tell. Pure over an inventory; sentences
 * without a full stop, in new text. Where the readings do not tell, the text says so; it never
 * guesses. Any thread.
 */

#include "core/cards.h"

/* Why an operator can make no more of a type. */
typedef enum {
	ZERO_NOT,      /* it is not 0, or could not be read */
	ZERO_FUNCTION, /* the function has the one instance that a function takes */
	ZERO_ONE_SIZE, /* the card holds another size, and only that one fits beside it */
	ZERO_OTHERS,   /* instances of other types hold the hardware */
	ZERO_USED_UP,  /* instances of this very type do */
	ZERO_UNSAID,   /* nothing that can be seen holds it: the driver does not say */
} ZeroWhy;

/* Of a type on one parent, or of a type on a whole card. `*text` (may be NULL) is new or NULL. */
ZeroWhy explain_zero(const Type *type, char **text);
ZeroWhy explain_card_zero(const CardType *type, char **text);
/* Of a type on the whole host, card by card; NULL unless it is 0 everywhere. */
char *explain_host_zero(const Inventory *inventory, const char *type_id);

/* Why a card or a parent offers no type; NULL if it does. */
char *explain_card(const Inventory *inventory, const Card *card);
char *explain_parent(const Parent *parent);

/*
 * What could offer devices on this host and does not, or does so by another way than mdev: a
 * sentence each. Free with g_strfreev.
 */
char **explain_notes(const Inventory *inventory);
/* Why the host has no parent; NULL if it has one. `bus_err`: errno of listing the mdev bus. */
char *explain_empty(const Inventory *inventory, int bus_err);
