// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A guest with several devices against one host: all of them, or none (R25). */

#include "cli/question.h"
#include "core/compat/mapping.h"

typedef struct {
	Mapping *mapping;
	RuleResult together; /* R25's row */
	Verdict whole;       /* the guest's; borrows rules and steps of its devices */
} GuestPair;

/* All instances of the source onto the question's target. New; borrows from both. */
GuestPair *guest_pair_new(const Source *source, const CompatQuestion *question);
void guest_pair_free(GuestPair *pair);

/* The whole, and each device: a paragraph, or a pair with "devices". */
void guest_pair_report(Report *report, const Source *source, const GuestPair *pair);
