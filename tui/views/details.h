// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Details (F3): everything known of the row under the cursor, of its host, and of the verdict. */

#include "tui/view.h"

/* Opens on what the pair screen has selected, and follows it while it lives. */
void details_open(Ui *ui, View *pair);
/* Opens on a host as a whole. */
void details_open_host(Ui *ui, int host);
/* Opens on an instance of a host, with all other devices of its guest. */
void details_open_guest(Ui *ui, int host, const Instance *instance);
