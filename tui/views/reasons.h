// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The verdict in words: what to do, what differs, what is open, what is the same. UI thread. */

#include "core/compat/verdict.h"
#include "tui/surface.h"

/* The role that shows a verdict, and that of a rule's level. */
Role verdict_role(VerdictKind kind);
Role level_role(RuleLevel level);
/*
 * Draws as much as fits; `verdict` NULL: `words` instead. `zero` (or NULL) says why the focused
 * type has no room.
 */
void reasons_draw(Surface *surface, Rect area, const Verdict *verdict, const char *words,
                  const char *zero, bool ascii);
