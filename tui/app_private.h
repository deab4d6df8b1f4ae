// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Inside of the app: its state, shared by app.c (the loop) and app_start.c (start and end). */

#include "tui/app.h"
#include "tui/screen_table.h"

typedef struct {
	Ui ui;                       /* first: ui_push() and the like find the app by it */
	View *screens[SCREEN_COUNT]; /* NULL: not looked at yet */
	ScreenId screen;             /* that is shown */
	GPtrArray *stack;            /* View *: overlays, the topmost last */
	Surface *surface;
	int wake_fd;
	gint64 touched_at; /* all hosts, last: monotonic */
	char *message;
	bool quit;
} App;

/* Runs until the operator quits or the terminal goes; returns the exit status. */
int app_loop(App *app);
/* Wakes the loop; `data` is its eventfd. Any thread. */
void app_wake(void *data);
void view_free(gpointer view);
