// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Adding a host by its address, typed as on the command line. UI thread. */

#include "tui/view.h"

void add_host_open(Ui *ui);
/* Adds it at once. False with a sentence in `*problem` (new) if that is no address, or known. */
bool add_host_now(Ui *ui, const char *text, char **problem);
