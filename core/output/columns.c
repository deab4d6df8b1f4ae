// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/columns.h"

#include <string.h>

#include "core/text.h"

#define GAP 2     /* blanks between columns */
#define CUT_MIN 6 /* a column is not cut below that */

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

static guint char_width(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

guint text_width(const char *text)
{
	guint width = 0;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		width += char_width(g_utf8_get_char(p));
	return width;
}

char *text_printable(const char *bytes, const TextStyle *style)
{
	g_autofree char *visible = text_visible(bytes, -1);

	if (!style->ascii)
		return g_steal_pointer(&visible);

	GString *out = g_string_new(NULL);
	for (const char *p = visible; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c < 0x80)
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "\\u{%04x}", c);
	}
	return g_string_free(out, FALSE);
}

void heading_print(GString *out, const char *text, const TextStyle *style)
{
	g_autofree char *printable = text_printable(text, style);

	if (style->color)
		g_string_append_printf(out, BOLD "%s" PLAIN "\n", printable);
	else
		g_string_append_printf(out, "%s\n", printable);
}

/* Shortens to `width` columns, the last of which says that something is missing. */
static char *cut(const char *text, guint width, const TextStyle *style)
{
	const char *mark = style->ascii ? "~" : "…";
	const char *p = text;
	guint used = 0;

	if (text_width(text) <= width)
		return g_strdup(text);
	while (*p != '\0' && used + char_width(g_utf8_get_char(p)) <= width - 1) {
		used += char_width(g_utf8_get_char(p));
		p = g_utf8_next_char(p);
	}
	return g_strdup_printf("%.*s%s", (int)(p - text), text, mark);
}

/* All cells, row by row, safe to print; "-" stands for what is not there. */
static GPtrArray *make_cells(const Column *columns, guint n, const GPtrArray *rows,
                             const TextStyle *style)
{
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);

	for (guint r = 0; r < rows->len; r++) {
		for (guint c = 0; c < n; c++) {
			g_autofree char *raw = columns[c].cell(g_ptr_array_index(rows, r));
			bool empty = !raw || *raw == '\0';
			g_ptr_array_add(cells, text_printable(empty ? "-" : raw, style));
		}
	}
	return cells;
}

/* Narrows the columns that may be cut, the last first, until the line fits. */
static void fit(guint *widths, const Column *columns, guint n, guint indent, guint limit)
{
	guint total = indent + GAP * (n - 1);

	for (guint c = 0; c < n; c++)
		total += widths[c];
	for (guint c = n; c-- > 0 && total > limit;) {
		guint least = MAX(text_width(columns[c].header), CUT_MIN);
		if (columns[c].width != WIDTH_CUT || widths[c] <= least)
			continue;
		guint give = MIN(total - limit, widths[c] - least);
		widths[c] -= give;
		total -= give;
	}
}

static guint *make_widths(const Column *columns, guint n, const GPtrArray *cells, guint indent,
                          const TextStyle *style)
{
	guint *widths = g_new0(guint, n);

	for (guint c = 0; c < n; c++)
		widths[c] = text_width(columns[c].header);
	for (guint i = 0; i < cells->len; i++)
		widths[i % n] = MAX(widths[i % n], text_width(g_ptr_array_index(cells, i)));
	if (style->width > 0)
		fit(widths, columns, n, indent, style->width);
	return widths;
}

static void pad(GString *out, guint n)
{
	for (guint i = 0; i < n; i++)
		g_string_append_c(out, ' ');
}

static void print_line(GString *out, const Column *columns, guint n, const char *const *cells,
                       const guint *widths, guint indent, const TextStyle *style)
{
	gsize start = out->len;

	pad(out, indent);
	for (guint c = 0; c < n; c++) {
		g_autofree char *text = cut(cells[c], widths[c], style);
		guint blanks = widths[c] - text_width(text);
		if (columns[c].align == ALIGN_RIGHT)
			pad(out, blanks);
		g_string_append(out, text);
		if (columns[c].align == ALIGN_LEFT)
			pad(out, blanks);
		if (c + 1 < n)
			pad(out, GAP);
	}
	while (out->len > start && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
}

void columns_print(GString *out, const Column *columns, guint n_columns, const GPtrArray *rows,
                   guint indent, const TextStyle *style)
{
	if (rows->len == 0 || n_columns == 0)
		return;

	g_autoptr(GPtrArray) cells = make_cells(columns, n_columns, rows, style);
	g_autofree guint *widths = make_widths(columns, n_columns, cells, indent, style);
	g_autofree const char **headers = g_new(const char *, n_columns);

	for (guint c = 0; c < n_columns; c++)
		headers[c] = columns[c].header;
	g_string_append(out, style->color ? BOLD : "");
	print_line(out, columns, n_columns, headers, widths, indent, style);
	g_string_append(out, style->color ? PLAIN "\n" : "\n");

	for (guint r = 0; r < rows->len; r++) {
		const char *const *row = (const char *const *)cells->pdata + (gsize)r * n_columns;
		print_line(out, columns, n_columns, row, widths, indent, style);
		g_string_append_c(out, '\n');
	}
}
