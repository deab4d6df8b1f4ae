// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * All devices of one guest onto one host (R25): each to a target of its own, all or nothing. Equal
 * types make pairing easy; capacity does not, because types share hardware. What the counters prove
 * is told apart from what only creating proves. Pure functions, any thread.
 */

#include "core/compat/verdict.h"

typedef struct {
	const Type *type;         /* NULL: that of `instance` */
	const Instance *instance; /* NULL: a type alone */
} MappingSource;

typedef struct {
	const Parent *parent;     /* where it goes; NULL: nowhere */
	const Instance *instance; /* an idle instance of ours to reuse; NULL: one is created */
} MappingTarget;

typedef struct {
	bool found;             /* every source has a target of its own */
	bool proved;            /* the counters say that all of them fit together */
	MappingTarget *targets; /* one for each source; all NULL where not found */
	VerdictKind verdict;    /* action; or blocked, incompatible, unknown where not found */
	char *text;             /* R25's row, in words */
	guint without;          /* where not found: a source that has no target, or one too many */
	GPtrArray *verdicts;    /* Verdict * of each source: on its parent, or on the host */
} Mapping;

/*
 * Maps `count` sources (of one guest on question->source) onto question->target. The question's
 * type, instance, parent and named are not looked at. Counters are taken at their word for several
 * instances of one type on one parent; never for types, or functions of a card, that share
 * hardware. New; borrows from the inventories.
 */
Mapping *mapping_new(const CompatQuestion *question, const MappingSource *sources, guint count);
void mapping_free(Mapping *mapping);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mapping, mapping_free)
