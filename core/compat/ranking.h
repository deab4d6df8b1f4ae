// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The order in which targets are offered: the same whatever order hosts and parents come in. */

#include "core/compat/rules.h"

typedef struct {
	VerdictKind verdict;
	char assurance;
	guint differs;    /* remarks and warnings */
	bool same_node;   /* of NUMA, as the source's parent says of itself */
	gint64 available; /* -1: not known */
	const char *host;
	const Parent *parent;       /* NULL: the host offers the type nowhere */
	const Inventory *inventory; /* of the host; filled by who needs it */
} Ranked;

/* Judges the source of `q` against `parent` of its target, without texts. */
Ranked ranked_new(const CompatQuestion *q, const Parent *parent);
/*
 * GCompareFunc of Ranked: what can be done now before what cannot, then by assurance, fewer
 * differences, the same NUMA node, more room, and by name of host and parent.
 */
gint ranked_compare(gconstpointer a, gconstpointer b);

/* Adds a remark of a rule that is not judged on a single pair (R23, R25). */
void verdict_remark(Verdict *verdict, const char *rule, guint outcome, const char *first,
                    const char *second, const char *third);
