// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* --color WHEN, for both faces. */
typedef enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorMode;
