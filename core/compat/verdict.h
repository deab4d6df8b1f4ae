// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Verdict and assurance of one source against one target host or parent (compatibility.md 3.0).
 * Pure functions on inventories: no I/O, any thread.
 */

#include "core/inventory.h"

typedef enum {
	LEVEL_OK,
	LEVEL_INFO,
	LEVEL_WARN,
	LEVEL_ACTION,
	LEVEL_BLOCKED,
	LEVEL_INCOMPATIBLE,
	LEVEL_UNKNOWN,
} RuleLevel;

typedef enum {
	VERDICT_READY,
	VERDICT_ACTION,
	VERDICT_BLOCKED,
	VERDICT_INCOMPATIBLE,
	VERDICT_UNKNOWN,
} VerdictKind;

typedef struct {
	const char *id; /* "R11" */
	bool decisive;
	RuleLevel level;
	char *text; /* one line, reason first, with the values of both sides */
	ReadState source_state, target_state;
	char *source, *target; /* the compared values, or NULL */
} RuleResult;

typedef struct {
	VerdictKind verdict;
	char assurance;   /* 'A' to 'D' */
	char *summary;    /* "same type, driver not compared" */
	char *parent;     /* the target parent that was judged, or NULL */
	char *instance;   /* the target instance that would be used, or NULL */
	GPtrArray *rules; /* RuleResult *, in order of evaluation */
	GPtrArray *steps; /* char *: what to do, in order */
	char *why;        /* the deciding reason in a few words: after BLOCKED/CANNOT/CANNOT TELL */
} Verdict;

/* One side of a comparison: the host's label and inventory (NULL: nothing known of it). */
typedef struct {
	const char *host;
	const Inventory *inventory;
} Side;

/*
 * Judges `type` of `source` (and `instance` of it, or NULL for the type alone) against `parent` of
 * `target`; with `parent` NULL against the best parent of the target host. New.
 */
Verdict *verdict_new(Side source, const Type *type, const Instance *instance, Side target,
                     const Parent *parent);
void verdict_free(Verdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verdict, verdict_free)

/* '=', '+', '~', 'x' or '?' — and the words: "READY", "READY AFTER 1 STEP", "BLOCKED NOW", ... */
const char *verdict_sign(VerdictKind kind, bool ascii);
char *verdict_words(const Verdict *verdict);
const char *verdict_name(VerdictKind kind); /* JSON: "ready", "action", ... */
const char *rule_level_name(RuleLevel level);
