// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/command_line.h"

#include <string.h>

#include "tui/commands.h"
#include "tui/widgets/prompt.h"

typedef struct {
	View base;
	Ui *ui;
	Context place;
	Prompt line;
	GPtrArray *offers; /* lines that it may become; char * */
	int offer;         /* that is in the line; -1: what was typed */
	guint past;        /* in the history; its count: the line that is typed */
} CommandLine;

static void offer_anew(CommandLine *command)
{
	g_clear_pointer(&command->offers, g_ptr_array_unref);
	command->offers = command_complete(command->ui, command->place, command->line.text);
	command->offer = -1;
}

/* The last word of an offer is enough to choose by. */
static const char *last_word(const char *line)
{
	const char *blank = strrchr(line, ' ');
	return blank ? blank + 1 : line;
}

static void draw_offers(const CommandLine *command, Surface *surface, int y)
{
	int x = 1, w = surface_width(surface);
	surface_fill(surface, (Rect){ 0, y, w, 1 }, ' ', ROLE_NORMAL);
	/* From the one that is chosen on, so that it is always in sight. */
	for (guint i = (guint)MAX(command->offer, 0); i < command->offers->len && x < w; i++) {
		const char *word = last_word(g_ptr_array_index(command->offers, i));
		bool here = (int)i == command->offer;
		x += surface_put(surface, x, y, w - x, here ? ROLE_CURSOR : ROLE_NORMAL, word) + 2;
	}
}

static void line_draw(View *view, Surface *surface)
{
	CommandLine *command = (CommandLine *)view;
	int w = surface_width(surface), y = surface_height(surface) - 2;
	surface_fill(surface, (Rect){ 0, y, w, 1 }, ' ', ROLE_NORMAL);
	draw_offers(command, surface, y - 1);
	surface_put(surface, 1, y, 1, ROLE_HEADING, ":");
	prompt_draw(&command->line, surface, 2, y, w - 3, true);
}

static void step_history(CommandLine *command, int step)
{
	guint n = history_count(command->ui->history);
	if ((step < 0 && command->past == 0) || (step > 0 && command->past == n))
		return;
	command->past += (guint)step;
	prompt_set(&command->line,
	           command->past < n ? history_nth(command->ui->history, command->past) : "");
	offer_anew(command);
}

static void step_offer(CommandLine *command, int step)
{
	int n = (int)command->offers->len;
	if (n == 0)
		return;
	command->offer = command->offer < 0 && step < 0 ? n - 1 : (command->offer + step + n) % n;
	prompt_set(&command->line, g_ptr_array_index(command->offers, (guint)command->offer));
}

static bool line_key(View *view, Key key)
{
	CommandLine *command = (CommandLine *)view;
	switch (key) {
	case KEYCODE_UP:
	case KEYCODE_DOWN:
		step_history(command, key == KEYCODE_UP ? -1 : 1);
		return true;
	case KEYCODE_TAB:
	case KEYCODE_BACKTAB:
		step_offer(command, key == KEYCODE_TAB ? 1 : -1);
		return true;
	case KEYCODE_BACKSPACE:
		/* On an empty line it closes, as in editors. */
		view->done = command->line.len == 0;
		break;
	default:
		break;
	}
	if (!prompt_key(&command->line, key))
		return false;
	offer_anew(command);
	return true;
}

static bool line_action(View *view, ActionId id)
{
	CommandLine *command = (CommandLine *)view;
	if (id != ACTION_ACCEPT)
		return false;
	history_add(command->ui->history, command->line.text);
	g_free(command->ui->command);
	command->ui->command = g_strdup(command->line.text);
	view->done = true;
	return true;
}

static void line_free(View *view)
{
	CommandLine *command = (CommandLine *)view;
	g_ptr_array_unref(command->offers);
	g_free(command);
}

static const ViewOps ops = {
	.context = CONTEXT_MOVE,
	.title = "the command line",
	.draw = line_draw,
	.key = line_key,
	.action = line_action,
	.free = line_free,
};

void command_line_open(Ui *ui, Context place)
{
	CommandLine *command = g_new0(CommandLine, 1);
	*command = (CommandLine){ .base.ops = &ops, .ui = ui, .place = place };
	command->past = history_count(ui->history);
	offer_anew(command);
	ui_push(ui, &command->base);
}
