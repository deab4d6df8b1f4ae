// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Which parents new instances go to, where a host or a card was named and not a parent. */

#include "core/inventory.h"
#include "core/status.h"

typedef struct {
	const char *parent; /* the inventory's */
	guint count;
} Placement;

/*
 * Spreads `count` instances of a type over the parents of the host, or over the functions of the
 * physical card `bdf` (NULL: all), by name, as far as each says that it has room; what is left over
 * goes to the last of them, whose kernel then gives its own answer. A parent where `uuid` (may be
 * NULL) is that type already comes first: repeating a create is no change. Returns Placement array;
 * or NULL with a Problem and STATUS_NOT_FOUND.
 */
GArray *place_instances(const Inventory *inventory, const char *host, const char *bdf,
                        const char *type_id, const char *uuid, guint count, Status *status,
                        Problem **problem);
