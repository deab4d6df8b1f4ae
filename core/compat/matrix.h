// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * All instances of all hosts of an index against all its hosts. Sources that are alike (same type,
 * driver, kernel, board) share one row of cells, so what is judged grows with the kinds of sources
 * and the hosts that offer their types, not with sources times hosts. Same thread as the index.
 */

#include "core/compat/index.h"

typedef struct CompatMatrix CompatMatrix;

/* One source. */
typedef struct {
	guint host;               /* of the index */
	const Instance *instance; /* lives as long as that host is not set anew */
	gint row;                 /* of cells; -1: its type is not known */
	guint8 floor;             /* how bad the source itself is (unknown use, managed, ...) */
} MatrixSource;

/* `question` (may be NULL) gives policy, foreign and is_ours; its rest is not looked at. Copied. */
CompatMatrix *compat_matrix_new(CompatIndex *index, const CompatQuestion *question);
void compat_matrix_free(CompatMatrix *matrix);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CompatMatrix, compat_matrix_free)

/*
 * After hosts of the index were set: judges anew only their columns, and rows that are new. Where
 * hosts came or went, all.
 */
void compat_matrix_refresh(CompatMatrix *matrix);

/* Sources, by host and id. */
guint compat_matrix_sources(const CompatMatrix *matrix);
const MatrixSource *compat_matrix_source(const CompatMatrix *matrix, guint nth);
/* The verdict that verdict_answer() would give of that source and the host as a whole. */
VerdictKind compat_matrix_cell(const CompatMatrix *matrix, guint source, guint host);
/* How many kinds of sources there are. */
guint compat_matrix_rows(const CompatMatrix *matrix);
