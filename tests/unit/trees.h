// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Small hosts for tests, as facts. */

#include "core/inventory.h"

/* One virtual parent, driven by a module of its name, with one type; NULL: that reading is absent.
 */
Facts *tree_facts(const char *arch, const char *parent, const char *type, const char *device_api,
                  const char *available);
Inventory *tree_inventory(const char *arch, const char *parent, const char *type,
                          const char *device_api, const char *available);
/* Adds an instance of that type to the facts, in IOMMU group `group`. */
void tree_add_instance(Facts *facts, const char *parent, const char *type, const char *uuid,
                       int group);
