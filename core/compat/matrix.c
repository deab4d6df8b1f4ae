// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/matrix.h"

#include <string.h>

#include "core/compat/index_private.h"

/* A kind of source and its cells. It is gone with the last source of that kind. */
typedef struct {
	const Kind *kind; /* the index's */
	guint64 serial;   /* of that kind: it may be gone */
	guint8 *cells;    /* rank by host */
} Row;

struct CompatMatrix {
	CompatIndex *index;
	CompatQuestion question; /* what all questions share */
	GPtrArray *rows;         /* Row * */
	GHashTable *by_kind;     /* Kind * → row + 1 */
	GArray *sources;         /* MatrixSource */
	GArray *columns;         /* guint64: the generation that was judged, by host */
	GPtrArray *hosts;        /* IndexHost *, as at the last refresh */
	GByteArray *known;       /* scratch: rank by kind of target, or NOT_YET */
};

#define NOT_YET 0xff

/*
 * The order in which results make a verdict: of a source and a target the worse one counts, of two
 * parents the better one.
 */
static const guint8 rank_of[] = {
	[VERDICT_READY] = 0,   [VERDICT_ACTION] = 1,       [VERDICT_UNKNOWN] = 2,
	[VERDICT_BLOCKED] = 3, [VERDICT_INCOMPATIBLE] = 4,
};
static const VerdictKind of_rank[] = { VERDICT_READY, VERDICT_ACTION, VERDICT_UNKNOWN,
	                               VERDICT_BLOCKED, VERDICT_INCOMPATIBLE };
static void row_free(gpointer data)
{
	Row *row = data;
	if (!row)
		return;
	g_free(row->cells);
	g_free(row);
}

CompatMatrix *compat_matrix_new(CompatIndex *index, const CompatQuestion *question)
{
	CompatMatrix *matrix = g_new0(CompatMatrix, 1);
	matrix->index = index;
	if (question)
		matrix->question = (CompatQuestion){ .policy = question->policy,
			                             .foreign = question->foreign,
			                             .is_ours = question->is_ours,
			                             .ours_data = question->ours_data };
	matrix->rows = g_ptr_array_new_with_free_func(row_free);
	matrix->by_kind = g_hash_table_new(NULL, NULL);
	matrix->known = g_byte_array_new();
	matrix->sources = g_array_new(FALSE, FALSE, sizeof(MatrixSource));
	matrix->columns = g_array_new(FALSE, TRUE, sizeof(guint64));
	matrix->hosts = g_ptr_array_new();
	compat_matrix_refresh(matrix);
	return matrix;
}

void compat_matrix_free(CompatMatrix *matrix)
{
	if (!matrix)
		return;
	g_hash_table_unref(matrix->by_kind);
	g_byte_array_unref(matrix->known);
	g_ptr_array_unref(matrix->rows);
	g_array_unref(matrix->sources);
	g_array_unref(matrix->columns);
	g_ptr_array_unref(matrix->hosts);
	g_free(matrix);
}

/* ---- cells ---- */

static guint8 judge_cell(CompatMatrix *matrix, const Row *row, const Inventory *target,
                         const Parent *parent)
{
	CompatQuestion q = matrix->question;
	/* What a source itself adds stands in its floor. */
	q.source = (Side){ "", row->kind->inventory };
	q.type = row->kind->type;
	q.instance = row->kind->instance;
	q.target = (Side){ "", target };
	Case c = case_new(&q, parent);
	c.of_kind = true;
	Score score = judge_score(&c);
	matrix->index->judged++;
	return rank_of[score_verdict(&score)];
}

/* Of one offer: targets of one kind are judged once, unless the operator's own may matter. */
static guint8 judge_offer(CompatMatrix *matrix, const Row *row, const Offer *offer)
{
	guint8 *known = &matrix->known->data[offer->kind->ordinal];

	if (*known == NOT_YET)
		*known = judge_cell(matrix, row, offer->host->inventory, offer->type->parent);
	return *known;
}

static void forget_known(CompatMatrix *matrix, const TypeEntry *entry)
{
	g_byte_array_set_size(matrix->known, entry->ordinals);
	memset(matrix->known->data, NOT_YET, entry->ordinals);
}

/* A host that does not offer the type: it cannot, unless it may only not have been read. */
static guint8 cell_without_offer(CompatMatrix *matrix, const Row *row, const IndexHost *host)
{
	bool vf = row->kind->instance->kind == INSTANCE_NVIDIA_VF &&
	          inventory_has_vendor_vfio(host->inventory);
	return host->dark || vf ? judge_cell(matrix, row, host->inventory, NULL)
	                        : rank_of[VERDICT_INCOMPATIBLE];
}

static const TypeEntry *entry_of(const CompatMatrix *matrix, const Row *row)
{
	return g_hash_table_lookup(matrix->index->types, row->kind->instance->type.s);
}

/* Joins one more offer of a host into its cell: the best parent counts. */
static void join_offer(CompatMatrix *matrix, Row *row, const Offer *offer, bool first)
{
	guint8 *cell = &row->cells[offer->host->place];
	guint8 rank =
		first || *cell > rank_of[VERDICT_ACTION] ? judge_offer(matrix, row, offer) : *cell;

	if (first || rank < *cell)
		*cell = rank;
}

static void judge_row(CompatMatrix *matrix, Row *row)
{
	const GPtrArray *hosts = matrix->index->hosts;
	const TypeEntry *entry = entry_of(matrix, row);
	const IndexHost *last = NULL;

	row->cells = g_realloc(row->cells, hosts->len);
	memset(row->cells, rank_of[VERDICT_INCOMPATIBLE], hosts->len);
	for (guint k = 0; k < matrix->index->dark->len; k++) {
		const IndexHost *host = g_ptr_array_index(matrix->index->dark, k);
		row->cells[host->place] = cell_without_offer(matrix, row, host);
	}
	bool vf = row->kind->instance->kind == INSTANCE_NVIDIA_VF;
	for (guint k = 0; vf && k < matrix->index->vendor->len; k++) {
		const IndexHost *host = g_ptr_array_index(matrix->index->vendor, k);
		row->cells[host->place] = judge_cell(matrix, row, host->inventory, NULL);
	}
	if (!entry || vf)
		return;
	forget_known(matrix, entry);
	for (guint i = 0; i < entry->offers->len; i++) {
		const Offer *offer = &g_array_index(entry->offers, Offer, i);
		join_offer(matrix, row, offer, offer->host != last);
		last = offer->host;
	}
}

/* One host's cell of a row that exists. */
static void judge_column(CompatMatrix *matrix, Row *row, const IndexHost *host)
{
	const TypeEntry *entry = entry_of(matrix, row);
	bool first = true;

	row->cells[host->place] = cell_without_offer(matrix, row, host);
	if (!entry || row->kind->instance->kind == INSTANCE_NVIDIA_VF ||
	    !g_ptr_array_find(host->entries, entry, NULL))
		return;
	forget_known(matrix, entry);
	for (guint i = 0; i < entry->offers->len; i++) {
		const Offer *offer = &g_array_index(entry->offers, Offer, i);
		if (offer->host != host)
			continue;
		join_offer(matrix, row, offer, first);
		first = false;
	}
}

/* ---- sources ---- */

/* The row of a kind of source; a new kind is judged against all hosts. */
static gint row_of(CompatMatrix *matrix, const Kind *kind)
{
	gpointer found = g_hash_table_lookup(matrix->by_kind, kind);

	if (found)
		return GPOINTER_TO_INT(found) - 1;
	Row *row = g_new0(Row, 1);
	row->kind = kind;
	row->serial = kind->serial;
	g_ptr_array_add(matrix->rows, row);
	g_hash_table_insert(matrix->by_kind, (gpointer)kind, GINT_TO_POINTER(matrix->rows->len));
	judge_row(matrix, row);
	return (gint)matrix->rows->len - 1;
}

static void add_sources(CompatMatrix *matrix, const IndexHost *host, GArray *sources)
{
	for (guint i = 0; i < host->sources->len; i++) {
		const IndexSource *from = &g_array_index(host->sources, IndexSource, i);
		MatrixSource source = {
			.host = host->place,
			.instance = from->instance,
			.row = from->kind ? row_of(matrix, from->kind) : -1,
			.floor = rank_of[matrix->question.foreign ? from->foreign : from->floor],
		};
		g_array_append_val(sources, source);
	}
}

/* ---- refresh ---- */

static bool has_same_hosts(const CompatMatrix *matrix)
{
	const GPtrArray *hosts = matrix->index->hosts;

	return matrix->hosts->len == hosts->len &&
	       (hosts->len == 0 ||
	        memcmp(matrix->hosts->pdata, hosts->pdata, hosts->len * sizeof(gpointer)) == 0);
}

static void forget_rows(CompatMatrix *matrix)
{
	g_hash_table_remove_all(matrix->by_kind);
	g_ptr_array_set_size(matrix->rows, 0);
}

static void forget_all(CompatMatrix *matrix)
{
	forget_rows(matrix);
	g_array_set_size(matrix->sources, 0);
	g_array_set_size(matrix->columns, 0);
	g_array_set_size(matrix->columns, matrix->index->hosts->len);
	g_ptr_array_set_size(matrix->hosts, 0);
	g_ptr_array_extend(matrix->hosts, matrix->index->hosts, NULL, NULL);
}

static bool is_new(const CompatMatrix *matrix, const IndexHost *host)
{
	return g_array_index(matrix->columns, guint64, host->place) != host->generation;
}

/* Rows whose kind has no source any more go; others keep their cells under a new number. */
static void drop_dead_rows(CompatMatrix *matrix)
{
	GPtrArray *rows = matrix->rows;
	g_autofree gint *moved = g_new(gint, rows->len + 1);
	g_autoptr(GHashTable) alive = g_hash_table_new(NULL, NULL);
	GHashTableIter iter;
	gpointer kind;
	guint kept = 0;

	g_hash_table_iter_init(&iter, matrix->index->source_kinds);
	while (g_hash_table_iter_next(&iter, NULL, &kind))
		g_hash_table_add(alive, kind);
	g_hash_table_remove_all(matrix->by_kind);
	for (guint i = 0; i < rows->len; i++) {
		Row *row = g_ptr_array_index(rows, i);
		bool lives =
			g_hash_table_contains(alive, row->kind) && row->kind->serial == row->serial;
		moved[i] = lives ? (gint)kept : -1;
		if (!lives) {
			row_free(row);
			continue;
		}
		rows->pdata[kept++] = row;
		g_hash_table_insert(matrix->by_kind, (gpointer)row->kind, GINT_TO_POINTER(kept));
	}
	for (guint i = kept; i < rows->len; i++)
		rows->pdata[i] = NULL;
	g_ptr_array_set_size(rows, (gint)kept);
	for (guint i = 0; i < matrix->sources->len; i++) {
		MatrixSource *source = &g_array_index(matrix->sources, MatrixSource, i);
		source->row = source->row >= 0 ? moved[source->row] : -1;
	}
}

/* The sources of all hosts, those of new ones made anew. */
static GArray *collect_sources(CompatMatrix *matrix)
{
	const GArray *old = matrix->sources;
	GArray *sources = g_array_sized_new(FALSE, FALSE, sizeof(MatrixSource), old->len);
	guint at = 0;

	for (guint k = 0; k < matrix->index->hosts->len; k++) {
		const IndexHost *host = g_ptr_array_index(matrix->index->hosts, k);
		guint first = at;
		while (at < old->len && g_array_index(old, MatrixSource, at).host == k)
			at++;
		if (is_new(matrix, host))
			add_sources(matrix, host, sources);
		else if (at > first)
			g_array_append_vals(sources, &g_array_index(old, MatrixSource, first),
			                    at - first);
	}
	return sources;
}

void compat_matrix_refresh(CompatMatrix *matrix)
{
	const GPtrArray *hosts = matrix->index->hosts;

	if (!has_same_hosts(matrix))
		forget_all(matrix);
	drop_dead_rows(matrix);
	for (guint k = 0; k < hosts->len; k++) {
		const IndexHost *host = g_ptr_array_index(hosts, k);
		for (guint i = 0; is_new(matrix, host) && i < matrix->rows->len; i++)
			judge_column(matrix, g_ptr_array_index(matrix->rows, i), host);
	}
	GArray *sources = collect_sources(matrix);
	g_array_unref(matrix->sources);
	matrix->sources = sources;
	for (guint k = 0; k < hosts->len; k++)
		g_array_index(matrix->columns, guint64, k) =
			((const IndexHost *)g_ptr_array_index(hosts, k))->generation;
}

guint compat_matrix_sources(const CompatMatrix *matrix)
{
	return matrix->sources->len;
}

const MatrixSource *compat_matrix_source(const CompatMatrix *matrix, guint nth)
{
	return &g_array_index(matrix->sources, MatrixSource, nth);
}

VerdictKind compat_matrix_cell(const CompatMatrix *matrix, guint source, guint host)
{
	const MatrixSource *from = &g_array_index(matrix->sources, MatrixSource, source);
	const Row *row = from->row >= 0 ? g_ptr_array_index(matrix->rows, from->row) : NULL;

	return of_rank[row ? MAX(from->floor, row->cells[host]) : from->floor];
}

guint compat_matrix_rows(const CompatMatrix *matrix)
{
	return matrix->rows->len;
}
