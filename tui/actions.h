// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The actions, once: identifier, name, context, keys, footer word, danger, help. Key lookup,
 * footer, help screen and documentation are made from this table. The first key is the one that the
 * footer shows; an empty footer word keeps an action out of it. What does not exist has no row.
 */

/* Where a key means an action: a place, or what several places share (keymap.c: which). */
typedef enum {
	CONTEXT_ALL,    /* everywhere except while text is typed */
	CONTEXT_MOVE,   /* lists, text and dialogs */
	CONTEXT_SCREEN, /* all screens */
	CONTEXT_HOSTS,  /* the screens of hosts and guests */
	CONTEXT_TABLE,  /* the screens that are one table */
	CONTEXT_PAIR,   /* the pair screen */
	CONTEXT_FLEET,  /* the fleet screen */
	CONTEXT_MATRIX, /* the matrix screen */
	CONTEXT_MENU,   /* the menu of columns */
	CONTEXT_TEXT,   /* details, help, review */
	CONTEXT_ACTS,   /* what can be done with the selected thing */
	CONTEXT_COUNT
} Context;

#define SAFE false
#define CHANGES true /* leads to a review page, never to a change by itself */

#define ACTIONS(X) \
	X(HELP, "help", ALL, "F1 ?", "Help", SAFE, "the keys of this place") \
	X(ACT, "act", PAIR, "F2 .", "Act", CHANGES, \
	  "define, start, stop, autostart, attributes, vGPU type") \
	X(DETAILS, "details", SCREEN, "F3 d", "View", SAFE, \
	  "everything known of the selected thing") \
	X(FILTER, "filter", SCREEN, "F4 /", "Filter", SAFE, "show only what matches") \
	X(SORT, "sort", TABLE, "F6 ,", "Sort", SAFE, "sort by a column, hide columns") \
	X(ADD_HOST, "add-host", FLEET, "F7 c", "Add", SAFE, "add a host by its address") \
	X(FORGET, "forget", FLEET, "F8 D", "Forget", SAFE, "take the host off the list") \
	X(CREATE, "create", PAIR, "F7 c", "Create", CHANGES, \
	  "create instances on the focused host") \
	X(REMOVE, "remove", PAIR, "F8 D", "Remove", CHANGES, "remove the selected instance") \
	X(QUIT, "quit", ALL, "F10 q", "Quit", SAFE, "back; on the main screen: quit") \
	X(TARGET, "target", HOSTS, "t", "target", SAFE, "choose the target host") \
	X(SOURCE, "source", HOSTS, "s", "source", SAFE, "choose the source host") \
	X(DISCONNECT, "disconnect", FLEET, "x", "disconnect", SAFE, \
	  "disconnect from the host, or connect again") \
	X(SWAP, "swap", PAIR, "x", "swap", SAFE, "swap source and target") \
	X(TOGGLE, "toggle", MENU, "Space", "show or hide", SAFE, "show or hide the column") \
	X(MARK, "mark", TABLE, "Space", "mark", SAFE, "mark, or take the mark away") \
	X(UNMARK, "unmark", TABLE, "u", "", SAFE, "take all marks away") \
	X(PAIR, "pair", ALL, "1", "", SAFE, "the main screen: source and target") \
	X(FLEET, "fleet", ALL, "2", "fleet", SAFE, "all hosts, what they hold, how old that is") \
	X(MATRIX, "matrix", ALL, "3", "matrix", SAFE, "what can go where: sources and hosts") \
	X(GUESTS, "guests", ALL, "4", "guests", SAFE, "who holds which instances, on which host") \
	X(MESSAGES, "messages", ALL, "6", "messages", SAFE, "everything that was said") \
	X(BEST, "best", PAIR, "b", "best", SAFE, "the best targets of all hosts") \
	X(POSSIBLE_PREV, "possible-previous", PAIR, "{", "", SAFE, \
	  "the previous host that can take it, as target") \
	X(POSSIBLE_NEXT, "possible-next", PAIR, "}", "", SAFE, \
	  "the next host that can take it, as target") \
	X(TARGET_PREV, "target-previous", PAIR, "[", "", SAFE, "the previous host as target") \
	X(TARGET_NEXT, "target-next", PAIR, "]", "", SAFE, "the next host as target") \
	X(UNFOLD, "unfold", PAIR, "o", "", SAFE, "show or fold types that nobody uses") \
	X(HARDWARE, "hardware", PAIR, "a", "", SAFE, \
	  "by type, or by hardware: card, type, instance") \
	X(REFRESH, "refresh", HOSTS, "r", "", SAFE, "read the hosts again") \
	X(MATRIX_REFRESH, "refresh-matrix", MATRIX, "r", "refresh", SAFE, "read all hosts again") \
	X(INVERT, "invert", SCREEN, "!", "", SAFE, "show what does not match the filter") \
	X(MATCH_NEXT, "next-match", TABLE, "n", "", SAFE, "to the next that matches") \
	X(MATCH_PREV, "previous-match", TABLE, "N", "", SAFE, "to the previous that matches") \
	X(JOURNAL, "journal", ALL, "J", "", SAFE, \
	  "what was changed, when and where; undo what was interrupted") \
	X(START, "start", ACTS, "s", "", CHANGES, "make the instance of the definition") \
	X(STOP, "stop", ACTS, "t", "", CHANGES, "remove the instance, keep the definition") \
	X(AUTOSTART, "autostart", ACTS, "a", "", CHANGES, "start it at boot") \
	X(MANUAL, "manual", ACTS, "m", "", CHANGES, "do not start it at boot") \
	X(ATTRIBUTES, "attributes", ACTS, "e", "", CHANGES, "edit its attributes, in order") \
	X(DEFINE, "define", ACTS, "d", "", CHANGES, "keep it after a reboot, started by hand") \
	X(DEFINE_AUTO, "define-autostart", ACTS, "b", "", CHANGES, \
	  "keep it, and start it at boot") \
	X(UNDEFINE, "undefine", ACTS, "u", "", CHANGES, "forget its definition") \
	X(VGPU_TYPE, "vgpu-type", ACTS, "v", "", CHANGES, "set or clear a function's vGPU type") \
	X(COPY, "copy", TEXT, "y", "copy", SAFE, "copy the text to the terminal's clipboard") \
	X(UP, "up", MOVE, "Up k", "", SAFE, "one up") \
	X(DOWN, "down", MOVE, "Down j", "", SAFE, "one down") \
	X(LEFT, "left", MOVE, "Left h", "", SAFE, "to the left; on the main screen: fold") \
	X(RIGHT, "right", MOVE, "Right l", "", SAFE, "to the right; on the main screen: open") \
	X(PAGE_UP, "page-up", MOVE, "PgUp", "", SAFE, "one page up") \
	X(PAGE_DOWN, "page-down", MOVE, "PgDn", "", SAFE, "one page down") \
	X(MORE, "more", TEXT, "Space", "", SAFE, "one page down") \
	X(HOME, "home", MOVE, "Home g", "", SAFE, "to the first") \
	X(END, "end", MOVE, "End G", "", SAFE, "to the last") \
	X(ACCEPT, "accept", MOVE, "Enter", "", SAFE, "open, or press the button") \
	X(NEXT, "next", MOVE, "Tab", "", SAFE, "the other pane, field or button") \
	X(PREVIOUS, "previous", MOVE, "BackTab", "", SAFE, "the same, backwards") \
	X(BACK, "back", ALL, "Esc", "", SAFE, "close what is on top, or clear the filter") \
	X(COMMAND, "command", ALL, ":", "", SAFE, "run an action by its name") \
	X(REDRAW, "redraw", ALL, "Ctrl-L", "", SAFE, "draw the screen anew") \
	X(SUSPEND, "suspend", ALL, "Ctrl-Z", "", SAFE, "suspend to the shell") \
	X(INTERRUPT, "interrupt", ALL, "Ctrl-C", "", SAFE, "like q")

typedef enum {
	ACTION_NONE,
#define X(id, name, context, keys, footer, danger, help) ACTION_##id,
	ACTIONS(X)
#undef X
		ACTION_COUNT
} ActionId;
