// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Words of the contract for our enums: the same in JSON and in text. Constant strings. */

#include "core/fleet.h"
#include "core/plan/plan.h"

const char *parent_kind_name(ParentKind kind); /* "pci", "virtual", ... */
const char *instance_kind_name(InstanceKind kind);
const char *tri_name(Tri tri);                /* "yes", "no", "unknown" */
const char *host_state_name(HostState state); /* "up", "connecting", "stale", ... */
const char *start_name(bool autostart);       /* "auto", "manual" */
const char *step_kind_name(StepKind kind);    /* "create", "remove" */
