// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The attributes of a definition, edited as a list; then the review page. UI thread. */

#include "tui/wizards/thing.h"

/* Opens the page for a definition that is there; `name` is copied. */
void attrs_wizard(Ui *ui, const ThingName *name);
