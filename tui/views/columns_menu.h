// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The menu of a table's columns: which one sorts, which ones are shown. UI thread. */

#include "tui/view.h"
#include "tui/widgets/table.h"

/* Opens over the screen that the table belongs to. */
void columns_menu_open(Ui *ui, Table *table);
