// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The matrix for people: its rows in the order of reading, and the whole as text. */

#include "core/compat/matrix.h"
#include "core/output/columns.h"

typedef struct {
	guint source;             /* of the matrix */
	const char *host;         /* label */
	const char *vm;           /* the guest that uses it, or NULL */
	const Instance *instance; /* lives as long as the index does */
} MatrixRow;

/*
 * The instances in use, or perhaps in use, by host and guest. MatrixRow, new; `*idle` (may be NULL)
 * counts the rest.
 */
GArray *matrix_rows(const CompatIndex *index, const CompatMatrix *matrix, guint *idle);

/* "." where a host meets its own source, else the verdict's sign. Constant. */
const char *matrix_sign(const CompatMatrix *matrix, const MatrixRow *row, guint host, bool ascii);

/* A line a source, a column a host; in as many blocks of hosts as the terminal needs. */
void matrix_text(GString *out, const CompatIndex *index, const CompatMatrix *matrix,
                 const TextStyle *style);
