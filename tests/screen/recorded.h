// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The console on recorded hosts of tests/data, whose age does not change while the tests run. */

#include "tests/screen/term.h"

/*
 * Starts it with the first two labels as source and target. `extra` are options, `color` a setting
 * of the environment ("NO_COLOR=1"); each may be NULL. Fails the running cmocka test if it cannot.
 */
Term *recorded_start(const char *const labels[], int rows, int cols, const char *const extra[],
                     const char *color);
