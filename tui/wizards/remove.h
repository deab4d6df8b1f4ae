// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Remove: what it is, who uses it, whether it is defined; then the review page. UI thread. */

#include "tui/view.h"

/* Opens the wizard for one instance of a host, or says why it cannot be removed. */
void remove_wizard(Ui *ui, int host, const Instance *instance);
