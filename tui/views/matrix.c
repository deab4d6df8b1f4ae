// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/matrix.h"

#include <string.h>

#include "core/output/matrix_text.h"
#include "core/text.h"
#include "tui/layout.h"
#include "tui/views/pair.h"
#include "tui/views/reasons.h"
#include "tui/widgets/dialog.h"
#include "tui/widgets/list.h"

#define COLUMN 2      /* a sign and a blank */
#define NAMES_MAX 46  /* of a wide screen */
#define LABEL_ROWS 12 /* of a label that stands upright */
#define LABEL_ROWS_MIN 3

typedef struct {
	View base;
	Ui *ui;
	CompatMatrix *matrix;
	GArray *rows; /* MatrixRow, of the index as it is */
	guint idle;
	List sources, hosts;    /* rows and columns */
	char *source, *target;  /* what the cursor stands on: "HOST/ID" and a label; or NULL */
	char *words;            /* of the cell under the cursor */
	VerdictKind words_kind; /* their role; only where `has_kind` */
	bool has_kind;
} MatrixView;

/* Where everything stands, for a size. */
typedef struct {
	int names;  /* columns of the source's name */
	int labels; /* rows of the hosts' names */
	Rect cells;
} MatrixLayout;

static CompatIndex *compat(const MatrixView *view)
{
	return fleet_index_compat(view->ui->index);
}

static const MatrixRow *row_at(const MatrixView *view, int row)
{
	return row >= 0 && row < (int)view->rows->len ? &g_array_index(view->rows, MatrixRow, row)
	                                              : NULL;
}

/* ---- the cursor ---------------------------------------------------------------------------- */

static char *source_key(const MatrixRow *row)
{
	return g_strdup_printf("%s/%s", row->host, row->instance->id);
}

/* The words of the cell: the same verdict that the pair screen will show. */
static void tell_cell(MatrixView *view)
{
	const MatrixRow *row = row_at(view, view->sources.selected);
	g_clear_pointer(&view->words, g_free);
	view->has_kind = false;
	if (!row || view->hosts.selected < 0)
		return;
	const MatrixSource *source = compat_matrix_source(view->matrix, row->source);
	const char *name = row->vm ? row->vm : row->instance->id;
	CompatQuestion q = { .source = compat_index_host(compat(view), source->host),
		             .target = compat_index_host(compat(view), (guint)view->hosts.selected),
		             .type = row->instance->type_ref,
		             .instance = row->instance };
	if (source->host == (guint)view->hosts.selected) {
		view->words = g_strdup_printf("%s is on %s.", name, row->host);
		return;
	}
	g_autoptr(Verdict) verdict = verdict_answer(&q);
	g_autofree char *says = verdict_words(verdict);
	bool bad = verdict->verdict > VERDICT_ACTION;
	view->words_kind = verdict->verdict;
	view->has_kind = true;
	view->words = g_strdup_printf("%s %s → %s: %s%s%s",
	                              verdict_sign(verdict->verdict, view->ui->ascii), name,
	                              q.target.host, says, bad ? ": " : ", ",
	                              bad && verdict->why ? verdict->why : verdict->summary);
}

static void keep_cursor(MatrixView *view)
{
	const MatrixRow *row = row_at(view, view->sources.selected);
	g_free(view->source);
	g_free(view->target);
	view->source = row ? source_key(row) : NULL;
	view->target =
		view->hosts.selected >= 0
			? g_strdup(
				  compat_index_host(compat(view), (guint)view->hosts.selected).host)
			: NULL;
	tell_cell(view);
}

/* Things come and go: the cursor stays on its own, or near where that was. */
static void find_cursor(MatrixView *view)
{
	guint n = compat_index_hosts(compat(view));
	for (guint i = 0; view->source && i < view->rows->len; i++) {
		g_autofree char *key = source_key(row_at(view, (int)i));
		if (g_str_equal(key, view->source))
			view->sources.selected = (int)i;
	}
	for (guint h = 0; view->target && h < n; h++)
		if (g_str_equal(compat_index_host(compat(view), h).host, view->target))
			view->hosts.selected = (int)h;
	list_fit(&view->sources, (int)view->rows->len, view->sources.rows);
	list_fit(&view->hosts, (int)n, view->hosts.rows);
	tell_cell(view);
}

static void matrix_update(View *base)
{
	MatrixView *view = (MatrixView *)base;
	fleet_index_update(view->ui->index, view->ui->hosts);
	if (!view->matrix)
		view->matrix = compat_matrix_new(compat(view), NULL);
	compat_matrix_refresh(view->matrix);
	g_clear_pointer(&view->rows, g_array_unref);
	view->rows = matrix_rows(compat(view), view->matrix, &view->idle);
	find_cursor(view);
}

/* ---- drawing ------------------------------------------------------------------------------ */

static int longest_label(const MatrixView *view)
{
	int longest = 0;
	for (guint h = 0; h < compat_index_hosts(compat(view)); h++)
		longest = MAX(longest, text_columns(compat_index_host(compat(view), h).host));
	return longest;
}

static MatrixLayout layout_of(const MatrixView *view, const Surface *surface)
{
	int w = surface_width(surface), h = surface_height(surface);
	int most = CLAMP(h / 3, LABEL_ROWS_MIN, LABEL_ROWS);
	MatrixLayout at = { .names = MIN(w * 2 / 5, NAMES_MAX),
		            .labels = MIN(longest_label(view), most) };
	int top = 1 + at.labels;
	at.cells = (Rect){ at.names + 2, top, w - at.names - 3, h - 2 - top };
	return at;
}

static void draw_title(const MatrixView *view, Surface *surface)
{
	int w = surface_width(surface);
	g_autofree char *summary = snapshot_summary(view->ui->hosts);
	int x = 1 + surface_put(surface, 1, 0, w / 2, ROLE_TITLE, "Matrix") + 2;
	x += surface_putf(surface, x, 0, w - x - 1, ROLE_NORMAL, "%u in use × %u hosts",
	                  view->rows->len, compat_index_hosts(compat(view))) +
	     3;
	if (view->idle && w >= LAYOUT_TWO_PANES)
		x += surface_putf(surface, x, 0, w - x - 1, ROLE_NORMAL, "%u idle not shown",
		                  view->idle) +
		     3;
	surface_put_right(surface, w - 1, 0, w - 1 - x, ROLE_NORMAL, summary);
}

/* Upright, ending above its column; of a long one the beginning. */
static void draw_label(const MatrixView *view, Surface *surface, const MatrixLayout *at, int host)
{
	bool selected = host == view->hosts.selected;
	g_autofree char *label =
		text_visible(compat_index_host(compat(view), (guint)host).host, -1);
	int n = MIN((int)g_utf8_strlen(label, -1), at->labels);
	int x = at->cells.x + (host - view->hosts.top) * COLUMN;
	const char *p = label;
	for (int i = 0; i < n; i++, p = g_utf8_next_char(p)) {
		char one[8] = { 0 };
		g_unichar_to_utf8(g_utf8_get_char(p), one);
		surface_put(surface, x, at->cells.y - n + i, 1, selected ? ROLE_KEY : ROLE_HEADING,
		            one);
	}
}

/* "web-7    8f3c1c77 gpu-a": a guest's name only on the first of its rows. */
static void draw_name(const MatrixView *view, Surface *surface, const MatrixLayout *at, int row,
                      int y)
{
	const MatrixRow *this = row_at(view, row), *before = row_at(view, row - 1);
	bool again = row > view->sources.top && before && this->vm &&
	             g_strcmp0(before->vm, this->vm) == 0 && g_str_equal(before->host, this->host);
	guint n;
	const char *const *uuids = snapshot_uuids(view->ui->hosts, &n);
	g_autofree char *id = this->instance->uuid
	                              ? uuid_short(this->instance->uuid, uuids, n, view->ui->ascii)
	                              : g_strdup(bdf_short(this->instance->id));
	int third = (at->names - 2) / 3;
	const char *vm = again ? "" : this->vm ? this->vm : "-";
	surface_put(surface, 1, y, third, ROLE_NORMAL, vm);
	surface_put(surface, 2 + third, y, third, ROLE_NORMAL, id);
	surface_put(surface, 3 + 2 * third, y, at->names - 3 - 2 * third, ROLE_DIM, this->host);
}

static void draw_row(const MatrixView *view, Surface *surface, const MatrixLayout *at, int row)
{
	const MatrixRow *this = row_at(view, row);
	guint own = compat_matrix_source(view->matrix, this->source)->host;
	int y = at->cells.y + row - view->sources.top;
	draw_name(view, surface, at, row, y);
	for (int i = 0; i < view->hosts.rows && view->hosts.top + i < view->hosts.count; i++) {
		guint host = (guint)(view->hosts.top + i);
		Role role = host == own ? ROLE_DIM
		                        : verdict_role(compat_matrix_cell(view->matrix,
		                                                          this->source, host));
		surface_put(surface, at->cells.x + i * COLUMN, y, 1, role,
		            matrix_sign(view->matrix, this, host, view->ui->ascii));
	}
}

static void draw_cursor(const MatrixView *view, Surface *surface, const MatrixLayout *at)
{
	int y = at->cells.y + view->sources.selected - view->sources.top;
	int x = at->cells.x + (view->hosts.selected - view->hosts.top) * COLUMN;
	surface_restyle(surface, (Rect){ 0, y, at->names, 1 }, ROLE_CURSOR);
	surface_restyle(surface, (Rect){ x, y, 1, 1 }, ROLE_CURSOR);
	surface_set_cursor(surface, x, y);
}

static void draw_message(const MatrixView *view, Surface *surface)
{
	const Ui *ui = view->ui;
	int y = surface_height(surface) - 2, w = surface_width(surface) - 2;
	if (ui->message)
		surface_put(surface, 1, y, w, ui->message_role, ui->message);
	else if (view->words)
		surface_put(surface, 1, y, w,
		            view->has_kind ? verdict_role(view->words_kind) : ROLE_NORMAL,
		            view->words);
}

static void matrix_draw(View *base, Surface *surface)
{
	MatrixView *view = (MatrixView *)base;
	MatrixLayout at = layout_of(view, surface);
	draw_title(view, surface);
	list_fit(&view->sources, (int)view->rows->len, at.cells.h);
	list_fit(&view->hosts, view->hosts.count, (at.cells.w + 1) / COLUMN);
	if (view->rows->len == 0) {
		text_wrapped(surface, (Rect){ 1, 2, surface_width(surface) - 2, at.cells.h },
		             ROLE_NORMAL, "No instance of a host that was read is in use.");
	} else {
		for (int i = 0; i < view->hosts.rows && view->hosts.top + i < view->hosts.count;
		     i++)
			draw_label(view, surface, &at, view->hosts.top + i);
		for (int i = 0; i < at.cells.h && view->sources.top + i < view->sources.count; i++)
			draw_row(view, surface, &at, view->sources.top + i);
		draw_cursor(view, surface, &at);
	}
	draw_message(view, surface);
}

/* ---- actions ------------------------------------------------------------------------------ */

static void open_pair(MatrixView *view)
{
	const MatrixRow *row = row_at(view, view->sources.selected);
	int source = row ? fleet_index_host(view->ui->index, row->host) : -1;
	int target = view->target ? fleet_index_host(view->ui->index, view->target) : -1;
	if (source < 0 || target < 0)
		return;
	ui_show(view->ui, SCREEN_PAIR);
	pair_show_instance(view->ui->pair, source, row->instance);
	if (target != source)
		pair_set_host(view->ui->pair, SIDE_TARGET, target);
}

static void refresh(MatrixView *view)
{
	for (guint i = 0; i < snapshot_count(view->ui->hosts); i++)
		if (snapshot_host(view->ui->hosts, (int)i)->state != HOST_FORGOTTEN)
			fleet_refresh(view->ui->fleet, i);
	ui_say(view->ui, ROLE_NORMAL, "Reading all hosts again.");
}

static bool matrix_action(View *base, ActionId id)
{
	MatrixView *view = (MatrixView *)base;
	ActionId along = id == ACTION_LEFT    ? ACTION_UP
	                 : id == ACTION_RIGHT ? ACTION_DOWN
	                                      : ACTION_NONE;
	if (id == ACTION_ACCEPT) {
		open_pair(view);
		return true;
	}
	if (id == ACTION_MATRIX_REFRESH) {
		refresh(view);
		return true;
	}
	bool moved = along != ACTION_NONE ? list_move(&view->hosts, along, NULL, NULL)
	                                  : list_move(&view->sources, id, NULL, NULL);
	if (moved)
		keep_cursor(view);
	return moved;
}

static void matrix_free(View *base)
{
	MatrixView *view = (MatrixView *)base;
	compat_matrix_free(view->matrix);
	g_array_unref(view->rows);
	g_free(view->source);
	g_free(view->target);
	g_free(view->words);
	g_free(view);
}

static const ViewOps ops = {
	.context = CONTEXT_MATRIX,
	.title = "the matrix",
	.draw = matrix_draw,
	.action = matrix_action,
	.update = matrix_update,
	.free = matrix_free,
};

View *matrix_screen_new(Ui *ui)
{
	MatrixView *view = g_new0(MatrixView, 1);
	view->base.ops = &ops;
	view->ui = ui;
	view->sources.rows = view->hosts.rows = 1;
	matrix_update(&view->base);
	return &view->base;
}
