// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/matrix_text.h"

#include <string.h>

#define GAP 2

static const char *guest_of(const Instance *instance)
{
	for (guint i = 0; i < instance->users->len; i++)
		if (g_array_index(instance->users, InstanceUser, i).vm)
			return g_array_index(instance->users, InstanceUser, i).vm;
	return NULL;
}

/* Those without a guest's name come last. */
static gint compare_rows(gconstpointer a, gconstpointer b)
{
	const MatrixRow *left = a, *right = b;
	int order = strcmp(left->host, right->host);

	if (order == 0 && (!left->vm || !right->vm))
		order = (left->vm == NULL) - (right->vm == NULL);
	if (order == 0 && left->vm)
		order = strcmp(left->vm, right->vm);
	return order ? order : strcmp(left->instance->id, right->instance->id);
}

GArray *matrix_rows(const CompatIndex *index, const CompatMatrix *matrix, guint *idle)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(MatrixRow));
	guint n = compat_matrix_sources(matrix);

	for (guint i = 0; i < n; i++) {
		const MatrixSource *source = compat_matrix_source(matrix, i);
		MatrixRow row = { i, compat_index_host(index, source->host).host,
			          guest_of(source->instance), source->instance };
		if (source->instance->in_use != TRI_NO)
			g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_rows);
	if (idle)
		*idle = n - rows->len;
	return rows;
}

const char *matrix_sign(const CompatMatrix *matrix, const MatrixRow *row, guint host, bool ascii)
{
	if (compat_matrix_source(matrix, row->source)->host == host)
		return ".";
	return verdict_sign(compat_matrix_cell(matrix, row->source, host), ascii);
}

/* ---- text ---- */

/* "gpu-a  web-7  8f3c1c77-...  nvidia-560": the columns on the left. New text. */
static char *source_text(const MatrixRow *row, const TextStyle *style)
{
	const Instance *instance = row->instance;
	const char *type = instance->type.state == READ_VALUE ? instance->type.s : "?";
	g_autofree char *text = g_strdup_printf("%s %s %s %s", row->host, row->vm ? row->vm : "-",
	                                        instance->id, type);

	return text_printable(text, style);
}

static void put_padded(GString *out, const char *text, guint width)
{
	g_string_append(out, text);
	for (guint i = text_width(text); i < width; i++)
		g_string_append_c(out, ' ');
}

static void end_line(GString *out)
{
	while (out->len && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

typedef struct {
	const CompatIndex *index;
	const CompatMatrix *matrix;
	const GArray *rows;
	char **sources, **hosts; /* printable */
	guint left;              /* columns of the widest source */
} Page;

/* Hosts from..to-1. */
static void print_block(GString *out, const Page *page, guint from, guint to,
                        const TextStyle *style)
{
	put_padded(out, "SOURCE", page->left + GAP);
	for (guint h = from; h < to; h++)
		put_padded(out, page->hosts[h], text_width(page->hosts[h]) + GAP);
	end_line(out);
	for (guint i = 0; i < page->rows->len; i++) {
		const MatrixRow *row = &g_array_index(page->rows, MatrixRow, i);
		put_padded(out, page->sources[i], page->left + GAP);
		for (guint h = from; h < to; h++)
			put_padded(out, matrix_sign(page->matrix, row, h, style->ascii),
			           text_width(page->hosts[h]) + GAP);
		end_line(out);
	}
}

static void print_blocks(GString *out, const Page *page, const TextStyle *style)
{
	guint n = compat_index_hosts(page->index);

	for (guint from = 0, to; from < n; from = to) {
		guint width = page->left + GAP + text_width(page->hosts[from]);
		for (to = from + 1; to < n; to++) {
			width += GAP + text_width(page->hosts[to]);
			if (style->width && width > style->width)
				break;
		}
		if (from > 0)
			g_string_append_c(out, '\n');
		print_block(out, page, from, to, style);
	}
}

void matrix_text(GString *out, const CompatIndex *index, const CompatMatrix *matrix,
                 const TextStyle *style)
{
	guint idle = 0, n = compat_index_hosts(index);
	g_autoptr(GArray) rows = matrix_rows(index, matrix, &idle);
	g_auto(GStrv) sources = g_new0(char *, rows->len + 1);
	g_auto(GStrv) hosts = g_new0(char *, n + 1);
	Page page = { index, matrix, rows, sources, hosts, strlen("SOURCE") };

	for (guint i = 0; i < rows->len; i++) {
		sources[i] = source_text(&g_array_index(rows, MatrixRow, i), style);
		page.left = MAX(page.left, text_width(sources[i]));
	}
	for (guint h = 0; h < n; h++)
		hosts[h] = text_printable(compat_index_host(index, h).host, style);
	if (rows->len)
		print_blocks(out, &page, style);
	else
		g_string_append(out, "No instance is in use.\n");
	if (idle)
		g_string_append_printf(out, "%s%u idle instance%s not shown.\n",
		                       rows->len ? "\n" : "", idle, idle == 1 ? " is" : "s are");
	if (rows->len)
		g_string_append_printf(out,
		                       "= ready  + ready after steps  ~ blocked now  %s cannot  "
		                       "? cannot tell\n",
		                       verdict_sign(VERDICT_INCOMPATIBLE, style->ascii));
}
