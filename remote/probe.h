// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The probe: framed requests to, and replies from, the shell half (probe.sh) over a line that
 * carries bytes both ways: an SSH channel, or the pipes of a local shell in tests. A probe that
 * reported an error is of no further use: free it and begin anew. One thread at a time.
 */

#include <gio/gio.h>
#include <stdbool.h>

#include "core/backend.h"

#define PROBE_REPLY_MAX (16 * 1024 * 1024)

typedef struct {
	/*
	 * Reads what there is, waiting for it until `deadline` (monotonic). Bytes, 0 at the end, or
	 * -1 and BACKEND_ERROR_*.
	 */
	gssize (*read)(void *data, char *buffer, gsize size, gint64 deadline, GCancellable *cancel,
	               GError **error);
	/* Writes everything; false and BACKEND_ERROR_*. */
	bool (*write)(void *data, const char *bytes, gsize size, gint64 deadline,
	              GCancellable *cancel, GError **error);
} ProbeLine;

typedef struct Probe Probe;

/*
 * Sends the script over a line on which PROBE_COMMAND runs, and waits for its ready token; what a
 * login shell says before is passed over. `line` and `data` stay the caller's. `root`: "" or the
 * directory below which the shell reads. NULL and BACKEND_ERROR_*.
 */
Probe *probe_start(const ProbeLine *line, void *data, const char *root, int deadline_ms,
                   GCancellable *cancel, GError **error);
void probe_free(Probe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Probe, probe_free)

/* All facts, with the notes source and taken set. NULL and BACKEND_ERROR_*. */
Facts *probe_scan(Probe *probe, ScanFlags flags, int deadline_ms, GCancellable *cancel,
                  GError **error);

/*
 * One write, or one open, on the host: 0, an errno (ETIMEDOUT: pending in the kernel; the probe
 * stays usable), or -1 and BACKEND_ERROR_*.
 */
int probe_write(Probe *probe, const char *path, const char *value, int deadline_ms,
                GCancellable *cancel, GError **error);
int probe_open(Probe *probe, const char *devnode, int deadline_ms, GCancellable *cancel,
               GError **error);

/* As BackendOps.put_definition (text NULL: removes it) and BackendOps.run, below the root. */
int probe_put(Probe *probe, const char *path, const char *text, int deadline_ms,
              GCancellable *cancel, GError **error);
int probe_run(Probe *probe, const char *const *argv, const char *input, int deadline_ms,
              CommandOutput *output, GCancellable *cancel, GError **error);
/* The user that the shell runs as; -1: not known. */
gint64 probe_euid(const Probe *probe);

/*
 * Gives sudo's password: new text, wiped by the caller; or NULL. `again`: the one before was wrong.
 * The time that it takes counts against no deadline.
 */
typedef char *(*ProbePassword)(void *data, bool again);

/*
 * Goes on as root, by sudo or doas. `password` NULL: only where none is asked for. 1 and *tool
 * ("sudo", "doas"); 0 and *why (new, safe to show): the probe goes on as it was; -1 and
 * BACKEND_ERROR_*, _AUTH where no password was given.
 */
int probe_become(Probe *probe, ProbePassword password, void *password_data, char **tool, char **why,
                 int deadline_ms, GCancellable *cancel, GError **error);

/*
 * A sign of life, answered by the shell alone: 0; 1 when definitions came or went since the last
 * scan or ping, of which no event tells; or -1 and BACKEND_ERROR_*.
 */
int probe_ping(Probe *probe, int deadline_ms, GCancellable *cancel, GError **error);
