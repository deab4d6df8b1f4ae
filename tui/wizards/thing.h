// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What the wizards act on: an instance, a definition, or both by one uuid; or a function of
 * NVIDIA's vendor VFIO. It is known by its names, and looked up anew in each snapshot. UI thread.
 */

#include "tui/view.h"

typedef struct {
	int host;
	char *id;     /* uuid, or a function's address */
	char *parent; /* of the instance or the definition; NULL: not known */
} ThingName;

/* What there is by that name now; pointers live until the next snapshot. */
typedef struct {
	const Inventory *inventory;   /* NULL: the host is not read */
	const char *label;            /* of the host */
	const Instance *instance;     /* or NULL */
	const Definition *definition; /* or NULL */
	const Function *function;     /* or NULL */
} Thing;

ThingName thing_name(int host, const char *id, const char *parent);
void thing_name_clear(ThingName *name);
Thing thing_find(const Ui *ui, const ThingName *name);

/* A function by its address, if NVIDIA's vendor VFIO gives types to it; or NULL. */
const Function *vendor_function(const Inventory *inventory, const char *address);
