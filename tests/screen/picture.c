// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture ROWS COLS OUT.svg [STEP...] -- COMMAND [ARGUMENT...]
 *
 * Runs a program on the terminal of the screen tests, takes the steps and draws the last screen as
 * an SVG: a grid of cells on a dark background, without scripts, fonts or style sheets. A STEP is
 * a key name of term_key(), text:FOO (wait until FOO is on the screen), gone:FOO (until it is not)
 * or type:FOO (send FOO). The environment is that of term_start(); use env(1) to add to it.
 */
#include "term.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_W 9
#define CELL_H 19
#define BASELINE 14
#define FONT_SIZE 15
#define MARGIN 10
#define QUIET_MS 250
#define DEFAULT_FG 0xd4d7dd
#define DEFAULT_BG 0x14171c

/* The sixteen named colours, tuned to be read on the dark background. */
static const unsigned palette16[16] = {
	0x14171c, 0xd9534f, 0x5fb35f, 0xd0a13c, 0x4f8fd9, 0xb06fc0, 0x3fa9ab, 0xc8ccd2,
	0x6b7280, 0xff7b72, 0x7ee787, 0xf2cc60, 0x79c0ff, 0xd2a8ff, 0x56d4dd, 0xffffff,
};

/* The look of a run of cells. */
typedef struct Look {
	unsigned fg, bg;
	bool bold, italic, underline, strike;
} Look;

static unsigned rgb_of(int colour, unsigned fallback)
{
	static const int level[6] = { 0, 95, 135, 175, 215, 255 };
	int n = colour - 16;

	if (colour == TERM_DEFAULT)
		return fallback;
	if (colour & TERM_RGB)
		return colour & 0xffffff;
	if (colour < 16)
		return palette16[colour];
	if (colour < 232)
		return level[n / 36] << 16 | level[n / 6 % 6] << 8 | level[n % 6];
	return (8 + 10 * (colour - 232)) * 0x010101;
}

static Look look_of(const TermCell *cell)
{
	unsigned fg = rgb_of(cell->fg, DEFAULT_FG), bg = rgb_of(cell->bg, DEFAULT_BG);

	return (Look){
		.fg = cell->reverse ? bg : fg,
		.bg = cell->reverse ? fg : bg,
		.bold = cell->bold,
		.italic = cell->italic,
		.underline = cell->underline,
		.strike = cell->strike,
	};
}

static bool same_look(const Look *a, const Look *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->bold == b->bold && a->italic == b->italic &&
	       a->underline == b->underline && a->strike == b->strike;
}

/*
 * Lines of frames are drawn, not set as text: fonts leave gaps between rows. The sides of the cell
 * that a character reaches from its centre.
 */
enum { UP = 1, RIGHT = 2, DOWN = 4, LEFT = 8 };

static const struct {
	const char *text;
	unsigned sides;
} frames[] = {
	{ "─", LEFT | RIGHT },        { "│", UP | DOWN },         { "┌", RIGHT | DOWN },
	{ "┐", LEFT | DOWN },         { "└", UP | RIGHT },        { "┘", UP | LEFT },
	{ "╭", RIGHT | DOWN },        { "╮", LEFT | DOWN },       { "╰", UP | RIGHT },
	{ "╯", UP | LEFT },           { "├", UP | DOWN | RIGHT }, { "┤", UP | DOWN | LEFT },
	{ "┬", LEFT | RIGHT | DOWN }, { "┴", LEFT | RIGHT | UP }, { "┼", UP | DOWN | LEFT | RIGHT },
};

static unsigned frame_sides(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(frames); i++)
		if (strcmp(frames[i].text, text) == 0)
			return frames[i].sides;
	return 0;
}

static void draw_frame(FILE *out, int row, int col, unsigned sides, unsigned colour)
{
	double x = MARGIN + col * CELL_W, y = MARGIN + row * CELL_H;
	double cx = x + CELL_W / 2.0, cy = y + CELL_H / 2.0;
	const struct {
		unsigned side;
		double x, y;
	} ends[] = {
		{ UP, cx, y },
		{ RIGHT, x + CELL_W, cy },
		{ DOWN, cx, y + CELL_H },
		{ LEFT, x, cy },
	};

	fputs("<path d=\"", out);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (sides & ends[i].side)
			fprintf(out, "M%g %gL%g %g", cx, cy, ends[i].x, ends[i].y);
	fprintf(out, "\" stroke=\"#%06x\" stroke-width=\"1.2\" stroke-linecap=\"square\"/>\n",
	        colour);
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " ")] == 0;
}

static void draw_text(FILE *out, int row, int col, int width, const char *text, const Look *look)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);

	if (is_blank(text) && !look->underline && !look->strike)
		return;
	fprintf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"",
	        MARGIN + col * CELL_W, MARGIN + row * CELL_H + BASELINE, width * CELL_W, look->fg);
	if (look->bold)
		fputs(" font-weight=\"bold\"", out);
	if (look->italic)
		fputs(" font-style=\"italic\"", out);
	if (look->underline || look->strike)
		fprintf(out, " text-decoration=\"%s%s\"", look->underline ? "underline " : "",
		        look->strike ? "line-through" : "");
	fprintf(out, ">%s</text>\n", escaped);
}

static void draw_background(FILE *out, int row, int col, int width, unsigned colour)
{
	if (colour != DEFAULT_BG)
		fprintf(out,
		        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
		        MARGIN + col * CELL_W, MARGIN + row * CELL_H, width * CELL_W, CELL_H,
		        colour);
}

/* Columns from col on that have one background colour. */
static int background_run(Term *t, int row, int col, unsigned *colour)
{
	TermCell cell;
	int end = col;

	while (term_cell(t, row, end, &cell)) {
		unsigned bg = look_of(&cell).bg;

		if (end == col)
			*colour = bg;
		else if (bg != *colour && cell.width)
			break;
		end++;
	}
	return end - col;
}

/* A run may contain only plain one-column characters, whose advance every monospace font agrees
 * on; anything else is set by itself. */
static bool joins_runs(const TermCell *cell)
{
	return cell->width == 1 && g_ascii_isprint(cell->text[0]);
}

/* Draws the characters from col on that look alike; returns how many columns that was. */
static int draw_run(FILE *out, Term *t, int row, int col)
{
	g_autoptr(GString) text = g_string_new(NULL);
	TermCell cell;
	Look look, next;
	unsigned sides;
	int end = col;

	term_cell(t, row, col, &cell);
	look = look_of(&cell);
	sides = frame_sides(cell.text);
	if (sides) {
		draw_frame(out, row, col, sides, look.fg);
		return 1;
	}
	if (!joins_runs(&cell)) {
		draw_text(out, row, col, MAX(cell.width, 1), cell.text, &look);
		return MAX(cell.width, 1);
	}
	do {
		g_string_append(text, cell.text);
		end++;
		if (!term_cell(t, row, end, &cell))
			break;
		next = look_of(&cell);
	} while (joins_runs(&cell) && same_look(&look, &next));
	draw_text(out, row, col, end - col, text->str, &look);
	return end - col;
}

static void draw_row(FILE *out, Term *t, int row, int cols)
{
	unsigned colour = DEFAULT_BG;

	for (int col = 0, n; col < cols; col += n) {
		n = background_run(t, row, col, &colour);
		draw_background(out, row, col, n, colour);
	}
	for (int col = 0; col < cols;)
		col += draw_run(out, t, row, col);
}

static bool draw_screen(Term *t, const char *path)
{
	FILE *out = fopen(path, "w");
	int rows, cols, row, col;
	bool ok;

	if (!out)
		return false;
	term_size(t, &rows, &cols);
	int w = cols * CELL_W + 2 * MARGIN, h = rows * CELL_H + 2 * MARGIN;

	fprintf(out,
	        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	        "viewBox=\"0 0 %d %d\">\n",
	        w, h, w, h);
	fprintf(out, "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#%06x\"/>\n", w, h,
	        DEFAULT_BG);
	fprintf(out,
	        "<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" "
	        "font-size=\"%d\" xml:space=\"preserve\">\n",
	        FONT_SIZE);
	for (int r = 0; r < rows; r++)
		draw_row(out, t, r, cols);
	if (term_cursor(t, &row, &col))
		fprintf(out,
		        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\" "
		        "fill-opacity=\"0.6\"/>\n",
		        MARGIN + col * CELL_W, MARGIN + row * CELL_H, CELL_W, CELL_H, DEFAULT_FG);
	fputs("</g>\n</svg>\n", out);
	ok = !ferror(out);
	return fclose(out) == 0 && ok;
}

static bool take_step(Term *t, const char *step)
{
	if (g_str_has_prefix(step, "text:"))
		return term_wait_text(t, step + 5, TERM_DEADLINE_MS);
	if (g_str_has_prefix(step, "gone:"))
		return term_wait_gone(t, step + 5, TERM_DEADLINE_MS);
	if (g_str_has_prefix(step, "type:"))
		term_send(t, step + 5);
	else if (!term_key(t, step))
		return false;
	/* A screen that never rests (a clock) is drawn as it is after the deadline. */
	term_wait_idle(t, QUIET_MS, TERM_DEADLINE_MS);
	return true;
}

static int find_separator(int argc, char *argv[])
{
	for (int i = 4; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return i;
	return argc;
}

static int parse_size(const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	return *s && *end == 0 && n >= 1 && n <= 1000 ? (int)n : 0;
}

int main(int argc, char *argv[])
{
	int sep = find_separator(argc, argv), rows, cols;
	bool ok = true;
	Term *t;

	if (sep + 1 >= argc || !(rows = parse_size(argv[1])) || !(cols = parse_size(argv[2]))) {
		fprintf(stderr,
		        "usage: %s ROWS COLS OUT.svg [KEY|text:T|gone:T|type:T]... -- "
		        "COMMAND [ARGUMENT...]\n",
		        argv[0]);
		return 2;
	}
	t = term_start(rows, cols, (const char *const *)argv + sep + 1, NULL);
	if (!t)
		return 1;
	term_wait_idle(t, QUIET_MS, TERM_DEADLINE_MS);
	for (int i = 4; ok && i < sep; i++) {
		ok = take_step(t, argv[i]);
		if (!ok)
			fprintf(stderr, "picture: step %s failed\n", argv[i]);
	}
	if (ok && !draw_screen(t, argv[3])) {
		fprintf(stderr, "picture: cannot write %s\n", argv[3]);
		ok = false;
	}
	term_stop(t, NULL);
	return ok ? 0 : 1;
}
