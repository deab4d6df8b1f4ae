// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The terminal: the only place that knows curses. Starts and stops it, restores it on every
 * catchable end, turns bytes into our keys and a Surface into cells. One per program. UI thread.
 */

#include "core/output/color.h"
#include "tui/keymap.h"
#include "tui/surface.h"

#define TERMINAL_ERROR (terminal_error_quark())
GQuark terminal_error_quark(void);

/*
 * Takes over the terminal on stdin and stdout. `wake_fd` is an eventfd that signal handlers write
 * to. False and error if there is no usable terminal.
 */
bool terminal_start(const Theme *theme, ColorMode mode, int wake_fd, GError **error);
/* Gives the terminal back; may be called twice. */
void terminal_stop(void);

/* True if the locale can show more than ASCII. After terminal_start or setlocale. */
bool terminal_is_utf8(void);
/* The descriptor to poll for input. */
int terminal_fd(void);
/* The next key that has arrived, or KEYCODE_NONE. Waits at most 100 ms, and only inside an escape.
 */
Key terminal_key(void);
/* True once the size changed since the last call; gives the present size either way. */
bool terminal_size(int *w, int *h);
/* Draws what changed. */
void terminal_flush(const Surface *surface);
/* The next flush draws everything. */
void terminal_redraw(void);
/* Gives the terminal back, stops the process, and takes it over again when it continues. */
void terminal_suspend(void);
/* Puts text on the clipboard of the terminal (OSC 52), as far as it allows that. */
void terminal_copy(const char *text);

/* The signal that asks the program to end, or 0. */
int terminal_end_signal(void);
/* True once after SIGTSTP or SIGCONT: suspend or redraw is due. */
bool terminal_stop_asked(void);
/* True when the terminal has gone away (hang-up). */
bool terminal_gone(void);
