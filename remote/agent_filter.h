// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Stands between libssh and the agent, on a thread of its own. libssh offers every key of an agent
 * and waits for it without end; so it is shown only the keys that the configuration wants, those of
 * identity files first, and is hung up on when the agent does not answer in time.
 */

#include <gio/gio.h>
#include <stdbool.h>

typedef struct AgentFilter AgentFilter;

/*
 * `path` is the agent's socket; `wanted` the keys (GBytes, as on the wire) that go first, and with
 * `only` alone. *fd becomes the socket for libssh, the caller's. NULL: no agent is there.
 */
AgentFilter *agent_filter_new(const char *path, GPtrArray *wanted, bool only, gint64 deadline,
                              GCancellable *cancel, int *fd);
/* Ends the thread. Takes NULL. */
void agent_filter_free(AgentFilter *filter);

/* Was this key shown? And how many were; how long the agent took for signatures (us). */
bool agent_filter_shown(AgentFilter *filter, GBytes *key);
guint agent_filter_count(AgentFilter *filter);
gint64 agent_filter_signing_us(AgentFilter *filter);
/* The agent did not answer in time. */
bool agent_filter_hung(AgentFilter *filter);
