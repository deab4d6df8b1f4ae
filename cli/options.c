// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.h"

#include "cli/commands.h"
#include "tui/theme.h"

#include <math.h>
#include <string.h>

#define COUNT_MAX 1024
#define HELP_COLUMNS 80
#define SECONDS_MAX 86400.0

#define AT(field) G_STRUCT_OFFSET(Options, field)

static const char *const color_words[] = {
	[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never", NULL
};

static const OptionRow rows[] = {
	{ "host", 0, TAKES_LIST, AT(hosts), FOR_ALL, "ADDR",
	  "a host: [LABEL=]local, NAME, user@NAME, ssh://user@NAME:PORT, recorded:PATH, "
	  "sim:PROFILE (repeats)" },
	{ "hosts", 0, TAKES_TEXT, AT(hosts_file), FOR_ALL, "FILE",
	  "read hosts from an inventory file, or run it with --list if it is a program" },
	{ "group", 0, TAKES_TEXT, AT(group), FOR_ALL, "NAME", "of these hosts only that group" },
	{ "demo", 0, TAKES_NOTHING, AT(demo), FOR_ALL, NULL,
	  "a fleet of simulated hosts: nothing real is read or changed" },
	{ "root", 0, TAKES_TEXT, AT(root), FOR_ALL, "DIR", "`local` is the tree below DIR" },
	{ "uuid", 0, TAKES_TEXT, AT(uuid), FOR_CREATE | FOR_DEFINE, "U",
	  "the instance's uuid (default: a new one)" },
	{ "count", 0, TAKES_COUNT, AT(count), FOR_CREATE | FOR_DEFINE, "N", "make N instances" },
	{ "define", 0, TAKES_NOTHING, AT(define), FOR_CREATE, NULL,
	  "define the instance too, so that it can be started again" },
	{ "autostart", 0, TAKES_NOTHING, AT(autostart), FOR_CREATE | FOR_DEFINE, NULL,
	  "of a definition: start it when its parent appears, at boot" },
	{ "attr", 0, TAKES_LIST, AT(attrs), FOR_CREATE | FOR_DEFINE, "K=V",
	  "write V to the attribute K of the instance (repeats; in this order)" },
	{ "index", 0, TAKES_INDEX, AT(index), FOR_ATTR, "N",
	  "at that place of the list, from 0 (default: at its end)" },
	{ "roll-back", 0, TAKES_NOTHING, AT(roll_back), FOR_CHANGES, NULL,
	  "when a step fails, undo all that was done" },
	{ "no-journal", 0, TAKES_NOTHING, AT(no_journal), FOR_CHANGES | FOR_CONSOLE, NULL,
	  "change hosts without keeping a record of it" },
	{ "nagios", 0, TAKES_NOTHING, AT(nagios), FOR_DOCTOR, NULL,
	  "one line and an exit status as a monitoring plugin gives them" },
	{ "if-exists", 0, TAKES_NOTHING, AT(if_exists), FOR_REMOVE, NULL,
	  "what is gone already counts as removed" },
	{ "force", 0, TAKES_NOTHING, AT(force), FOR_COMMANDS, NULL,
	  "remove where it cannot be told whether an instance is in use" },
	{ "json", 0, TAKES_NOTHING, AT(json), FOR_COMMANDS | FOR_WATCH, NULL,
	  "print JSON (mdevcon/1)" },
	{ "dry-run", 0, TAKES_NOTHING, AT(dry_run), FOR_COMMANDS, NULL,
	  "print the plan, change nothing" },
	{ "yes", 0, TAKES_NOTHING, AT(yes), FOR_COMMANDS, NULL, "answer confirmations with yes" },
	{ "confirm", 0, TAKES_LIST, AT(confirm), FOR_CHANGES, "HOST",
	  "yes, change HOST although it is marked protected (repeats)" },
	{ "no-input", 0, TAKES_NOTHING, AT(no_input), FOR_COMMANDS | FOR_WATCH, NULL,
	  "never ask anything" },
	{ "read-only", 0, TAKES_NOTHING, AT(read_only), FOR_ALL, NULL, "refuse every change" },
	{ "max-age", 0, TAKES_SECONDS, AT(max_age), FOR_COMMANDS, "S",
	  "facts no older than S seconds (default 0; hosts are always read anew)" },
	{ "ssh-config", 0, TAKES_TEXT, AT(ssh_config), FOR_ALL, "FILE",
	  "SSH configuration, as `ssh -F`" },
	{ "transport", 0, TAKES_TRANSPORT, AT(transport), FOR_ALL, "NAME",
	  "libssh or openssh (default: libssh where it can do what the host needs)" },
	{ "connect-timeout", 0, TAKES_SECONDS, AT(connect_timeout), FOR_ALL, "S",
	  "give up connecting after S seconds (default 10)" },
	{ "deadline", 0, TAKES_SECONDS, AT(deadline), FOR_ALL, "S",
	  "give up a request after S seconds (default 30); watch: end after S seconds" },
	{ "config", 0, TAKES_TEXT, AT(config), FOR_CHECK, "FILE",
	  "how strict rules are: the section [compat] of FILE" },
	{ "color", 0, TAKES_COLOR, AT(color), FOR_ALL, "WHEN", "auto, always or never" },
	{ "ascii", 0, TAKES_NOTHING, AT(ascii), FOR_ALL, NULL, "print ASCII only" },
	{ "theme", 0, TAKES_THEME, AT(theme), FOR_CONSOLE, "THEME",
	  "looks of the console: a theme's name, or the path of a file" },
	{ "no-cache", 0, TAKES_NOTHING, AT(no_cache), FOR_CONSOLE, NULL,
	  "neither show nor keep what hosts said last" },
	{ "paths", 0, TAKES_NOTHING, AT(paths), FOR_ANY, NULL,
	  "print the folders that mdevcon itself uses" },
	{ "version", 0, TAKES_NOTHING, AT(version), FOR_ANY, NULL, "print the version" },
	{ "help", 'h', TAKES_NOTHING, AT(help), FOR_ANY, NULL, "print this help" },
};

G_STATIC_ASSERT(G_N_ELEMENTS(rows) <= 64); /* Options.given */

static bool bad_value(GError **error, const OptionRow *row, const char *value, const char *wanted)
{
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: '%s' is not %s",
	            row->name, value, wanted);
	return false;
}

static bool set_seconds(const OptionRow *row, const char *value, double *out, GError **error)
{
	char *end = NULL;
	double seconds = g_ascii_strtod(value, &end);

	/* --max-age 0 is what is done anyway; a timeout of 0 could never succeed. */
	bool positive = row->offset == AT(max_age) ? seconds >= 0 : seconds > 0;
	if (*value == '\0' || *end != '\0' || !isfinite(seconds) || !positive ||
	    seconds > SECONDS_MAX)
		return bad_value(error, row, value, "a number of seconds");
	*out = seconds;
	return true;
}

static bool set_count(const OptionRow *row, const char *value, int *out, GError **error)
{
	bool from_0 = row->takes == TAKES_INDEX;
	guint64 n = 0;

	if (!g_ascii_string_to_unsigned(value, 10, from_0 ? 0 : 1, COUNT_MAX, &n, NULL))
		return bad_value(error, row, value,
		                 from_0 ? "a number from 0 to 1024" : "a number from 1 to 1024");
	*out = (int)n;
	return true;
}

static bool set_color(const OptionRow *row, const char *value, ColorMode *out, GError **error)
{
	for (guint i = 0; color_words[i]; i++) {
		if (g_str_equal(color_words[i], value)) {
			*out = (ColorMode)i;
			return true;
		}
	}
	return bad_value(error, row, value, "auto, always or never");
}

static bool set_transport(const OptionRow *row, const char *value, char **out, GError **error)
{
	if (!g_strv_contains(option_words(row), value))
		return bad_value(error, row, value, "libssh or openssh");
	g_free(*out);
	*out = g_strdup(value);
	return true;
}

static bool set_option(Options *options, const OptionRow *row, const char *value, GError **error)
{
	void *field = G_STRUCT_MEMBER_P(options, row->offset);

	switch (row->takes) {
	case TAKES_NOTHING:
		*(gboolean *)field = TRUE;
		return true;
	case TAKES_TEXT:
	case TAKES_THEME:
		if (*value == '\0')
			return bad_value(error, row, value, "a value");
		g_free(*(char **)field);
		*(char **)field = g_strdup(value);
		return true;
	case TAKES_TRANSPORT:
		return set_transport(row, value, field, error);
	case TAKES_LIST:
		g_ptr_array_add(*(GPtrArray **)field, g_strdup(value));
		return true;
	case TAKES_SECONDS:
		return set_seconds(row, value, field, error);
	case TAKES_COUNT:
	case TAKES_INDEX:
		return set_count(row, value, field, error);
	case TAKES_COLOR:
		return set_color(row, value, field, error);
	}
	return false;
}

/* GLib calls with the option as written ("--host", "-h"). */
static gboolean on_option(const char *written, const char *value, gpointer data, GError **error)
{
	Options *options = data;

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool is_long =
			g_str_has_prefix(written, "--") && g_str_equal(written + 2, rows[i].name);
		bool is_short = written[0] == '-' && rows[i].letter &&
		                written[1] == rows[i].letter && written[2] == '\0';
		if (!is_long && !is_short)
			continue;
		options->given |= G_GUINT64_CONSTANT(1) << i;
		return set_option(options, &rows[i], value, error);
	}
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, "Unknown option %s",
	            written);
	return FALSE;
}

static GOptionContext *context_new(Options *options)
{
	GOptionEntry entries[G_N_ELEMENTS(rows) + 1] = { 0 };
	GOptionContext *context = g_option_context_new(NULL);
	GOptionGroup *group = g_option_group_new("main", "", "", options, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		entries[i] = (GOptionEntry){
			.long_name = rows[i].name,
			.short_name = rows[i].letter,
			.flags = rows[i].takes == TAKES_NOTHING ? G_OPTION_FLAG_NO_ARG
			                                        : G_OPTION_FLAG_FILENAME,
			.arg = G_OPTION_ARG_CALLBACK,
			.arg_data = (gpointer)(GCallback)on_option,
		};
	}
	g_option_group_add_entries(group, entries);
	g_option_context_set_main_group(context, group);
	g_option_context_set_help_enabled(context, FALSE);
	return context;
}

bool options_parse(int argc, char **argv, Options *options, char ***operands, GError **error)
{
	*options = (Options){ .connect_timeout = -1, .deadline = -1, .max_age = -1, .index = -1 };
	options->hosts = g_ptr_array_new_with_free_func(g_free);
	options->confirm = g_ptr_array_new_with_free_func(g_free);
	options->attrs = g_ptr_array_new_with_free_func(g_free);
	*operands = NULL;

	g_autoptr(GOptionContext) context = context_new(options);
	g_auto(GStrv) args = g_new0(char *, argc + 1);
	for (int i = 0; i < argc; i++)
		args[i] = g_strdup(argv[i]);
	if (!g_option_context_parse_strv(context, &args, error))
		return false;

	GPtrArray *rest = g_ptr_array_new();
	bool separated = false;
	for (guint i = 1; args[0] && args[i]; i++) {
		if (!separated && g_str_equal(args[i], "--"))
			separated = true; /* GLib leaves it in place after operands */
		else
			g_ptr_array_add(rest, g_strdup(args[i]));
	}
	g_ptr_array_add(rest, NULL);
	*operands = (char **)g_ptr_array_free(rest, FALSE);
	return true;
}

void options_clear(Options *options)
{
	g_clear_pointer(&options->hosts, g_ptr_array_unref);
	g_clear_pointer(&options->confirm, g_ptr_array_unref);
	g_clear_pointer(&options->attrs, g_ptr_array_unref);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].takes == TAKES_TEXT || rows[i].takes == TAKES_THEME ||
		    rows[i].takes == TAKES_TRANSPORT)
			g_clear_pointer((char **)G_STRUCT_MEMBER_P(options, rows[i].offset),
			                g_free);
}

const char *options_foreign(const Options *options, const Command *command)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if ((options->given >> i & 1) && !(rows[i].set & command->set))
			return rows[i].name;
	return NULL;
}

char *options_usage(const Command *command)
{
	return g_strdup_printf("mdevcon%s%s%s%s [OPTION]...", command->name ? " " : "",
	                       command->name ? command->name : "", *command->args ? " " : "",
	                       command->args);
}

const OptionRow *option_nth(guint nth)
{
	return nth < G_N_ELEMENTS(rows) ? &rows[nth] : NULL;
}

const char *const *option_words(const OptionRow *row)
{
	static const char *const transports[] = { "libssh", "openssh", NULL };

	if (row->takes == TAKES_COLOR)
		return color_words;
	if (row->takes == TAKES_TRANSPORT)
		return transports;
	return row->takes == TAKES_THEME ? theme_shipped : NULL;
}

static void help_options(GString *out, CommandSet set)
{
	g_string_append(out, "\nOptions:\n");
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (!(rows[i].set & set))
			continue;
		g_autofree char *left =
			g_strdup_printf("%s--%s%s%s", rows[i].letter ? "-h, " : "", rows[i].name,
		                        rows[i].arg ? " " : "", rows[i].arg ? rows[i].arg : "");
		g_string_append_printf(out, "  %-19s  %s\n", left, rows[i].help);
	}
}

static void help_commands(GString *out)
{
	const Command *command;

	g_string_append(out, "\nCommands:\n");
	for (guint i = 0; (command = command_nth(i)); i++) {
		if (!command->name)
			continue;
		g_autofree char *left = g_strdup_printf("%s %s", command->name, command->args);
		g_string_append_printf(out, "  %-40s  %s\n", left, command->summary);
	}
}

static void help_statuses(GString *out)
{
	const StatusRow *row;
	gsize column = strlen("Exit status:");

	g_string_append(out, "\nExit status:");
	for (guint i = 0; (row = status_nth(i)); i++) {
		g_autofree char *item = g_strdup_printf(" %d %s%c", row->status, row->name,
		                                        status_nth(i + 1) ? ',' : '.');
		bool wrap = column + strlen(item) > HELP_COLUMNS;
		g_string_append_printf(out, "%s%s", wrap ? "\n " : "", item);
		column = (wrap ? 1 : column) + strlen(item);
	}
	g_string_append_c(out, '\n');
}

char *options_help(const Command *command)
{
	GString *out = g_string_new("Usage: ");
	const Command *shown = command ? command : command_nth(0);
	g_autofree char *usage = options_usage(shown);

	g_string_append_printf(out, "%s\n%s%s\n", usage,
	                       command ? "" : "       mdevcon COMMAND ...\n", shown->summary);
	if (!command)
		help_commands(out);
	help_options(out, command ? command->set : FOR_ALL);
	if (!command)
		help_statuses(out);
	return g_string_free(out, FALSE);
}
