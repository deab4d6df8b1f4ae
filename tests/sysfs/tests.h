// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Tests on a mounted simulated kernel, one function a promise; test_fuse.c runs them all. Each has
 * a mount of its own as its state. */

#include "tests/sysfs/mounted.h"

#define U1 "11111111-1111-4111-8111-111111111111"
#define U2 "22222222-2222-4222-8222-222222222222"
#define MTTY_TYPES "/sys/class/mdev_bus/mtty/mdev_supported_types"
#define DEVICES "/sys/bus/mdev/devices"

/* test_fuse.c */
void create_instance(const Mounted *mounted, const char *type, const char *uuid);

/* test_mdevctl.c */
void test_mdevctl_types(void **state);
void test_mdevctl_life_of_a_device(void **state);
void test_mdevctl_sees_what_mdevcon_made(void **state);

/* test_held.c */
void test_held_is_refused(void **state);
void test_held_write_waits(void **state);
void test_own_write_has_a_deadline(void **state);
void test_many_hung_writes(void **state);
