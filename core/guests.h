// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Guests, as far as the processes of a host tell: who holds which instances. Made of an inventory,
 * valid as long as that is. Any thread.
 */

#include "core/inventory.h"

typedef struct {
	const char *vm;       /* its name, or NULL */
	gint64 pid;           /* of the process that holds the instances */
	GPtrArray *instances; /* Instance *, by id; at least one */
} Guest;

/* One a process that holds instances, in the order of the instances. Guest * array that owns them.
 */
GPtrArray *guests_new(const Inventory *inventory);
