// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Create: type, parent, identity and count on one page, then the review page. UI thread. */

#include "tui/view.h"

/* Opens the wizard for a host, with `type_id` (may be NULL) filled in; or says why it cannot. */
void create_wizard(Ui *ui, int host, const char *type_id);
