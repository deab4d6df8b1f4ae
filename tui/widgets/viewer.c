// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/widgets/viewer.h"

#include <string.h>

#include "core/text.h"

#define FIELD_COLUMN 17

typedef struct {
	Role role;
	int indent;
	char *text;
} Line;

typedef struct {
	Role role;
	int x;
	char *text;
} Row;

struct Viewer {
	GArray *lines; /* Line */
	GArray *rows;  /* Row: the lines wrapped to `width` */
	int width, height, top;
	bool to_end;
};

static void line_clear(gpointer data)
{
	g_free(((Line *)data)->text);
}

static void row_clear(gpointer data)
{
	g_free(((Row *)data)->text);
}

Viewer *viewer_new(void)
{
	Viewer *viewer = g_new0(Viewer, 1);
	viewer->lines = g_array_new(FALSE, TRUE, sizeof(Line));
	viewer->rows = g_array_new(FALSE, TRUE, sizeof(Row));
	g_array_set_clear_func(viewer->lines, line_clear);
	g_array_set_clear_func(viewer->rows, row_clear);
	return viewer;
}

void viewer_free(Viewer *viewer)
{
	if (!viewer)
		return;
	g_array_unref(viewer->lines);
	g_array_unref(viewer->rows);
	g_free(viewer);
}

void viewer_clear(Viewer *viewer)
{
	g_array_set_size(viewer->lines, 0);
	viewer->width = 0;
}

void viewer_add(Viewer *viewer, Role role, int indent, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "\n", -1);
	for (char **part = parts; *part; part++) {
		Line line = { role, indent, text_visible(*part, -1) };
		g_array_append_val(viewer->lines, line);
	}
	if (!*parts) {
		Line line = { role, indent, g_strdup("") };
		g_array_append_val(viewer->lines, line);
	}
	viewer->width = 0;
}

void viewer_addf(Viewer *viewer, Role role, int indent, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	viewer_add(viewer, role, indent, text);
}

void viewer_field(Viewer *viewer, const char *name, const char *value)
{
	if (value)
		viewer_addf(viewer, ROLE_NORMAL, FIELD_COLUMN, "%-*s%s", FIELD_COLUMN, name, value);
}

/* How many bytes of `text` fit, and where the next row begins. */
static gsize wrap_at(const char *text, int columns, const char **next)
{
	const char *p = text, *blank = NULL;
	int used = 0;
	for (; *p; p = g_utf8_next_char(p)) {
		int n = char_columns(g_utf8_get_char(p));
		if (used + n > columns)
			break;
		if (*p == ' ' && p > text)
			blank = p;
		used += n;
	}
	if (!*p || *p == ' ') {
		*next = *p ? p + 1 : p;
		return (gsize)(p - text);
	}
	/* A break that would leave less than half of the row is none. */
	if (blank && (blank - text) * 2 >= columns) {
		*next = blank + 1;
		return (gsize)(blank - text);
	}
	if (p == text)
		p = g_utf8_next_char(p);
	*next = p;
	return (gsize)(p - text);
}

GPtrArray *text_wrap(const char *text, int columns)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) parts = g_strsplit(text, "\n", -1);
	for (char **part = parts; *part; part++) {
		g_autofree char *safe = text_visible(*part, -1);
		const char *p = safe;
		do {
			const char *next;
			gsize n = wrap_at(p, MAX(columns, 1), &next);
			g_ptr_array_add(out, g_strndup(p, n));
			p = next;
		} while (*p);
	}
	return out;
}

static void wrap_line(Viewer *viewer, const Line *line, int width)
{
	const char *p = line->text;
	int x = 0;
	do {
		const char *next;
		gsize n = wrap_at(p, MAX(width - x, 1), &next);
		Row row = { line->role, x, g_strndup(p, n) };
		g_array_append_val(viewer->rows, row);
		p = next;
		x = line->indent < width / 2 ? line->indent : 2;
	} while (*p);
}

static void wrap_all(Viewer *viewer, int width)
{
	if (viewer->width == width)
		return;
	viewer->width = width;
	g_array_set_size(viewer->rows, 0);
	for (guint i = 0; i < viewer->lines->len; i++)
		wrap_line(viewer, &g_array_index(viewer->lines, Line, i), width);
}

void viewer_draw(Viewer *viewer, Surface *surface, Rect area, bool cursor)
{
	if (area.w <= 0 || area.h <= 0)
		return;
	wrap_all(viewer, area.w);
	int count = (int)viewer->rows->len;
	viewer->height = area.h;
	if (viewer->to_end)
		viewer->top = count;
	viewer->to_end = false;
	viewer->top = CLAMP(viewer->top, 0, MAX(count - area.h, 0));
	for (int i = 0; i < area.h && viewer->top + i < count; i++) {
		const Row *row = &g_array_index(viewer->rows, Row, viewer->top + i);
		surface_put(surface, area.x + row->x, area.y + i, area.w - row->x, row->role,
		            row->text);
	}
	/* In the frame to the right: there is more above or below. */
	if (viewer->top > 0)
		surface_put(surface, area.x + area.w, area.y, 1, ROLE_KEY, "↑");
	if (viewer->top + area.h < count)
		surface_put(surface, area.x + area.w, area.y + area.h - 1, 1, ROLE_KEY, "↓");
	if (cursor)
		surface_set_cursor(surface, area.x, area.y);
}

bool viewer_action(Viewer *viewer, ActionId id)
{
	int page = MAX(viewer->height - 1, 1);
	switch (id) {
	case ACTION_UP:
		viewer->top--;
		break;
	case ACTION_DOWN:
		viewer->top++;
		break;
	case ACTION_PAGE_UP:
		viewer->top -= page;
		break;
	case ACTION_PAGE_DOWN:
	case ACTION_MORE:
		viewer->top += page;
		break;
	case ACTION_HOME:
		viewer->top = 0;
		break;
	case ACTION_END:
		viewer->to_end = true;
		break;
	default:
		return false;
	}
	viewer->top = CLAMP(viewer->top, 0, MAX((int)viewer->rows->len - viewer->height, 0));
	return true;
}

void viewer_to_end(Viewer *viewer)
{
	viewer->to_end = true;
}

guint viewer_count(const Viewer *viewer)
{
	return viewer->lines->len;
}

char *viewer_text(const Viewer *viewer)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < viewer->lines->len; i++)
		g_string_append_printf(text, "%s\n", g_array_index(viewer->lines, Line, i).text);
	return g_string_free(text, FALSE);
}
