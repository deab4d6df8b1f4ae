// SPDX-License-Identifier: GPL-2.0-or-later
/* The demo's fleet: each verdict can be met in it, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/backend.h"
#include "core/compat/verdict.h"
#include "core/simulate/backend_sim.h"
#include "core/simulate/demo.h"

#define WEB_7 "8f3c1c77-52f4-4c0b-9a56-0d1f6a5e7b01"
#define RENDER_1 "5e81d3a0-6b94-4d27-a0c8-f92b3e6c4a04"
#define MTTY_1 "11111111-1111-4111-8111-111111111101"
#define MDPY_VGA "33333333-3333-4333-8333-333333333303"
#define MBOCHS "44444444-4444-4444-8444-444444444404"
#define GVT "88888888-8888-4888-8888-888888888808"
#define AP "99999999-9999-4999-8999-999999999909"

static const struct {
	const char *source, *instance, *target;
	const char *named; /* the target instance, or NULL */
	VerdictKind verdict;
} pairs[] = {
	{ "gpu-a", WEB_7, "gpu-b", NULL, VERDICT_ACTION },
	{ "gpu-a", WEB_7, "gpu-b", "1d2e90aa-3c4b-4a5d-8f6e-7d8c9bafbe08", VERDICT_READY },
	{ "gpu-a", WEB_7, "gpu-b", "c0ffee11-4d5a-4b6c-9e7f-8a9b0c1d2e07", VERDICT_BLOCKED },
	{ "gpu-a", WEB_7, "gpu-b", "e7b1c5d9-0f2a-4e3c-b4d5-6a7988c9da09", VERDICT_INCOMPATIBLE },
	{ "gpu-a", WEB_7, "gpu-full", NULL, VERDICT_BLOCKED },
	{ "gpu-a", WEB_7, "gpu-old", NULL, VERDICT_INCOMPATIBLE },
	{ "gpu-a", WEB_7, "gpu-off", NULL, VERDICT_INCOMPATIBLE },
	{ "gpu-a", WEB_7, "pve-a", NULL, VERDICT_INCOMPATIBLE },
	{ "gpu-a", WEB_7, "z-1", NULL, VERDICT_INCOMPATIBLE },
	{ "gpu-a", WEB_7, "plain", NULL, VERDICT_INCOMPATIBLE },
	{ "gpu-a", WEB_7, "silent", NULL, VERDICT_UNKNOWN },
	{ "gpu-a", RENDER_1, "gpu-b", NULL, VERDICT_BLOCKED },
	{ "pve-a", "0000:41:00.4", "pve-b", NULL, VERDICT_ACTION },
	{ "pve-a", "0000:41:00.4", "pve-b", "0000:41:00.4", VERDICT_READY },
	{ "pve-a", "0000:41:00.4", "gpu-b", NULL, VERDICT_INCOMPATIBLE },
	{ "lab-a", MTTY_1, "lab-b", NULL, VERDICT_ACTION },
	{ "lab-a", MTTY_1, "lab-shut", NULL, VERDICT_UNKNOWN },
	{ "lab-a", MDPY_VGA, "lab-b", NULL, VERDICT_INCOMPATIBLE },
	{ "lab-a", MBOCHS, "lab-b", NULL, VERDICT_INCOMPATIBLE },
	{ "desk-1", GVT, "desk-2", NULL, VERDICT_INCOMPATIBLE },
	{ "z-1", AP, "z-2", NULL, VERDICT_INCOMPATIBLE },
};

static GHashTable *inventories; /* label → Inventory *; those that answer */

/* Hosts whose line is down, or asks, are looked at from outside: they have no inventory. */
static bool answers(const char *profile)
{
	static const char *const mute[] = { "hostkey", "auth",     "refused", "hang",
		                            "slow",    "flapping", NULL };
	return !g_strv_contains(mute, profile);
}

static void scan(const HostAddress *address)
{
	BackendOptions options = { .connect_timeout_ms = 1000, .deadline_ms = 5000 };
	g_autoptr(GError) error = NULL;
	Backend *backend = backend_sim_new(address->label, address->path, &options);
	Facts *facts = backend_scan(backend, SCAN_USERS, NULL, &error);

	assert_non_null(facts);
	g_hash_table_insert(inventories, g_strdup(address->label), inventory_new(facts));
	facts_free(facts);
	backend_close(backend);
}

static int set_up(void **state)
{
	g_autoptr(GPtrArray) hosts = demo_hosts();

	(void)state;
	inventories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                                    (GDestroyNotify)inventory_unref);
	for (guint i = 0; i < hosts->len; i++) {
		const HostAddress *address = g_ptr_array_index(hosts, i);
		if (answers(address->path))
			scan(address);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	g_hash_table_unref(inventories);
	return 0;
}

static const Instance *instance_of(const Inventory *inventory, const char *id)
{
	for (guint i = 0; i < inventory->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(inventory->instances, i);
		if (g_str_equal(instance->id, id))
			return instance;
	}
	return NULL;
}

static void test_table(void **state)
{
	guint met[VERDICT_UNKNOWN + 1] = { 0 };

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
		const Inventory *source = g_hash_table_lookup(inventories, pairs[i].source);
		const Instance *instance = instance_of(source, pairs[i].instance);
		CompatQuestion q = {
			.source = { pairs[i].source, source },
			.type = instance ? instance->type_ref : NULL,
			.instance = instance,
			.target = { pairs[i].target,
			            g_hash_table_lookup(inventories, pairs[i].target) },
			.named = pairs[i].named,
		};
		assert_non_null(instance);
		g_autoptr(Verdict) verdict = verdict_answer(&q);
		if (verdict->verdict != pairs[i].verdict)
			fail_msg("%s/%s to %s %s: %s (%s)", pairs[i].source, pairs[i].instance,
			         pairs[i].target, pairs[i].named ? pairs[i].named : "",
			         verdict_name(verdict->verdict), verdict->why);
		met[verdict->verdict]++;
	}
	for (guint kind = 0; kind < G_N_ELEMENTS(met); kind++)
		assert_true(met[kind] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table) };

	return cmocka_run_group_tests_name("demo", tests, set_up, tear_down);
}
