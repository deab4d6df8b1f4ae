// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The verdict in words: what to do, what differs, what is open, what is the same. UI thread. */

#include "core/compat/verdict.h"
#include "tui/surface.h"

/* The role that shows a verdict, and that of a rule's level. */
Role verdict_role(VerdictKind kind);
Role level_role(RuleLevel level);
/* What there is to say of a selection; all borrowed, each may be NULL. */
typedef struct {
	const Verdict *verdict;
	const char *words; /* why there is no verdict */
	const char *whole; /* of the type, the guest or the card as a whole */
	const char *zero;  /* why the focused type has no room */
} Reasons;

/* Draws as much as fits. */
void reasons_draw(Surface *surface, Rect area, const Reasons *reasons, bool ascii);
