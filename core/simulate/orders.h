// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/simulate/kernel.h"

/*
 * Orders to the simulated world, words with one blank between them:
 *
 *   create PARENT TYPE UUID               as a write to `create`
 *   define PARENT TYPE UUID auto|manual   a definition as mdevctl writes it
 *   set-type BDF NUMBER                   vendor VFIO: a function's type
 *   guest-start PID NAME UUID...          a virtual machine opens these instances
 *   guest-stop PID                        it ends
 *   inject OP GLOB ERRNO MS TIMES         see sim_inject; "hang" for the errno hangs
 *   mend                                  takes injections back
 *
 * 0, or -errno (-EINVAL: no such order). Any thread.
 */
int sim_order(SimKernel *kernel, const char *line);
