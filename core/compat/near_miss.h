// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Types that look like the same and are not. */

#include "core/inventory.h"

typedef enum { MISS_FAR, MISS_SUFFIX, MISS_NAME } NearMiss;

/* The driver's own name of a type: what follows the driver's name and a dash. Into `id`. */
const char *type_suffix(const char *id, const Parent *parent);

/*
 * How another type resembles `mine` (NULL where only its id is known): the same name under another
 * driver, or the same display name under another id.
 */
NearMiss near_miss(const Type *mine, const char *my_id, const Type *other);
