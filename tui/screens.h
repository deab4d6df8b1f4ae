// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The screens: one screen, one file under views/, one row here. Each goes by the name and the key
 * of the action of the same identifier (actions.h).
 */

typedef struct View View;

#define SCREENS(X) \
	X(PAIR, NULL) /* made at start, with its two hosts */ \
	X(FLEET, fleet_screen_new) \
	X(MATRIX, matrix_screen_new) \
	X(GUESTS, guests_screen_new) \
	X(MESSAGES, messages_screen_new)

typedef enum {
#define X(id, make) SCREEN_##id,
	SCREENS(X)
#undef X
		SCREEN_COUNT
} ScreenId;
