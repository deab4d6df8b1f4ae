// SPDX-License-Identifier: GPL-2.0-or-later

/* Mainframes: crypto cards and queues, vfio_ap's attributes of an instance. */

#include "core/simulate/layout.h"

#include <errno.h>

#include "core/simulate/matrix.h"
#include "core/simulate/rows.h"

/* ---- the AP bus ---- */

static int has_ap(const SimPlace *place, GString *out)
{
	(void)out;
	return place->kernel->profile->features & SIM_AP ? 0 : -ENOENT;
}

static int apmask(const SimPlace *place, GString *out)
{
	mask_print(place->kernel->apmask, out);
	g_string_append_c(out, '\n');
	return 0;
}

static int aqmask(const SimPlace *place, GString *out)
{
	mask_print(place->kernel->aqmask, out);
	g_string_append_c(out, '\n');
	return 0;
}

static gssize set_apmask(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	(void)wait;
	return matrix_set_bus_mask(place->kernel, place->kernel->apmask, bytes, len);
}

static gssize set_aqmask(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	(void)wait;
	return matrix_set_bus_mask(place->kernel, place->kernel->aqmask, bytes, len);
}

static int to_ap_bus(const SimPlace *place, GString *out)
{
	(void)place;
	g_string_append(out, "/sys/bus/ap");
	return 0;
}

static int to_card(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/devices/ap/card%02x", place->number);
	return 0;
}

static int to_queue(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/devices/ap/card%02x/%02x.%04x", place->number,
	                       place->number, place->second);
	return 0;
}

/* The queue goes to the host's driver only where both masks name it. */
static bool is_hosts(const SimPlace *place)
{
	return mask_has(place->kernel->apmask, place->number) &&
	       mask_has(place->kernel->aqmask, place->second);
}

static int queue_driver(const SimPlace *place, GString *out)
{
	bool host = is_hosts(place);
	g_string_append_printf(out, "/sys/bus/ap/drivers/%s", host ? "cex4queue" : "vfio_ap");
	return 0;
}

static int to_queue_of_host(const SimPlace *place, GString *out)
{
	return is_hosts(place) ? to_queue(place, out) : -ENOENT;
}

static int to_queue_of_vfio(const SimPlace *place, GString *out)
{
	return is_hosts(place) ? -ENOENT : to_queue(place, out);
}

/* ---- instances of vfio_ap ---- */

static int is_matrix(const SimPlace *place, GString *out)
{
	(void)out;
	return place->instance->matrix && !place->instance->removing ? 0 : -ENOENT;
}

static int matrix(const SimPlace *place, GString *out)
{
	if (is_matrix(place, out))
		return -ENOENT;
	matrix_print(place->instance->matrix, false, out);
	return 0;
}

static int guest_matrix(const SimPlace *place, GString *out)
{
	if (is_matrix(place, out))
		return -ENOENT;
	matrix_print(place->instance->matrix, true, out);
	return 0;
}

static int control_domains(const SimPlace *place, GString *out)
{
	if (is_matrix(place, out))
		return -ENOENT;
	for (guint domain = 0; domain < SIM_AP_BITS; domain++)
		if (mask_has(place->instance->matrix->control, domain))
			g_string_append_printf(out, "%04x\n", domain);
	return 0;
}

static int ap_config(const SimPlace *place, GString *out)
{
	if (is_matrix(place, out))
		return -ENOENT;
	const SimMatrix *m = place->instance->matrix;
	mask_print(m->adapters, out);
	g_string_append_c(out, ',');
	mask_print(m->domains, out);
	g_string_append_c(out, ',');
	mask_print(m->control, out);
	g_string_append_c(out, '\n');
	return 0;
}

static gssize set_ap_config(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	(void)wait;
	return matrix_configure(place->kernel, place->instance, bytes, len);
}

#define ASSIGN(name, part, on) \
	static gssize name(SimPlace *place, const char *bytes, gsize len, const SimWait *wait) \
	{ \
		(void)wait; \
		return matrix_assign(place->kernel, place->instance, part, on, bytes, len); \
	}
ASSIGN(assign_adapter, MATRIX_ADAPTER, true)
ASSIGN(unassign_adapter, MATRIX_ADAPTER, false)
ASSIGN(assign_domain, MATRIX_DOMAIN, true)
ASSIGN(unassign_domain, MATRIX_DOMAIN, false)
ASSIGN(assign_control, MATRIX_CONTROL, true)
ASSIGN(unassign_control, MATRIX_CONTROL, false)

#define BUS "/sys/bus/ap"
#define CARD "/sys/devices/ap/<ap-card>"
#define INSTANCE "/sys/devices/<device>/<instance>"

static int to_matrix(const SimPlace *place, GString *out)
{
	(void)place;
	g_string_append(out, "/sys/devices/vfio_ap/matrix");
	return 0;
}

/* What the driver can do besides assigning: show guest_matrix, change under a guest, ap_config. */
static int features(const SimPlace *place, GString *out)
{
	if (has_ap(place, out))
		return -ENOENT;
	g_string_append(out, "guest_matrix dyn ap_config\n");
	return 0;
}

static int to_vfio_ap_module(const SimPlace *place, GString *out)
{
	(void)place;
	g_string_append(out, "/sys/module/vfio_ap");
	return 0;
}

const SimRow sim_rows_s390[] = {
	FOLDER(BUS, has_ap),
	CONTROL(BUS "/apmask", 0644, apmask, set_apmask),
	CONTROL(BUS "/aqmask", 0644, aqmask, set_aqmask),
	TEXT(BUS "/ap_domain", 0644, "4\n"),
	TEXT(BUS "/ap_max_domain_id", 0444, "255\n"),
	TEXT(BUS "/ap_max_adapter_id", 0444, "255\n"),
	LINK(BUS "/devices/<ap-card>", to_card),
	FOLDER(BUS "/drivers/cex4queue", NULL),
	FOLDER(BUS "/drivers/vfio_ap", NULL),
	LINK(BUS "/drivers/vfio_ap/<ap-any-queue>", to_queue_of_vfio),
	LINK(BUS "/drivers/cex4queue/<ap-any-queue>", to_queue_of_host),
	LINK(BUS "/drivers/vfio_ap/module", to_vfio_ap_module),

	FOLDER("/sys/devices/ap", has_ap),
	FOLDER(CARD, NULL),
	LINK(CARD "/subsystem", to_ap_bus),
	TEXT(CARD "/online", 0644, "1\n"),
	TEXT(CARD "/config", 0644, "1\n"),
	TEXT(CARD "/type", 0444, "CEX8P\n"),
	TEXT(CARD "/hwtype", 0444, "14\n"),
	FOLDER(CARD "/<ap-queue>", NULL),
	LINK(CARD "/<ap-queue>/subsystem", to_ap_bus),
	LINK(CARD "/<ap-queue>/driver", queue_driver),
	TEXT(CARD "/<ap-queue>/online", 0644, "1\n"),
	LINK(BUS "/devices/<ap-any-queue>", to_queue),

	FOLDER("/sys/bus/matrix", has_ap),
	LINK("/sys/bus/matrix/devices/matrix", to_matrix),
	LINK("/sys/bus/matrix/drivers/vfio_ap/module", to_vfio_ap_module),
	LINK("/sys/bus/matrix/drivers/vfio_ap/matrix", to_matrix),
	VALUE("/sys/devices/vfio_ap/matrix/features", 0444, features),

	VALUE(INSTANCE "/matrix", 0444, matrix),
	VALUE(INSTANCE "/guest_matrix", 0444, guest_matrix),
	VALUE(INSTANCE "/control_domains", 0444, control_domains),
	CONTROL(INSTANCE "/ap_config", 0644, ap_config, set_ap_config),
	CONTROL(INSTANCE "/assign_adapter", 0200, is_matrix, assign_adapter),
	CONTROL(INSTANCE "/unassign_adapter", 0200, is_matrix, unassign_adapter),
	CONTROL(INSTANCE "/assign_domain", 0200, is_matrix, assign_domain),
	CONTROL(INSTANCE "/unassign_domain", 0200, is_matrix, unassign_domain),
	CONTROL(INSTANCE "/assign_control_domain", 0200, is_matrix, assign_control),
	CONTROL(INSTANCE "/unassign_control_domain", 0200, is_matrix, unassign_control),
};
const guint sim_rows_s390_count = G_N_ELEMENTS(sim_rows_s390);
