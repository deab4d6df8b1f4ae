// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Inside of index.c and matrix.c. */

#include "core/compat/index.h"
#include "core/compat/kinds.h"
#include "core/compat/ranking.h"

/* An instance of a host, as a source. */
typedef struct {
	const Instance *instance;
	Kind *kind; /* NULL: its type is not known */
	guint8 floor,
		foreign; /* VerdictKind: of the source itself; where foreign guests are taken */
} IndexSource;

typedef struct {
	char *label;
	guint place;          /* among the hosts */
	Inventory *inventory; /* or NULL */
	GArray *sources;      /* IndexSource, as the inventory has its instances */
	bool dark;            /* what it does not offer may only be unreadable */
	guint64 generation;   /* changes with every setting */
	GPtrArray *entries;   /* TypeEntry * that it offers */
} IndexHost;

typedef struct {
	IndexHost *host;
	Type *type;
	Kind *kind;
} Offer;

typedef struct {
	char *id;
	GArray *offers; /* Offer; those of one host stand together */
	guint ordinals; /* more than any kind of its targets has */
} TypeEntry;

struct CompatIndex {
	GPtrArray *hosts;  /* IndexHost *, by label */
	GPtrArray *dark;   /* those of them that are dark */
	GPtrArray *vendor; /* those with functions under vendor VFIO, and not dark */
	GHashTable *types; /* id → TypeEntry * */
	GHashTable *source_kinds, *target_kinds; /* key → Kind * */
	guint64 judged, generation, serials;
};

/* The place of the host, or where it would stand; `*found` tells which. */
guint index_find(const CompatIndex *index, const char *label, bool *found);
