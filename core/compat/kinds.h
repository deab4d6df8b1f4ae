// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Kinds: sources, and targets, that no rule can tell apart when it comes to the verdict. A fleet
 * has thousands of instances and parents and few kinds of them. Internal to index.c and matrix.c.
 */

#include "core/compat/rules.h"

typedef struct {
	char *key; /* all that rules read of it, as one text */
	guint users;
	guint64 serial;       /* never given twice */
	guint ordinal;        /* targets: its place among the kinds of its type */
	Inventory *inventory; /* of the one that stands for all, a reference */
	const Type *type;
	const Instance *instance; /* sources */
} Kind;

/* The kind with that key, used once more; made of what follows if there is none. Takes `key`. */
Kind *kind_use(GHashTable *kinds, char *key, guint64 *serials, Inventory *inventory,
               const Type *type, const Instance *instance);
/* One user less; the last one frees it. */
void kind_drop(GHashTable *kinds, Kind *kind);
void kind_free(gpointer kind);

/* Keys; new text. */
char *kind_source_key(const Inventory *inventory, const Instance *instance);
char *kind_target_key(const Inventory *inventory, const Type *type);
/* True where the target's instances themselves may matter: such a target is judged by itself. */
bool kind_is_special(const Type *type);
/*
 * What a source alone makes of any verdict: R10, R50's ERROR, R60 and R62 (`foreign` lifts that).
 * The same ranks as those of verdicts: the worst one wins.
 */
VerdictKind kind_floor(const Inventory *inventory, const Instance *instance, bool foreign);
