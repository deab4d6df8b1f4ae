// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * A child process in a session of its own, so that it has no terminal. Its standard error is a
 * socket: over it also descriptors may come. Ours are non-blocking. Any thread.
 */
typedef struct {
	pid_t pid; /* 0: none, or reaped */
	int in, out, err;
	int status; /* as from waitpid, once reaped */
} Child;

/* False and error (G_IO_ERROR). End with child_end. */
bool child_start(Child *child, const char *const *argv, char **environment, GError **error);
/* True once it ended, waiting for that until the deadline (monotonic). */
bool child_ended(Child *child, gint64 deadline);
/* Closes the descriptors, ends it and those that it started, and reaps it. */
void child_end(Child *child);
