// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/app_private.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "core/folders.h"
#include "tui/config.h"
#include "tui/views/pair.h"

static char *history_path(void)
{
	const Folder *folder = folder_nth(0);
	for (guint i = 0; strcmp(folder->what, FOLDER_HISTORY) != 0; i++)
		folder = folder_nth(i);
	return folder->path();
}

static void app_start(App *app, const TuiOptions *options, const Config *config)
{
	g_autofree char *history = history_path();
	app->ui.ascii = options->ascii || config->ascii || !terminal_is_utf8();
	app->ui.read_only = options->read_only || config->read_only;
	app->ui.log = log_new();
	app->ui.history = history_new(history);
	app->ui.fleet = fleet_new(options->open, &options->backend, app_wake, &app->wake_fd);
	if (options->cache_dir)
		fleet_use_cache(app->ui.fleet, options->cache_dir);
	app->ui.hosts = snapshot_new(app->ui.fleet);
	app->ui.index = fleet_index_new();
	app->surface = surface_new(80, 24, app->ui.ascii);
	app->stack = g_ptr_array_new_with_free_func(view_free);
}

/* Adds the hosts, with the index of the two sides; false with a message for an unknown label. */
static bool add_hosts(App *app, const TuiOptions *options, int sides[SIDE_COUNT])
{
	const char *const wanted[] = { options->source_label, options->target_label };
	/* The fleet frees each address. */
	g_ptr_array_set_free_func(options->hosts, NULL);
	for (guint i = 0; i < options->hosts->len; i++)
		fleet_add(app->ui.fleet, g_ptr_array_index(options->hosts, i));
	for (int s = 0; s < SIDE_COUNT; s++) {
		sides[s] = wanted[s] ? fleet_find(app->ui.fleet, wanted[s]) : -1;
		if (wanted[s] && sides[s] < 0)
			return false;
	}
	int n = (int)fleet_count(app->ui.fleet);
	if (sides[SIDE_SOURCE] < 0)
		sides[SIDE_SOURCE] = sides[SIDE_TARGET] == 0 && n > 1 ? 1 : 0;
	if (sides[SIDE_TARGET] < 0 && n > 1)
		sides[SIDE_TARGET] = sides[SIDE_SOURCE] == 0 ? 1 : 0;
	if (sides[SIDE_TARGET] == sides[SIDE_SOURCE])
		sides[SIDE_TARGET] = -1;
	return true;
}

static void app_end(App *app)
{
	/* Views first: a question left open is answered while the fleet still lives. */
	g_ptr_array_unref(app->stack);
	for (int i = 0; i < SCREEN_COUNT; i++) {
		if (app->screens[i])
			view_free(app->screens[i]);
	}
	fleet_index_free(app->ui.index);
	snapshot_free(app->ui.hosts);
	fleet_free(app->ui.fleet);
	log_free(app->ui.log);
	keymap_free(app->ui.keymap);
	history_free(app->ui.history);
	g_free(app->ui.command);
	surface_free(app->surface);
	g_free(app->message);
}

static int fail(const TuiOptions *options, const char *message)
{
	g_printerr("mdevcon: %s\n", message);
	g_ptr_array_unref(options->hosts);
	return STATUS_USAGE;
}

int tui_run(const TuiOptions *options)
{
	/* Static: a worker that hangs when all else has ended may still call app_wake. */
	static App app;
	g_autoptr(GError) error = NULL;
	g_auto(Config) config = { 0 };
	Theme theme;
	int sides[SIDE_COUNT];

	if (options->hosts->len == 0)
		return fail(options, "no host was named");
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	config_load(&config, keymap);
	if (!theme_choose(&theme, options->theme ? options->theme : config.theme, &error))
		return fail(options, error->message);
	app = (App){ .wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	if (app.wake_fd < 0)
		return fail(options, g_strerror(errno));
	if (!terminal_start(&theme, options->color, app.wake_fd, &error))
		return fail(options, error->message);

	int status = STATUS_USAGE;
	app.ui.keymap = g_steal_pointer(&keymap);
	app_start(&app, options, &config);
	bool known = add_hosts(&app, options, sides);
	if (known) {
		snapshot_update(app.ui.hosts);
		app.ui.pair = pair_view_new(&app.ui, sides[SIDE_SOURCE], sides[SIDE_TARGET]);
		app.screens[SCREEN_PAIR] = app.ui.pair;
		for (guint i = config.problems->len; i-- > 0;)
			ui_say(&app.ui, ROLE_WARNING, "%s",
			       (char *)g_ptr_array_index(config.problems, i));
		status = app_loop(&app);
	}
	terminal_stop();
	app_end(&app);
	if (!known)
		return fail(options, "there is no such host");
	g_ptr_array_unref(options->hosts);
	return status;
}
