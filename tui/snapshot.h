// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The face's copy of what the fleet knows: one HostView a host, taken anew only where something may
 * have changed, so that drawing never asks a worker. UI thread.
 */

#include "core/fleet.h"

typedef struct Snapshot Snapshot;

Snapshot *snapshot_new(Fleet *fleet);
void snapshot_free(Snapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snapshot, snapshot_free)

/* Takes anew the hosts whose generation changed. Returns true if any did. */
bool snapshot_update(Snapshot *snapshot);
/* Takes one host anew in any case: ages and silence move without a new generation. */
void snapshot_touch(Snapshot *snapshot, guint host);

guint snapshot_count(const Snapshot *snapshot);
/* The copy of a host, valid until the next update or touch; NULL for a negative index. */
const HostView *snapshot_host(const Snapshot *snapshot, int host);
/* The hosts that were not forgotten, by index; -1 after the last. Begin with -1. */
int snapshot_next(const Snapshot *snapshot, int host);
/* Rises with every update that changed something. */
guint64 snapshot_generation(const Snapshot *snapshot);
/* All uuids of instances of all hosts, for short forms. Valid until the next update or touch. */
const char *const *snapshot_uuids(Snapshot *snapshot, guint *n);
/* "10 of 12 up, gpu-c 34 s old": new text. */
char *snapshot_summary(const Snapshot *snapshot);
