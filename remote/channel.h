// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* One exec channel of a session, as the line that a probe runs on. */

#include "remote/probe.h"
#include "remote/session.h"

typedef struct ExecChannel ExecChannel;

extern const ProbeLine exec_line; /* its data is a ExecChannel */

/* Opens a channel and runs `command`. NULL and BACKEND_ERROR_*. `session` must outlive it. */
ExecChannel *exec_channel_open(Session *session, const char *command, int deadline_ms,
                               GCancellable *cancel, GError **error);
/* From now on standard error is thrown away; before, it comes with the output. */
void exec_channel_ignore_errors(ExecChannel *channel);
void exec_channel_close(ExecChannel *channel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExecChannel, exec_channel_close)
