// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Hosts made of chance, small and full of near collisions: a few drivers, types, builds, faults. */

#include "core/inventory.h"

/* Facts of one host; the same `seed` and `nth` give the same host. */
Facts *fleet_facts(guint32 seed, guint nth);
Inventory *fleet_host(guint32 seed, guint nth);
