// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/terminal.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

G_DEFINE_QUARK(mdevcon - terminal - error, terminal_error)

#define ESCAPE_DELAY_MS 100

/* One terminal a program: what handlers of signals need cannot be anywhere else. */
static struct {
	bool started;
	SCREEN *screen;
	struct termios saved;
	attr_t attrs[ROLE_COUNT];
	short pairs[ROLE_COUNT];
	int wake_fd;
	bool gone;
} terminal;

static volatile sig_atomic_t end_signal, resized, stop_asked;

/* ---- signals ------------------------------------------------------------------------------ */

static void wake(void)
{
	int saved = errno;
	guint64 one = 1;
	if (write(terminal.wake_fd, &one, sizeof one) < 0) {
		/* the counter is full: the loop wakes anyway */
	}
	errno = saved;
}

static void on_end(int sig)
{
	end_signal = sig;
	wake();
}

static void on_resize(int sig)
{
	(void)sig;
	resized = 1;
	wake();
}

static void on_stop(int sig)
{
	(void)sig;
	stop_asked = 1;
	wake();
}

/* A crash: only async-signal-safe calls. Leaves the alternate screen, shows the cursor, restores.
 */
static void on_crash(int sig)
{
	static const char restore[] = "\033[?1049l\033[?25h\033[?1l\033>\033[0m\r\n";
	if (terminal.started) {
		if (write(STDOUT_FILENO, restore, sizeof restore - 1) < 0) {
			/* nothing left to do */
		}
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal.saved);
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

static const struct {
	int sig;
	void (*handler)(int);
} signals[] = {
	{ SIGTERM, on_end },     { SIGHUP, on_end },   { SIGINT, on_end },    { SIGQUIT, on_end },
	{ SIGWINCH, on_resize }, { SIGTSTP, on_stop }, { SIGSEGV, on_crash }, { SIGABRT, on_crash },
	{ SIGBUS, on_crash },    { SIGFPE, on_crash }, { SIGILL, on_crash },  { SIGPIPE, SIG_IGN },
};

static struct sigaction saved_actions[G_N_ELEMENTS(signals)];

static void catch_signals(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
		struct sigaction action = { .sa_handler = signals[i].handler,
			                    .sa_flags = SA_RESTART };
		sigemptyset(&action.sa_mask);
		sigaction(signals[i].sig, &action, &saved_actions[i]);
	}
}

static void release_signals(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i].sig, &saved_actions[i], NULL);
}

int terminal_end_signal(void)
{
	return end_signal;
}

bool terminal_stop_asked(void)
{
	bool asked = stop_asked;
	stop_asked = 0;
	return asked;
}

bool terminal_gone(void)
{
	return terminal.gone;
}

/* ---- colours ------------------------------------------------------------------------------ */

static attr_t style_attrs(const Style *style)
{
	return (style->bold ? A_BOLD : 0) | (style->dim ? A_DIM : 0) |
	       (style->underline ? A_UNDERLINE : 0) | (style->reverse ? A_REVERSE : 0);
}

/* A pair for these colours of a theme, or 0: the terminal's own. */
static short make_pair(const Style *style, short pair, attr_t *attrs)
{
	bool bold = false, ignored = false;
	int fg = palette_fit(style->fg, COLORS, &bold),
	    bg = palette_fit(style->bg, COLORS, &ignored);

	/* Half a pair could be unreadable. */
	if ((fg == COLOR_DEFAULT && style->fg != COLOR_DEFAULT) ||
	    (bg == COLOR_DEFAULT && style->bg != COLOR_DEFAULT))
		return 0;
	if ((fg == COLOR_DEFAULT && bg == COLOR_DEFAULT) || init_extended_pair(pair, fg, bg) != OK)
		return 0;
	*attrs |= bold ? A_BOLD : 0;
	return pair;
}

static void set_styles(const Theme *theme, bool color)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		const Style *style = color ? &theme->color[i] : &theme->mono[i];
		attr_t attrs = style_attrs(style);
		terminal.pairs[i] = color ? make_pair(style, (short)(i + 1), &attrs) : 0;
		terminal.attrs[i] = attrs;
	}
}

static bool want_color(ColorMode mode)
{
	const char *no_color = g_getenv("NO_COLOR");
	if (mode == COLOR_NEVER || (mode == COLOR_AUTO && no_color && *no_color))
		return false;
	return has_colors();
}

/* ---- life --------------------------------------------------------------------------------- */

bool terminal_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool terminal_start(const Theme *theme, ColorMode mode, int wake_fd, GError **error)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &terminal.saved) != 0) {
		g_set_error(error, TERMINAL_ERROR, 0, "the console needs a terminal");
		return false;
	}
	setlocale(LC_CTYPE, "");
	terminal.wake_fd = wake_fd;
	terminal.screen = newterm(NULL, stdout, stdin);
	if (!terminal.screen) {
		const char *term = g_getenv("TERM");
		g_set_error(error, TERMINAL_ERROR, 0, "terminal type \"%s\" is not known",
		            term ? term : "");
		return false;
	}
	/* Our handlers, not those of curses: resize and end are matters of the loop. */
	catch_signals();
	set_term(terminal.screen);
	terminal.started = true;
	set_escdelay(ESCAPE_DELAY_MS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	/* Keys are read between poll() and drawing; getch must not draw. */
	leaveok(stdscr, FALSE);
	idlok(stdscr, FALSE);
	bool color = want_color(mode);
	if (color) {
		start_color();
		use_default_colors();
	}
	set_styles(theme, color);
	resized = 1;
	return true;
}

void terminal_stop(void)
{
	if (!terminal.started)
		return;
	curs_set(1);
	endwin();
	delscreen(terminal.screen);
	terminal.screen = NULL;
	terminal.started = false;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal.saved);
	release_signals();
}

void terminal_suspend(void)
{
	struct sigaction ours, usual = { .sa_handler = SIG_DFL };
	sigemptyset(&usual.sa_mask);
	def_prog_mode();
	curs_set(1);
	endwin();
	sigaction(SIGTSTP, &usual, &ours);
	raise(SIGTSTP);
	/* Here we are again: the size may be another, the screen surely is. */
	sigaction(SIGTSTP, &ours, NULL);
	stop_asked = 0;
	reset_prog_mode();
	resized = 1;
	terminal_redraw();
}

void terminal_redraw(void)
{
	clearok(curscr, TRUE);
}

bool terminal_size(int *w, int *h)
{
	bool changed = resized;
	if (changed) {
		struct winsize size;
		resized = 0;
		if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row) {
			resizeterm(size.ws_row, size.ws_col);
			clearok(curscr, TRUE);
		}
	}
	getmaxyx(stdscr, *h, *w);
	return changed;
}

/* ---- keys --------------------------------------------------------------------------------- */

static const struct {
	int curses;
	Key key;
} special_keys[] = {
	{ KEY_UP, KEYCODE_UP },        { KEY_DOWN, KEYCODE_DOWN },
	{ KEY_LEFT, KEYCODE_LEFT },    { KEY_RIGHT, KEYCODE_RIGHT },
	{ KEY_PPAGE, KEYCODE_PGUP },   { KEY_NPAGE, KEYCODE_PGDN },
	{ KEY_HOME, KEYCODE_HOME },    { KEY_END, KEYCODE_END },
	{ KEY_IC, KEYCODE_INSERT },    { KEY_DC, KEYCODE_DELETE },
	{ KEY_BTAB, KEYCODE_BACKTAB }, { KEY_BACKSPACE, KEYCODE_BACKSPACE },
	{ KEY_ENTER, KEYCODE_ENTER },
};

static Key special_key(int code)
{
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return KEYCODE_F1 + (Key)(code - KEY_F(1));
	for (gsize i = 0; i < G_N_ELEMENTS(special_keys); i++) {
		if (special_keys[i].curses == code)
			return special_keys[i].key;
	}
	return KEYCODE_NONE;
}

int terminal_fd(void)
{
	return STDIN_FILENO;
}

Key terminal_key(void)
{
	for (;;) {
		wint_t c;
		int rc = get_wch(&c);
		if (rc == ERR)
			return KEYCODE_NONE;
		if (rc == KEY_CODE_YES) {
			Key key = special_key((int)c);
			if (key != KEYCODE_NONE)
				return key;
			continue; /* a key that we have no name for */
		}
		if (c == '\n')
			return KEYCODE_ENTER;
		if (c == '\b')
			return KEYCODE_BACKSPACE;
		return (Key)c;
	}
}

/* ---- drawing ------------------------------------------------------------------------------ */

static void draw_cell(int x, int y, const Cell *cell, bool utf8)
{
	wchar_t text[CELL_COMBINING + 2] = { (wchar_t)cell->base };
	Role role = cell->role < ROLE_COUNT ? cell->role : ROLE_NORMAL;
	if (!utf8 && cell->base >= 0x80)
		text[0] = L'?';
	else
		for (int i = 0; i < CELL_COMBINING; i++)
			text[i + 1] = (wchar_t)cell->combining[i];
	cchar_t cc;
	if (setcchar(&cc, text, terminal.attrs[role], terminal.pairs[role], NULL) == OK)
		mvadd_wch(y, x, &cc);
}

void terminal_flush(const Surface *surface)
{
	int cursor_x, cursor_y;
	bool utf8 = terminal_is_utf8();
	for (int y = 0; y < surface_height(surface); y++) {
		for (int x = 0; x < surface_width(surface); x++) {
			const Cell *cell = surface_cell(surface, x, y);
			if (cell->base != 0)
				draw_cell(x, y, cell, utf8);
		}
	}
	bool shown = surface_cursor(surface, &cursor_x, &cursor_y);
	curs_set(shown ? 1 : 0);
	if (shown)
		move(cursor_y, cursor_x);
	refresh();
	if (ferror(stdout))
		terminal.gone = true;
}

void terminal_copy(const char *text)
{
	g_autofree char *encoded = g_base64_encode((const guchar *)text, strlen(text));
	g_autofree char *sequence = g_strdup_printf("\033]52;c;%s\a", encoded);
	for (gsize done = 0, n = strlen(sequence); done < n;) {
		ssize_t wrote = write(STDOUT_FILENO, sequence + done, n - done);
		if (wrote < 0 && errno != EINTR)
			return;
		done += wrote > 0 ? (gsize)wrote : 0;
	}
}
