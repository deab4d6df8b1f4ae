// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/text.h"

#define ANSWER_MAX 1024

static GMutex one_at_a_time;

static void put(int fd, const char *text)
{
	for (gsize len = strlen(text); len > 0;) {
		gssize n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= (gsize)n;
	}
}

/* Each line made visible on its own: the line breaks are ours, the rest may be a host's. */
static void put_lines(int fd, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		g_autofree char *visible = text_visible(lines[i], -1);
		put(fd, visible);
		if (lines[i + 1])
			put(fd, "\n");
	}
}

/* True when there is something to read; false on cancel or when the terminal is gone. */
static bool wait_readable(int fd, GCancellable *cancel)
{
	GPollFD stop = { .fd = -1 };
	bool have_stop = cancel && g_cancellable_make_pollfd(cancel, &stop);
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN },
		                { .fd = have_stop ? stop.fd : -1, .events = POLLIN } };
	int n;

	do
		n = poll(fds, G_N_ELEMENTS(fds), -1);
	while (n < 0 && errno == EINTR);
	if (have_stop)
		g_cancellable_release_fd(cancel);
	return n > 0 && fds[1].revents == 0 && (fds[0].revents & POLLIN);
}

/* One line without its newline, into a buffer that the caller wipes. False: no answer. */
static bool read_line(int fd, char *buffer, gsize size, GCancellable *cancel)
{
	if (!wait_readable(fd, cancel))
		return false;
	gssize n = read(fd, buffer, size - 1);
	if (n <= 0)
		return false;
	buffer[n] = '\0';
	if (buffer[n - 1] == '\n')
		buffer[n - 1] = '\0';
	return true;
}

static char *ask_line(int fd, bool echo, GCancellable *cancel)
{
	char buffer[ANSWER_MAX] = "";
	struct termios before, silent;
	bool quiet = !echo && tcgetattr(fd, &before) == 0;
	char *answer = NULL;

	if (!echo && !quiet)
		return NULL; /* a secret is never typed in the open */
	if (quiet) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(fd, TCSAFLUSH, &silent);
	}
	if (read_line(fd, buffer, sizeof(buffer), cancel))
		answer = g_strdup(buffer);
	if (quiet) {
		tcsetattr(fd, TCSAFLUSH, &before);
		put(fd, "\n");
	}
	explicit_bzero(buffer, sizeof(buffer));
	return answer;
}

char *ask_tty(const Question *question, GCancellable *cancel, G_GNUC_UNUSED void *data)
{
	bool is_key = question->kind == QUESTION_HOSTKEY;
	g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&one_at_a_time);

	if (g_cancellable_is_cancelled(cancel))
		return NULL;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return NULL;
	put_lines(fd, question->host);
	put(fd, ": ");
	put_lines(fd, question->text);
	put(fd, is_key ? " (yes/no) " : " ");

	char *answer = ask_line(fd, is_key, cancel);
	close(fd);
	if (is_key && answer && g_ascii_strcasecmp(g_strstrip(answer), "yes") != 0)
		g_clear_pointer(&answer, g_free);
	return answer;
}

bool ask_confirm(const char *text, GCancellable *cancel)
{
	g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&one_at_a_time);
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return false;
	put_lines(fd, text);
	put(fd, " [y/N] ");
	g_autofree char *answer = ask_line(fd, true, cancel);
	close(fd);
	if (!answer)
		return false;
	g_strstrip(answer);
	return g_ascii_strcasecmp(answer, "y") == 0 || g_ascii_strcasecmp(answer, "yes") == 0;
}
