// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The host picker (s, t): type to filter; each host with its state and its verdict. UI thread. */

#include "tui/views/pair.h"

void picker_open(Ui *ui, View *pair, PairSide side);
/* The same for the target, ranked: the best host for the source's selection first (b). */
void best_open(Ui *ui, View *pair);
