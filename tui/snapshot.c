// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/snapshot.h"

struct Snapshot {
	Fleet *fleet;
	GArray *hosts; /* HostView */
	GPtrArray *uuids;
	guint64 generation;
	bool uuids_old;
};

static void clear_view(gpointer data)
{
	host_view_clear(data);
}

Snapshot *snapshot_new(Fleet *fleet)
{
	Snapshot *snapshot = g_new0(Snapshot, 1);
	snapshot->fleet = fleet;
	snapshot->hosts = g_array_new(FALSE, TRUE, sizeof(HostView));
	snapshot->uuids = g_ptr_array_new();
	g_array_set_clear_func(snapshot->hosts, clear_view);
	return snapshot;
}

void snapshot_free(Snapshot *snapshot)
{
	if (!snapshot)
		return;
	g_array_unref(snapshot->hosts);
	g_ptr_array_unref(snapshot->uuids);
	g_free(snapshot);
}

static HostView *host_at(const Snapshot *snapshot, guint i)
{
	return &g_array_index(snapshot->hosts, HostView, i);
}

void snapshot_touch(Snapshot *snapshot, guint host)
{
	HostView *view = host_at(snapshot, host);
	HostView now;
	fleet_view(snapshot->fleet, host, &now);
	/* The fleet shows a hung host as stale without a new generation. */
	if (now.generation != view->generation || now.state != view->state)
		snapshot->generation++;
	host_view_clear(view);
	*view = now;
	snapshot->uuids_old = true; /* they lie in the inventory that may have gone */
}

static void collect_uuids(Snapshot *snapshot)
{
	snapshot->uuids_old = false;
	g_ptr_array_set_size(snapshot->uuids, 0);
	for (guint i = 0; i < snapshot->hosts->len; i++) {
		const Inventory *inventory = host_at(snapshot, i)->inventory;
		for (guint k = 0; inventory && k < inventory->instances->len; k++) {
			Instance *instance = g_ptr_array_index(inventory->instances, k);
			g_ptr_array_add(snapshot->uuids, (char *)instance->id);
		}
	}
}

bool snapshot_update(Snapshot *snapshot)
{
	guint64 before = snapshot->generation;
	guint n = fleet_count(snapshot->fleet);
	for (guint i = 0; i < n; i++) {
		bool is_new = i >= snapshot->hosts->len;
		if (is_new) {
			g_array_set_size(snapshot->hosts, i + 1);
			snapshot->generation++;
		}
		if (is_new ||
		    fleet_generation(snapshot->fleet, i) != host_at(snapshot, i)->generation)
			snapshot_touch(snapshot, i);
	}
	return snapshot->generation != before;
}

guint snapshot_count(const Snapshot *snapshot)
{
	return snapshot->hosts->len;
}

const HostView *snapshot_host(const Snapshot *snapshot, int host)
{
	return host >= 0 && (guint)host < snapshot->hosts->len ? host_at(snapshot, (guint)host)
	                                                       : NULL;
}

int snapshot_next(const Snapshot *snapshot, int host)
{
	for (guint i = (guint)(host + 1); i < snapshot->hosts->len; i++) {
		if (host_at(snapshot, i)->state != HOST_FORGOTTEN)
			return (int)i;
	}
	return -1;
}

guint64 snapshot_generation(const Snapshot *snapshot)
{
	return snapshot->generation;
}

const char *const *snapshot_uuids(Snapshot *snapshot, guint *n)
{
	if (snapshot->uuids_old)
		collect_uuids(snapshot);
	*n = snapshot->uuids->len;
	return (const char *const *)snapshot->uuids->pdata;
}

static void append_worst(GString *text, const HostView *worst)
{
	const char *label = worst->address->label;
	gint64 s = worst->age_us / G_USEC_PER_SEC;
	if (worst->question_id)
		g_string_append_printf(text, ", %s asks", label);
	else if (worst->state == HOST_DOWN)
		g_string_append_printf(text, ", %s down", label);
	else if (worst->state == HOST_CONNECTING)
		g_string_append_printf(text, ", %s connecting", label);
	else if (s < 120)
		g_string_append_printf(text, ", %s %d s old", label, (int)s);
	else
		g_string_append_printf(text, ", %s %d min old", label, (int)(s / 60));
}

char *snapshot_summary(const Snapshot *snapshot)
{
	guint up = 0, recorded = 0, simulated = 0, n = 0;
	const HostView *worst = NULL;
	for (guint i = 0; i < snapshot->hosts->len; i++) {
		const HostView *view = host_at(snapshot, i);
		if (view->state == HOST_PAUSED || view->state == HOST_FORGOTTEN)
			continue;
		n++;
		up += view->state == HOST_UP;
		recorded += view->state == HOST_RECORDING;
		simulated += view->address->kind == HOST_SIMULATED;
		if (view->state == HOST_UP || view->state == HOST_RECORDING)
			continue;
		/* Stale before down before connecting: what is shown but old misleads most. */
		if (!worst || view->state == HOST_STALE ||
		    (worst->state == HOST_CONNECTING && view->state == HOST_DOWN))
			worst = view;
	}
	GString *text = g_string_new(NULL);
	if (recorded == n)
		g_string_printf(text, "%u recorded", n);
	else
		g_string_printf(text, "%u of %u %sup", up, n - recorded,
		                simulated == n ? "SIMULATED " : "");
	if (recorded && recorded != n)
		g_string_append_printf(text, ", %u recorded", recorded);
	if (worst)
		append_worst(text, worst);
	return g_string_free(text, FALSE);
}
