// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The index of compatibility over the hosts of a snapshot, kept up to date: a host whose inventory
 * is the same object as before is not looked at again. UI thread.
 */

#include "core/compat/index.h"
#include "tui/snapshot.h"

typedef struct FleetIndex FleetIndex;

FleetIndex *fleet_index_new(void);
void fleet_index_free(FleetIndex *index);

/* Takes over what changed. Call it before the rest. */
void fleet_index_update(FleetIndex *index, const Snapshot *hosts);
CompatIndex *fleet_index_compat(FleetIndex *index);
/* The fleet's index of a host by its label; -1: none. */
int fleet_index_host(const FleetIndex *index, const char *label);
