// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Screen tests: a real program on a real pty, its output read by a terminal emulator (libvterm).
 *
 * A test starts the program, presses keys, and after *every* key says what must become visible.
 * All assertions are eventual: they read the pty until they hold or a deadline passes, so there is
 * no sleeping and a fast machine is not held up. Never compare the stream of escapes; compare the
 * screen.
 *
 *	Term *t = term_start(24, 80, argv, env);
 *	expect_text(t, "mdevcon");
 *	term_key(t, "F3");
 *	expect_text(t, "Details");
 *	term_stop(t, &status);
 *
 * Rows and columns count from 0 (negative rows count from the bottom, -1 is the last row).
 * Text is UTF-8; a double-width character takes two columns but is one character of text.
 * Times are milliseconds and are multiplied by the environment variable MDEVCON_TEST_SLOW
 * (e.g. 10 under valgrind). A Term belongs to one thread. Put it into the test's state and stop it
 * in the teardown, so that a failed assertion does not leave the program behind until the end.
 *
 * Limits of libvterm 0.1: faint ("dim", SGR 2) is ignored and cannot be seen in a cell; use
 * term_output() to see that it was sent. A cell holds at most six code points.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TERM_DEADLINE_MS 5000

typedef struct Term Term;

/* ---- life ------------------------------------------------------------------------------- */

/*
 * Starts argv (NULL-terminated; argv[0] without a slash is looked up in PATH) as leader of its own
 * session on a new pty of that size. The environment is pinned, not inherited: TERM=xterm-256color,
 * LANG=C.UTF-8, TZ=UTC, HOME=/nonexistent, SHELL=/bin/sh, the caller's PATH and TMPDIR and the
 * options of sanitizers and coverage. extra_env (NULL or NULL-terminated) adds: "NAME=value" sets,
 * "NAME" removes. Returns NULL, after a message on stderr, if there is no such program or no pty;
 * a file that cannot be executed ends with 127.
 */
Term *term_start(int rows, int cols, const char *const argv[], const char *const extra_env[]);

/*
 * Ends the program (SIGTERM, then SIGKILL after two seconds) unless it has ended, closes the pty
 * and frees t. *status, if wanted, is the exit code, or 128 + the signal that ended it.
 * NULL is fine and gives status -1.
 */
void term_stop(Term *t, int *status);

/* Waits for the program to end by itself; t and its last screen stay readable. status as above. */
bool term_wait_exit(Term *t, int ms, int *status);

/* Sends a signal to the program. False if it has ended already. */
bool term_signal(Term *t, int sig);

/* The process id, for /proc; to signal it use term_signal(), which knows whether it is gone. */
pid_t term_pid(const Term *t);

/* The program had ended when the pty was last read. */
bool term_ended(const Term *t);

/* Changes the size; the kernel tells the program by SIGWINCH. */
void term_resize(Term *t, int rows, int cols);

/* ---- input (keys.c) --------------------------------------------------------------------- */

/* Sends bytes as they are. Never blocks; what the pty does not take now goes out while waiting. */
void term_send(Term *t, const char *bytes);

/*
 * Presses a key, encoded as xterm does in the mode the program has chosen (application or normal
 * cursor keys): F1..F12 Up Down Left Right Enter Tab BackTab Esc PgUp PgDn Home End Ins Del Space
 * Backspace, or one UTF-8 character; with any of the prefixes Ctrl- Alt- Shift- ("Ctrl-L").
 * False, after a message on stderr and with nothing sent, if there is no such key.
 */
bool term_key(Term *t, const char *name);

/* Pastes text; in bracketed paste mode it arrives between the brackets. */
void term_paste(Term *t, const char *text);

/* Presses and releases a mouse button (1 left, 2 middle, 3 right, 4/5 wheel); sent only if the
 * program has asked for the mouse. */
void term_click(Term *t, int row, int col, int button);

/* ---- waiting ---------------------------------------------------------------------------- */

/*
 * Each reads the pty until its condition holds (true) or ms have passed or the program is gone
 * (false, with the screen printed on stderr). With ms 0 they look once, silently. The condition is
 * tested on what has been read so far, so a frame may still be half drawn when it first holds.
 */
typedef bool (*TermCheck)(Term *t, void *data);

/* The general form; what names the condition in the message, NULL for no message. */
bool term_wait(Term *t, TermCheck check, void *data, const char *what, int ms);

/* needle is anywhere on the screen; it may span rows ("\n", rows have no trailing blanks). */
bool term_wait_text(Term *t, const char *needle, int ms);

/* needle is not on the screen. True at once if it has not been drawn yet: wait for it first. */
bool term_wait_gone(Term *t, const char *needle, int ms);

/* The row matches the (GRegex) pattern. A bad pattern is a failure. */
bool term_wait_row(Term *t, int row, const char *regex, int ms);

/*
 * No output for quiet_ms, tried for at most ms. For pictures and for "nothing else happened"; it
 * says nothing about *what* is on the screen, prefer the others. False is silent.
 */
bool term_wait_idle(Term *t, int quiet_ms, int ms);

/* ---- looking ---------------------------------------------------------------------------- */

/* All rows, each without trailing blanks and ended by "\n". Free with g_free(). */
char *term_dump(Term *t);

/* One row without trailing blanks, "" for a row that does not exist. Free with g_free(). */
char *term_row(Term *t, int row);

/* Where needle is first seen, within one row; row and col may be NULL. */
bool term_find(Term *t, const char *needle, int *row, int *col);

#define TERM_DEFAULT (-1)
#define TERM_RGB 0x1000000

typedef struct TermCell {
	char text[40]; /* UTF-8 with combining characters; " " if blank */
	int width;     /* 1, 2, or 0 for the right half of a wide character */
	bool bold, underline, italic, blink, reverse, strike;
	int fg, bg; /* palette index 0..255, TERM_DEFAULT, or TERM_RGB | 0xrrggbb */
} TermCell;

/* False, with a blank cell, outside of the screen. */
bool term_cell(Term *t, int row, int col, TermCell *cell);

void term_size(const Term *t, int *rows, int *cols);

/* Cursor position (either may be NULL); returns whether it is shown. */
bool term_cursor(const Term *t, int *row, int *col);

/* The alternate screen is on; the mouse is asked for; the title last set ("" if none); bells. */
bool term_alternate(const Term *t);
bool term_mouse(const Term *t);
const char *term_title(const Term *t);
unsigned term_bells(const Term *t);

/* The tty is in its ordinary mode (line editing and echo), as a shell wants it back. */
bool term_cooked(const Term *t);

/* The last operating system command other than titles, e.g. "52;c;aGVsbG8="; NULL if none.
 * Owned by t and valid until the next output is read. */
const char *term_last_osc(const Term *t);

/* How many bytes the program has written. */
uint64_t term_bytes(const Term *t);

/* The raw bytes written, at least the last MiB; NUL-terminated, owned by t, valid until the next
 * output is read. For what is not on a screen, such as "bracketed paste was switched off". */
const char *term_output(const Term *t, size_t *len);

/* Prints the framed screen with row numbers on stderr. */
void term_print(Term *t);

/* The factor from MDEVCON_TEST_SLOW, 1 if unset. */
double term_slow(void);

/* For keys.c: the emulator. */
typedef struct VTerm VTerm;
VTerm *term_vterm(Term *t);

/* ---- assertions (golden.c, with the text waits above) -------------------------------- */

/* Fail the running GLib or cmocka test, with file and line, if not true within the deadline. */
#define expect_text(t, needle) term_expect_text(t, needle, __FILE__, __LINE__)
#define expect_gone(t, needle) term_expect_gone(t, needle, __FILE__, __LINE__)
#define expect_row(t, row, regex) term_expect_row(t, row, regex, __FILE__, __LINE__)
#define expect_exit(t, status) term_expect_exit(t, status, __FILE__, __LINE__)

/*
 * The screen, after the normalisers, becomes equal to the golden file NAME.txt in the directory
 * MDEVCON_GOLDEN_DIR (environment) or GOLDEN_DIR (compiled in). On a mismatch both are printed side
 * by side. With MDEVCON_UPDATE_GOLDEN=1 the file is written instead, once the screen is quiet.
 */
#define expect_golden(t, name) term_expect_golden(t, name, __FILE__, __LINE__)

/*
 * Adds a replacement to make before comparing with golden files, row by row, in the order added
 * (identifiers, ages, times). The replacement may use \1; it is padded with blanks to the width of
 * what it replaces, and a longer one takes up blanks that follow, all but one, so that frames
 * stay straight.
 * A bad pattern is reported and false.
 */
bool term_normalise(Term *t, const char *regex, const char *replacement);

void term_expect_text(Term *t, const char *needle, const char *file, int line);
void term_expect_gone(Term *t, const char *needle, const char *file, int line);
void term_expect_row(Term *t, int row, const char *regex, const char *file, int line);
void term_expect_exit(Term *t, int status, const char *file, int line);
void term_expect_golden(Term *t, const char *name, const char *file, int line);
