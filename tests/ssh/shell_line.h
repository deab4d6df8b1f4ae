// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A shell of this machine as the line of a probe, over plain pipes. */

#include "remote/probe.h"

#define SHELL_DEADLINE_MS 20000

typedef struct {
	GPid pid;
	int in, out;
} Shell;

extern const ProbeLine shell_line; /* its data is a Shell */

/* dash, bash, bash --posix, busybox sh: each an argument list. */
#define SHELL_COUNT 4
extern const char *const *const shells[SHELL_COUNT];

/* What /bin/sh is given by PROBE_COMMAND, for another shell; `before` runs first. */
void shell_start(Shell *shell, const char *const *program, const char *before);
void shell_stop(Shell *shell);
