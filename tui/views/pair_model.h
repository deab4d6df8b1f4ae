// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The pair model: two inventories → aligned rows. A type stands on the same row on both sides, its
 * instances in parallel rows below it; by hardware, cards of the same name stand on the same row,
 * and their types below them. Pure and immutable; holds references to both inventories. UI thread
 * (or any, one at a time).
 */

#include "core/cards.h"

typedef enum { SIDE_SOURCE, SIDE_TARGET, SIDE_COUNT } PairSide;

typedef enum { ROW_CARD, ROW_TYPE, ROW_INSTANCE } PairRowKind;

/* A type on one side, summed over the parents that offer it; or a card. */
typedef struct {
	const Type *type; /* of the first parent that offers it; NULL: nobody does */
	guint parents;    /* that offer it */
	guint instances, used, use_unknown;
	gint64 available; /* sum of the counters that could be read; of a card: its largest sum */
	guint unreadable; /* counters that could not */
} PairType;

typedef struct {
	PairRowKind kind;
	const char *card_name;                /* NULL in the view by type */
	const Card *card[SIDE_COUNT];         /* NULL: no such card there, or the view by type */
	bool closed;                          /* ROW_CARD: its types are not shown */
	const char *type_id;                  /* "" where the type of instances could not be read */
	const char *name;                     /* of the type, or NULL */
	PairType type[SIDE_COUNT];            /* of rows of all kinds */
	const Instance *instance[SIDE_COUNT]; /* ROW_INSTANCE; NULL: none on that side, or */
	const Definition *definition[SIDE_COUNT]; /* one that is not active stands there */
	const char *short_id[SIDE_COUNT];
} PairRow;

typedef struct {
	Inventory *inventory[SIDE_COUNT]; /* or NULL */
	bool unfold;                      /* show types that nobody uses */
	bool hardware;                    /* by card rather than by type */
	GHashTable *closed;               /* names of cards that are folded; or NULL */
	const char *filter;               /* NULL or "": none; "!text" inverts */
	const char *keep_type;    /* never folded away: the type that is selected; or NULL */
	const char *keep_card;    /* its card, or NULL: any */
	const char *const *uuids; /* of the whole fleet, for short forms */
	guint n_uuids;
	bool ascii;
} PairInput;

typedef struct {
	GArray *rows;  /* PairRow */
	guint folded;  /* types not shown because nobody uses them */
	guint unused;  /* types that nobody uses, shown or not */
	guint matches; /* types and instances that match the filter */
	guint things;  /* types and instances there are */
	Inventory *inventory[SIDE_COUNT];
	GStringChunk *strings;
} PairModel;

PairModel *pair_model_new(const PairInput *input);
void pair_model_free(PairModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PairModel, pair_model_free)

/* The row, or NULL out of range. */
const PairRow *pair_model_row(const PairModel *model, int row);
/*
 * The row of an instance, or a definition by its uuid, on a side; else that of its type, on that
 * card (NULL: any); else that of the card; else -1. `type` and `instance` may be NULL.
 */
int pair_model_find(const PairModel *model, PairSide side, const char *card, const char *type,
                    const char *instance);
/* Can the cursor of that side stand there? On cards and types always, else on a thing of its own.
 */
bool pair_row_has(const PairRow *row, PairSide side);

/* The id of the instance there, or the uuid of the definition; NULL on other rows. */
const char *pair_row_id(const PairRow *row, PairSide side);

/* The name of the guest that uses an instance, or NULL. */
const char *instance_vm(const Instance *instance);
/* "in use", "idle", "use unknown". */
const char *instance_use(const Instance *instance);
