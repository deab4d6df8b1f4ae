// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The two halves of bench_fleet, and what they share. */

#include "core/fleet.h"
#include "tests/bench/bench.h"

/* One value as a figure; aim 0: none. */
void print_one(const char *figure, const char *unit, double value, double aim);
/* Of this process. */
double resident_kb(void);
double cpu_ms(void);
/* Of this process and of those that it has waited for. */
double cpu_with_children_ms(void);
/* Until so many hosts are up; ends the program after five minutes. */
void wait_until_up(Fleet *fleet, guint up);

/* Two hundred sessions over a server of its own on loopback. */
void bench_sessions(void);
