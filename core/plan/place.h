// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Which parents new instances go to, where a host or a card was named and not a parent. */

#include "core/inventory.h"
#include "core/status.h"

#define PLACE_CARD "card:" /* stands before a card's name, where a parent's could stand too */

/*
 * Picks a parent for each of `count` instances of a type: on the card `where` ("card:BDF"), or on
 * any (NULL). One card takes them all where one can, first one that holds the type already: on a
 * card that takes one size at a time, a second type would shut the first one out. On a card they
 * spread over its functions, by name, as far as each says that it has room; what is left over goes
 * to functions that were not picked yet, whose kernel then gives its own answer. A parent where
 * `uuid` (may be NULL) is that type already comes first: repeating a create is no change.
 *
 * Returns Parent * array of `count`; or NULL with a Problem and STATUS_NOT_FOUND.
 */
GPtrArray *place_instances(const Inventory *inventory, const char *host, const char *where,
                           const char *type_id, const char *uuid, guint count, Status *status,
                           Problem **problem);
