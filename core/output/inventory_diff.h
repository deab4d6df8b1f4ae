// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What changed on a host between two looks at it. Compared is what the JSON of contract.md shows,
 * so nothing that a reader could see changes without a word.
 */

#include <jansson.h>

#include "core/output/host_row.h"

typedef struct {
	const char *what; /* "host", "parent", "type", "instance", "definition" */
	char *id;         /* label; name; PARENT/TYPE; uuid; PARENT/UUID */
	json_t *before;   /* NULL: it is new */
	json_t *after;    /* NULL: it has gone */
} InventoryChange;

/*
 * InventoryChange * array, in the order of the list above and by id. The host itself comes without
 * its lists, and changes of its age count for nothing; nor does a type change with the list of its
 * instances, which have changes of their own. Where one side has no inventory only the host is
 * compared. Pure. New.
 */
GPtrArray *inventory_diff(const HostRow *before, const HostRow *after);
