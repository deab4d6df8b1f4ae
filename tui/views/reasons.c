// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/reasons.h"

#include <string.h>

#include "core/output/verdict_text.h"
#include "core/text.h"
#include "tui/widgets/dialog.h"
#include "tui/widgets/viewer.h"

#define WORD_COLUMN 3
#define TEXT_COLUMN 9
#define ASSURANCE_COLUMN 33

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

/* Steps and what is the same are plain; what speaks against it has its colour. */
static Role line_role(const VerdictLine *line)
{
	return line->level == LEVEL_ACTION ? ROLE_NORMAL : level_role(line->level);
}

static void add_first(GArray *lines, const char *sign, const char *word, RuleLevel level,
                      const char *text)
{
	VerdictLine line = { sign, word, level, g_strdup(text) };
	if (text)
		g_array_prepend_val(lines, line);
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
		n += g_array_index(lines, VerdictLine, i).level != LEVEL_INFO;
	return n;
}

static void draw_words(Surface *surface, Rect area, const Reasons *reasons)
{
	const char *const texts[] = { reasons->words, reasons->whole, reasons->zero };
	g_autoptr(GString) all = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i])
			g_string_append_printf(all, "%s%s", all->len ? "\n" : "", texts[i]);
	text_wrapped(surface, (Rect){ area.x + 1, area.y, area.w - 2, area.h }, ROLE_NORMAL,
	             all->str);
}

void reasons_draw(Surface *surface, Rect area, const Reasons *reasons, bool ascii)
{
	if (!reasons->verdict) {
		draw_words(surface, area, reasons);
		return;
	}
	int y = area.y + draw_head(surface, area, reasons->verdict, ascii);
	int bottom = area.y + area.h;
	g_autoptr(GArray) lines = verdict_lines(reasons->verdict, ascii);
	add_first(lines, "0", "why", LEVEL_BLOCKED, reasons->zero);
	add_first(lines, " ", "all", LEVEL_OK, reasons->whole);
	for (guint i = 0; i < lines->len && y < bottom; i++) {
		const VerdictLine *line = &g_array_index(lines, VerdictLine, i);
		/* A long line may take what the lines after it leave. */
		int spare = bottom - y - rows_kept(lines, i + 1);
		surface_put(surface, area.x + 1, y, 1, line_role(line), line->sign);
		surface_put(surface, area.x + WORD_COLUMN, y, 5, ROLE_DIM, line->word);
		y += draw_text(
			surface,
			(Rect){ area.x + TEXT_COLUMN, y, area.w - TEXT_COLUMN - 9, MAX(spare, 1) },
			line->text);
	}
	if (lines->len)
		surface_put_right(surface, area.x + area.w - 1, y - 1, 6, ROLE_KEY, "F3 all");
}
