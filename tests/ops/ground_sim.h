// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/simulate/kernel.h"
#include "tests/ops/ground.h"

/* The simulated kernel itself, in this process. */
Ground *ground_sim_new(SimKernel *kernel);
