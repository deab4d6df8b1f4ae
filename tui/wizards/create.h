// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Create: type, card, identity and count on one page, then the review page. UI thread. */

#include "tui/view.h"

/*
 * Opens the wizard for a host, with card and type (each may be NULL) filled in; or says why it
 * cannot.
 */
void create_wizard(Ui *ui, int host, const char *card_name, const char *type_id);
