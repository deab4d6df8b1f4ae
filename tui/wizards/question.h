// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A question that a host's connection waits with: host key, passphrase, password. UI thread. */

#include "tui/view.h"

/* Opens the question that `host` has waiting. Left unanswered it is answered "no". */
void question_open(Ui *ui, int host);
