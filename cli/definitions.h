// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What the commands about definitions share: finding them, planning each, running the plans. */

#include "cli/item.h"
#include "core/plan/plan.h"

typedef struct {
	const char *question; /* "Undefine?"; NULL: asks nothing */
	ScanFlags flags;
	/* The plan of one definition; NULL and the refusal. */
	Plan *(*plan)(const Cli *cli, const Inventory *inventory, const char *host,
	              const Definition *definition, Status *status, Problem **problem);
} DefinitionChange;

/* The definition that an item means; NULL and the refusal (not found; more than one). */
const Definition *definition_find(const Inventory *inventory, const Item *item, Status *status,
                                  Problem **problem);

/* HOST/UUID... (up to NULL): all of them, host by host. Returns the exit status. */
Status definitions_change(Cli *cli, char **operands, const DefinitionChange *change);
