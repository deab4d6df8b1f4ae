// SPDX-License-Identifier: GPL-2.0-or-later
/* Completion as shells do it: bash asks the script that the binary prints; others where they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/commands.h"
#include "tests/unit/cli_run.h"

/* What a shell prints for a script, or NULL after "SKIPPED" where there is no such shell. New. */
static char *ask(const char *shell, const char *code)
{
	g_autofree char *found = g_find_program_in_path(shell);
	const char *argv[] = { shell, "-c", code, NULL };
	char *out = NULL;
	g_autofree char *err = NULL;
	int status = 1;

	if (!found) {
		printf("SKIPPED: there is no %s here\n", shell);
		return NULL;
	}
	g_autoptr(GError) error = NULL;
	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
	                  &status, &error))
		fail_msg("%s", error->message);
	if (status != 0 || *err)
		fail_msg("%s: status %d: %s", shell, status, err);
	return out;
}

/* What bash offers for the words of a line (its own: it cuts at '='), one a line. New. */
static char *bash(const char *words)
{
	g_autofree char *code = g_strdup_printf(
		"set -u; compopt() { :; }; source <(\"$MDEVCON_BIN\" completion bash)\n"
		"COMP_WORDS=(mdevcon %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _mdevcon\n"
		"printf '%%s\\n' \"${COMPREPLY[@]}\"; complete -p mdevcon >/dev/null",
		words);
	return ask("bash", code);
}

static bool offers(const char *out, const char *word)
{
	g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
	return g_strv_contains((const char *const *)lines, word);
}

static void test_bash(void **state)
{
	static const struct {
		const char *words, *yes, *no;
	} cases[] = {
		{ "''", "list", "--json" },
		{ "cr", "create", "list" },
		{ "create -", "--uuid", "--if-exists" },
		{ "remove --i", "--if-exists", "--uuid" },
		{ "--host list create --u", "--uuid", "--theme" },
		{ "gpu-a --th", "--theme", "--json" },
		{ "list --color ''", "always", "list" },
		{ "list --color = ne", "never", "always" },
		{ "list --color =", "auto", "=" },
		{ "--color = never cr", "create", "list" },
		{ "--theme ''", "high-contrast", "list" },
		{ "--theme /etc/pass", "/etc/passwd", "light" },
		{ "--hosts /etc/pass", "/etc/passwd", "list" },
		{ "--root /et", "/etc", "list" },
		{ "record a /etc/pass", "/etc/passwd", "list" },
		{ "completion ''", "fish", "list" },
		{ "completion --h", "--help", "--host" },
		{ "create --uuid ''", "", "list" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *out = bash(cases[i].words);
		assert_non_null(out); /* bash is essential in Debian */
		if (!offers(out, cases[i].yes) || offers(out, cases[i].no))
			fail_msg("mdevcon %s: %s", cases[i].words, out);
	}
}

/* Every command, and every option behind its command, is offered. */
static void test_all(void **state)
{
	g_autofree char *commands = bash("''");
	const Command *command;
	const OptionRow *row;

	(void)state;
	for (guint i = 1; (command = command_nth(i)); i++) {
		g_autofree char *line = g_strdup_printf("%s -", command->name);
		g_autofree char *out = bash(line);
		assert_true(offers(commands, command->name));
		for (guint o = 0; (row = option_nth(o)); o++) {
			g_autofree char *word = g_strconcat("--", row->name, NULL);
			if (offers(out, word) != ((row->set & command->set) != 0))
				fail_msg("%s %s", command->name, word);
		}
	}
}

static void test_zsh(void **state)
{
	g_autofree char *out = ask(
		"zsh",
		"setopt nounset\n"
		"compdef() { :; }; compadd() { shift; print -l -- \"$@\"; }\n"
		"compset() { :; }; _files() { print files; }\n"
		"source <(\"$MDEVCON_BIN\" completion zsh)\n"
		"at() { words=(mdevcon \"$@\"); CURRENT=$#words; PREFIX=$words[-1]; _mdevcon; }\n"
		"at ''; at create --; at list --color ''; at --color=a; at record a ''");

	(void)state;
	if (!out)
		skip();
	assert_true(offers(out, "create") && offers(out, "--uuid") && offers(out, "always"));
	assert_true(offers(out, "files"));
	assert_false(offers(out, "--if-exists"));
}

static void test_fish(void **state)
{
	g_autofree char *out =
		ask("fish", "\"$MDEVCON_BIN\" completion fish | source\n"
	                    "complete -C 'mdevcon cr'; complete -C 'mdevcon create --u'\n"
	                    "complete -C 'mdevcon --color '\n"
	                    "complete -C 'mdevcon completion '\n");

	(void)state;
	if (!out)
		skip();
	assert_non_null(strstr(out, "create\t"));
	assert_non_null(strstr(out, "--uuid\t"));
	assert_non_null(strstr(out, "always\t"));
	assert_non_null(strstr(out, "zsh\n"));
}

static void test_unknown(void **state)
{
	g_auto(Ran) ran = run("completion", "csh", NULL);
	g_auto(Ran) paths = run("--paths", NULL);

	(void)state;
	assert_int_equal(ran.exit, 2);
	assert_non_null(strstr(ran.err, "no completion for 'csh'"));
	assert_int_equal(paths.exit, 0);
	assert_non_null(strstr(paths.out, "/mdevcon/themes\n"));
	assert_non_null(strstr(paths.out, "/mdevcon/journal\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bash),    cmocka_unit_test(test_all),
		cmocka_unit_test(test_zsh),     cmocka_unit_test(test_fish),
		cmocka_unit_test(test_unknown),
	};
	return cmocka_run_group_tests(tests, cli_set_up, cli_tear_down);
}
