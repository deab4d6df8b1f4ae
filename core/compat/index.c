// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/index_private.h"

#include <errno.h>
#include <string.h>

static void entry_free(gpointer data)
{
	TypeEntry *entry = data;
	g_array_unref(entry->offers);
	g_free(entry->id);
	g_free(entry);
}

static void host_free(gpointer data)
{
	IndexHost *host = data;
	g_clear_pointer(&host->inventory, inventory_unref);
	g_ptr_array_unref(host->entries);
	g_array_unref(host->sources);
	g_free(host->label);
	g_free(host);
}

CompatIndex *compat_index_new(void)
{
	CompatIndex *index = g_new0(CompatIndex, 1);
	index->hosts = g_ptr_array_new_with_free_func(host_free);
	index->dark = g_ptr_array_new();
	index->vendor = g_ptr_array_new();
	index->types = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
	index->source_kinds = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, kind_free);
	index->target_kinds = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, kind_free);
	return index;
}

void compat_index_free(CompatIndex *index)
{
	if (!index)
		return;
	g_ptr_array_unref(index->dark);
	g_ptr_array_unref(index->vendor);
	g_ptr_array_unref(index->hosts);
	g_hash_table_unref(index->types);
	g_hash_table_unref(index->source_kinds);
	g_hash_table_unref(index->target_kinds);
	g_free(index);
}

/* ---- hosts ---- */

guint index_find(const CompatIndex *index, const char *label, bool *found)
{
	guint low = 0, high = index->hosts->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const IndexHost *host = g_ptr_array_index(index->hosts, middle);
		int order = strcmp(label, host->label);
		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*found = false;
	return low;
}

/* Takes the host's offers out of the types that it offers, and forgets its sources. */
static void forget_offers(CompatIndex *index, IndexHost *host)
{
	for (guint i = 0; i < host->entries->len; i++) {
		TypeEntry *entry = g_ptr_array_index(host->entries, i);
		guint first = 0, n = 0;
		while (g_array_index(entry->offers, Offer, first).host != host)
			first++;
		while (first + n < entry->offers->len &&
		       g_array_index(entry->offers, Offer, first + n).host == host)
			n++;
		for (guint k = first; k < first + n; k++)
			kind_drop(index->target_kinds, g_array_index(entry->offers, Offer, k).kind);
		g_array_remove_range(entry->offers, first, n);
		if (entry->offers->len == 0)
			g_hash_table_remove(index->types, entry->id);
	}
	g_ptr_array_set_size(host->entries, 0);
	for (guint i = 0; i < host->sources->len; i++)
		if (g_array_index(host->sources, IndexSource, i).kind)
			kind_drop(index->source_kinds,
			          g_array_index(host->sources, IndexSource, i).kind);
	g_array_set_size(host->sources, 0);
}

static TypeEntry *entry_for(CompatIndex *index, const char *id)
{
	TypeEntry *entry = g_hash_table_lookup(index->types, id);

	if (entry)
		return entry;
	entry = g_new0(TypeEntry, 1);
	entry->id = g_strdup(id);
	entry->offers = g_array_new(FALSE, FALSE, sizeof(Offer));
	g_hash_table_insert(index->types, entry->id, entry);
	return entry;
}

/* Hosts that change leave numbers behind that no kind has any more. */
static void renumber(TypeEntry *entry)
{
	for (guint i = 0; i < entry->offers->len; i++)
		g_array_index(entry->offers, Offer, i).kind->ordinal = G_MAXUINT;
	entry->ordinals = 0;
	for (guint i = 0; i < entry->offers->len; i++) {
		Kind *kind = g_array_index(entry->offers, Offer, i).kind;
		if (kind->ordinal == G_MAXUINT)
			kind->ordinal = entry->ordinals++;
	}
}

static Kind *target_kind(CompatIndex *index, TypeEntry *entry, const IndexHost *host,
                         const Type *type)
{
	Kind *kind = kind_use(index->target_kinds, kind_target_key(host->inventory, type),
	                      &index->serials, host->inventory, type, NULL);
	if (kind->users > 1)
		return kind;
	if (entry->ordinals > 2 * entry->offers->len + 16)
		renumber(entry);
	kind->ordinal = entry->ordinals++;
	return kind;
}

static void add_sources(CompatIndex *index, IndexHost *host)
{
	const GPtrArray *instances = host->inventory->instances;

	for (guint i = 0; i < instances->len; i++) {
		const Instance *instance = g_ptr_array_index(instances, i);
		IndexSource source = {
			.instance = instance,
			.floor = (guint8)kind_floor(host->inventory, instance, false),
			.foreign = (guint8)kind_floor(host->inventory, instance, true),
		};
		if (instance->type.state == READ_VALUE)
			source.kind = kind_use(
				index->source_kinds, kind_source_key(host->inventory, instance),
				&index->serials, host->inventory, instance->type_ref, instance);
		g_array_append_val(host->sources, source);
	}
}

static void add_offers(CompatIndex *index, IndexHost *host)
{
	const GPtrArray *parents = host->inventory->parents;

	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		host->dark = host->dark || (parent->types_err && parent->types_err != ENOENT);
		for (guint k = 0; k < parent->types->len; k++) {
			Offer offer = { host, g_ptr_array_index(parent->types, k), NULL };
			TypeEntry *entry = entry_for(index, offer.type->id);
			offer.kind = target_kind(index, entry, host, offer.type);
			guint last = entry->offers->len;
			/* The host's own offers come in one go: the last one tells. */
			if (last == 0 || g_array_index(entry->offers, Offer, last - 1).host != host)
				g_ptr_array_add(host->entries, entry);
			g_array_append_val(entry->offers, offer);
		}
	}
}

static void number_hosts(CompatIndex *index)
{
	for (guint i = 0; i < index->hosts->len; i++)
		((IndexHost *)g_ptr_array_index(index->hosts, i))->place = i;
}

void compat_index_set(CompatIndex *index, const char *label, Inventory *inventory)
{
	bool found;
	guint nth = index_find(index, label, &found);
	IndexHost *host = found ? g_ptr_array_index(index->hosts, nth) : g_new0(IndexHost, 1);

	if (!found) {
		host->label = g_strdup(label);
		host->entries = g_ptr_array_new();
		host->sources = g_array_new(FALSE, FALSE, sizeof(IndexSource));
		g_ptr_array_insert(index->hosts, (gint)nth, host);
		number_hosts(index);
	}
	forget_offers(index, host);
	g_ptr_array_remove(index->dark, host);
	g_ptr_array_remove(index->vendor, host);
	g_clear_pointer(&host->inventory, inventory_unref);
	host->inventory = inventory ? inventory_ref(inventory) : NULL;
	host->generation = ++index->generation;
	host->dark = !inventory || inventory->parents_state == READ_UNREADABLE ||
	             inventory->instances_state == READ_UNREADABLE;
	if (inventory) {
		add_offers(index, host);
		add_sources(index, host);
	}
	if (host->dark)
		g_ptr_array_add(index->dark, host);
	else if (inventory_has_vendor_vfio(inventory))
		g_ptr_array_add(index->vendor, host);
}

void compat_index_remove(CompatIndex *index, const char *label)
{
	bool found;
	guint nth = index_find(index, label, &found);

	if (!found)
		return;
	forget_offers(index, g_ptr_array_index(index->hosts, nth));
	g_ptr_array_remove(index->dark, g_ptr_array_index(index->hosts, nth));
	g_ptr_array_remove(index->vendor, g_ptr_array_index(index->hosts, nth));
	g_ptr_array_remove_index(index->hosts, nth);
	number_hosts(index);
}

guint compat_index_hosts(const CompatIndex *index)
{
	return index->hosts->len;
}

Side compat_index_host(const CompatIndex *index, guint nth)
{
	const IndexHost *host = g_ptr_array_index(index->hosts, nth);
	return (Side){ host->label, host->inventory };
}

guint compat_index_offers(const CompatIndex *index, const char *type_id)
{
	const TypeEntry *entry = g_hash_table_lookup(index->types, type_id);
	return entry ? entry->offers->len : 0;
}

guint64 compat_index_judged(const CompatIndex *index)
{
	return index->judged;
}

/* ---- the best targets ---- */

static const char *wanted_type(const CompatQuestion *q)
{
	if (q->type)
		return q->type->id;
	return q->instance && q->instance->type.state == READ_VALUE ? q->instance->type.s : NULL;
}

/* The question about one host. */
static CompatQuestion about(const CompatQuestion *q, const IndexHost *host)
{
	CompatQuestion one = *q;
	one.target = (Side){ host->label, host->inventory };
	one.parent = NULL;
	one.named = NULL;
	return one;
}

static void rank(CompatIndex *index, const CompatQuestion *q, const IndexHost *host,
                 const Parent *parent, GArray *ranked)
{
	if (g_strcmp0(host->label, q->source.host) == 0)
		return;
	CompatQuestion one = about(q, host);
	Ranked result = ranked_new(&one, parent);
	result.inventory = host->inventory;
	g_array_append_val(ranked, result);
	index->judged++;
}

GPtrArray *compat_index_best(CompatIndex *index, const CompatQuestion *q, guint limit)
{
	GPtrArray *verdicts = g_ptr_array_new_with_free_func((GDestroyNotify)verdict_free);
	g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(Ranked));
	bool vf = q->instance && q->instance->kind == INSTANCE_NVIDIA_VF;
	const char *id = vf ? NULL : wanted_type(q);
	const TypeEntry *entry = id ? g_hash_table_lookup(index->types, id) : NULL;

	for (guint i = 0; entry && i < entry->offers->len; i++) {
		const Offer *offer = &g_array_index(entry->offers, Offer, i);
		rank(index, q, offer->host, offer->type->parent, ranked);
	}
	/* Functions under vendor VFIO are no parents: the host as a whole is asked. */
	for (guint i = 0; vf && i < index->vendor->len; i++)
		rank(index, q, g_ptr_array_index(index->vendor, i), NULL, ranked);
	for (guint i = 0; i < index->dark->len; i++)
		rank(index, q, g_ptr_array_index(index->dark, i), NULL, ranked);
	g_array_sort(ranked, ranked_compare);
	for (guint i = 0; i < ranked->len && (limit == 0 || i < limit); i++) {
		const Ranked *one = &g_array_index(ranked, Ranked, i);
		CompatQuestion full = *q;
		full.target = (Side){ one->host, one->inventory };
		full.named = NULL;
		Case c = case_new(&full, one->parent);
		g_ptr_array_add(verdicts, judge_verdict(&c));
	}
	return verdicts;
}

/* ---- why not anywhere ---- */

static gint compare_rows(gconstpointer a, gconstpointer b)
{
	return strcmp(((const NearMissRow *)a)->type_id, ((const NearMissRow *)b)->type_id);
}

static NearMissRow near_miss_row(const TypeEntry *entry, NearMiss miss)
{
	NearMissRow row = { .miss = miss, .type_id = entry->id };
	const IndexHost *last = NULL;

	for (guint i = 0; i < entry->offers->len; i++) {
		const Offer *offer = &g_array_index(entry->offers, Offer, i);
		row.hosts += offer->host != last;
		last = offer->host;
		if (row.host && strcmp(offer->host->label, row.host) >= 0)
			continue;
		row.host = offer->host->label;
		row.parent = offer->type->parent->name;
	}
	return row;
}

GArray *compat_index_near_misses(const CompatIndex *index, const Type *type, const char *type_id)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(NearMissRow));
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, index->types);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const TypeEntry *entry = value;
		const Type *other = g_array_index(entry->offers, Offer, 0).type;
		NearMiss miss = near_miss(type, type ? type->id : type_id, other);
		if (miss == MISS_FAR)
			continue;
		NearMissRow row = near_miss_row(entry, miss);
		g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_rows);
	return rows;
}
