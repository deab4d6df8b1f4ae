// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/folders.h"

#include "core/facts_cache.h"
#include "core/plan/journal.h"

static char *themes_of_user(void)
{
	return g_build_filename(g_get_user_config_dir(), "mdevcon", "themes", NULL);
}

static char *themes_of_machine(void)
{
	return g_build_filename("/etc", "mdevcon", "themes", NULL);
}

/* A build that is not installed has its themes somewhere else. */
static char *themes_shipped(void)
{
	const char *other = g_getenv("MDEVCON_THEMES");

	if (other && *other)
		return g_strdup(other);
	return g_build_filename(MDEVCON_DATADIR, "mdevcon", "themes", NULL);
}

static char *config_of_machine(void)
{
	return g_build_filename("/etc", "mdevcon", "mdevcon.conf", NULL);
}

static char *config_of_user(void)
{
	return g_build_filename(g_get_user_config_dir(), "mdevcon", "mdevcon.conf", NULL);
}

static char *history_path(void)
{
	return g_build_filename(g_get_user_state_dir(), "mdevcon", "history", NULL);
}

static const Folder folders[] = {
	{ FOLDER_CONFIG, "/etc/mdevcon/mdevcon.conf",
	  "keys and looks of the console, of this machine", config_of_machine },
	{ FOLDER_CONFIG, "$XDG_CONFIG_HOME/mdevcon/mdevcon.conf",
	  "the same of your own, read after it (without XDG_CONFIG_HOME: below ~/.config)",
	  config_of_user },
	{ FOLDER_THEMES, "$XDG_CONFIG_HOME/mdevcon/themes",
	  "themes of your own (without XDG_CONFIG_HOME: below ~/.config)", themes_of_user },
	{ FOLDER_THEMES, "/etc/mdevcon/themes", "themes of this machine", themes_of_machine },
	{ FOLDER_THEMES, MDEVCON_DATADIR "/mdevcon/themes",
	  "themes that come with mdevcon (with MDEVCON_THEMES: that folder)", themes_shipped },
	{ FOLDER_JOURNAL, "$XDG_STATE_HOME/mdevcon/journal",
	  "what mdevcon changed (without XDG_STATE_HOME: below ~/.local/state)",
	  journal_default_folder },
	{ FOLDER_CACHE, "$XDG_CACHE_HOME/mdevcon",
	  "what hosts over SSH said last (without XDG_CACHE_HOME: below ~/.cache)",
	  facts_cache_default_folder },
	{ FOLDER_HISTORY, "$XDG_STATE_HOME/mdevcon/history", "lines typed behind : in the console",
	  history_path },
};

const Folder *folder_nth(guint nth)
{
	return nth < G_N_ELEMENTS(folders) ? &folders[nth] : NULL;
}
