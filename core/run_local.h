// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/backend.h"

/*
 * Runs a program of this machine: as BackendOps.run. Both streams are kept up to
 * BACKEND_OUTPUT_MAX. Past the deadline, and on cancel, the program is left to itself: half of what
 * it does is worse than all of it. Any thread; blocking until then.
 */
int run_local(const char *const *argv, const char *input, int deadline_ms, CommandOutput *output,
              GCancellable *cancel);
