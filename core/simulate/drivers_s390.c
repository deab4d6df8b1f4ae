// SPDX-License-Identifier: GPL-2.0-or-later

/* Mainframes: vfio_ap (crypto) and vfio_ccw (subchannels), from drivers/s390 of Linux 6.12. */

#include "core/simulate/drivers.h"

static const SimType ap_types[] = {
	{ "vfio_ap-passthrough", "VFIO AP Passthrough Device", NULL, 1, NULL },
};
static const SimDriver vfio_ap = {
	.name = "vfio_ap_mdev",
	.module = "vfio_ap",
	.device_api = "vfio-ap",
	.types = ap_types,
	.n_types = G_N_ELEMENTS(ap_types),
	.most = 65536,
};
const SimCard sim_card_matrix = {
	.path = "vfio_ap/matrix",
	.subsystem = "bus/matrix",
	.bus_driver = "vfio_ap",
	.bus_module = "vfio_ap",
	.driver = &vfio_ap,
};

static const SimType ccw_types[] = {
	{ "vfio_ccw-io", "I/O subchannel (Non-QDIO)", NULL, 1, NULL },
};
static const SimDriver vfio_ccw = {
	.name = "vfio_ccw_mdev",
	.module = "vfio_ccw",
	.device_api = "vfio-ccw",
	.types = ccw_types,
	.n_types = G_N_ELEMENTS(ccw_types),
	.most = 1,
};
const SimCard sim_card_subchannel = {
	.path = "css0/0.0.0313",
	.subsystem = "bus/css",
	.bus_driver = "vfio_ccw",
	.bus_module = "vfio_ccw",
	.driver = &vfio_ccw,
};
