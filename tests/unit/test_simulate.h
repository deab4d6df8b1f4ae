// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What the tests of the simulated kernel share. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/simulate/kernel.h"

#define U1 "11111111-1111-1111-1111-111111111111"
#define U2 "22222222-2222-2222-2222-222222222222"
#define MTTY "/sys/class/mdev_bus/mtty/mdev_supported_types"
#define BUS "/sys/bus/mdev/devices"

SimKernel *new_kernel(const char *profile);
/* One write of a text: what write(2) gives. */
gssize put(SimKernel *kernel, const char *path, const char *text);
/* The value without its last newline; fails the test where there is none. New. */
char *get(SimKernel *kernel, const char *path);
void assert_value(SimKernel *kernel, const char *path, const char *value);
/* Names, joined by blanks. */
void assert_names(SimKernel *kernel, const char *path, const char *names);
bool is_there(SimKernel *kernel, const char *path);

/* How many of them failed. */
int run_simulated_host_tests(void);
