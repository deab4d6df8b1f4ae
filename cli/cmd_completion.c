// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completion for shells, written from the tables of commands and options: nothing of it is kept by
 * hand. Hosts are not completed: asking for them could mean asking the network.
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"

/* What may stand in a place of the line. */
typedef enum { FREE, WORDS, FILES, FOLDERS, WORDS_OR_FILES } Fill;

/* Words are separated by blanks. The words of an option are new. */
static Fill fill_of_option(const OptionRow *row, char **words)
{
	const char *const *list = option_words(row);

	*words = list ? g_strjoinv(" ", (char **)list) : NULL;
	if (list)
		return row->takes == TAKES_THEME ? WORDS_OR_FILES : WORDS;
	if (g_strcmp0(row->arg, "FILE") == 0)
		return FILES;
	return g_strcmp0(row->arg, "DIR") == 0 ? FOLDERS : FREE;
}

/* The n-th operand of a command, as its usage says: FILE, or lower-case words between bars. */
static Fill fill_of_operand(const Command *command, guint nth, char **words)
{
	g_auto(GStrv) args = g_strsplit(command->args, " ", -1);
	const char *arg = nth < g_strv_length(args) ? args[nth] : "";

	*words = NULL;
	if (g_str_equal(arg, "FILE"))
		return FILES;
	if (!strchr(arg, '|') || strspn(arg, "abcdefghijklmnopqrstuvwxyz-|") != strlen(arg))
		return FREE;
	*words = g_strdelimit(g_strdup(arg), "|", ' ');
	return WORDS;
}

/* What may stand where no option and no operand of a command does. */
static void append_commands(GString *out)
{
	const Command *command;

	for (guint i = 1; (command = command_nth(i)); i++)
		g_string_append_printf(out, " %s", command->name);
}

/* ---- bash and zsh ---- */

/* Finds the command, the number of the operand and the word before the cursor. */
static const char line_head[] = "_mdevcon_line() {\n"
				"\tlocal word value=\n"
				"\tcommand= operand=0 before=\n"
				"\tfor word; do\n"
				"\t\tif [ \"$word\" = = ]; then # bash cuts words there\n"
				"\t\t\tcontinue\n"
				"\t\tfi\n"
				"\t\tbefore=$word\n"
				"\t\tif [ -n \"$value\" ]; then\n"
				"\t\t\tvalue=\n"
				"\t\t\tcontinue\n"
				"\t\tfi\n"
				"\t\tcase $word in\n";
static const char line_tail[] =
	"\t\t-*) ;;\n"
	"\t\t*) if [ -z \"$command\" ]; then command=$word; else operand=$((operand + 1)); fi ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"}\n";

static const char bash_frame[] =
	"# bash completion of mdevcon: made by `mdevcon completion bash`\n"
	"_mdevcon_words() { mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$cur\"); }\n"
	"_mdevcon_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "
	"\"$cur\"); }\n"
	"_mdevcon_folders() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "
	"\"$cur\"); }\n"
	"_mdevcon() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} command operand before\n"
	"\t_mdevcon_line \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"\n"
	"\t[ \"$cur\" != = ] || cur=\n"
	"\tCOMPREPLY=()\n"
	"\t_mdevcon_fill\n"
	"}\n";
static const char bash_end[] = "complete -F _mdevcon mdevcon\n";

static const char zsh_frame[] = "#compdef mdevcon\n"
				"# zsh completion of mdevcon: made by `mdevcon completion zsh`\n"
				"_mdevcon_words() { compadd -- \"$@\"; }\n"
				"_mdevcon_files() { _files; }\n"
				"_mdevcon_folders() { _files -/; }\n"
				"_mdevcon() {\n"
				"\tlocal cur=$PREFIX command operand before\n"
				"\t_mdevcon_line \"${(@)words[2,CURRENT-1]}\"\n"
				"\tif [[ $PREFIX == --*=* ]]; then\n"
				"\t\tbefore=${PREFIX%%=*} cur=${PREFIX#*=}\n"
				"\t\tcompset -P '*='\n"
				"\tfi\n"
				"\t_mdevcon_fill\n"
				"}\n";
static const char zsh_end[] =
	"if [ \"$funcstack[1]\" = _mdevcon ]; then _mdevcon; else compdef _mdevcon mdevcon; fi\n";

static const char either[] =
	"_mdevcon_words_or_files() {\n"
	"\tcase $cur in */*) _mdevcon_files ;; *) _mdevcon_words \"$@\" ;; esac\n"
	"}\n";

static void append_fill(GString *out, Fill fill, const char *words)
{
	static const char *const calls[] = {
		[FREE] = "",
		[WORDS] = "_mdevcon_words ",
		[FILES] = "_mdevcon_files",
		[FOLDERS] = "_mdevcon_folders",
		[WORDS_OR_FILES] = "_mdevcon_words_or_files ",
	};

	g_string_append_printf(out, "%s%s", calls[fill], words ? words : "");
}

/* The options whose value is the next word. */
static void append_valued(GString *out)
{
	const OptionRow *row;
	const char *between = "\t\t";

	for (guint i = 0; (row = option_nth(i)); i++) {
		if (row->takes == TAKES_NOTHING)
			continue;
		g_string_append_printf(out, "%s--%s", between, row->name);
		between = " | ";
	}
	g_string_append(out, ") value=1 ;;\n");
}

static void append_values(GString *out)
{
	const OptionRow *row;

	g_string_append(out, "\tcase $before in\n");
	for (guint i = 0; (row = option_nth(i)); i++) {
		if (row->takes == TAKES_NOTHING)
			continue;
		g_autofree char *words = NULL;
		Fill fill = fill_of_option(row, &words);
		g_string_append_printf(out, "\t--%s) ", row->name);
		append_fill(out, fill, words);
		g_string_append(out, fill == FREE ? "return ;;\n" : "; return ;;\n");
	}
	g_string_append(out, "\tesac\n");
}

/* `word` is the pattern of the command; of which options, `set` says. */
static void append_options(GString *out, const char *word, CommandSet set)
{
	const OptionRow *row;

	g_string_append_printf(out, "\t%s:*:-*) _mdevcon_words", word);
	for (guint i = 0; (row = option_nth(i)); i++)
		if (row->set & set)
			g_string_append_printf(out, " --%s", row->name);
	g_string_append(out, " ;;\n");
}

static void append_operands(GString *out, const Command *command)
{
	guint n = 0;

	for (const char *arg = command->args; arg; arg = strchr(arg + 1, ' '), n++) {
		g_autofree char *words = NULL;
		Fill fill = fill_of_operand(command, n, &words);
		if (fill == FREE)
			continue;
		g_string_append_printf(out, "\t%s:%u:*) ", command->name, n);
		append_fill(out, fill, words);
		g_string_append(out, " ;;\n");
	}
}

static void write_posix(GString *out, const char *frame, const char *end)
{
	const Command *command;

	g_string_append(out, frame);
	g_string_append(out, either);
	g_string_append(out, line_head);
	append_valued(out);
	g_string_append(out, line_tail);
	g_string_append(out, "_mdevcon_fill() {\n");
	append_values(out);
	g_string_append(out, "\tcase $command:$operand:$cur in\n");
	append_options(out, "", FOR_ANY);
	g_string_append(out, "\t:*) _mdevcon_words");
	append_commands(out);
	g_string_append(out, " ;;\n");
	for (guint i = 1; (command = command_nth(i)); i++) {
		append_options(out, command->name, command->set);
		append_operands(out, command);
	}
	append_options(out, "*", command_nth(0)->set); /* a host: the console */
	g_string_append(out, "\tesac\n}\n");
	g_string_append(out, end);
}

static void write_bash(GString *out)
{
	write_posix(out, bash_frame, bash_end);
}

static void write_zsh(GString *out)
{
	write_posix(out, zsh_frame, zsh_end);
}

/* ---- fish ---- */

static void append_quoted(GString *out, const char *text)
{
	g_string_append(out, " '");
	for (const char *c = text; *c; c++) {
		if (*c == '\'' || *c == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *c);
	}
	g_string_append_c(out, '\'');
}

/* Where an option may stand: before a command is named, and behind its own. */
static void fish_option(GString *out, const OptionRow *row)
{
	const Command *command;
	g_autofree char *words = NULL;
	Fill fill = fill_of_option(row, &words);

	g_string_append(out, "complete -c mdevcon -n '__fish_use_subcommand; or "
	                     "__fish_seen_subcommand_from");
	for (guint i = 1; (command = command_nth(i)); i++)
		if (row->set & command->set)
			g_string_append_printf(out, " %s", command->name);
	g_string_append_printf(out, "' -l %s", row->name);
	if (row->letter)
		g_string_append_printf(out, " -s %c", row->letter);
	if (row->takes != TAKES_NOTHING)
		g_string_append(out, fill == FILES || fill == WORDS_OR_FILES ? " -r -F" : " -x");
	if (fill == FOLDERS)
		words = g_strdup("(__fish_complete_directories)");
	if (words) {
		g_string_append(out, " -a");
		append_quoted(out, words);
	}
	g_string_append(out, " -d");
	append_quoted(out, row->help);
	g_string_append_c(out, '\n');
}

static void fish_command(GString *out, const Command *command)
{
	g_string_append_printf(out, "complete -c mdevcon -n __fish_use_subcommand -a %s -d",
	                       command->name);
	append_quoted(out, command->summary);
	g_string_append_c(out, '\n');
	guint n = 0;
	for (const char *arg = command->args; arg; arg = strchr(arg + 1, ' '), n++) {
		g_autofree char *words = NULL;
		Fill fill = fill_of_operand(command, n, &words);
		if (fill == FREE)
			continue;
		g_string_append_printf(out,
		                       "complete -c mdevcon -n '__fish_seen_subcommand_from %s' ",
		                       command->name);
		g_string_append_printf(out, fill == WORDS ? "-a '%s'\n" : "-F\n", words);
	}
}

static void write_fish(GString *out)
{
	const Command *command;
	const OptionRow *row;

	g_string_append(out, "# fish completion of mdevcon: made by `mdevcon completion fish`\n"
	                     "complete -c mdevcon -f\n");
	for (guint i = 1; (command = command_nth(i)); i++)
		fish_command(out, command);
	for (guint i = 0; (row = option_nth(i)); i++)
		fish_option(out, row);
}

/* ---- */

static const struct {
	const char *name;
	void (*write)(GString *out);
} shells[] = {
	{ "bash", write_bash },
	{ "zsh", write_zsh },
	{ "fish", write_fish },
};

Status run_completion(Cli *cli)
{
	for (guint i = 0; i < G_N_ELEMENTS(shells); i++) {
		if (!g_str_equal(cli->operands[0], shells[i].name))
			continue;
		shells[i].write(cli->report.text);
		return STATUS_DONE;
	}
	return report_usage(&cli->report, "no completion for '%s' (bash, zsh, fish)",
	                    cli->operands[0]);
}
