// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/theme.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "core/folders.h"
#include "default_theme.h"

G_DEFINE_QUARK(mdevcon - theme - error, theme_error)

static const char *const role_names[ROLE_COUNT] = {
#define X(id, name, help) [ROLE_##id] = name,
	ROLES(X)
#undef X
};

static const char *const role_helps[ROLE_COUNT] = {
#define X(id, name, help) [ROLE_##id] = help,
	ROLES(X)
#undef X
};

const char *const theme_shipped[] = { "default",      "light",      "high-contrast",
	                              "colour-blind", "monochrome", NULL };

const char *role_name(Role role)
{
	return role < ROLE_COUNT ? role_names[role] : "";
}

const char *role_help(Role role)
{
	return role < ROLE_COUNT ? role_helps[role] : "";
}

static bool *style_flag(Style *style, const char *word)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "bold", &style->bold },
		{ "dim", &style->dim },
		{ "underline", &style->underline },
		{ "reverse", &style->reverse },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (strcmp(word, flags[i].name) == 0)
			return flags[i].flag;
	}
	return NULL;
}

/* Returns the word that makes no sense, or NULL. */
static const char *parse_style(char **words, Style *style)
{
	Style s = { .fg = COLOR_DEFAULT, .bg = COLOR_DEFAULT };
	for (char **w = words; *w; w++) {
		if (!**w)
			continue;
		bool *flag = style_flag(&s, *w);
		if (flag)
			*flag = true;
		else if (strcmp(*w, "on") == 0 && w[1]) {
			if (!palette_parse(*++w, &s.bg))
				return *w;
		} else if (!palette_parse(*w, &s.fg))
			return *w;
	}
	*style = s;
	return NULL;
}

typedef struct {
	Theme *theme;
	char *problem;
} Parse;

static int on_entry(void *data, const char *section, const char *name, const char *value)
{
	Parse *parse = data;
	if (parse->problem)
		return 0;
	Style *styles = strcmp(section, "color") == 0  ? parse->theme->color
	                : strcmp(section, "mono") == 0 ? parse->theme->mono
	                                               : NULL;
	if (!styles) {
		parse->problem = g_strdup_printf("unknown section [%s]", section);
		return 0;
	}
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (strcmp(name, role_names[i]) != 0)
			continue;
		g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);
		const char *wrong = parse_style(words, &styles[i]);
		if (wrong)
			parse->problem = g_strdup_printf("%s: unknown word \"%s\"", name, wrong);
		return wrong ? 0 : 1;
	}
	parse->problem = g_strdup_printf("unknown role \"%s\"", name);
	return 0;
}

void theme_default(Theme *theme)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		theme->color[i] = theme->mono[i] =
			(Style){ .fg = COLOR_DEFAULT, .bg = COLOR_DEFAULT };
	Parse parse = { .theme = theme };
	ini_parse_string(default_theme, on_entry, &parse);
	if (parse.problem)
		g_error("built-in theme: %s", parse.problem);
}

bool theme_load(Theme *theme, const char *filename, GError **error)
{
	g_autofree char *text = NULL;
	theme_default(theme);
	if (!g_file_get_contents(filename, &text, NULL, error))
		return false;
	Parse parse = { .theme = theme };
	int line = ini_parse_string(text, on_entry, &parse);
	g_autofree char *problem = parse.problem;
	if (line == 0)
		return true;
	g_set_error(error, THEME_ERROR, 0, "%s:%d: %s", filename, MAX(line, 1),
	            problem ? problem : "not INI");
	theme_default(theme);
	return false;
}

/* The file of a theme in `*file` (new), NULL for the built-in one. False: there is none. */
static bool find(const char *theme, char **file, GError **error)
{
	g_autoptr(GString) looked = g_string_new(NULL);
	g_autofree char *name = g_strconcat(theme, ".theme", NULL);
	const Folder *folder;

	*file = NULL;
	if (strchr(theme, '/') || g_str_has_suffix(theme, ".theme")) {
		*file = g_strdup(theme);
		return true;
	}
	for (guint i = 0; (folder = folder_nth(i)); i++) {
		if (strcmp(folder->what, FOLDER_THEMES) != 0)
			continue;
		g_autofree char *path = folder->path();
		g_autofree char *here = g_build_filename(path, name, NULL);
		if (g_file_test(here, G_FILE_TEST_EXISTS)) {
			*file = g_steal_pointer(&here);
			return true;
		}
		g_string_append_printf(looked, "%s%s", looked->len ? ", " : "", path);
	}
	if (strcmp(theme, "default") == 0)
		return true;
	g_set_error(error, THEME_ERROR, 0, "no theme \"%s\" in %s", theme, looked->str);
	return false;
}

bool theme_choose(Theme *theme, const char *wanted, GError **error)
{
	g_autofree char *file = NULL;

	theme_default(theme);
	if (!wanted)
		return true;
	if (!find(wanted, &file, error))
		return false;
	return !file || theme_load(theme, file, error);
}
