// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/app_private.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "tui/commands.h"
#include "tui/footer.h"
#include "tui/layout.h"
#include "tui/views/command_line.h"
#include "tui/views/help.h"
#include "tui/views/messages.h"
#include "tui/views/pair.h"
#include "tui/widgets/dialog.h"
#include "tui/wizards/journal.h"
#include "tui/wizards/question.h"

#define OVERLAYS_MAX 8

/* ---- what views may ask for --------------------------------------------------------------- */

void ui_push(Ui *ui, View *view)
{
	g_ptr_array_add(((App *)ui)->stack, view);
}

void ui_say(Ui *ui, Role role, const char *format, ...)
{
	App *app = (App *)ui;
	va_list args;
	va_start(args, format);
	char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_free(app->message);
	app->message = text;
	ui->message = text;
	ui->message_role = role;
	log_add(ui->log, role, NULL, NULL, text, NULL);
}

void ui_copy(Ui *ui, const char *text)
{
	terminal_copy(text);
	ui_say(ui, ROLE_NORMAL, "Copied, if the terminal allows that.");
}

void ui_quit(Ui *ui)
{
	((App *)ui)->quit = true;
}

char *ui_refusal(const Ui *ui, int host)
{
	const HostView *view = snapshot_host(ui->hosts, host);
	if (!view)
		return g_strdup("There is no such host.");
	const char *label = view->address->label;
	if (view->address->kind == HOST_RECORDED)
		return g_strdup_printf("%s is a recording: it cannot be changed.", label);
	if (ui->read_only)
		return g_strdup("Refused: the console was started with --read-only.");
	if (view->address->read_only)
		return g_strdup_printf("Refused: %s is marked read_only in the host file.", label);
	if (!view->inventory)
		return g_strdup_printf("%s has not been read yet.", label);
	if (view->state != HOST_UP)
		return g_strdup_printf("%s does not answer: what is shown may be old.", label);
	return NULL;
}

/* ---- the stack of views ------------------------------------------------------------------- */

static View *top_view(const App *app)
{
	return app->stack->len > 0 ? g_ptr_array_index(app->stack, app->stack->len - 1)
	                           : app->screens[app->screen];
}

void view_free(gpointer data)
{
	View *view = data;
	view->ops->free(view);
}

static void sweep(App *app)
{
	for (guint i = app->stack->len; i-- > 0;) {
		if (((View *)g_ptr_array_index(app->stack, i))->done)
			g_ptr_array_remove_index(app->stack, i);
	}
}

static void update_view(View *view)
{
	if (view->ops->update)
		view->ops->update(view);
}

View *ui_show(Ui *ui, ScreenId screen)
{
	App *app = (App *)ui;
	for (guint i = 0; i < app->stack->len; i++)
		((View *)g_ptr_array_index(app->stack, i))->done = true;
	if (!app->screens[screen])
		app->screens[screen] = screens[screen].make(ui);
	app->screen = screen;
	update_view(app->screens[screen]);
	return app->screens[screen];
}

static bool show_by_action(App *app, ActionId id)
{
	for (int i = 0; i < SCREEN_COUNT; i++) {
		if (screens[i].action == id) {
			ui_show(&app->ui, (ScreenId)i);
			return true;
		}
	}
	return false;
}

/* ---- drawing ------------------------------------------------------------------------------ */

static void draw_message(const App *app, int row)
{
	Surface *surface = app->surface;
	surface_fill(surface, (Rect){ 0, row, surface_width(surface), 1 }, ' ', ROLE_NORMAL);
	if (app->message)
		surface_put(surface, 1, row, surface_width(surface) - 2, app->ui.message_role,
		            app->message);
}

static bool is_typing(const View *view)
{
	return view->ops->typing ? view->ops->typing(view) : view->ops->key != NULL;
}

static void draw(App *app)
{
	Surface *surface = app->surface;
	int w = surface_width(surface), h = surface_height(surface), x, y;
	surface_clear(surface);
	if (w < LAYOUT_MIN_WIDTH || h < LAYOUT_MIN_HEIGHT) {
		g_autofree char *text = g_strdup_printf("terminal too small (%dx%d, needs %dx%d)",
		                                        w, h, LAYOUT_MIN_WIDTH, LAYOUT_MIN_HEIGHT);
		text_wrapped(surface, surface_area(surface), ROLE_WARNING, text);
	} else {
		bool back = app->stack->len > 0 || app->screen != SCREEN_PAIR;
		app->screens[app->screen]->ops->draw(app->screens[app->screen], surface);
		if (app->stack->len > 0)
			draw_message(app, h - 2);
		for (guint i = 0; i < app->stack->len; i++) {
			View *view = g_ptr_array_index(app->stack, i);
			surface_set_cursor(surface, -1, -1);
			view->ops->draw(view, surface);
		}
		const View *top = top_view(app);
		/* Where nothing is selected it stands where something would be. */
		if (!surface_cursor(surface, &x, &y))
			surface_set_cursor(surface, 1, 2);
		footer_draw(surface, (Rect){ 0, h - 1, w, 1 }, app->ui.keymap, top->ops->context,
		            back, is_typing(top));
	}
	terminal_flush(surface);
}

/* ---- keys --------------------------------------------------------------------------------- */

static void global_action(App *app, ActionId id)
{
	View *view = top_view(app);
	bool room = app->stack->len < OVERLAYS_MAX;
	switch (id) {
	case ACTION_HELP:
		if (room)
			help_open(&app->ui, view->ops->context, view->ops->title);
		break;
	case ACTION_JOURNAL:
		if (room)
			journal_open(&app->ui);
		break;
	case ACTION_COMMAND:
		if (room)
			command_line_open(&app->ui, view->ops->context);
		break;
	case ACTION_BACK:
		view->done = true; /* of a screen that means nothing */
		break;
	case ACTION_QUIT:
	case ACTION_INTERRUPT:
		if (app->stack->len > 0)
			view->done = true;
		else if (app->screen != SCREEN_PAIR)
			ui_show(&app->ui, SCREEN_PAIR);
		else
			app->quit = true;
		break;
	case ACTION_REDRAW:
		terminal_redraw();
		break;
	case ACTION_SUSPEND:
		terminal_suspend();
		break;
	default:
		show_by_action(app, id);
		break;
	}
}

bool ui_act(Ui *ui, ActionId id)
{
	App *app = (App *)ui;
	View *view = top_view(app);
	if (!context_hears(view->ops->context, action_get(id)->context))
		return false;
	if (!view->ops->action(view, id))
		global_action(app, id);
	return true;
}

static void handle_key(App *app, Key key)
{
	View *view = top_view(app);
	g_clear_pointer(&app->message, g_free);
	app->ui.message = NULL;
	if (view->ops->key && view->ops->key(view, key))
		return;
	ActionId id = keymap_find(app->ui.keymap, view->ops->context, key);
	if (id != ACTION_NONE)
		ui_act(&app->ui, id);
}

/* What was typed on the command line is for the place below it. */
static void run_command(App *app)
{
	g_autofree char *line = g_steal_pointer(&app->ui.command);
	if (line)
		command_run(&app->ui, line);
	sweep(app);
}

static void handle_keys(App *app)
{
	Key key;
	while (!app->quit && (key = terminal_key()) != KEYCODE_NONE) {
		handle_key(app, key);
		sweep(app);
		run_command(app);
	}
}

/* ---- what the hosts say ------------------------------------------------------------------- */

static void update_views(App *app)
{
	/* From the bottom up: others look at what the pair screen has selected. */
	update_view(app->ui.pair);
	if (app->screen != SCREEN_PAIR)
		update_view(app->screens[app->screen]);
	for (guint i = 0; i < app->stack->len; i++)
		update_view(g_ptr_array_index(app->stack, i));
	sweep(app);
}

/*
 * Questions come up only over the plain main screen, never under fingers that are typing; and only
 * of the hosts on it: another host's can wait until somebody wants that host.
 */
static void ask_waiting(App *app)
{
	if (app->stack->len > 0 || app->screen != SCREEN_PAIR || is_typing(app->ui.pair))
		return;
	Selection selection = pair_selection(app->ui.pair);
	for (guint s = 0; s < G_N_ELEMENTS(selection.host); s++) {
		const HostView *host = snapshot_host(app->ui.hosts, selection.host[s]);
		if (host && host->question_id != 0) {
			question_open(&app->ui, selection.host[s]);
			return;
		}
	}
}

static void log_results(App *app, const FleetReply *reply)
{
	for (guint i = 0; i < reply->results->len; i++) {
		const StepResult *result = g_ptr_array_index(reply->results, i);
		if (result->problem)
			log_problem(app->ui.log, result->problem);
		else
			log_add(app->ui.log, ROLE_NORMAL, reply->plan->host, NULL, result->text,
			        NULL);
	}
	if (reply->problem)
		log_problem(app->ui.log, reply->problem);
}

static void say_outcome(App *app, const FleetReply *reply)
{
	guint failed = 0;
	for (guint i = 0; i < reply->results->len; i++)
		failed += !((StepResult *)g_ptr_array_index(reply->results, i))->ok;
	if (reply->problem || failed)
		ui_say(&app->ui, ROLE_ERROR, "%s: %u of %u failed (6 says why)",
		       reply->plan->purpose, reply->problem ? reply->plan->steps->len : failed,
		       reply->plan->steps->len);
	else
		ui_say(&app->ui, ROLE_READY, "%s: done", reply->plan->purpose);
}

static void handle_replies(App *app)
{
	for (;;) {
		g_autoptr(FleetReply) reply = fleet_reply(app->ui.fleet);
		if (!reply)
			return;
		bool shown = false;
		log_results(app, reply);
		for (guint i = app->stack->len; i-- > 0 && !shown;) {
			View *view = g_ptr_array_index(app->stack, i);
			shown = view->ops->reply && view->ops->reply(view, reply);
		}
		if (!shown)
			say_outcome(app, reply);
	}
}

static void handle_hosts(App *app)
{
	guint64 before = snapshot_generation(app->ui.hosts);
	gint64 now = g_get_monotonic_time();
	bool all = now - app->touched_at >= G_USEC_PER_SEC;
	if (all)
		app->touched_at = now;
	/* Silence and age move without a new generation. */
	for (guint i = 0; i < snapshot_count(app->ui.hosts); i++) {
		const HostView *host = snapshot_host(app->ui.hosts, (int)i);
		if (all || pair_shows(app->ui.pair, (int)i) || host->state != HOST_UP)
			snapshot_touch(app->ui.hosts, i);
	}
	snapshot_update(app->ui.hosts);
	if (snapshot_generation(app->ui.hosts) != before) {
		messages_watch(&app->ui);
		update_views(app);
	}
	handle_replies(app);
	ask_waiting(app);
}

/* ---- the loop ----------------------------------------------------------------------------- */

void app_wake(void *data)
{
	guint64 one = 1;
	/* It fails only where the counter is full, and then the loop wakes anyway. */
	if (write(*(int *)data, &one, sizeof one) < 0)
		errno = 0;
}

/* True if the terminal has gone. */
static bool wait_for_something(App *app)
{
	struct pollfd fds[] = { { .fd = terminal_fd(), .events = POLLIN },
		                { .fd = app->wake_fd, .events = POLLIN } };
	const ViewOps *ops = app->screens[app->screen]->ops;
	int tick = ops->next_tick ? ops->next_tick(app->screens[app->screen]) : -1;
	poll(fds, G_N_ELEMENTS(fds), tick);
	guint64 count;
	if (fds[1].revents & POLLIN && read(app->wake_fd, &count, sizeof count) < 0)
		errno = 0;
	return fds[0].revents & (POLLHUP | POLLERR | POLLNVAL) || terminal_gone();
}

static void fit_size(App *app)
{
	int w, h;
	bool changed = terminal_size(&w, &h);
	if (changed || w != surface_width(app->surface) || h != surface_height(app->surface))
		surface_resize(app->surface, w, h);
}

int app_loop(App *app)
{
	/* The first picture comes first. */
	fit_size(app);
	draw(app);
	journal_announce(&app->ui);
	while (!app->quit) {
		if (terminal_stop_asked())
			terminal_suspend();
		fit_size(app);
		draw(app);
		if (wait_for_something(app))
			return 128 + SIGHUP;
		if (terminal_end_signal())
			return 128 + terminal_end_signal();
		handle_keys(app);
		handle_hosts(app);
	}
	return STATUS_DONE;
}
