// SPDX-License-Identifier: GPL-2.0-or-later

/* What hosts said in an earlier run is shown until they answer. */

#include "core/device_names.h"
#include "core/fleet_private.h"

#define SAVE_US (10 * G_USEC_PER_SEC) /* a lively host is not written all the time */
#define TOUCH_US \
	(60 * G_USEC_PER_SEC) /* how much older than it is a host may look after a crash \
	                       */

static FactsCache *cache_of(const HostSlot *slot)
{
	return facts_cache_keeps(slot->address) ? slot->fleet->cache : NULL;
}

void fleet_use_cache(Fleet *fleet, const char *dir)
{
	fleet->cache = facts_cache_open(dir);
}

void fleet_cache_show(HostSlot *slot)
{
	gint64 true_at = 0;
	FactsCache *cache = cache_of(slot);
	g_autoptr(Facts) facts = cache ? facts_cache_load(cache, slot->address, &true_at) : NULL;

	if (!facts)
		return;
	Inventory *inventory = inventory_new_named(facts, device_name);
	g_mutex_lock(&slot->lock);
	if (!slot->inventory && !slot->forgotten) {
		slot->inventory = g_steal_pointer(&inventory);
		slot->cached_at = true_at;
		slot->state = slot->paused ? HOST_PAUSED : HOST_STALE;
		slot->generation++;
	}
	g_mutex_unlock(&slot->lock);
	inventory_unref(inventory);
	slot->fleet->wake(slot->fleet->wake_data);
}

void fleet_cache_keep(HostSlot *slot, const Facts *facts, bool changed)
{
	FactsCache *cache = cache_of(slot);
	gint64 now = g_get_monotonic_time();

	if (!cache)
		return;
	slot->unsaved |= changed;
	if (slot->unsaved && (!slot->saved_us || now - slot->saved_us >= SAVE_US))
		slot->unsaved = !facts_cache_save(cache, slot->address, facts);
	else if (slot->unsaved || now - slot->saved_us < TOUCH_US)
		return;
	else
		facts_cache_touch(cache, slot->address);
	slot->saved_us = now;
}

void fleet_cache_close(HostSlot *slot)
{
	FactsCache *cache = cache_of(slot);

	g_mutex_lock(&slot->lock);
	bool forgotten = slot->forgotten;
	g_mutex_unlock(&slot->lock);
	if (!cache)
		return;
	if (forgotten)
		facts_cache_forget(cache, slot->address);
	else if (slot->connected && slot->saved_us && !slot->unsaved)
		facts_cache_touch(cache, slot->address);
}
