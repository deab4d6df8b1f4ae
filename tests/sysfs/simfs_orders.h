// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/simulate/kernel.h"

/*
 * Orders to the simulated world, one a line, as written to the file `simulation` of simfs:
 *
 *   guest-start PID NAME UUID...      a virtual machine opens these instances
 *   guest-stop PID                    it ends
 *   inject OP GLOB ERRNO MS TIMES     see sim_inject; "hang" for the errno hangs
 *   mend                              takes injections back
 *
 * 0, or -errno (-EINVAL: no such order). Any thread.
 */
int simfs_order(SimKernel *kernel, const char *line);
