// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/gather.h"

#include "core/device_names.h"
#include "core/plan/journal.h"

#define AT_ONCE 16

typedef struct {
	Cli *cli;
	ScanFlags flags;
} Trip;

void visit_free(Visit *visit)
{
	if (!visit)
		return;
	backend_close(visit->backend);
	facts_free(visit->facts);
	g_clear_pointer(&visit->inventory, inventory_unref);
	problem_free(visit->problem);
	g_free(visit);
}

static void visit_host(gpointer item, gpointer data)
{
	Visit *visit = item;
	const Trip *trip = data;
	g_autoptr(GError) error = NULL;
	gint64 start = g_get_monotonic_time();

	visit->backend = trip->cli->open(visit->address, &trip->cli->backend);
	visit->facts = backend_scan(visit->backend, trip->flags, trip->cli->cancel, &error);
	if (!visit->facts) {
		visit->problem = problem_from_backend(visit->address->label, error, &visit->status);
		return;
	}
	visit->latency_ms = (int)((g_get_monotonic_time() - start) / 1000);
	visit->inventory = inventory_new_named(visit->facts, device_name);
	journal_mark_ours(visit->inventory);
}

static Visit *visit_new(HostAddress *address)
{
	Visit *visit = g_new0(Visit, 1);
	visit->address = address;
	visit->latency_ms = -1;
	return visit;
}

GPtrArray *gather(Cli *cli, const GPtrArray *hosts, ScanFlags flags)
{
	GPtrArray *visits = g_ptr_array_new_with_free_func((GDestroyNotify)visit_free);
	Trip trip = { cli, flags };
	/* A shared pool is never short of threads for good, so pushing cannot fail. */
	GThreadPool *pool =
		hosts->len > 1 ? g_thread_pool_new(visit_host, &trip, AT_ONCE, FALSE, NULL) : NULL;

	for (guint i = 0; i < hosts->len; i++) {
		Visit *visit = visit_new(g_ptr_array_index(hosts, i));
		g_ptr_array_add(visits, visit);
		if (pool)
			g_thread_pool_push(pool, visit, NULL);
		else
			visit_host(visit, &trip);
	}
	if (pool)
		g_thread_pool_free(pool, FALSE, TRUE);
	return visits;
}

Visit *gather_one(Cli *cli, HostAddress *address, ScanFlags flags)
{
	Visit *visit = visit_new(address);
	Trip trip = { cli, flags };
	visit_host(visit, &trip);
	return visit;
}

HostRow visit_row(const Visit *visit)
{
	const BackendOps *ops = visit->backend->ops;
	HostRow row = {
		.address = visit->address,
		.state = visit->inventory ? ops->state_when_up : "down",
		.inventory = visit->inventory,
		.problem = visit->problem,
		.latency_ms = ops->live ? visit->latency_ms : -1,
		.now = g_get_real_time() / G_USEC_PER_SEC,
	};
	return row;
}

Status cli_status(const Cli *cli, const GArray *items)
{
	if (g_cancellable_is_cancelled(cli->cancel))
		return STATUS_INTERRUPTED;
	return status_combine((const Status *)(void *)items->data, items->len);
}
