// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/verdict_text.h"

#include "core/text.h"

/* ---- lines ---- */

/* Which levels stand under which word, in the order of reading. */
static const struct {
	RuleLevel level;
	const char *sign, *word;
	bool join; /* all on one line */
} kinds[] = {
	{ LEVEL_INCOMPATIBLE, NULL, "diff", false },
	{ LEVEL_BLOCKED, "~", "block", false },
	{ LEVEL_WARN, "!", "diff", false },
	{ LEVEL_UNKNOWN, "?", "open", false },
	{ LEVEL_OK, " ", "same", true },
	{ LEVEL_INFO, " ", "also", true },
};

static void line_clear(gpointer data)
{
	g_free(((VerdictLine *)data)->text);
}

static void add_line(GArray *lines, const char *sign, const char *word, RuleLevel level,
                     const char *text)
{
	VerdictLine line = { sign, word, level, g_strdup(text) };

	g_array_append_val(lines, line);
}

/* True for what stands beside the verdict's words already. */
static bool is_said(const Verdict *verdict, const RuleResult *rule)
{
	return verdict->verdict > VERDICT_ACTION && g_strcmp0(rule->text, verdict->why) == 0;
}

static void add_level(GArray *lines, const Verdict *verdict, gsize kind, bool ascii)
{
	g_autoptr(GString) joined = g_string_new(NULL);
	RuleLevel level = kinds[kind].level;
	const char *sign =
		kinds[kind].sign ? kinds[kind].sign : verdict_sign(VERDICT_INCOMPATIBLE, ascii);

	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *rule = g_ptr_array_index(verdict->rules, i);
		if (rule->level != level || is_said(verdict, rule))
			continue;
		if (kinds[kind].join)
			g_string_append_printf(joined, "%s%s", joined->len ? "; " : "", rule->text);
		else
			add_line(lines, sign, kinds[kind].word, level, rule->text);
	}
	if (joined->len)
		add_line(lines, sign, kinds[kind].word, level, joined->str);
}

GArray *verdict_lines(const Verdict *verdict, bool ascii)
{
	GArray *lines = g_array_new(FALSE, TRUE, sizeof(VerdictLine));

	g_array_set_clear_func(lines, line_clear);
	for (guint i = 0; i < verdict->todos->len; i++)
		add_line(lines, " ", "do", LEVEL_ACTION, verdict_todo(verdict, i));
	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
		add_level(lines, verdict, k, ascii);
	return lines;
}

/* ---- one verdict ---- */

char *verdict_target(const Verdict *verdict)
{
	return verdict->parent ? g_strdup_printf("%s/%s", verdict->target, verdict->parent)
	                       : g_strdup(verdict->target);
}

/* Beside the words: how much speaks for it, or what decided. New text, or NULL. */
static char *reason_of(const Verdict *verdict)
{
	if (verdict->verdict <= VERDICT_ACTION)
		return g_strdup_printf("assurance %c: %s", verdict->assurance, verdict->summary);
	return g_strdup(verdict->why ? verdict->why : verdict->summary);
}

void verdict_print(GString *out, const Verdict *verdict, const char *target, const TextStyle *style)
{
	g_autofree char *words = verdict_words(verdict);
	g_autofree char *reason = reason_of(verdict);
	g_autofree char *head = g_strdup_printf("%s  %s", words, target);
	g_autofree char *safe_reason = text_printable(reason ? reason : "", style);
	g_autoptr(GArray) lines = verdict_lines(verdict, style->ascii);

	g_string_append_printf(out, "%s ", verdict_sign(verdict->verdict, style->ascii));
	heading_print(out, head, style);
	g_string_append_printf(out, "           %s\n", safe_reason);
	for (guint i = 0; i < lines->len; i++) {
		const VerdictLine *line = &g_array_index(lines, VerdictLine, i);
		g_autofree char *text = text_printable(line->text, style);
		g_string_append_printf(out, "  %s %-5s  %s\n", line->sign, line->word, text);
	}
}

/* ---- many ---- */

static char *sign_cell(const void *row)
{
	const TargetRow *target = row;
	g_autofree char *words = verdict_words(target->verdict);

	return g_strdup_printf("%s %s", verdict_sign(target->verdict->verdict, target->ascii),
	                       words);
}

static char *assurance_cell(const void *row)
{
	return g_strdup_printf("%c", ((const TargetRow *)row)->verdict->assurance);
}

static char *target_cell(const void *row)
{
	const TargetRow *target = row;
	g_autofree char *first = verdict_target(target->verdict);

	if (target->alike < 2)
		return g_steal_pointer(&first);
	return g_strdup_printf("%s and %u more function%s of its card", first, target->alike - 1,
	                       target->alike == 2 ? "" : "s");
}

static char *reason_cell(const void *row)
{
	const Verdict *verdict = ((const TargetRow *)row)->verdict;

	return g_strdup(verdict->verdict > VERDICT_ACTION && verdict->why ? verdict->why
	                                                                  : verdict->summary);
}

static const Column columns[] = {
	{ "verdict", "verdict", "VERDICT", ALIGN_LEFT, WIDTH_WHOLE, sign_cell },
	{ "assurance", "assurance", "ASSURANCE", ALIGN_LEFT, WIDTH_WHOLE, assurance_cell },
	{ "target", "target", "TARGET", ALIGN_LEFT, WIDTH_WHOLE, target_cell },
	{ "summary", "summary", "WHY", ALIGN_LEFT, WIDTH_CUT, reason_cell },
};

static bool is_like(const TargetRow *row, const Verdict *verdict, const char *card)
{
	return card && g_strcmp0(row->card, card) == 0 &&
	       g_str_equal(row->verdict->target, verdict->target) &&
	       row->verdict->verdict == verdict->verdict &&
	       row->verdict->assurance == verdict->assurance;
}

void target_rows_add(GArray *rows, const Verdict *verdict, const Inventory *inventory, bool ascii)
{
	const Parent *parent =
		inventory && verdict->parent ? inventory_parent(inventory, verdict->parent) : NULL;
	TargetRow new_row = { verdict, parent ? parent->physfn : NULL, 1, ascii };

	for (guint i = 0; i < rows->len; i++) {
		TargetRow *row = &g_array_index(rows, TargetRow, i);
		if (is_like(row, verdict, new_row.card)) {
			row->alike++;
			return;
		}
	}
	g_array_append_val(rows, new_row);
}

void target_rows_print(GString *out, const GArray *rows, guint from, guint indent,
                       const TextStyle *style)
{
	g_autoptr(GPtrArray) pointers = g_ptr_array_new();

	for (guint i = from; i < rows->len; i++)
		g_ptr_array_add(pointers, &g_array_index(rows, TargetRow, i));
	columns_print(out, columns, G_N_ELEMENTS(columns), pointers, indent, style);
}
