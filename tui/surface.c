// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/surface.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/text.h"

struct Surface {
	int w, h;
	bool ascii;
	Cell *cells;
	int cursor_x, cursor_y;
};

/* What our own signs and lines become in ASCII mode. */
static const struct {
	gunichar c;
	char ascii;
} ascii_signs[] = {
	{ 0x2500, '-' }, { 0x2502, '|' }, { 0x250c, '+' }, { 0x2510, '+' },
	{ 0x2514, '+' }, { 0x2518, '+' }, { 0x251c, '+' }, { 0x2524, '+' },
	{ 0x2192, '>' }, { 0x00d7, 'x' }, { 0x25cf, '*' }, { 0x25cb, 'o' },
	{ 0x2026, '~' }, { 0x2191, '^' }, { 0x2193, 'v' }, { 0x00b7, '-' },
};

static gunichar to_ascii(gunichar c)
{
	if (c < 0x80)
		return c;
	for (gsize i = 0; i < G_N_ELEMENTS(ascii_signs); i++) {
		if (ascii_signs[i].c == c)
			return (gunichar)ascii_signs[i].ascii;
	}
	return c;
}

int char_columns(gunichar c)
{
	/* ncurses goes by wcwidth(), so must we; without a UTF-8 locale it knows nothing. */
	if (MB_CUR_MAX > 1) {
		int n = wcwidth((wchar_t)c);
		return n < 0 ? 1 : MIN(n, 2);
	}
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

/* What is really drawn: a character that the terminal cannot place becomes U+FFFD. */
static gunichar drawable(const Surface *surface, gunichar c)
{
	if (surface->ascii)
		c = to_ascii(c);
	if (MB_CUR_MAX > 1 && wcwidth((wchar_t)c) < 0)
		return 0xfffd;
	return c;
}

int text_columns(const char *text)
{
	g_autofree char *safe = text_visible(text, -1);
	int n = 0;
	for (const char *p = safe; *p; p = g_utf8_next_char(p))
		n += char_columns(g_utf8_get_char(p));
	return n;
}

Surface *surface_new(int w, int h, bool ascii)
{
	Surface *surface = g_new0(Surface, 1);
	surface->ascii = ascii;
	surface_resize(surface, w, h);
	return surface;
}

void surface_free(Surface *surface)
{
	if (!surface)
		return;
	g_free(surface->cells);
	g_free(surface);
}

void surface_resize(Surface *surface, int w, int h)
{
	surface->w = CLAMP(w, 1, 4096);
	surface->h = CLAMP(h, 1, 4096);
	g_free(surface->cells);
	surface->cells = g_new(Cell, (gsize)surface->w * (gsize)surface->h);
	surface_clear(surface);
}

int surface_width(const Surface *surface)
{
	return surface->w;
}

int surface_height(const Surface *surface)
{
	return surface->h;
}

Rect surface_area(const Surface *surface)
{
	return (Rect){ 0, 0, surface->w, surface->h };
}

void surface_clear(Surface *surface)
{
	surface_fill(surface, surface_area(surface), ' ', ROLE_NORMAL);
	surface_set_cursor(surface, -1, -1);
}

static Cell *cell_at(const Surface *surface, int x, int y)
{
	if (x < 0 || y < 0 || x >= surface->w || y >= surface->h)
		return NULL;
	return &surface->cells[y * surface->w + x];
}

static void set_cell(Surface *surface, int x, int y, gunichar c, Role role)
{
	Cell *cell = cell_at(surface, x, y);
	if (!cell)
		return;
	/* Overwriting half of a wide character blanks the other half. */
	Cell *left = cell->base == 0 ? cell_at(surface, x - 1, y) : NULL;
	if (left && c != 0)
		left->base = ' ';
	Cell *right = cell_at(surface, x + 1, y);
	if (right && right->base == 0 && c != 0 && cell->base != 0)
		right->base = ' ';
	*cell = (Cell){ .base = c, .role = (guint8)role };
}

static void add_combining(Surface *surface, int x, int y, gunichar c)
{
	Cell *cell = cell_at(surface, x, y);
	if (cell && cell->base == 0)
		cell = cell_at(surface, x - 1, y);
	if (!cell)
		return;
	for (int i = 0; i < CELL_COMBINING; i++) {
		if (cell->combining[i] == 0) {
			cell->combining[i] = c;
			return;
		}
	}
}

/* Draws already safe text into exactly at most `max` columns. */
static int put_safe(Surface *surface, int x, int y, int max, Role role, const char *safe)
{
	int used = 0;
	for (const char *p = safe; *p; p = g_utf8_next_char(p)) {
		gunichar c = drawable(surface, g_utf8_get_char(p));
		int n = char_columns(c);
		if (n == 0) {
			if (used > 0)
				add_combining(surface, x + used - 1, y, c);
			continue;
		}
		if (used + n > max)
			break;
		bool whole = n == 1 || x + used + 1 < surface->w;
		set_cell(surface, x + used, y, whole ? c : ' ', role);
		if (n == 2 && whole)
			set_cell(surface, x + used + 1, y, 0, role);
		used += n;
	}
	return used;
}

int surface_put(Surface *surface, int x, int y, int max, Role role, const char *text)
{
	if (!text)
		return 0;
	if (max < 0)
		max = surface->w - x;
	if (max <= 0)
		return 0;
	g_autofree char *safe = text_visible(text, -1);
	int need = 0;
	for (const char *p = safe; *p; p = g_utf8_next_char(p))
		need += char_columns(drawable(surface, g_utf8_get_char(p)));
	if (need <= max)
		return put_safe(surface, x, y, max, role, safe);
	int used = put_safe(surface, x, y, max - 1, role, safe);
	return used + put_safe(surface, x + used, y, 1, role, "…");
}

int surface_putf(Surface *surface, int x, int y, int max, Role role, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	return surface_put(surface, x, y, max, role, text);
}

int surface_put_right(Surface *surface, int right, int y, int max, Role role, const char *text)
{
	int n = MIN(text_columns(text), max);
	surface_put(surface, right - n, y, n, role, text);
	return n;
}

void surface_fill(Surface *surface, Rect area, gunichar c, Role role)
{
	c = drawable(surface, c);
	for (int y = MAX(area.y, 0); y < MIN(area.y + area.h, surface->h); y++) {
		for (int x = MAX(area.x, 0); x < MIN(area.x + area.w, surface->w); x++)
			set_cell(surface, x, y, c, role);
	}
}

void surface_box(Surface *surface, Rect area, Role role)
{
	int right = area.x + area.w - 1, bottom = area.y + area.h - 1;
	if (area.w < 2 || area.h < 2)
		return;
	surface_fill(surface, (Rect){ area.x, area.y, area.w, 1 }, 0x2500, role);
	surface_fill(surface, (Rect){ area.x, bottom, area.w, 1 }, 0x2500, role);
	surface_fill(surface, (Rect){ area.x, area.y, 1, area.h }, 0x2502, role);
	surface_fill(surface, (Rect){ right, area.y, 1, area.h }, 0x2502, role);
	set_cell(surface, area.x, area.y, drawable(surface, 0x250c), role);
	set_cell(surface, right, area.y, drawable(surface, 0x2510), role);
	set_cell(surface, area.x, bottom, drawable(surface, 0x2514), role);
	set_cell(surface, right, bottom, drawable(surface, 0x2518), role);
}

void surface_restyle(Surface *surface, Rect area, Role role)
{
	for (int y = MAX(area.y, 0); y < MIN(area.y + area.h, surface->h); y++) {
		for (int x = MAX(area.x, 0); x < MIN(area.x + area.w, surface->w); x++)
			surface->cells[y * surface->w + x].role = (guint8)role;
	}
}

void surface_set_cursor(Surface *surface, int x, int y)
{
	surface->cursor_x = x;
	surface->cursor_y = y;
}

bool surface_cursor(const Surface *surface, int *x, int *y)
{
	*x = surface->cursor_x;
	*y = surface->cursor_y;
	return cell_at(surface, *x, *y) != NULL;
}

const Cell *surface_cell(const Surface *surface, int x, int y)
{
	return cell_at(surface, x, y);
}

char *surface_row(const Surface *surface, int y)
{
	GString *row = g_string_new(NULL);
	for (int x = 0; x < surface->w; x++) {
		const Cell *cell = cell_at(surface, x, y);
		if (!cell || cell->base == 0)
			continue;
		g_string_append_unichar(row, cell->base);
		for (int i = 0; i < CELL_COMBINING && cell->combining[i]; i++)
			g_string_append_unichar(row, cell->combining[i]);
	}
	gsize n = row->len;
	while (n > 0 && row->str[n - 1] == ' ')
		n--;
	g_string_truncate(row, n);
	return g_string_free(row, FALSE);
}
