// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Verdicts in words, for people: the lines of a verdict in the order in which an operator needs
 * them, one verdict as a paragraph, and many as a table. Commands and console share the lines.
 */

#include "core/compat/verdict.h"
#include "core/output/columns.h"

typedef struct {
	const char *sign, *word; /* "!" "diff"; constant */
	RuleLevel level;         /* LEVEL_ACTION: a step */
	char *text;
} VerdictLine;

/*
 * Do, differs, open, same: VerdictLine, new. The deciding reason is left out: it stands beside the
 * verdict's words. What is the same, and remarks, are one line each.
 */
GArray *verdict_lines(const Verdict *verdict, bool ascii);

/* "gpu-b/0000:3b:00.6", or "gpu-b" where no parent was judged. New text. */
char *verdict_target(const Verdict *verdict);

/* The verdict of `target` with all its lines; `target` may hold any bytes. */
void verdict_print(GString *out, const Verdict *verdict, const char *target,
                   const TextStyle *style);

/* Targets that are alike: functions of one card, with the same verdict and assurance. */
typedef struct {
	const Verdict *verdict; /* the best of them */
	const char *card;       /* the physical function, or NULL */
	guint alike;            /* how many they are */
	bool ascii;
} TargetRow;

/*
 * Adds a verdict to the rows (TargetRow), or to the row that it is like. `inventory` is its
 * target's (NULL: none); verdict and inventory are borrowed.
 */
void target_rows_add(GArray *rows, const Verdict *verdict, const Inventory *inventory, bool ascii);
/* A table of such rows, from the nth on. */
void target_rows_print(GString *out, const GArray *rows, guint from, guint indent,
                       const TextStyle *style);
