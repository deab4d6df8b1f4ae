// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Plans as JSON (contract.md, "plan" and "step") and back. What is read back is not believed: a
 * step is made anew from what it is about, and the write or command that the file gives must be
 * exactly that; so no file can make mdevcon write elsewhere or run another program.
 */

#include <jansson.h>

#include "core/plan/plan.h"

/* One object for all steps of `plans` (Plan *); null for none. New. */
json_t *json_plan(const GPtrArray *plans);

/*
 * The plans (Plan *) of a "plan" object: one for each run of steps of the same host, in order. NULL
 * and `why` (new), what is wrong with it.
 */
GPtrArray *plans_from_json(const json_t *plan, char **why);
