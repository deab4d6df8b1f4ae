// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/palette.h"

#include <string.h>

#define FIRST_FIXED 16 /* from here on a palette of 256 is the same everywhere */
#define FIRST_GRAY 232
#define N_PALETTE 256

static const char *const names[] = { "black", "red",     "green", "yellow",
	                             "blue",  "magenta", "cyan",  "white" };

/* xterm's own sixteen (XTerm-col.ad). */
static const guint32 first[FIRST_FIXED] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};
static const guint32 levels[] = { 0, 95, 135, 175, 215, 255 };

static bool parse_rgb(const char *word, int *color)
{
	guint64 n;

	if (strlen(word) != 7 || !g_ascii_string_to_unsigned(word + 1, 16, 0, 0xffffff, &n, NULL))
		return false;
	*color = PALETTE_RGB | (int)n;
	return true;
}

bool palette_parse(const char *word, int *color)
{
	guint64 n;

	if (strcmp(word, "default") == 0) {
		*color = COLOR_DEFAULT;
		return true;
	}
	if (word[0] == '#')
		return parse_rgb(word, color);
	if (g_ascii_string_to_unsigned(word, 10, 0, N_PALETTE - 1, &n, NULL)) {
		*color = (int)n;
		return true;
	}
	bool bright = g_str_has_prefix(word, "bright-");
	const char *name = bright ? word + strlen("bright-") : word;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(name, names[i]) == 0) {
			*color = (int)i + (bright ? 8 : 0);
			return true;
		}
	}
	return false;
}

guint32 palette_rgb(int color)
{
	if (color & PALETTE_RGB)
		return (guint32)color & 0xffffff;
	if (color < FIRST_FIXED)
		return first[color];
	guint32 n = (guint32)color - FIRST_FIXED;
	if (color < FIRST_GRAY)
		return levels[n / 36] << 16 | levels[n / 6 % 6] << 8 | levels[n % 6];
	return (8 + 10 * ((guint32)color - FIRST_GRAY)) * 0x010101;
}

static int distance(guint32 a, guint32 b)
{
	int sum = 0;

	for (int shift = 0; shift <= 16; shift += 8) {
		int d = (int)(a >> shift & 0xff) - (int)(b >> shift & 0xff);
		sum += d * d;
	}
	return sum;
}

static int nearest(guint32 rgb)
{
	int best = FIRST_FIXED;

	for (int i = FIRST_FIXED; i < N_PALETTE; i++)
		if (distance(palette_rgb(i), rgb) < distance(palette_rgb(best), rgb))
			best = i;
	return best;
}

int palette_fit(int color, int n_colors, bool *bold)
{
	if (color == COLOR_DEFAULT)
		return color;
	if (n_colors > N_PALETTE && color >= FIRST_FIXED)
		/* Direct colour: 0 to 7 are the palette's, and so next to black. */
		return palette_rgb(color) < 8 ? 0 : (int)palette_rgb(color);
	if (n_colors == N_PALETTE)
		return color & PALETTE_RGB ? nearest(palette_rgb(color)) : color;
	if (color >= FIRST_FIXED)
		return COLOR_DEFAULT;
	if (color < 8 || n_colors == FIRST_FIXED)
		return color;
	*bold = true;
	return color - 8;
}
