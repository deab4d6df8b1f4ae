// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ssh/shell_line.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/backend.h"
#include "remote/probe_script.h"
#include "remote/wait.h"

static gssize shell_read(void *data, char *buffer, gsize size, gint64 deadline,
                         GCancellable *cancel, GError **error)
{
	Shell *shell = data;

	switch (wait_fd(shell->out, POLLIN, deadline, cancel)) {
	case WAIT_READY:
		return read(shell->out, buffer, size);
	case WAIT_CANCELLED:
		g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED, "cancelled");
		return -1;
	default:
		g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_TIMEOUT, "timeout");
		return -1;
	}
}

static bool shell_write(void *data, const char *bytes, gsize size, gint64 deadline,
                        GCancellable *cancel, GError **error)
{
	Shell *shell = data;

	(void)deadline;
	(void)cancel;
	while (size) {
		ssize_t n = write(shell->in, bytes, size);
		if (n < 0) {
			g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
			                    "write");
			return false;
		}
		bytes += n;
		size -= (gsize)n;
	}
	return true;
}

const ProbeLine shell_line = { shell_read, shell_write };

void shell_start(Shell *shell, const char *const *program, const char *before)
{
	const char *quote = strchr(PROBE_COMMAND, '\'');
	g_autofree char *inner = g_strndup(quote + 1, strlen(quote) - 2);
	g_autofree char *script = g_strconcat(before, inner, NULL);
	const char *argv[6] = { NULL };
	int n = 0;
	g_autoptr(GError) error = NULL;

	for (; program[n]; n++)
		argv[n] = program[n];
	argv[n++] = "-c";
	argv[n] = script;
	if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL,
	                              G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
	                              &shell->pid, &shell->in, &shell->out, NULL, &error))
		fail_msg("%s: %s", argv[0], error->message);
}

void shell_stop(Shell *shell)
{
	close(shell->in);
	close(shell->out);
	waitpid(shell->pid, NULL, 0);
	g_spawn_close_pid(shell->pid);
}

static const char *const dash[] = { "dash", NULL };
static const char *const bash[] = { "bash", NULL };
static const char *const bash_posix[] = { "bash", "--posix", NULL };
static const char *const ash[] = { "busybox", "sh", NULL };
const char *const *const shells[SHELL_COUNT] = { dash, bash, bash_posix, ash };
