// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The second half of the command line's tests: returns the number of failures. */
int cli_change_tests(void);
