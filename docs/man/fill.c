// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fill PAGE.scd.in > PAGE.scd
 *
 * A line of a page that is only @NAME@ becomes a table of the program, so that a page cannot tell
 * of another program than this one.
 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "core/folders.h"
#include "core/hosts.h"
#include "core/paths.h"
#include "core/status.h"
#include "tui/config.h"
#include "tui/keymap.h"
#include "tui/theme.h"

/* Text as scdoc reads it. */
static void put_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*_#[]|<>`", *text))
			putchar('\\');
		putchar(*text);
	}
}

/* A term in bold, what follows it plainly, and what it means. */
static void put_row(const char *term, const char *rest, const char *help)
{
	putchar('*');
	put_text(term);
	putchar('*');
	if (rest && *rest) {
		putchar(' ');
		put_text(rest);
	}
	fputs("\n\t", stdout);
	put_text(help);
	fputs("\n\n", stdout);
}

static void put_commands(void)
{
	const Command *command;
	const OptionRow *row;

	for (guint i = 1; (command = command_nth(i)); i++) {
		g_autofree char *term = g_strconcat("mdevcon ", command->name, NULL);
		g_autoptr(GString) help = g_string_new(command->summary);
		const char *between = ". Options of its own: ";
		for (guint o = 0; (row = option_nth(o)); o++) {
			if (!(row->set & command->set) || (row->set & FOR_COMMANDS) == FOR_COMMANDS)
				continue;
			if (command->set == FOR_COMPLETION)
				continue;
			g_string_append_printf(help, "%s--%s", between, row->name);
			between = ", ";
		}
		g_string_append_c(help, '.');
		put_row(term, command->args, help->str);
	}
}

static void put_options(void)
{
	const OptionRow *row;

	for (guint i = 0; (row = option_nth(i)); i++) {
		g_autofree char *term =
			row->letter ? g_strdup_printf("-%c, --%s", row->letter, row->name)
				    : g_strdup_printf("--%s", row->name);
		put_row(term, row->arg, row->help);
	}
}

static void put_statuses(void)
{
	const StatusRow *row;

	for (guint i = 0; (row = status_nth(i)); i++) {
		g_autofree char *term = g_strdup_printf("%d", row->status);
		g_autofree char *help = g_strdup_printf("%s: %s", row->name, row->means);
		put_row(term, NULL, help);
	}
}

/* The folders for `what` (NULL: all). */
static void put_folders_for(const char *what)
{
	const Folder *folder;

	for (guint i = 0; (folder = folder_nth(i)); i++)
		if (!what || strcmp(folder->what, what) == 0)
			put_row(folder->written, NULL, folder->help);
}

static void put_folders(void)
{
	put_folders_for(NULL);
}

static void put_theme_folders(void)
{
	put_folders_for(FOLDER_THEMES);
}

static void put_config_folders(void)
{
	put_folders_for(FOLDER_CONFIG);
}

static void put_config(void)
{
	const ConfigOption *option;

	for (guint i = 0; (option = config_option(i)); i++) {
		g_autofree char *rest = g_strconcat("= ", option->value, NULL);
		put_row(option->name, rest, option->help);
	}
}

static void put_host_keys(void)
{
	const HostsKey *key;

	for (guint i = 0; (key = hosts_key(i)); i++) {
		g_autofree char *words =
			key->words ? g_strjoinv(" | ", (char **)key->words) : g_strdup("...");
		g_autofree char *rest = g_strconcat("= ", words, NULL);
		g_autofree char *help = g_strconcat(
			key->help, key->host_only ? "; not in a group's section" : "", NULL);
		put_row(key->name, rest, help);
	}
}

static void put_actions(void)
{
	for (int c = 0; c < CONTEXT_COUNT; c++) {
		printf("## %s\n\n", context_name((Context)c));
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
			const Action *action = action_get((ActionId)i);
			g_autofree char *name =
				g_strdup_printf("(%s%s)", action->name,
			                        action->changes ? "; opens a review page" : "");
			if (action->context == (Context)c)
				put_row(action->keys, name, action->help);
		}
	}
}

static void put_roles(void)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		put_row(role_name((Role)i), NULL, role_help((Role)i));
}

static void put_themes(void)
{
	for (guint i = 0; theme_shipped[i]; i++)
		printf("- *%s*\n", theme_shipped[i]);
}

static void put_paths(void)
{
	static const struct {
		PathFlags flag;
		const char *means;
	} flags[] = {
		{ PATH_USERS, "with users of instances" },
		{ PATH_LIVE, "on a running system" },
		{ PATH_VFIO_ONLY, "links to /dev/vfio/" },
		{ PATH_CMDLINE, "reduced to what names the guest and its devices" },
		{ PATH_JSON, "definitions, up to 64 KiB" },
		{ PATH_LONG, "up to 64 KiB" },
		{ PATH_BOOT, "when asked what happens at boot" },
		{ PATH_EXISTS, "x where it can be read" },
		{ PATH_ATTR, "a setting of the instance" },
	};

	for (guint i = 0; i < path_row_count; i++) {
		const char *between = " (";
		printf("- *%c* ", (char)path_rows[i].kind);
		put_text(path_rows[i].pattern);
		for (guint f = 0; f < G_N_ELEMENTS(flags); f++) {
			if (!(path_rows[i].flags & flags[f].flag))
				continue;
			printf("%s%s", between, flags[f].means);
			between = "; ";
		}
		puts(*between == ';' ? ")" : "");
	}
}

static const struct {
	const char *line;
	void (*put)(void);
} tables[] = {
	{ "@commands@", put_commands },
	{ "@options@", put_options },
	{ "@statuses@", put_statuses },
	{ "@folders@", put_folders },
	{ "@host-keys@", put_host_keys },
	{ "@actions@", put_actions },
	{ "@roles@", put_roles },
	{ "@themes@", put_themes },
	{ "@paths@", put_paths },
	{ "@folders-of-themes@", put_theme_folders },
	{ "@folders-of-config@", put_config_folders },
	{ "@config@", put_config },
};

static bool put_table(const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
		if (strcmp(line, tables[i].line) == 0) {
			tables[i].put();
			return true;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	g_autofree char *page = NULL;
	g_autoptr(GError) error = NULL;

	if (argc != 2 || !g_file_get_contents(argv[1], &page, NULL, &error)) {
		fprintf(stderr, "fill: %s\n", error ? error->message : "usage: fill PAGE.scd.in");
		return 2;
	}
	g_auto(GStrv) lines = g_strsplit(page, "\n", -1);
	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, "; SPDX") || put_table(*line))
			continue;
		if (**line == '@') {
			fprintf(stderr, "fill: there is no table %s\n", *line);
			return 1;
		}
		puts(*line);
	}
	return 0;
}
