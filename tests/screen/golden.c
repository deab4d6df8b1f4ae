// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text on the screen: finding, printing and waiting for it, the assertions made of that, and
 * golden files - the whole screen kept as text, compared after replacing what differs from run
 * to run.
 */
#include "term.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <vterm.h>

#include <cmocka.h>

#ifndef GOLDEN_DIR
#define GOLDEN_DIR "golden"
#endif

#define QUIET_MS 200 /* a screen is complete for writing a golden file */

/* ---- reading, finding and printing ---- */

void term_size(const Term *t, int *rows, int *cols)
{
	int r, c;

	vterm_get_size(term_vterm((Term *)t), &r, &c);
	if (rows)
		*rows = r;
	if (cols)
		*cols = c;
}

char *term_row(Term *t, int row)
{
	GString *s = g_string_new(NULL);
	TermCell cell;

	for (int col = 0; term_cell(t, row, col, &cell); col++)
		g_string_append(s, cell.text);
	while (s->len > 0 && s->str[s->len - 1] == ' ')
		g_string_truncate(s, s->len - 1);
	return g_string_free(s, FALSE);
}

char *term_dump(Term *t)
{
	GString *s = g_string_new(NULL);
	int rows;

	term_size(t, &rows, NULL);
	for (int row = 0; row < rows; row++) {
		g_autofree char *text = term_row(t, row);

		g_string_append(s, text);
		g_string_append_c(s, '\n');
	}
	return g_string_free(s, FALSE);
}

bool term_find(Term *t, const char *needle, int *row, int *col)
{
	int rows;

	term_size(t, &rows, NULL);
	for (int r = 0; r < rows; r++) {
		g_autofree char *text = term_row(t, r);
		const char *at = strstr(text, needle);
		size_t bytes = 0;
		TermCell cell;
		int c;

		if (!at)
			continue;
		for (c = 0; bytes < (size_t)(at - text) && term_cell(t, r, c, &cell); c++)
			bytes += strlen(cell.text);
		/* Past the right half of a wide character that stands just before. */
		while (term_cell(t, r, c, &cell) && cell.width == 0)
			c++;
		if (row)
			*row = r;
		if (col)
			*col = c;
		return true;
	}
	return false;
}

static void print_row(Term *t, int row, int cols)
{
	TermCell cell;

	fprintf(stderr, "%3d|", row);
	for (int col = 0; col < cols; col++)
		if (term_cell(t, row, col, &cell))
			fputs(cell.text, stderr);
	fprintf(stderr, "|%d\n", row);
}

void term_print(Term *t)
{
	int rows, cols, row, col;
	bool shown = term_cursor(t, &row, &col);

	term_size(t, &rows, &cols);
	g_autofree char *edge = g_strnfill(cols, '-');

	fprintf(stderr, "term: %dx%d, cursor %d,%d%s, %s\n   +%s+\n", rows, cols, row, col,
	        shown ? "" : " (hidden)", term_ended(t) ? "ended" : "running", edge);
	for (int r = 0; r < rows; r++)
		print_row(t, r, cols);
	fprintf(stderr, "   +%s+\n", edge);
}

/* ---- waiting ---- */

static bool shows_text(Term *t, void *needle)
{
	g_autofree char *dump = term_dump(t);

	return strstr(dump, needle) != NULL;
}

static bool lacks_text(Term *t, void *needle)
{
	return !shows_text(t, needle);
}

bool term_wait_text(Term *t, const char *needle, int ms)
{
	g_autofree char *what = g_strdup_printf("the text \"%s\"", needle);

	return term_wait(t, shows_text, (void *)needle, what, ms);
}

bool term_wait_gone(Term *t, const char *needle, int ms)
{
	g_autofree char *what = g_strdup_printf("the text \"%s\" to go", needle);

	return term_wait(t, lacks_text, (void *)needle, what, ms);
}

typedef struct RowCheck {
	int row;
	GRegex *regex;
} RowCheck;

static bool row_matches(Term *t, void *data)
{
	RowCheck *c = data;
	g_autofree char *text = term_row(t, c->row);

	return g_regex_match(c->regex, text, 0, NULL);
}

bool term_wait_row(Term *t, int row, const char *regex, int ms)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GRegex) re = g_regex_new(regex, 0, 0, &err);
	g_autofree char *what = g_strdup_printf("row %d to match /%s/", row, regex);
	RowCheck check = { row, re };

	if (!re) {
		fprintf(stderr, "term: %s\n", err->message);
		return false;
	}
	return term_wait(t, row_matches, &check, what, ms);
}

/* ---- failing ---- */

/* The same tests may run under either framework; only GLib's says that it is in charge. */
static void fail_at(const char *what, const char *file, int line)
{
	if (g_test_initialized())
		g_assertion_message(G_LOG_DOMAIN, file, line, "screen", what);
	fprintf(stderr, "%s\n", what);
	_fail(file, line);
}

/* Without a program there is no screen to wait for. */
static bool is_started(Term *t, const char *file, int line)
{
	if (!t)
		fail_at("the program was not started", file, line);
	return t != NULL;
}

void term_expect_text(Term *t, const char *needle, const char *file, int line)
{
	if (is_started(t, file, line) && !term_wait_text(t, needle, TERM_DEADLINE_MS))
		fail_at("the text is not on the screen", file, line);
}

void term_expect_gone(Term *t, const char *needle, const char *file, int line)
{
	if (is_started(t, file, line) && !term_wait_gone(t, needle, TERM_DEADLINE_MS))
		fail_at("the text is still on the screen", file, line);
}

void term_expect_row(Term *t, int row, const char *regex, const char *file, int line)
{
	if (is_started(t, file, line) && !term_wait_row(t, row, regex, TERM_DEADLINE_MS))
		fail_at("the row does not match", file, line);
}

void term_expect_exit(Term *t, int status, const char *file, int line)
{
	int got = -1;

	if (!is_started(t, file, line))
		return;
	if (!term_wait_exit(t, TERM_DEADLINE_MS, &got)) {
		fail_at("the program has not ended", file, line);
	} else if (got != status) {
		g_autofree char *what =
			g_strdup_printf("exit status %d instead of %d", got, status);

		term_print(t);
		fail_at(what, file, line);
	}
}

/* ---- normalisers ---- */

typedef struct Rule {
	GRegex *regex;
	char *replacement;
} Rule;

static void rule_free(void *data)
{
	Rule *rule = data;

	g_regex_unref(rule->regex);
	g_free(rule->replacement);
	g_free(rule);
}

/* The rules hang on the Term as a data set, so term.c need not know of them. */
static GPtrArray *rules_of(Term *t)
{
	GPtrArray *rules = g_dataset_get_data(t, "rules");

	if (!rules) {
		rules = g_ptr_array_new_with_free_func(rule_free);
		g_dataset_set_data_full(t, "rules", rules, (GDestroyNotify)g_ptr_array_unref);
	}
	return rules;
}

bool term_normalise(Term *t, const char *regex, const char *replacement)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GRegex) re = g_regex_new(regex, 0, 0, &err);
	Rule *rule;

	if (!re || !g_regex_check_replacement(replacement, NULL, &err)) {
		fprintf(stderr, "term: %s\n", err->message);
		return false;
	}
	rule = g_new0(Rule, 1);
	*rule = (Rule){ g_steal_pointer(&re), g_strdup(replacement) };
	g_ptr_array_add(rules_of(t), rule);
	return true;
}

/* Columns taken by text on a terminal. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
	}
	return width;
}

static void pad(GString *s, int n)
{
	for (; n > 0; n--)
		g_string_append_c(s, ' ');
}

static void strip(GString *s)
{
	while (s->len > 0 && s->str[s->len - 1] == ' ')
		g_string_truncate(s, s->len - 1);
}

static char *apply_rule(const Rule *rule, const char *line)
{
	g_autoptr(GMatchInfo) match = NULL;
	GString *out = g_string_new(NULL);
	int done = 0, start, end;

	g_regex_match(rule->regex, line, 0, &match);
	for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
		g_autofree char *old = g_match_info_fetch(match, 0);
		g_autofree char *new =
			g_match_info_expand_references(match, rule->replacement, NULL);
		int spare = width_of(old) - width_of(new ? new : "");

		g_match_info_fetch_pos(match, 0, &start, &end);
		if (start < done || end == start)
			continue;
		g_string_append_len(out, line + done, start - done);
		g_string_append(out, new ? new : "");
		pad(out, spare);
		/* A longer one takes blanks that follow, but leaves one as separator. */
		for (; spare < 0 && line[end] == ' ' && line[end + 1] == ' '; spare++)
			end++;
		done = end;
	}
	g_string_append(out, line + done);
	strip(out);
	return g_string_free(out, FALSE);
}

static char *normalised_dump(Term *t)
{
	GPtrArray *rules = rules_of(t);
	g_autofree char *dump = term_dump(t);
	g_auto(GStrv) lines = g_strsplit(dump, "\n", -1);

	for (char **line = lines; *line; line++) {
		for (guint i = 0; i < rules->len; i++) {
			char *next = apply_rule(rules->pdata[i], *line);

			g_free(*line);
			*line = next;
		}
	}
	return g_strjoinv("\n", lines);
}

/* ---- golden files ---- */

static char *golden_path(const char *name)
{
	const char *dir = g_getenv("MDEVCON_GOLDEN_DIR");

	return g_strdup_printf("%s/%s.txt", dir && *dir ? dir : GOLDEN_DIR, name);
}

static bool is_golden(Term *t, void *want)
{
	g_autofree char *got = normalised_dump(t);

	return want && strcmp(got, want) == 0;
}

static void write_golden(Term *t, const char *path, const char *file, int line)
{
	g_autofree char *dir = g_path_get_dirname(path);
	g_autofree char *old = NULL, *got = NULL;
	g_autoptr(GError) err = NULL;

	if (!term_wait_idle(t, QUIET_MS, TERM_DEADLINE_MS))
		fprintf(stderr, "term: %s: written while the screen was changing\n", path);
	got = normalised_dump(t);
	g_file_get_contents(path, &old, NULL, NULL);
	if (g_strcmp0(old, got) == 0)
		return;
	g_mkdir_with_parents(dir, 0777);
	if (g_file_set_contents(path, got, -1, &err))
		fprintf(stderr, "term: wrote %s\n", path);
	else
		fail_at(err->message, file, line);
}

static int widest(char **lines)
{
	int width = 0;

	for (; *lines; lines++)
		width = MAX(width, width_of(*lines));
	return width;
}

/* Rows that differ are marked with a star between the two. */
static void print_both(const char *want, const char *got)
{
	g_auto(GStrv) left = g_strsplit(want, "\n", -1);
	g_auto(GStrv) right = g_strsplit(got, "\n", -1);
	guint rows[2] = { g_strv_length(left), g_strv_length(right) };
	int width = MAX(widest(left), 8);

	fprintf(stderr, "    expected%*s | found\n", width - 8, "");
	for (guint i = 0; i < MAX(rows[0], rows[1]); i++) {
		const char *l = i < rows[0] ? left[i] : "", *r = i < rows[1] ? right[i] : "";

		if (i + 1 == MAX(rows[0], rows[1]) && !*l && !*r)
			break; /* behind the last newline */
		fprintf(stderr, "%3u %s%*s %c %s\n", i, l, width - width_of(l), "",
		        strcmp(l, r) == 0 ? '|' : '*', r);
	}
}

void term_expect_golden(Term *t, const char *name, const char *file, int line)
{
	g_autofree char *path = golden_path(name);
	g_autofree char *want = NULL;
	bool same;

	if (!is_started(t, file, line))
		return;
	if (g_strcmp0(g_getenv("MDEVCON_UPDATE_GOLDEN"), "1") == 0) {
		write_golden(t, path, file, line);
		return;
	}
	g_file_get_contents(path, &want, NULL, NULL);
	if (want && !g_utf8_validate(want, -1, NULL))
		g_clear_pointer(&want, g_free);
	same = want && term_wait(t, is_golden, want, NULL, TERM_DEADLINE_MS);
	if (!same) {
		g_autofree char *got = normalised_dump(t);
		g_autofree char *what = g_strdup_printf(
			"the screen is not %s%s", path,
			want ? "" : " (no such file; MDEVCON_UPDATE_GOLDEN=1 writes it)");

		print_both(want ? want : "", got);
		fail_at(what, file, line);
	}
}
