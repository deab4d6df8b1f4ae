// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The themes that come with the program: whole, readable, and in the colour-blind-safe one verdicts
 * that differ for everybody. $MDEVCON_THEMES is the folder of the themes.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/theme.h"

#define CONTRAST_AA 4.5  /* WCAG 2.1, 1.4.3 */
#define CONTRAST_AAA 7.0 /* 1.4.6 */
#define SEEN_APART 20.0  /* CIE76; 2.3 can just be told apart */

static char *theme_file(const char *name)
{
	g_autofree char *file = g_strconcat(name, ".theme", NULL);
	return g_build_filename(g_getenv("MDEVCON_THEMES"), file, NULL);
}

static void load(const char *name, Theme *theme)
{
	g_autofree char *file = theme_file(name);
	g_autoptr(GError) error = NULL;
	if (!theme_load(theme, file, &error))
		fail_msg("%s", error->message);
}

/* ---- whole -------------------------------------------------------------------------------- */

/* The table and the folder name the same themes; each file names each role in both sections. */
static void test_shipped(void **state)
{
	(void)state;
	g_autoptr(GDir) dir = g_dir_open(g_getenv("MDEVCON_THEMES"), 0, NULL);
	guint n = 0;
	for (const char *name; (name = g_dir_read_name(dir));) {
		if (!g_str_has_suffix(name, ".theme"))
			continue;
		g_autofree char *stem = g_strndup(name, strlen(name) - strlen(".theme"));
		if (!g_strv_contains(theme_shipped, stem))
			fail_msg("%s is not in the table", name);
		n++;
	}
	assert_int_equal(n, g_strv_length((char **)theme_shipped));
	for (guint i = 0; theme_shipped[i]; i++) {
		g_autofree char *file = theme_file(theme_shipped[i]);
		g_autoptr(GKeyFile) keys = g_key_file_new();
		assert_true(g_key_file_load_from_file(keys, file, G_KEY_FILE_NONE, NULL));
		for (int role = 0; role < ROLE_COUNT; role++) {
			if (!g_key_file_has_key(keys, "color", role_name((Role)role), NULL) ||
			    !g_key_file_has_key(keys, "mono", role_name((Role)role), NULL))
				fail_msg("%s: no %s", file, role_name((Role)role));
		}
	}
}

/* What was asked for is found, or it is said where was looked. */
static void test_choose(void **state)
{
	(void)state;
	Theme theme;
	g_autoptr(GError) unknown = NULL, absent = NULL;
	g_autofree char *file = theme_file("light");
	assert_true(theme_choose(&theme, "light", NULL));
	assert_int_equal(theme.color[ROLE_NORMAL].bg, 231);
	assert_true(theme_choose(&theme, NULL, NULL));
	assert_int_equal(theme.color[ROLE_NORMAL].bg, COLOR_DEFAULT);
	assert_true(theme_choose(&theme, file, NULL));
	assert_int_equal(theme.color[ROLE_NORMAL].bg, 231);
	assert_false(theme_choose(&theme, "pink", &unknown));
	assert_non_null(strstr(unknown->message, "no theme \"pink\" in "));
	assert_non_null(strstr(unknown->message, g_getenv("MDEVCON_THEMES")));
	assert_false(theme_choose(&theme, "no/such.theme", &absent));
	assert_non_null(strstr(absent->message, "no/such.theme"));
}

/* ---- readable ----------------------------------------------------------------------------- */

static double channel(guint32 rgb, int shift)
{
	double c = (rgb >> shift & 0xff) / 255.0;
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(guint32 rgb)
{
	return 0.2126 * channel(rgb, 16) + 0.7152 * channel(rgb, 8) + 0.0722 * channel(rgb, 0);
}

static double contrast(const Style *style)
{
	double a = luminance(palette_rgb(style->fg)), b = luminance(palette_rgb(style->bg));
	return (MAX(a, b) + 0.05) / (MIN(a, b) + 0.05);
}

static void check_contrast(const char *name, Role role, const Style *style, double least)
{
	bool own_fg = style->fg == COLOR_DEFAULT, own_bg = style->bg == COLOR_DEFAULT;
	if (own_fg && own_bg)
		return; /* the terminal's own pair */
	/* The sixteen on the terminal's own ground are readable as far as its user cared. */
	if (own_bg && style->fg < 16)
		return;
	if (own_fg || own_bg)
		fail_msg("%s: %s has half a pair", name, role_name(role));
	if (style->dim)
		fail_msg("%s: %s is dim, so its contrast is unknown", name, role_name(role));
	if (contrast(style) < least)
		fail_msg("%s: %s has a contrast of %.2f", name, role_name(role), contrast(style));
}

static void test_contrast(void **state)
{
	(void)state;
	const Style known = { .fg = 255 | PALETTE_RGB, .bg = 16 }; /* blue on black: 2.44 */
	assert_true(fabs(contrast(&known) - 2.44) < 0.01);
	for (guint i = 0; theme_shipped[i]; i++) {
		bool high = strcmp(theme_shipped[i], "high-contrast") == 0;
		Theme theme;
		load(theme_shipped[i], &theme);
		for (int role = 0; role < ROLE_COUNT; role++)
			check_contrast(theme_shipped[i], (Role)role, &theme.color[role],
			               high ? CONTRAST_AAA : CONTRAST_AA);
	}
}

/* A theme without colours has none, in either section. */
static void test_monochrome(void **state)
{
	(void)state;
	Theme theme;
	load("monochrome", &theme);
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_int_equal(theme.color[i].fg, COLOR_DEFAULT);
		assert_int_equal(theme.color[i].bg, COLOR_DEFAULT);
		assert_memory_equal(&theme.color[i], &theme.mono[i], sizeof(Style));
	}
}

/* ---- colour-blind ------------------------------------------------------------------------- */

/* Linear RGB as it is seen: Machado, Oliveira and Fernandes 2009, severity 1. */
static const struct {
	const char *name;
	double m[3][3];
} eyes[] = {
	{ "ordinary", { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } },
	{ "protanopia",
	  { { 0.152286, 1.052583, -0.204868 },
	    { 0.114503, 0.786281, 0.099216 },
	    { -0.003882, -0.048116, 1.051998 } } },
	{ "deuteranopia",
	  { { 0.367322, 0.860646, -0.227968 },
	    { 0.280085, 0.672501, 0.047413 },
	    { -0.011820, 0.042940, 0.968881 } } },
	{ "tritanopia",
	  { { 1.255528, -0.076749, -0.178779 },
	    { -0.078411, 0.930809, 0.147602 },
	    { 0.004733, 0.691367, 0.303900 } } },
};

static double lab_f(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* CIE L*a*b* (D65) of a colour as these eyes see it. */
static void seen(int color, const double m[3][3], double lab[3])
{
	guint32 rgb = palette_rgb(color);
	double l[3], eye[3];
	for (int i = 0; i < 3; i++)
		l[i] = channel(rgb, 16 - 8 * i);
	for (int i = 0; i < 3; i++)
		eye[i] = CLAMP(m[i][0] * l[0] + m[i][1] * l[1] + m[i][2] * l[2], 0, 1);
	double x = lab_f((0.4124 * eye[0] + 0.3576 * eye[1] + 0.1805 * eye[2]) / 0.95047);
	double y = lab_f(0.2126 * eye[0] + 0.7152 * eye[1] + 0.0722 * eye[2]);
	double z = lab_f((0.0193 * eye[0] + 0.1192 * eye[1] + 0.9505 * eye[2]) / 1.08883);
	lab[0] = 116 * y - 16;
	lab[1] = 500 * (x - y);
	lab[2] = 200 * (y - z);
}

static double apart(int one, int other, const double m[3][3])
{
	double a[3], b[3];
	seen(one, m, a);
	seen(other, m, b);
	return sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2));
}

static void test_colour_blind(void **state)
{
	(void)state;
	static const Role verdicts[] = { ROLE_READY, ROLE_ACTION, ROLE_BLOCKED, ROLE_CANNOT,
		                         ROLE_UNKNOWN };
	Theme theme;
	load("colour-blind", &theme);
	/* The measure itself: a green and a red that deuteranopes confuse. */
	assert_true(apart(70, 136, eyes[2].m) < SEEN_APART);
	assert_true(apart(70, 136, eyes[0].m) > SEEN_APART);
	for (guint e = 0; e < G_N_ELEMENTS(eyes); e++)
		for (guint i = 0; i < G_N_ELEMENTS(verdicts); i++)
			for (guint j = 0; j < i; j++) {
				double d = apart(theme.color[verdicts[i]].fg,
				                 theme.color[verdicts[j]].fg, eyes[e].m);
				if (d < SEEN_APART)
					fail_msg("%s: %s and %s are %.0f apart", eyes[e].name,
					         role_name(verdicts[i]), role_name(verdicts[j]), d);
			}
}

/* ---- palette ------------------------------------------------------------------------------ */

static void test_fit(void **state)
{
	(void)state;
	static const struct {
		const char *word;
		int n_colors, shown;
		bool bold;
	} cases[] = {
		{ "#d78700", 256, 172, false },
		{ "#d78701", 256, 172, false },
		{ "208", 256, 208, false },
		{ "208", 16, COLOR_DEFAULT, false },
		{ "#ffffff", 8, COLOR_DEFAULT, false },
		{ "bright-red", 16, 9, false },
		{ "bright-red", 8, 1, true },
		{ "red", 8, 1, false },
		{ "208", 1 << 24, 0xff8700, false },
		{ "#123456", 1 << 24, 0x123456, false },
		{ "#000003", 1 << 24, 0, false },
		{ "default", 256, COLOR_DEFAULT, false },
		{ "cyan", 1 << 24, 6, false },
		{ "bright-cyan", 1 << 24, 6, true },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		int color;
		bool bold = false;
		assert_true(palette_parse(cases[i].word, &color));
		assert_int_equal(palette_fit(color, cases[i].n_colors, &bold), cases[i].shown);
		assert_int_equal(bold, cases[i].bold);
	}
	static const char *const bad[] = {
		"#12345", "#1234567", "#-12345", "#12345g", "256", "-1"
	};
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		int color;
		if (palette_parse(bad[i], &color))
			fail_msg("%s is taken for a colour", bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped),      cmocka_unit_test(test_choose),
		cmocka_unit_test(test_contrast),     cmocka_unit_test(test_monochrome),
		cmocka_unit_test(test_colour_blind), cmocka_unit_test(test_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
