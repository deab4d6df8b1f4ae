// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/reasons.h"

#include <string.h>

#include "core/text.h"
#include "tui/widgets/dialog.h"
#include "tui/widgets/viewer.h"

#define WORD_COLUMN 3
#define TEXT_COLUMN 9
#define ASSURANCE_COLUMN 33

typedef struct {
	const char *sign, *word;
	Role role;
	char *text;
} Line;

/* Which levels stand under which word, in the order of the panel. */
static const struct {
	RuleLevel level;
	const char *sign, *word;
	Role role;
	bool join; /* all on one line */
} kinds[] = {
	{ LEVEL_BLOCKED, "~", "block", ROLE_BLOCKED, false },
	{ LEVEL_WARN, "!", "diff", ROLE_WARNING, false },
	{ LEVEL_UNKNOWN, "?", "open", ROLE_UNKNOWN, false },
	{ LEVEL_OK, " ", "same", ROLE_NORMAL, true },
	{ LEVEL_INFO, " ", "also", ROLE_NORMAL, true },
};

Role verdict_role(VerdictKind kind)
{
	static const Role roles[] = {
		[VERDICT_READY] = ROLE_READY,     [VERDICT_ACTION] = ROLE_ACTION,
		[VERDICT_BLOCKED] = ROLE_BLOCKED, [VERDICT_INCOMPATIBLE] = ROLE_CANNOT,
		[VERDICT_UNKNOWN] = ROLE_UNKNOWN,
	};
	return roles[kind];
}

Role level_role(RuleLevel level)
{
	static const Role roles[] = {
		[LEVEL_OK] = ROLE_NORMAL,       [LEVEL_INFO] = ROLE_NORMAL,
		[LEVEL_WARN] = ROLE_WARNING,    [LEVEL_ACTION] = ROLE_ACTION,
		[LEVEL_BLOCKED] = ROLE_BLOCKED, [LEVEL_INCOMPATIBLE] = ROLE_CANNOT,
		[LEVEL_UNKNOWN] = ROLE_UNKNOWN,
	};
	return roles[level];
}

static void line_clear(gpointer data)
{
	g_free(((Line *)data)->text);
}

static void add(GArray *lines, const char *sign, const char *word, Role role, const char *text)
{
	Line line = { sign, word, role, g_strdup(text) };
	g_array_append_val(lines, line);
}

/* The rules of one level; the reason that the head line gives already is left out. */
static void add_level(GArray *lines, const Verdict *verdict, gsize kind)
{
	g_autoptr(GString) joined = g_string_new(NULL);
	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *rule = g_ptr_array_index(verdict->rules, i);
		bool said = verdict->verdict > VERDICT_ACTION &&
		            g_strcmp0(rule->text, verdict->why) == 0;
		if (rule->level != kinds[kind].level || said)
			continue;
		if (kinds[kind].join)
			g_string_append_printf(joined, "%s%s", joined->len ? "; " : "", rule->text);
		else
			add(lines, kinds[kind].sign, kinds[kind].word, kinds[kind].role,
			    rule->text);
	}
	if (joined->len)
		add(lines, kinds[kind].sign, kinds[kind].word, kinds[kind].role, joined->str);
}

static GArray *collect(const Verdict *verdict, const char *zero, bool ascii)
{
	GArray *lines = g_array_new(FALSE, TRUE, sizeof(Line));
	g_array_set_clear_func(lines, line_clear);
	if (zero)
		add(lines, "0", "why", ROLE_BLOCKED, zero);
	for (guint i = 0; i < verdict->todos->len; i++)
		add(lines, " ", "do", ROLE_NORMAL, verdict_todo(verdict, i));
	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *rule = g_ptr_array_index(verdict->rules, i);
		if (rule->level == LEVEL_INCOMPATIBLE && g_strcmp0(rule->text, verdict->why) != 0)
			add(lines, verdict_sign(VERDICT_INCOMPATIBLE, ascii), "diff", ROLE_CANNOT,
			    rule->text);
	}
	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
		add_level(lines, verdict, k);
	return lines;
}

/* The head line; a reason that is too long for it takes a second. Returns the rows used. */
static int draw_head(Surface *surface, Rect area, const Verdict *verdict, bool ascii)
{
	g_autofree char *words = verdict_words(verdict);
	Role role = verdict_role(verdict->verdict);
	int x = area.x + 1, right = area.x + area.w - 1;
	x += surface_putf(surface, x, area.y, right - x, role, "%s %s",
	                  verdict_sign(verdict->verdict, ascii), words);
	if (verdict->verdict == VERDICT_READY || verdict->verdict == VERDICT_ACTION) {
		x = MAX(x + 2, area.x + ASSURANCE_COLUMN);
		surface_putf(surface, x, area.y, right - x, ROLE_NORMAL, "assurance %c: %s",
		             verdict->assurance, verdict->summary ? verdict->summary : "");
		return 1;
	}
	const char *why = verdict->why ? verdict->why : verdict->summary;
	if (!why)
		return 1;
	x += surface_put(surface, x, area.y, right - x, role, ": ");
	if (area.h < 2 || text_columns(why) <= right - x) {
		surface_put(surface, x, area.y, right - x, ROLE_NORMAL, why);
		return 1;
	}
	g_autoptr(GPtrArray) first = text_wrap(why, right - x);
	const char *head = g_ptr_array_index(first, 0);
	surface_put(surface, x, area.y, right - x, ROLE_NORMAL, head);
	g_autofree char *safe = text_visible(why, -1);
	const char *rest = strlen(head) < strlen(safe) ? safe + strlen(head) : "";
	surface_put(surface, area.x + TEXT_COLUMN, area.y + 1, area.w - TEXT_COLUMN - 1,
	            ROLE_NORMAL, rest + (*rest == ' '));
	return 2;
}

/* Text in at most area.h rows, of which all but the last one are whole; returns the rows used. */
static int draw_text(Surface *surface, Rect area, const char *text)
{
	g_autoptr(GPtrArray) rows = text_wrap(text, area.w);
	gsize at = 0;
	int used = 0;
	g_autofree char *safe = text_visible(text, -1);
	for (; used < area.h && used < (int)rows->len; used++) {
		const char *row = g_ptr_array_index(rows, used);
		bool last = used == area.h - 1;
		surface_put(surface, area.x, area.y + used, area.w, ROLE_NORMAL,
		            last ? safe + at : row);
		at += strlen(row);
		at += safe[at] == ' ';
	}
	return used;
}

/* The rows that lines from `first` on must have; remarks come last and take what is left. */
static int rows_kept(const GArray *lines, guint first)
{
	int n = 0;
	for (guint i = first; i < lines->len; i++)
		n += strcmp(g_array_index(lines, Line, i).word, "also") != 0;
	return n;
}

void reasons_draw(Surface *surface, Rect area, const Verdict *verdict, const char *words,
                  const char *zero, bool ascii)
{
	if (!verdict) {
		g_autofree char *both = g_strdup_printf(
			"%s%s%s", words ? words : "", zero && words ? "\n" : "", zero ? zero : "");
		text_wrapped(surface, (Rect){ area.x + 1, area.y, area.w - 2, area.h }, ROLE_NORMAL,
		             both);
		return;
	}
	int y = area.y + draw_head(surface, area, verdict, ascii);
	int bottom = area.y + area.h;
	g_autoptr(GArray) lines = collect(verdict, zero, ascii);
	for (guint i = 0; i < lines->len && y < bottom; i++) {
		const Line *line = &g_array_index(lines, Line, i);
		/* A long line may take what the lines after it leave. */
		int spare = bottom - y - rows_kept(lines, i + 1);
		surface_put(surface, area.x + 1, y, 1, line->role, line->sign);
		surface_put(surface, area.x + WORD_COLUMN, y, 5, ROLE_DIM, line->word);
		y += draw_text(
			surface,
			(Rect){ area.x + TEXT_COLUMN, y, area.w - TEXT_COLUMN - 9, MAX(spare, 1) },
			line->text);
	}
	if (lines->len)
		surface_put_right(surface, area.x + area.w - 1, y - 1, 6, ROLE_KEY, "F3 all");
}
