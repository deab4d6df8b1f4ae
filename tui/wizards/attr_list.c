// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/attr_list.h"

#include <string.h>

#define NUMBER_COLUMNS 4
#define CHUNK 256

static void prompt_free(gpointer data)
{
	g_free(data);
}

static Prompt *row_at(const AttrList *list, guint row)
{
	return g_ptr_array_index(list->rows, row);
}

static void add_row(AttrList *list, const char *text)
{
	Prompt *prompt = g_new0(Prompt, 1);
	prompt_set(prompt, text);
	g_ptr_array_add(list->rows, prompt);
}

void attr_list_init(AttrList *list, const GArray *attrs)
{
	*list = (AttrList){ .rows = g_ptr_array_new_with_free_func(prompt_free),
		            .strings = g_string_chunk_new(CHUNK) };
	for (guint i = 0; attrs && i < attrs->len; i++) {
		const Attr *attr = &g_array_index(attrs, Attr, i);
		g_autofree char *text = g_strdup_printf("%s=%s", attr->key, attr->value);
		add_row(list, text);
	}
	add_row(list, "");
}

void attr_list_clear(AttrList *list)
{
	g_clear_pointer(&list->rows, g_ptr_array_unref);
	g_clear_pointer(&list->strings, g_string_chunk_free);
}

bool attr_list_is_empty(const AttrList *list)
{
	for (guint i = 0; i < list->rows->len; i++)
		if (row_at(list, i)->len)
			return false;
	return true;
}

char *attr_list_text(const AttrList *list)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < list->rows->len; i++)
		if (row_at(list, i)->len)
			g_string_append_printf(text, "%s\n", row_at(list, i)->text);
	return g_string_free(text, FALSE);
}

GArray *attr_list_read(AttrList *list, char **why)
{
	g_autoptr(GArray) attrs = g_array_new(FALSE, FALSE, sizeof(Attr));
	g_string_chunk_clear(list->strings);
	for (guint i = 0; i < list->rows->len; i++) {
		const char *text = row_at(list, i)->text, *equals = strchr(text, '=');
		if (!*text)
			continue;
		if (!equals || equals == text) {
			*why = g_strdup_printf("Attribute %u, %s, is not key=value.", i + 1, text);
			return NULL;
		}
		Attr attr = { g_string_chunk_insert_len(list->strings, text, equals - text),
			      g_string_chunk_insert(list->strings, equals + 1) };
		g_array_append_val(attrs, attr);
	}
	return g_steal_pointer(&attrs);
}

/* An emptied row goes when one leaves it, and there is always one at the end to type in. */
static void tidy(AttrList *list)
{
	for (guint i = list->rows->len; i-- > 0;) {
		if (row_at(list, i)->len || i == list->rows->len - 1)
			continue;
		g_ptr_array_remove_index(list->rows, i);
		list->at -= list->at > i;
	}
	if (row_at(list, list->rows->len - 1)->len)
		add_row(list, "");
}

bool attr_list_key(AttrList *list, Key key)
{
	return prompt_key(row_at(list, list->at), key);
}

/* Swaps the row with the one above or below; the empty last one stays last. */
static void move_row(AttrList *list, int step)
{
	guint to = list->at + (guint)step;
	if (to >= list->rows->len - 1 || list->at >= list->rows->len - 1)
		return;
	gpointer *rows = list->rows->pdata, moved = rows[list->at];
	rows[list->at] = rows[to];
	rows[to] = moved;
	list->at = to;
}

bool attr_list_action(AttrList *list, ActionId id)
{
	int step = id == ACTION_UP || id == ACTION_PAGE_UP ? -1 : 1;
	switch (id) {
	case ACTION_UP:
	case ACTION_DOWN: {
		bool typed = row_at(list, list->at)->len > 0;
		bool last = list->at == list->rows->len - 1 && !typed;
		guint gone = !typed && !last;
		tidy(list);
		if (step < 0 ? list->at == 0 : last)
			return false;
		/* The row below moved up where this one went. */
		list->at += (guint)(step > 0 && gone ? 0 : step);
		return true;
	}
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		tidy(list);
		move_row(list, step);
		return true;
	default:
		return false;
	}
}

void attr_list_draw(AttrList *list, Surface *surface, Rect area, bool focused)
{
	int at = (int)list->at, n = (int)list->rows->len;
	list->top = CLAMP(list->top, MAX(at - area.h + 1, 0), at);
	list->top = MIN(list->top, MAX(n - area.h, 0));
	for (int i = 0; i < area.h && list->top + i < n; i++) {
		int row = list->top + i, y = area.y + i;
		bool here = focused && row == at;
		bool empty = !row_at(list, (guint)row)->len;
		surface_putf(surface, area.x, y, NUMBER_COLUMNS - 1, ROLE_DIM, "%2d.", row + 1);
		prompt_draw(row_at(list, (guint)row), surface, area.x + NUMBER_COLUMNS, y,
		            area.w - NUMBER_COLUMNS, here);
		if (empty && !here)
			surface_put(surface, area.x + NUMBER_COLUMNS, y, area.w - NUMBER_COLUMNS,
			            ROLE_DIM, row == 0 ? "(none; key=value)" : "(another one)");
	}
	if (n > list->top + area.h)
		surface_put_right(surface, area.x + area.w, area.y + area.h - 1, 8, ROLE_DIM,
		                  "more");
}
