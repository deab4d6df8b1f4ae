// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/config.h"

#include <ini.h>
#include <stddef.h>
#include <string.h>

#include "core/folders.h"

#define YES_OR_NO "yes | no"

static const struct {
	ConfigOption option;
	gsize offset; /* of a bool, or of a char * where the value is no yes or no */
} options[] = {
	{ { "theme", "NAME", "looks, as --theme takes it" }, offsetof(Config, theme) },
	{ { "ascii", YES_OR_NO, "ASCII lines and signs" }, offsetof(Config, ascii) },
	{ { "read_only", YES_OR_NO, "change nothing on any host" }, offsetof(Config, read_only) },
};

const ConfigOption *config_option(guint nth)
{
	return nth < G_N_ELEMENTS(options) ? &options[nth].option : NULL;
}

typedef struct {
	Config *config;
	Keymap *keymap;
	const char *filename;
	guint line; /* of the entry that is read */
} Parse;

static int say(const Parse *parse, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Adds a problem; the parser goes on. */
static int say(const Parse *parse, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(parse->config->problems,
	                g_strdup_printf("%s:%u: %s", parse->filename, parse->line, text));
	return 1;
}

static int set_option(const Parse *parse, const char *name, const char *value)
{
	for (gsize i = 0; i < G_N_ELEMENTS(options); i++) {
		char *at = (char *)parse->config + options[i].offset;
		bool yes = strcmp(value, "yes") == 0;
		if (strcmp(options[i].option.name, name) != 0)
			continue;
		if (!g_str_equal(options[i].option.value, YES_OR_NO)) {
			g_free(*(char **)at);
			*(char **)at = g_strdup(value);
		} else if (!yes && strcmp(value, "no") != 0) {
			return say(parse, "%s: yes or no, not \"%s\"", name, value);
		} else {
			*(bool *)at = yes;
		}
		return 1;
	}
	return say(parse, "there is no option \"%s\"", name);
}

static int set_keys(const Parse *parse, const char *name, const char *value)
{
	g_autofree char *where = g_strdup_printf("%s:%u", parse->filename, parse->line);
	g_autofree char *problem = NULL;
	if (!keymap_bind(parse->keymap, name, value, where, &problem))
		return say(parse, "%s", problem);
	return 1;
}

static int on_entry(void *data, const char *section, const char *name, const char *value)
{
	const Parse *parse = data;
	if (strcmp(section, "console") == 0)
		return set_option(parse, name, value);
	if (strcmp(section, "keys") == 0)
		return set_keys(parse, name, value);
	return say(parse, "there is no section [%s]", section);
}

/* One line after the other, so that an entry knows on which it stands. */
static char *read_line(char *buffer, int size, void *data)
{
	struct {
		Parse *parse;
		const char *at;
	} *reader = data;
	gsize n = strcspn(reader->at, "\n");
	if (!*reader->at)
		return NULL;
	reader->parse->line++;
	gsize take = MIN(n, (gsize)size - 2);
	memcpy(buffer, reader->at, take);
	memcpy(buffer + take, "\n", 2);
	reader->at += n + (reader->at[n] == '\n');
	return buffer;
}

void config_read(Config *config, Keymap *keymap, const char *filename)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	if (!config->problems)
		config->problems = g_ptr_array_new_with_free_func(g_free);
	if (!g_file_get_contents(filename, &text, NULL, &error)) {
		if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			g_ptr_array_add(config->problems, g_strdup(error->message));
		return;
	}
	Parse parse = { .config = config, .keymap = keymap, .filename = filename };
	struct {
		Parse *parse;
		const char *at;
	} reader = { &parse, text };
	int line = ini_parse_stream(read_line, &reader, on_entry, &parse);
	if (line > 0) {
		parse.line = (guint)line;
		say(&parse, "neither [SECTION] nor NAME = VALUE");
	}
	keymap_settle(keymap, config->problems);
}

void config_load(Config *config, Keymap *keymap)
{
	const Folder *folder;
	for (guint i = 0; (folder = folder_nth(i)); i++) {
		g_autofree char *path =
			strcmp(folder->what, FOLDER_CONFIG) == 0 ? folder->path() : NULL;
		if (path)
			config_read(config, keymap, path);
	}
}

void config_clear(Config *config)
{
	g_clear_pointer(&config->theme, g_free);
	g_clear_pointer(&config->problems, g_ptr_array_unref);
}
