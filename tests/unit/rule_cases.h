// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Cases of single rules: what a world, edited, must give, to the letter. */

#include "tests/unit/worlds.h"

typedef enum { CASE_PASS, CASE_FAIL, CASE_ABSENT, CASE_UNREAD, CASE_MORE } CaseKind;

typedef enum {
	ASK_NAMED = 1 << 0, /* $J is named as the target */
	ASK_OURS = 1 << 1,  /* everything is ours */
	ASK_FOREIGN = 1 << 2,
	ASK_TYPE = 1 << 3,    /* the type alone */
	ASK_SELF = 1 << 4,    /* the source's uuid is named */
	ASK_NO_HOST = 1 << 5, /* the target has not answered */
	ASK_OLD = 1 << 6,     /* both were read 100 s ago */
	ASK_VF = 1 << 8,      /* of the function 0000:65:00.4 instead of the source */
	ASK_STRICT = 1 << 7,  /* policy nvidia_driver = strict */
} Asking;

typedef struct {
	const char *rule;
	CaseKind kind;
	WorldKind world;
	const char *edits; /* or NULL */
	Asking asking;
	VerdictKind verdict;
	RuleLevel level;  /* of the rule's first result */
	const char *text; /* its text; NULL: the rule says nothing */
} RuleCase;

extern const RuleCase type_cases[], use_cases[], driver_cases[], config_cases[];
extern const guint type_case_count, use_case_count, driver_case_count, config_case_count;
