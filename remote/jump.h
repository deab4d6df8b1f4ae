// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "remote/session.h"

/*
 * One hop: a channel of the jump host's session, as a socket for the session behind it. A thread
 * of its own carries the bytes, so that the session behind waits on a descriptor like any other;
 * the jump host's session belongs to that thread.
 */
typedef struct Jump Jump;

/*
 * Takes `gate`, also on failure. *fd becomes a socket to the host of `plan->config`, the caller's.
 * NULL and BACKEND_ERROR_* where the jump host does not forward.
 */
Jump *jump_new(Session *gate, SessionPlan *plan, int *fd, GError **error);
/* Ends the thread and closes the jump host's session. Takes NULL. */
void jump_free(Jump *jump);
