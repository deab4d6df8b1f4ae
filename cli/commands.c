// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/commands.h"

#include "cli/cli.h"

static const Command commands[] = {
	{ NULL, "[HOST [HOST]]", "Opens the console, with a source and a target host.", 0, 2,
	  FOR_CONSOLE, NULL, run_console },
	{ "list", "[HOST]...", "hosts, parents, types, instances, definitions", 0, G_MAXUINT,
	  FOR_READING, "hosts", run_list },
	{ "hosts", "[HOST]...", "connection state and versions of the hosts", 0, G_MAXUINT,
	  FOR_READING, "hosts", run_hosts },
	{ "create", "HOST[/PARENT or /card:BDF] TYPE", "make an instance", 2, 2, FOR_CREATE,
	  "results", run_create },
	{ "remove", "HOST/UUID...", "remove idle instances", 1, G_MAXUINT, FOR_REMOVE, "results",
	  run_remove },
	{ "define", "HOST[/PARENT] TYPE or HOST/UUID",
	  "keep an instance's definition, of a new one or of one that runs", 1, 2, FOR_DEFINE,
	  "results", run_define },
	{ "undefine", "HOST/UUID...", "drop definitions; their instances go on", 1, G_MAXUINT,
	  FOR_REMOVE, "results", run_undefine },
	{ "start", "HOST/UUID...", "start what is defined", 1, G_MAXUINT, FOR_DEFINITION, "results",
	  run_start },
	{ "stop", "HOST/UUID...", "stop what is defined; the definition stays", 1, G_MAXUINT,
	  FOR_DEFINITION, "results", run_stop },
	{ "autostart", "on|off HOST/UUID...", "start it at boot, or do not", 2, G_MAXUINT,
	  FOR_DEFINITION, "results", run_autostart },
	{ "attr", "list|set|add|delete HOST/UUID [K=V]...",
	  "the attributes of a definition, in order", 2, G_MAXUINT, FOR_ATTR, "results", run_attr },
	{ "apply", "FILE", "run a plan that was saved by --dry-run --json", 1, 1, FOR_APPLY,
	  "results", run_apply },
	{ "check", "HOST/UUID or HOST/vm:NAME [HOST[/PARENT][/UUID]]...",
	  "can it go there, and why not?", 1, G_MAXUINT, FOR_CHECK, "pairs", run_check },
	{ "best", "HOST/UUID or HOST/vm:NAME", "the best targets of all hosts", 1, 1, FOR_CHECK,
	  "pairs", run_best },
	{ "matrix", "[HOST]...", "what can go where: sources in rows, hosts in columns", 0,
	  G_MAXUINT, FOR_CHECK, "pairs", run_matrix },
	{ "doctor", "[HOST]...", "what is missing on a host and how to mend it", 0, G_MAXUINT,
	  FOR_DOCTOR, "findings", run_doctor },
	{ "journal", "[undo ID | forget ID]", "what mdevcon changed, when, where", 0, 2,
	  FOR_JOURNAL, "journal", run_journal },
	{ "watch", "[HOST]...", "print changes as they happen, until ^C", 0, G_MAXUINT, FOR_WATCH,
	  "results", run_watch },
	{ "record", "HOST FILE", "write a host's facts to FILE (replaced if there; - is stdout)", 2,
	  2, FOR_READING, "results", run_record },
	{ "completion", "bash|zsh|fish", "print the completion of a shell", 1, 1, FOR_COMPLETION,
	  NULL, run_completion },
};

/* Words of the command language that this build does not speak: no host goes by them. */
static const char *const absent_commands[] = {
	"guests", "migrate", "drain", "jobs", "help", NULL,
};

const Command *command_nth(guint nth)
{
	return nth < G_N_ELEMENTS(commands) ? &commands[nth] : NULL;
}

const Command *command_find(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		if (word && commands[i].name && g_str_equal(commands[i].name, word))
			return &commands[i];
	return NULL;
}

bool command_is_absent(const char *word)
{
	return g_strv_contains(absent_commands, word);
}
