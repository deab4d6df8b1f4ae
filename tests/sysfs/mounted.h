// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A simulated kernel, mounted by simfs ($MDEVCON_SIMFS) in a folder of its own; for cmocka tests.
 */

#include <glib.h>

typedef struct {
	char *root;
	GPid pid; /* of simfs */
} Mounted;

/* Fails the test when it cannot be mounted. */
Mounted *mounted_new(const char *profile);
/* Ends simfs, unmounts, and removes the folder. */
void mounted_free(Mounted *mounted);

/* ROOT and a host path. New. */
char *mounted_path(const Mounted *mounted, const char *path);
/* An order to the simulated world (core/simulate/orders.h); must be taken. */
void mounted_order(const Mounted *mounted, const char *order);
/* One write(2): the count or -errno. Any thread, any child. */
gssize mounted_write(const Mounted *mounted, const char *path, const char *text);
/* An attribute's value without its newline; must be readable. New. */
char *mounted_value(const Mounted *mounted, const char *path);
