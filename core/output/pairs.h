// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A verdict as an element of "pairs" (contract.md, "mdevcon/1"). Pure. */

#include <jansson.h>

#include "core/compat/verdict.h"

/* `source` is how the operator names it: "gpu-a/8f3c1c77-...". New. */
json_t *json_pair(const Verdict *verdict, const char *source);
