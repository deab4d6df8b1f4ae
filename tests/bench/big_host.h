// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A host of 64 parents with 16 types and 16 instances each, as a tree of files. */

#include <stdbool.h>

/* Makes the tree in a temporary folder. New; ends with big_host_free. */
char *big_host_new(void);
void big_host_free(char *root);

/*
 * Puts its sys over /sys, and an empty folder over /etc/mdevctl.d, for this process and its
 * children only. False where that is not allowed (it takes root).
 */
bool big_host_enter(const char *root);
