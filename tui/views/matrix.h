// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The matrix screen: instances in use by guest in the rows, hosts in the columns, one sign a cell;
 * Enter opens the pair. UI thread.
 */

#include "tui/view.h"

View *matrix_screen_new(Ui *ui);
