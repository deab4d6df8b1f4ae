// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/history.h"

#include <string.h>

#define LINES_MAX 500
#define FILE_MAX (64 * 1024) /* what is longer is not ours */

struct History {
	char *filename;
	GPtrArray *lines; /* char * */
	guint old;        /* of them: read from the file */
};

static void read_file(const char *filename, GPtrArray *lines)
{
	g_autofree char *text = NULL;
	gsize length;
	if (!g_file_test(filename, G_FILE_TEST_IS_REGULAR) ||
	    !g_file_get_contents(filename, &text, &length, NULL) || length > FILE_MAX ||
	    !g_utf8_validate(text, (gssize)length, NULL))
		return;
	g_auto(GStrv) found = g_strsplit(text, "\n", -1);
	for (char **line = found; *line; line++) {
		if (**line)
			g_ptr_array_add(lines, g_strdup(*line));
	}
}

History *history_new(const char *filename)
{
	History *history = g_new0(History, 1);
	history->filename = g_strdup(filename);
	history->lines = g_ptr_array_new_with_free_func(g_free);
	read_file(filename, history->lines);
	history->old = history->lines->len;
	return history;
}

/* Another console may have written meanwhile: its lines stay. Best effort: it is only history. */
static void save(const History *history)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *folder = g_path_get_dirname(history->filename);
	g_autoptr(GString) text = g_string_new(NULL);
	read_file(history->filename, lines);
	for (guint i = history->old; i < history->lines->len; i++)
		g_ptr_array_add(lines, g_strdup(history_nth(history, i)));
	for (guint i = lines->len > LINES_MAX ? lines->len - LINES_MAX : 0; i < lines->len; i++)
		g_string_append_printf(text, "%s\n", (char *)g_ptr_array_index(lines, i));
	g_mkdir_with_parents(folder, 0700);
	g_file_set_contents_full(history->filename, text->str, (gssize)text->len,
	                         G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

void history_free(History *history)
{
	if (!history)
		return;
	if (history->lines->len > history->old)
		save(history);
	g_ptr_array_unref(history->lines);
	g_free(history->filename);
	g_free(history);
}

void history_add(History *history, const char *line)
{
	guint n = history->lines->len;
	if (*line && (n == 0 || strcmp(history_nth(history, n - 1), line) != 0))
		g_ptr_array_add(history->lines, g_strdup(line));
}

guint history_count(const History *history)
{
	return history->lines->len;
}

const char *history_nth(const History *history, guint nth)
{
	return g_ptr_array_index(history->lines, nth);
}
