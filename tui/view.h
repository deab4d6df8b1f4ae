// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * A view is one thing on the screen: a screen (tui/screens.h), or an overlay on it (picker,
 * details, wizard). It is a table of operations and its own state, nothing else. The app keeps the
 * screens and a stack of overlays, draws them bottom up, and gives keys to the topmost one. UI
 * thread.
 */

#include "core/fleet.h"
#include "tui/fleet_index.h"
#include "tui/history.h"
#include "tui/keymap.h"
#include "tui/log.h"
#include "tui/screens.h"
#include "tui/snapshot.h"
#include "tui/surface.h"

typedef struct {
	Context context;   /* whose keys the view hears */
	const char *title; /* for the help screen: "the main screen" */
	void (*draw)(View *view, Surface *surface);
	/* A key before it means an action (text fields). True: used up. NULL: none. */
	bool (*key)(View *view, Key key);
	/* An action. True: used up; else the app does what it does everywhere. */
	bool (*action)(View *view, ActionId id);
	/* True while every character is text. NULL: always where there is `key`. */
	bool (*typing)(const View *view);
	/* Milliseconds until what is drawn changes by itself (an age), or -1. NULL: never. */
	int (*next_tick)(const View *view);
	/* The snapshot changed. NULL: nothing to do. */
	void (*update)(View *view);
	/* A plan ended; true if the view had asked for it and shows it. NULL: never. */
	bool (*reply)(View *view, const FleetReply *reply);
	void (*free)(View *view);
} ViewOps;

/* Views embed this as their first member. */
struct View {
	const ViewOps *ops;
	bool done; /* set by the view: the app takes it off the stack and frees it */
};

/* What the face offers to its views; made by app.c, shared by all. */
typedef struct {
	Fleet *fleet;
	Snapshot *hosts;
	Log *log;
	FleetIndex *index; /* of compatibility, over `hosts`: update it before use */
	View *pair;        /* the main screen: what is selected there matters elsewhere too */
	Keymap *keymap;
	History *history; /* of the command line */
	char *command;    /* typed there, to be run when it has closed; or NULL */
	bool ascii;
	bool read_only;      /* the program was told to change nothing */
	const char *message; /* what was said last, until the next key; or NULL */
	Role message_role;
} Ui;

/* Puts a view on top; it is the app's from now on. */
void ui_push(Ui *ui, View *view);
/* Goes to a screen and takes all overlays away; returns its view. */
View *ui_show(Ui *ui, ScreenId screen);
/* Does what the action's key does in the place that is on top; false: it means nothing there. */
bool ui_act(Ui *ui, ActionId id);
/* Ends the console. */
void ui_quit(Ui *ui);
/* Shows a line in the message row until the next key, and keeps it in the log. */
void ui_say(Ui *ui, Role role, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Copies text to the terminal's clipboard, and says so. */
void ui_copy(Ui *ui, const char *text);
/* Why that host cannot be changed now, as a sentence; NULL if it can. New text. */
char *ui_refusal(const Ui *ui, int host);
