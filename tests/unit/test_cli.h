// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* More of the command line's tests: they return the number of failures. */
int cli_change_tests(void);
int cli_check_tests(void);
int cli_plan_tests(void);
