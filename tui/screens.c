// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/screen_table.h"

#include "tui/views/fleet.h"
#include "tui/views/guests.h"
#include "tui/views/matrix.h"
#include "tui/views/messages.h"

const Screen screens[SCREEN_COUNT] = {
#define X(id_, make_) [SCREEN_##id_] = { .action = ACTION_##id_, .make = make_ },
	SCREENS(X)
#undef X
};
