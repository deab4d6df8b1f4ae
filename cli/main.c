// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The composition root of the command line: chooses the command, and is the one place that knows
 * all kinds of hosts.
 */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/naming.h"
#include "core/folders.h"
#include "core/plan/journal.h"
#include "core/simulate/backend_sim.h"
#include "remote/askpass.h"
#include "remote/backend_ssh.h"
#include "remote/ssh_names.h"

#ifndef MDEVCON_VERSION
#define MDEVCON_VERSION "unknown"
#endif

#define CONNECT_TIMEOUT_S 10
#define DEADLINE_S 30

static Backend *backend_open_any(const HostAddress *address, const BackendOptions *options)
{
	switch (address->kind) {
	case HOST_LOCAL:
		return backend_local_new(address->label, address->path ? address->path : "/");
	case HOST_RECORDED:
		return backend_recorded_new(address->label, address->path);
	case HOST_SIMULATED:
		return backend_sim_new(address->label, address->path, options);
	case HOST_SSH:
		return backend_ssh_new(address, options);
	}
	return NULL;
}

/* Chooses the command by the first operand; anything that is no command names a host. */
static Status choose_command(Cli *cli)
{
	const char *word = cli->words[0];

	cli->command = command_find(word);
	cli->operands = cli->command ? cli->words + 1 : cli->words;
	cli->n_operands = g_strv_length(cli->operands);
	if (cli->command)
		return STATUS_DONE;

	cli->command = command_nth(0);
	cli->report.command = word ? word : "";
	if (word && command_is_absent(word))
		return report_usage(&cli->report,
		                    "unknown command '%s' (mdevcon --help names them)", word);
	if (word && (cli->n_operands > cli->command->most || cli->options.json))
		return report_usage(&cli->report,
		                    "unknown command '%s' (mdevcon --help names them)", word);
	return STATUS_DONE;
}

static Status check_usage(Cli *cli)
{
	const Command *command = cli->command;
	const char *foreign = options_foreign(&cli->options, command);
	g_autofree char *usage = options_usage(command);

	if (foreign && command->name)
		return report_usage(&cli->report, "%s knows no option --%s", command->name,
		                    foreign);
	if (foreign)
		return report_usage(&cli->report, "--%s belongs to a command (mdevcon --help)",
		                    foreign);
	if (cli->n_operands < command->least || cli->n_operands > command->most)
		return report_usage(&cli->report, "usage: %s", usage);
	return STATUS_DONE;
}

static TextStyle stdout_style(const Options *options)
{
	const char *no_color = g_getenv("NO_COLOR"), *term = g_getenv("TERM");
	bool tty = isatty(STDOUT_FILENO);
	bool plain = (no_color && *no_color) || g_strcmp0(term, "dumb") == 0;
	struct winsize size;
	TextStyle style = { .ascii = options->ascii || !g_get_charset(NULL) };

	style.color =
		options->color == COLOR_ALWAYS || (options->color == COLOR_AUTO && tty && !plain);
	if (tty && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		style.width = size.ws_col;
	return style;
}

static int milliseconds(double seconds, int otherwise_s)
{
	return (int)((seconds > 0 ? seconds : otherwise_s) * 1000);
}

/* What is done to simulated hosts is forgotten with them. */
static void begin_journal(const Cli *cli)
{
	guint simulated = 0;

	for (guint i = 0; i < cli->hosts->len; i++) {
		const HostAddress *host = g_ptr_array_index(cli->hosts, i);
		simulated += host->kind == HOST_SIMULATED;
	}
	if (simulated > 0 && simulated == cli->hosts->len) {
		journal_use_scratch();
		return;
	}
	g_autofree char *folder = journal_default_folder();
	journal_use(folder);
}

static void prepare(Cli *cli)
{
	const Options *options = &cli->options;
	bool may_ask = !options->no_input && isatty(STDIN_FILENO);

	cli->report.style = stdout_style(options);
	cli->backend = (BackendOptions){
		.ask = may_ask ? ask_tty : NULL,
		.connect_timeout_ms = milliseconds(options->connect_timeout, CONNECT_TIMEOUT_S),
		.deadline_ms = milliseconds(options->deadline, DEADLINE_S),
		.ssh_config = options->ssh_config,
		.transport = options->transport,
	};
	cli->open = backend_open_any;
	cli->ssh_names = ssh_names;
	if (!options->no_journal)
		begin_journal(cli);
	/* The console has its own way with ^C and its own questions. */
	if (!cli->command->name)
		cli->backend.ask = NULL;
	else
		interrupt_watch(cli->cancel);
	remote_init();
}

static Status run(Cli *cli)
{
	Status status = check_usage(cli);

	if (status == STATUS_DONE)
		status = naming_load(cli);
	if (status != STATUS_DONE)
		return status;
	prepare(cli);
	return cli->command->run(cli);
}

static void print_paths(GString *out)
{
	const Folder *folder;

	for (guint i = 0; (folder = folder_nth(i)); i++) {
		g_autofree char *path = folder->path();
		g_string_append_printf(out, "%-8s %s\n", folder->what, path);
	}
}

/* --help, --version and --paths win over whatever else stands on the line. */
static bool answer_quickly(Cli *cli)
{
	if (cli->options.version)
		g_string_append(cli->report.text, "mdevcon " MDEVCON_VERSION "\n");
	else if (cli->options.paths) {
		print_paths(cli->report.text);
	} else if (cli->options.help) {
		g_autofree char *help = options_help(command_find(cli->words[0]));
		g_string_append(cli->report.text, help);
	} else {
		return false;
	}
	cli->report.json = false;
	return true;
}

/* The command's JSON key; a dry run of a change gives the plan instead of results. */
static const char *payload_key(const Cli *cli)
{
	bool changes = cli->command->set & FOR_CHANGES;

	if (changes && cli->options.dry_run)
		return "plan";
	return cli->command->payload ? cli->command->payload : "results";
}

/* The line could not be parsed; who asked for JSON gets it all the same. */
static void guess_command(Cli *cli, int argc, char **argv)
{
	for (int i = 1; i < argc && !g_str_equal(argv[i], "--"); i++) {
		cli->report.json |= g_str_equal(argv[i], "--json");
		if (!cli->command)
			cli->command = command_find(argv[i]);
	}
	if (cli->command) {
		cli->report.command = cli->command->name;
		cli->report.payload_key = payload_key(cli);
	}
}

static Status start(Cli *cli, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	if (!options_parse(argc, argv, &cli->options, &cli->words, &error)) {
		guess_command(cli, argc, argv);
		return report_usage(&cli->report, "%s", error->message);
	}
	if (answer_quickly(cli))
		return STATUS_DONE;

	cli->report.json = cli->options.json;
	Status status = choose_command(cli);
	if (status != STATUS_DONE)
		return status;
	cli->report.payload_key = payload_key(cli);
	cli->report.command = cli->command->name ? cli->command->name : "";
	return run(cli);
}

int main(int argc, char **argv)
{
	Cli cli = { .cancel = g_cancellable_new() };

	if (askpass_wanted())
		return askpass_main(argc, argv);
	setlocale(LC_ALL, "");
	g_set_prgname("mdevcon");
	signal(SIGPIPE, SIG_IGN); /* a closed line or pipe is an error like any other */
	cli.hosts = g_ptr_array_new_with_free_func((GDestroyNotify)host_address_free);
	report_init(&cli.report);

	Status status = start(&cli, argc, argv);
	bool written = report_flush(&cli.report, true);

	journal_leave();
	report_clear(&cli.report);
	g_strfreev(cli.words);
	options_clear(&cli.options);
	g_clear_pointer(&cli.hosts, g_ptr_array_unref);
	/* cli.cancel stays: the thread that waits for ^C holds it to the very end. */
	return written || status != STATUS_DONE ? (int)status : STATUS_FAILED;
}
