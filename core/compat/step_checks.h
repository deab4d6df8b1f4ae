// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What a plan checks around its own writes (R64, R80 to R82). Pure functions on a fresh inventory;
 * texts are new, NULL means that the check holds.
 */

#include "core/compat/verdict.h"

/* R64: what the errno of a create means for the pair. */
typedef enum { CREATE_OTHER_UUID, CREATE_TYPE_GONE, CREATE_BLOCKED } CreateError;
CreateError check_create_errno(int err);

/* R80: the instance is there, of that type, on that parent, and its driver migrates if seen. */
char *check_created(const Inventory *now, const char *uuid, const char *parent, const char *type);

/* R81: what a uuid is on the target: free, that very instance already, or taken by another. */
typedef enum { UUID_FREE, UUID_THERE, UUID_TAKEN } UuidState;
UuidState check_uuid(const Inventory *now, const char *uuid, const char *parent, const char *type);

/*
 * R82: may an instance that this plan made be removed again? `waited_s`: since the abort. NVIDIA's
 * driver removes it by itself: removing it first leaks its bookkeeping until the next boot.
 */
typedef enum { CLEAN_NOW, CLEAN_WAIT, CLEAN_GONE, CLEAN_KEEP } CleanUp;
#define CLEAN_UP_WAIT_S 10
CleanUp check_clean_up(const Inventory *now, const char *uuid, guint waited_s);
