// SPDX-License-Identifier: GPL-2.0-or-later

/* The demo's hosts as a table, and the orders (orders.h) that furnish them. */

#include "core/simulate/demo.h"

#include "core/simulate/backend_sim.h"
#include "core/simulate/orders.h"

/* Functions of the A40s, and of the L40S, of the profiles. */
#define A40_1 "0000:3b:00."
#define A40_2 "0000:af:00."
#define L40S_1 "0000:41:00."

static const char *const gpu_a[] = {
	"create " A40_1 "4 nvidia-560 8f3c1c77-52f4-4c0b-9a56-0d1f6a5e7b01",
	"create " A40_1 "5 nvidia-560 91b04e10-8c2d-4f7e-b1a3-5be0c9d277e2",
	"create " A40_1 "6 nvidia-560 a6d2f0b5-17c9-45d8-8e3f-7c04b92d1e03",
	"create " A40_2 "4 nvidia-562 5e81d3a0-6b94-4d27-a0c8-f92b3e6c4a04",
	"create " A40_2 "5 nvidia-562 37c9a8f2-e05d-49b1-bd46-18a7f3d09c05",
	"define " A40_1 "4 nvidia-560 8f3c1c77-52f4-4c0b-9a56-0d1f6a5e7b01 auto",
	"define " A40_1 "5 nvidia-560 91b04e10-8c2d-4f7e-b1a3-5be0c9d277e2 auto",
	"define " A40_1 "7 nvidia-560 c4f7e9d1-2a3b-4c5d-8e6f-90a1b2c3d406 manual",
	"guest-start 4211 web-7 8f3c1c77-52f4-4c0b-9a56-0d1f6a5e7b01",
	"guest-start 4385 web-9 91b04e10-8c2d-4f7e-b1a3-5be0c9d277e2",
	"guest-start 5120 render-1 5e81d3a0-6b94-4d27-a0c8-f92b3e6c4a04 "
	"37c9a8f2-e05d-49b1-bd46-18a7f3d09c05",
	NULL,
};
static const char *const gpu_b[] = {
	"create " A40_1 "4 nvidia-560 c0ffee11-4d5a-4b6c-9e7f-8a9b0c1d2e07",
	"create " A40_1 "5 nvidia-560 1d2e90aa-3c4b-4a5d-8f6e-7d8c9bafbe08",
	"create " A40_2 "4 nvidia-567 e7b1c5d9-0f2a-4e3c-b4d5-6a7988c9da09",
	"guest-start 3077 db-2 c0ffee11-4d5a-4b6c-9e7f-8a9b0c1d2e07",
	NULL,
};
static const char *const gpu_full[] = {
	"create " A40_1 "4 nvidia-568 d8e9fa0b-1c2d-4e3f-a4b5-c6d7e8f90a10",
	"create " A40_2 "4 nvidia-568 b2a1908f-7e6d-4c5b-9a48-372615043f11",
	"guest-start 2201 train-1 d8e9fa0b-1c2d-4e3f-a4b5-c6d7e8f90a10",
	"guest-start 2202 train-2 b2a1908f-7e6d-4c5b-9a48-372615043f11",
	NULL,
};
static const char *const pve_a[] = {
	"set-type " L40S_1 "4 1148",
	"guest-start 6001 cad-3 " L40S_1 "4",
	NULL,
};
static const char *const pve_b[] = {
	"set-type " L40S_1 "4 1148",
	NULL,
};
static const char *const lab_a[] = {
	"create mtty mtty-1 11111111-1111-4111-8111-111111111101",
	"create mtty mtty-2 22222222-2222-4222-8222-222222222202",
	"create mdpy mdpy-vga 33333333-3333-4333-8333-333333333303",
	"create mbochs mbochs-small 44444444-4444-4444-8444-444444444404",
	"guest-start 900 console-1 11111111-1111-4111-8111-111111111101 "
	"22222222-2222-4222-8222-222222222202",
	"guest-start 901 display-1 33333333-3333-4333-8333-333333333303",
	NULL,
};
static const char *const lab_b[] = {
	"create mtty mtty-1 55555555-5555-4555-8555-555555555505",
	"create mdpy mdpy-hd 66666666-6666-4666-8666-666666666606",
	"create mdpy mdpy-hd 66666666-6666-4666-8666-666666666607",
	"create mdpy mdpy-hd 66666666-6666-4666-8666-666666666608",
	"create mdpy mdpy-hd 66666666-6666-4666-8666-666666666609",
	NULL,
};
static const char *const lab_sick[] = {
	"create mtty mtty-1 77777777-7777-4777-8777-777777777707",
	"inject create * EIO 0 0",
	"inject remove * hang 0 0",
	NULL,
};
static const char *const lab_shut[] = {
	"inject read *available_instances EACCES 0 0",
	NULL,
};
static const char *const desk_1[] = {
	"create 0000:00:02.0 i915-GVTg_V5_4 88888888-8888-4888-8888-888888888808",
	"guest-start 777 desktop-4 88888888-8888-4888-8888-888888888808",
	NULL,
};
static const char *const z_1[] = {
	"create matrix vfio_ap-passthrough 99999999-9999-4999-8999-999999999909",
	"guest-start 1001 bank-1 99999999-9999-4999-8999-999999999909",
	NULL,
};

static const struct {
	const char *label, *profile;
	const char *summary;
	const char *const *orders; /* or NULL */
} hosts[] = {
	{ "gpu-a", "nvidia", "two A40 with guests", gpu_a },
	{ "gpu-b", "nvidia", "the same cards and driver, with room", gpu_b },
	{ "gpu-full", "nvidia", "the same, but every card is taken", gpu_full },
	{ "gpu-old", "nvidia-old", "the same card with an older driver", NULL },
	{ "gpu-off", "nvidia-novf", "virtual functions are not enabled", NULL },
	{ "pve-a", "nvidia-vendor", "NVIDIA's vendor VFIO, a guest", pve_a },
	{ "pve-b", "nvidia-vendor", "NVIDIA's vendor VFIO, an idle function", pve_b },
	{ "lab-a", "samples", "the kernel's sample drivers, with guests", lab_a },
	{ "lab-b", "samples", "the same; mdpy is full", lab_b },
	{ "lab-shut", "samples", "the same; counters may not be read", lab_shut },
	{ "lab-sick", "mtty", "creating fails, removing hangs", lab_sick },
	{ "lab-busy", "lively", "instances and guests come and go", NULL },
	{ "desk-1", "gvt", "Intel graphics, whose driver cannot migrate", desk_1 },
	{ "desk-2", "gvt", "the same, empty", NULL },
	{ "z-1", "ap", "crypto adapters of a mainframe", z_1 },
	{ "z-2", "ccw", "a subchannel of a mainframe", NULL },
	{ "plain", "empty", "no mdev bus", NULL },
	{ "new", "hostkey", "a host key that is not known yet", NULL },
	{ "locked", "auth", "nobody may log in", NULL },
	{ "refused", "refused", "connection refused", NULL },
	{ "silent", "hang", "answers nothing", NULL },
	{ "slow", "slow", "two seconds for everything", NULL },
	{ "flaky", "flapping", "the line drops now and then", NULL },
};

/* The orders are ours and constant: one that fails is a mistake in the table. */
static void furnish(SimKernel *kernel, const char *const *orders)
{
	for (; orders && *orders; orders++) {
		int err = sim_order(kernel, *orders);
		g_assert(err == 0);
	}
}

GPtrArray *demo_hosts(void)
{
	GPtrArray *addresses = g_ptr_array_new_with_free_func((GDestroyNotify)host_address_free);

	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
		g_autofree char *text =
			g_strdup_printf("%s=sim:%s", hosts[i].label, hosts[i].profile);
		HostAddress *address = host_address_parse(text, NULL);
		furnish(backend_sim_kernel(hosts[i].label, hosts[i].profile), hosts[i].orders);
		g_ptr_array_add(addresses, address);
	}
	return addresses;
}

const char *demo_label(guint nth)
{
	return nth < G_N_ELEMENTS(hosts) ? hosts[nth].label : NULL;
}

const char *demo_summary(guint nth)
{
	return nth < G_N_ELEMENTS(hosts) ? hosts[nth].summary : NULL;
}
