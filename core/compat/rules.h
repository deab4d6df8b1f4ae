// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Inside of compat/: what a rule gets, how it answers, and the table of all rules. Rules are pure:
 * they look at two inventories and nothing else.
 */

#include "core/compat/verdict.h"

/* One question. Members may be NULL as noted; a rule that needs one that is NULL answers nothing.
 */
typedef struct {
	Side source, target;
	const Type *type;         /* the source's type; NULL: an instance whose type is not known */
	const Instance *instance; /* the source's instance, or NULL: the type alone */
	const Parent *parent;     /* the target's parent, or NULL: no parent offers the type */
	const Type *there;        /* that type on `parent`, or NULL */
	const char *type_id;      /* NULL: not known */
} Case;

/* Adds zero or more results to `verdict`; false ends the evaluation (later rules are moot). */
typedef bool (*RuleFunc)(const Case *c, Verdict *verdict);

typedef struct {
	const char *id;
	const char *name;      /* as in the specification: "type-id-equal" */
	const char *certainty; /* fact, vendor, thread, heuristic */
	RuleFunc judge;
} Rule;

extern const Rule compat_rules[];
extern const guint compat_rule_count;

bool rule_snapshot(const Case *c, Verdict *verdict);        /* R00 */
bool rule_distinct(const Case *c, Verdict *verdict);        /* R01 */
bool rule_arch(const Case *c, Verdict *verdict);            /* R02 */
bool rule_is_mdev(const Case *c, Verdict *verdict);         /* R10 */
bool rule_type_equal(const Case *c, Verdict *verdict);      /* R11, with R12 on a miss */
bool rule_device_api(const Case *c, Verdict *verdict);      /* R13 */
bool rule_capacity(const Case *c, Verdict *verdict);        /* R20, R21, R22 */
bool rule_target_idle(const Case *c, Verdict *verdict);     /* R61 */
bool rule_module(const Case *c, Verdict *verdict);          /* R30 */
bool rule_module_build(const Case *c, Verdict *verdict);    /* R31, R32 */
bool rule_driver_migrates(const Case *c, Verdict *verdict); /* R49 */

/* Adds a result; `text` is taken. The readings are shown as they are. */
void verdict_add(Verdict *verdict, const char *id, bool decisive, RuleLevel level,
                 TextReading source, TextReading target, char *text);
void verdict_add_step(Verdict *verdict, char *text);

/* A reading from plain text: NULL is absent. */
TextReading reading_of(const char *text);
