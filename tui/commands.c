// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/commands.h"

#include <string.h>

#include "tui/views/add_host.h"
#include "tui/views/fleet.h"
#include "tui/views/pair.h"

static void run_host(Ui *ui, const char *operand)
{
	View *fleet = ui_show(ui, SCREEN_FLEET);
	fleet_screen_select(fleet, operand);
}

static void choose(Ui *ui, PairSide side, const char *label)
{
	pair_set_host(ui->pair, side, fleet_find(ui->fleet, label));
	ui_show(ui, SCREEN_PAIR);
}

static void run_source(Ui *ui, const char *operand)
{
	choose(ui, SIDE_SOURCE, operand);
}

static void run_target(Ui *ui, const char *operand)
{
	choose(ui, SIDE_TARGET, operand);
}

static void run_add_host(Ui *ui, const char *operand)
{
	g_autofree char *problem = NULL;
	if (!add_host_now(ui, operand, &problem))
		ui_say(ui, ROLE_ERROR, "%s", problem);
}

static void run_quit(Ui *ui, const char *operand)
{
	(void)operand;
	ui_quit(ui);
}

typedef struct {
	const char *name;
	OperandKind operand;
} Command;

enum {
#define X(id, name, operand, help) COMMAND_##id,
	COMMANDS(X)
#undef X
		COMMAND_COUNT
};

static const Command commands[COMMAND_COUNT] = {
#define X(id, name_, operand_, help) \
	[COMMAND_##id] = { .name = name_, .operand = OPERAND_##operand_ },
	COMMANDS(X)
#undef X
};

static void (*const runs[COMMAND_COUNT])(Ui *ui, const char *operand) = {
	[COMMAND_HOST] = run_host,     [COMMAND_SOURCE] = run_source,
	[COMMAND_TARGET] = run_target, [COMMAND_ADD_HOST] = run_add_host,
	[COMMAND_QUIT] = run_quit,
};

/* ---- words -------------------------------------------------------------------------------- */

/* Movement has names too, but nobody types them: they are not offered. */
static bool is_heard(Context place, const Action *action)
{
	return context_hears(place, action->context) && action->context != CONTEXT_MOVE;
}

static void add_once(GPtrArray *names, const char *name, const char *prefix)
{
	if (g_str_has_prefix(name, prefix) &&
	    !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_ptr_array_add(names, (gpointer)name);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The commands and the actions of a place that begin so, in order. */
static GPtrArray *names_of(Context place, const char *prefix)
{
	GPtrArray *names = g_ptr_array_new();
	for (int i = 0; i < COMMAND_COUNT; i++)
		add_once(names, commands[i].name, prefix);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const Action *action = action_get((ActionId)i);
		if (is_heard(place, action))
			add_once(names, action->name, prefix);
	}
	g_ptr_array_sort(names, by_name);
	return names;
}

/* Splits "word operand"; the operand is "" if there is none. */
static char *split(const char *line, char **operand)
{
	g_autofree char *text = g_strstrip(g_strdup(line));
	gsize n = strcspn(text, " ");
	*operand = g_strstrip(g_strdup(text + n));
	return g_strndup(text, n);
}

GPtrArray *command_complete(const Ui *ui, Context place, const char *line)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const char *blank = strchr(line, ' ');
	if (!blank) {
		g_autoptr(GPtrArray) names = names_of(place, line);
		for (guint i = 0; i < names->len; i++)
			g_ptr_array_add(lines, g_strdup(g_ptr_array_index(names, i)));
		return lines;
	}
	g_autofree char *operand = NULL;
	g_autofree char *word = split(line, &operand);
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (commands[i].operand != OPERAND_HOST || strcmp(commands[i].name, word) != 0)
			continue;
		for (int h = -1; (h = snapshot_next(ui->hosts, h)) >= 0;) {
			const char *label = snapshot_host(ui->hosts, h)->address->label;
			if (g_str_has_prefix(label, operand))
				g_ptr_array_add(lines, g_strdup_printf("%s %s", word, label));
		}
	}
	return lines;
}

/* ---- running ------------------------------------------------------------------------------ */

static bool run_command(Ui *ui, const char *name, const char *operand)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		const Command *command = &commands[i];
		bool wants = command->operand != OPERAND_NONE;
		if (strcmp(command->name, name) != 0 || wants != (*operand != '\0'))
			continue;
		if (command->operand == OPERAND_HOST && fleet_find(ui->fleet, operand) < 0)
			ui_say(ui, ROLE_ERROR, "There is no host %s (add-host adds one).", operand);
		else
			runs[i](ui, operand);
		return true;
	}
	return false;
}

static bool run_action(Ui *ui, const char *name)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const Action *action = action_get((ActionId)i);
		if (strcmp(action->name, name) != 0)
			continue;
		if (!ui_act(ui, (ActionId)i))
			ui_say(ui, ROLE_WARNING, "%s means nothing here.", name);
		return true;
	}
	return false;
}

/* The only name that begins so anywhere, or what was typed. */
static const char *whole_name(const char *word)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (int place = 0; place < CONTEXT_COUNT; place++) {
		g_autoptr(GPtrArray) here = names_of((Context)place, word);
		for (guint i = 0; i < here->len; i++)
			add_once(names, g_ptr_array_index(here, i), word);
	}
	return names->len == 1 ? g_ptr_array_index(names, 0) : word;
}

void command_run(Ui *ui, const char *line)
{
	g_autofree char *operand = NULL;
	g_autofree char *word = split(line, &operand);
	const char *name = whole_name(word);
	if (!*name || run_command(ui, name, operand))
		return;
	if (*operand)
		ui_say(ui, ROLE_ERROR, "%s takes no such operand.", name);
	else if (!run_action(ui, name))
		ui_say(ui, ROLE_ERROR, "There is no action \"%s\" (Tab completes).", name);
}
