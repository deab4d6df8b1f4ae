// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Many hosts at once: which parents offer a type, the best targets of a source, and why there is
 * none. Parents that do not offer the type are not looked at. Not locked: one thread at a time.
 */

#include "core/compat/near_miss.h"
#include "core/compat/verdict.h"

typedef struct CompatIndex CompatIndex;

CompatIndex *compat_index_new(void);
void compat_index_free(CompatIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CompatIndex, compat_index_free)

/*
 * Sets or replaces what is known of a host, by its label; a reference to `inventory` is taken
 * (NULL: the host has not answered). Touches only the types that the old and the new one offer.
 */
void compat_index_set(CompatIndex *index, const char *label, Inventory *inventory);
void compat_index_remove(CompatIndex *index, const char *label);

/* Hosts, by label; the side's texts and inventory live until the host is set or removed. */
guint compat_index_hosts(const CompatIndex *index);
Side compat_index_host(const CompatIndex *index, guint nth);

/* How many parents offer a type. */
guint compat_index_offers(const CompatIndex *index, const char *type_id);

/*
 * The best targets of the source of `question` (whose target, parent and named are not looked at),
 * best first: one verdict for each parent that offers the type on another host than the source's,
 * then one for each host of which not enough is known. At most `limit` (0: all). The order is the
 * same in whatever order hosts were set. Verdict *, new; their `target` is the index's.
 */
GPtrArray *compat_index_best(CompatIndex *index, const CompatQuestion *question, guint limit);

typedef struct {
	NearMiss miss;       /* MISS_SUFFIX: the same name under another driver; MISS_NAME */
	const char *type_id; /* the type that is not it */
	const char *host;    /* one that offers it, the first by label */
	const char *parent;  /* its first parent */
	guint hosts;         /* how many hosts offer it */
} NearMissRow;

/*
 * "Why not anywhere": types of other ids that look like `type` (its id alone: `type_id`), by id.
 * NearMissRow, new; texts are the index's.
 */
GArray *compat_index_near_misses(const CompatIndex *index, const Type *type, const char *type_id);

/* How many pairs were judged so far, texts or not: what tests and benches count. */
guint64 compat_index_judged(const CompatIndex *index);
