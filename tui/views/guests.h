// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The guests screen: who holds which instances, on which host; and what nobody holds. UI thread. */

#include "tui/view.h"

View *guests_screen_new(Ui *ui);
