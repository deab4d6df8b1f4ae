// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * For cmocka tests: the log of the table of operations is, line by line, what a real kernel
 * answered ($MDEVCON_DATA/operations.txt).
 */
void expect_kernel_log(const char *log);
/* Writes that file anew, from a real kernel's log. */
void update_kernel_log(const char *log);
