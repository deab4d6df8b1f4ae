// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The fleet of `mdevcon --demo`: simulated hosts, furnished so that every verdict, every kind of
 * host and the common failures can be met. Nothing outside of the program is touched.
 */

#include "core/hosts.h"

#define DEMO_SOURCE "gpu-a"
#define DEMO_TARGET "gpu-b"

/*
 * Makes the hosts' kernels (the program's own, core/simulate/backend_sim.h) and furnishes those
 * that are new. HostAddress *, new; the addresses are owned by the array. Once a program.
 */
GPtrArray *demo_hosts(void);

/* The profile, and what there is to see, of the nth host; NULL past the end. For texts. */
const char *demo_label(guint nth);
const char *demo_summary(guint nth);
