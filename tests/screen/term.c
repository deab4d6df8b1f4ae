// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terminal under a screen test: child on a pty, bytes pumped into libvterm, and the questions
 * one can ask of the screen. Everything that reads the pty goes through pump().
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* close_range() */
#endif
#include "term.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

#define KEEP_OUTPUT (1 << 20) /* raw output kept for term_output() */
#define KILL_AFTER_MS 2000
#define RIGHT_HALF ((uint32_t)-1) /* in the second cell of a wide character */
#define SLICE_MS 20               /* how often to look for the end of the child without a pidfd */

struct Term {
	pid_t pid;
	int master, pidfd;
	bool ended; /* reaped: pid is no longer ours */
	bool eof;   /* nobody has the tty open any more */
	int status;
	VTerm *vt;
	VTermScreen *screen;
	GString *unsent, *output, *held, *title, *osc;
	bool have_osc, cursor_shown, alternate, mouse;
	unsigned bells;
	uint64_t bytes;
};

/* ---- callbacks of the emulator ---- */

static void on_reply(const char *bytes, size_t len, void *user)
{
	Term *t = user;

	g_string_append_len(t->unsent, bytes, len);
}

/* The value must be accepted (return 1), or the emulator ignores the mode. */
static int on_prop(VTermProp prop, VTermValue *val, void *user)
{
	Term *t = user;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		t->cursor_shown = val->boolean;
	else if (prop == VTERM_PROP_ALTSCREEN)
		t->alternate = val->boolean;
	else if (prop == VTERM_PROP_MOUSE)
		t->mouse = val->number != VTERM_PROP_MOUSE_NONE;
	else if (prop == VTERM_PROP_TITLE)
		g_string_assign(t->title, val->string);
	return 1;
}

static int on_bell(void *user)
{
	Term *t = user;

	t->bells++;
	return 1;
}

static int on_osc(const char *command, size_t len, void *user)
{
	Term *t = user;

	g_string_truncate(t->osc, 0);
	g_string_append_len(t->osc, command, len);
	t->have_osc = true;
	return 1;
}

static const VTermScreenCallbacks screen_callbacks = { .settermprop = on_prop, .bell = on_bell };
static const VTermParserCallbacks fallbacks = { .osc = on_osc };

/* ---- the pty ---- */

/* Writes what the tty takes without blocking; the rest waits for the next pump(). */
static void flush_unsent(Term *t)
{
	while (t->unsent->len > 0 && !t->eof) {
		ssize_t n = write(t->master, t->unsent->str, t->unsent->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		g_string_erase(t->unsent, 0, n);
	}
}

/* Length of the string sequence (OSC, DCS) at s including its end; 0 if it is not complete. */
static size_t string_length(const char *s, size_t len)
{
	for (size_t i = 2; i < len; i++) {
		if (s[i] == '\a')
			return i + 1;
		if (s[i] == '\033')
			return i + 1 < len ? i + 2 : 0;
	}
	return 0;
}

/*
 * How much of s the emulator may have now. libvterm 0.1 forgets the beginning of a string sequence
 * that comes in two pieces, and computes a negative length if only the final ESC \ is split; so
 * such a sequence, and an ESC that may begin one, is held back until it is whole.
 */
static size_t whole_prefix(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] != '\033')
			continue;
		if (i + 1 == len)
			return i;
		if (s[i + 1] == ']' || s[i + 1] == 'P') {
			size_t n = string_length(s + i, len - i);

			if (n == 0)
				return i;
			i += n - 1;
		}
	}
	return len;
}

static void take_output(Term *t, const char *bytes, size_t len)
{
	t->bytes += len;
	if (t->output->len > 2 * KEEP_OUTPUT)
		g_string_erase(t->output, 0, t->output->len - KEEP_OUTPUT);
	g_string_append_len(t->output, bytes, len);
	g_string_append_len(t->held, bytes, len);
	len = whole_prefix(t->held->str, t->held->len);
	vterm_input_write(t->vt, t->held->str, len);
	g_string_erase(t->held, 0, len);
}

/* A bounded piece at a time, so that a chatty program cannot starve the deadline. */
static void read_output(Term *t)
{
	char buf[16384];

	for (int i = 0; i < 16 && !t->eof; i++) {
		ssize_t n = read(t->master, buf, sizeof(buf));

		if (n > 0)
			take_output(t, buf, n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && errno == EAGAIN)
			break;
		else /* EIO: the last one closed the tty */
			t->eof = true;
	}
	flush_unsent(t);
}

static void reap(Term *t)
{
	int st;

	if (t->ended || waitpid(t->pid, &st, WNOHANG) != t->pid)
		return;
	t->ended = true;
	t->status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
}

/* Waits up to ms for output or the end of the program and takes it in. */
static void pump(Term *t, int ms)
{
	struct pollfd fds[2] = {
		{ .fd = t->eof ? -1 : t->master,
		  .events = POLLIN | (t->unsent->len ? POLLOUT : 0) },
		{ .fd = t->ended ? -1 : t->pidfd, .events = POLLIN },
	};

	if (t->pidfd < 0 && !t->ended)
		ms = MIN(ms, SLICE_MS);
	/* Look for the end first: then what is read afterwards is all there will be. */
	poll(fds, 2, ms);
	reap(t);
	read_output(t);
}

/* ---- life ---- */

/* What a test may depend on is set here; what only tools need is passed through. */
static char **make_environment(const char *const extra[])
{
	static const char *const passed[] = {
		"PATH",
		"TMPDIR",
		"XDG_STATE_HOME",
		"LD_LIBRARY_PATH",
		"ASAN_OPTIONS",
		"LSAN_OPTIONS",
		"TSAN_OPTIONS",
		"UBSAN_OPTIONS",
		"G_SLICE", /* ThreadSanitizer wants it */
		"GCOV_PREFIX",
		"GCOV_PREFIX_STRIP",
		"LLVM_PROFILE_FILE",
	};
	static const char *const pinned[][2] = {
		{ "TERM", "xterm-256color" }, { "LANG", "C.UTF-8" },  { "TZ", "UTC" },
		{ "HOME", "/nonexistent" },   { "SHELL", "/bin/sh" },
	};
	char **env = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(passed); i++)
		if (g_getenv(passed[i]))
			env = g_environ_setenv(env, passed[i], g_getenv(passed[i]), TRUE);
	for (size_t i = 0; i < G_N_ELEMENTS(pinned); i++)
		env = g_environ_setenv(env, pinned[i][0], pinned[i][1], TRUE);
	for (size_t i = 0; extra && extra[i]; i++) {
		const char *eq = strchr(extra[i], '=');
		g_autofree char *name = eq ? g_strndup(extra[i], eq - extra[i]) : NULL;

		env = eq ? g_environ_setenv(env, name, eq + 1, TRUE)
		         : g_environ_unsetenv(env, extra[i]);
	}
	return env;
}

/* In the child, between fork and exec: async-signal-safe calls only. */
static _Noreturn void run_child(const char *path, const char *const argv[], char **env)
{
	sigset_t none;

	sigemptyset(&none);
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	close_range(3, ~0U, 0);
	execve(path, (char *const *)argv, env);
	_exit(127);
}

static void make_emulator(Term *t, int rows, int cols)
{
	t->vt = vterm_new(rows, cols);
	vterm_set_utf8(t->vt, 1);
	vterm_output_set_callback(t->vt, on_reply, t);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_set_callbacks(t->screen, &screen_callbacks, t);
	vterm_screen_set_unrecognised_fallbacks(t->screen, &fallbacks, t);
	vterm_screen_reset(t->screen, 1);
}

Term *term_start(int rows, int cols, const char *const argv[], const char *const extra_env[])
{
	struct winsize size = { .ws_row = rows, .ws_col = cols };
	g_auto(GStrv) env = make_environment(extra_env);
	g_autofree char *path = g_find_program_in_path(argv[0]);
	int master;
	pid_t pid;

	if (!path) {
		fprintf(stderr, "term: no program %s\n", argv[0]);
		return NULL;
	}
	pid = forkpty(&master, NULL, NULL, &size);
	if (pid == 0)
		run_child(path, argv, env);
	if (pid < 0) {
		fprintf(stderr, "term: forkpty: %s\n", g_strerror(errno));
		return NULL;
	}
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK);

	Term *t = g_new0(Term, 1);

	*t = (Term){ .pid = pid,
		     .master = master,
		     .pidfd = pidfd_open(pid, 0),
		     .status = -1,
		     .cursor_shown = true,
		     .unsent = g_string_new(NULL),
		     .output = g_string_new(NULL),
		     .held = g_string_new(NULL),
		     .title = g_string_new(NULL),
		     .osc = g_string_new(NULL) };
	make_emulator(t, rows, cols);
	return t;
}

static bool has_ended(Term *t, void *data)
{
	(void)data;
	return t->ended;
}

void term_stop(Term *t, int *status)
{
	if (status)
		*status = -1;
	if (!t)
		return;
	pump(t, 0);
	term_signal(t, SIGTERM);
	/* A stopped job does not see SIGTERM until it is continued. */
	term_signal(t, SIGCONT);
	if (!term_wait(t, has_ended, NULL, NULL, KILL_AFTER_MS)) {
		term_signal(t, SIGKILL);
		term_wait(t, has_ended, NULL, NULL, KILL_AFTER_MS);
	}
	if (status)
		*status = t->status;
	g_dataset_destroy(t); /* the normalisers of golden.c */
	vterm_free(t->vt);
	close(t->master);
	if (t->pidfd >= 0)
		close(t->pidfd);
	g_string_free(t->unsent, TRUE);
	g_string_free(t->output, TRUE);
	g_string_free(t->held, TRUE);
	g_string_free(t->title, TRUE);
	g_string_free(t->osc, TRUE);
	g_free(t);
}

bool term_wait_exit(Term *t, int ms, int *status)
{
	bool done = term_wait(t, has_ended, NULL, "the program to end", ms);

	if (status)
		*status = t->status;
	return done;
}

bool term_signal(Term *t, int sig)
{
	reap(t);
	return !t->ended && kill(t->pid, sig) == 0;
}

void term_resize(Term *t, int rows, int cols)
{
	struct winsize size = { .ws_row = rows, .ws_col = cols };

	pump(t, 0);
	vterm_set_size(t->vt, rows, cols);
	ioctl(t->master, TIOCSWINSZ, &size);
}

void term_send(Term *t, const char *bytes)
{
	g_string_append(t->unsent, bytes);
	flush_unsent(t);
}

/* ---- waiting ---- */

double term_slow(void)
{
	const char *s = g_getenv("MDEVCON_TEST_SLOW");
	double factor = s ? g_ascii_strtod(s, NULL) : 1;

	return factor > 0 ? CLAMP(factor, 0.1, 1000) : 1;
}

static gint64 deadline_in(int ms)
{
	return g_get_monotonic_time() + (gint64)(ms * 1000 * term_slow());
}

static int ms_until(gint64 deadline)
{
	return (int)MAX(0, (deadline - g_get_monotonic_time() + 999) / 1000);
}

bool term_wait(Term *t, TermCheck check, void *data, const char *what, int ms)
{
	gint64 deadline = deadline_in(ms);

	pump(t, 0);
	while (!check(t, data)) {
		if (ms_until(deadline) == 0 || (t->ended && t->eof)) {
			if (what && ms > 0) {
				fprintf(stderr, "term: waited up to %d ms for %s\n", ms, what);
				term_print(t);
			}
			return false;
		}
		pump(t, ms_until(deadline));
	}
	return true;
}

bool term_wait_idle(Term *t, int quiet_ms, int ms)
{
	gint64 deadline = deadline_in(ms), quiet = deadline_in(quiet_ms);

	for (;;) {
		uint64_t before = t->bytes;

		pump(t, MIN(ms_until(quiet), ms_until(deadline)));
		if (t->bytes != before)
			quiet = deadline_in(quiet_ms);
		else if (ms_until(quiet) == 0 || (t->ended && t->eof))
			return true;
		if (ms_until(deadline) == 0)
			return false;
	}
}

/* ---- looking ---- */

static int colour_of(const VTermColor *c)
{
	if (c->type & VTERM_COLOR_DEFAULT_MASK)
		return TERM_DEFAULT;
	if (VTERM_COLOR_IS_INDEXED(c))
		return c->indexed.idx;
	return TERM_RGB | c->rgb.red << 16 | c->rgb.green << 8 | c->rgb.blue;
}

/* The emulator takes a cell for wide whenever a right half follows, even one that has lost its
 * wide character because that was overwritten; so ask for the character, too. */
static bool is_wide(const VTermScreenCell *c)
{
	return c->width == 2 && c->chars[0] != RIGHT_HALF && g_unichar_iswide(c->chars[0]);
}

bool term_cell(Term *t, int row, int col, TermCell *cell)
{
	VTermScreenCell c, left = { 0 };
	char *end = cell->text;
	int rows, cols;

	term_size(t, &rows, &cols);
	row += row < 0 ? rows : 0;
	*cell = (TermCell){ .text = " ", .width = 1, .fg = TERM_DEFAULT, .bg = TERM_DEFAULT };
	if (row < 0 || row >= rows || col < 0 || col >= cols)
		return false;
	vterm_screen_get_cell(t->screen, (VTermPos){ row, col }, &c);
	if (c.chars[0] == RIGHT_HALF) {
		if (col > 0)
			vterm_screen_get_cell(t->screen, (VTermPos){ row, col - 1 }, &left);
		if (is_wide(&left))
			*cell = (TermCell){ .width = 0 };
	} else if (c.chars[0] != 0) {
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c.chars[i]; i++)
			end += g_unichar_to_utf8(c.chars[i], end);
		*end = 0;
		cell->width = is_wide(&c) ? 2 : 1;
	}
	cell->bold = c.attrs.bold;
	cell->underline = c.attrs.underline;
	cell->italic = c.attrs.italic;
	cell->blink = c.attrs.blink;
	cell->reverse = c.attrs.reverse;
	cell->strike = c.attrs.strike;
	cell->fg = colour_of(&c.fg);
	cell->bg = colour_of(&c.bg);
	return true;
}

bool term_cursor(const Term *t, int *row, int *col)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &pos);
	if (row)
		*row = pos.row;
	if (col)
		*col = pos.col;
	return t->cursor_shown;
}

bool term_cooked(const Term *t)
{
	struct termios tio;

	return tcgetattr(t->master, &tio) == 0 && (tio.c_lflag & ICANON) && (tio.c_lflag & ECHO);
}

const char *term_output(const Term *t, size_t *len)
{
	if (len)
		*len = t->output->len;
	return t->output->str;
}

/* ---- plain questions ---- */

bool term_ended(const Term *t)
{
	return t->ended;
}
pid_t term_pid(const Term *t)
{
	return t->pid;
}
bool term_alternate(const Term *t)
{
	return t->alternate;
}
bool term_mouse(const Term *t)
{
	return t->mouse;
}
const char *term_title(const Term *t)
{
	return t->title->str;
}
unsigned term_bells(const Term *t)
{
	return t->bells;
}
const char *term_last_osc(const Term *t)
{
	return t->have_osc ? t->osc->str : NULL;
}
uint64_t term_bytes(const Term *t)
{
	return t->bytes;
}
VTerm *term_vterm(Term *t)
{
	return t->vt;
}
