// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What hosts said last, kept on disk between runs: one facts text a host, without anything that
 * processes said, in a folder that is the user's alone (0700, files 0600, no links followed). A
 * cache that fails in any way is no cache: nothing here reports errors. Any thread.
 */

#include "core/facts.h"
#include "core/hosts.h"

typedef struct FactsCache FactsCache;

/* XDG_CACHE_HOME/mdevcon. New. */
char *facts_cache_default_folder(void);

/* The folder `dir`/facts, made if need be. NULL if it cannot be had or others may look into it. */
FactsCache *facts_cache_open(const char *dir);
void facts_cache_free(FactsCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FactsCache, facts_cache_free)

/* Only what is reached over SSH: all else answers at once, or is not real. */
bool facts_cache_keeps(const HostAddress *address);

/* Replaces what is kept of the host. False: it could not be written. */
bool facts_cache_save(FactsCache *cache, const HostAddress *address, const Facts *facts);
/*
 * New facts, with when they were known to be true (µs since the epoch), or NULL. What another
 * address said under this label is none.
 */
Facts *facts_cache_load(FactsCache *cache, const HostAddress *address, gint64 *true_at);
/* What is kept is true now still. */
void facts_cache_touch(FactsCache *cache, const HostAddress *address);
void facts_cache_forget(FactsCache *cache, const HostAddress *address);
