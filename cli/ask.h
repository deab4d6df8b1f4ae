// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Questions on the terminal. Any thread; one question at a time, the others wait. */

#include "core/backend.h"

/* An AskFunc that asks on /dev/tty. Secrets are not echoed. `data` is not used. */
char *ask_tty(const Question *question, GCancellable *cancel, void *data);

/* "TEXT [y/N] ": true for yes. False too where there is no terminal, or on cancel. */
bool ask_confirm(const char *text, GCancellable *cancel);
