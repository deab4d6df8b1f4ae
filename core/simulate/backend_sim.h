// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A simulated host behind the seam. */

#include "core/backend.h"
#include "core/simulate/kernel.h"

/*
 * A simulated host of that profile (which must exist: host_address_parse checks it). Hosts with the
 * same label and profile are one host as long as the program runs. `options` may be NULL: nobody to
 * ask, and no deadlines.
 */
Backend *backend_sim_new(const char *label, const char *profile, const BackendOptions *options);

/* The kernel of that host, made if need be. The program's own. */
SimKernel *backend_sim_kernel(const char *label, const char *profile);
