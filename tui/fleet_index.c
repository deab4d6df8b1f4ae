// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/fleet_index.h"

typedef struct {
	int host;
	Inventory *inventory; /* that the index has, a reference; or NULL */
	bool seen;            /* in the snapshot at hand */
} Known;

struct FleetIndex {
	CompatIndex *compat;
	GHashTable *known; /* label → Known * */
};

static void known_free(gpointer data)
{
	Known *known = data;
	if (known->inventory)
		inventory_unref(known->inventory);
	g_free(known);
}

FleetIndex *fleet_index_new(void)
{
	FleetIndex *index = g_new0(FleetIndex, 1);
	index->compat = compat_index_new();
	index->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
	return index;
}

void fleet_index_free(FleetIndex *index)
{
	compat_index_free(index->compat);
	g_hash_table_unref(index->known);
	g_free(index);
}

static void take_host(FleetIndex *index, const HostView *host, int at)
{
	const char *label = host->address->label;
	Known *known = g_hash_table_lookup(index->known, label);
	bool is_new = known == NULL;
	if (is_new) {
		known = g_new0(Known, 1);
		g_hash_table_insert(index->known, g_strdup(label), known);
	}
	known->host = at;
	known->seen = true;
	if (!is_new && known->inventory == host->inventory)
		return;
	if (known->inventory)
		inventory_unref(known->inventory);
	known->inventory = host->inventory ? inventory_ref(host->inventory) : NULL;
	compat_index_set(index->compat, label, host->inventory);
}

void fleet_index_update(FleetIndex *index, const Snapshot *hosts)
{
	GHashTableIter iter;
	gpointer label, known;
	for (guint i = 0; i < snapshot_count(hosts); i++) {
		const HostView *host = snapshot_host(hosts, (int)i);
		if (host->state != HOST_FORGOTTEN)
			take_host(index, host, (int)i);
	}
	g_hash_table_iter_init(&iter, index->known);
	while (g_hash_table_iter_next(&iter, &label, &known)) {
		if (!((Known *)known)->seen) {
			compat_index_remove(index->compat, label);
			g_hash_table_iter_remove(&iter);
			continue;
		}
		((Known *)known)->seen = false;
	}
}

CompatIndex *fleet_index_compat(FleetIndex *index)
{
	return index->compat;
}

int fleet_index_host(const FleetIndex *index, const char *label)
{
	const Known *known = g_hash_table_lookup(index->known, label);
	return known ? known->host : -1;
}
