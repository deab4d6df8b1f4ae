// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Crypto of a mainframe: which adapters and domains an instance of vfio_ap has, as
 * drivers/s390/crypto/vfio_ap_ops.c and Documentation/arch/s390/vfio-ap.rst of Linux 6.12 say.
 * Masks hold bit 0 leftmost, which is how they are printed. Under the kernel's lock.
 */

#include "core/simulate/kernel_private.h"

#define SIM_AP_BITS 256

struct SimMatrix {
	guint8 adapters[SIM_AP_BITS / 8], domains[SIM_AP_BITS / 8], control[SIM_AP_BITS / 8];
};

/* What is plugged in. */
extern const guint sim_ap_cards[], sim_ap_domains[];
extern const guint sim_ap_card_count, sim_ap_domain_count;

SimMatrix *matrix_new(void);
void matrix_free(SimMatrix *matrix);
/* The masks of the bus as they are after boot: the cards are given to vfio_ap. */
void matrix_boot(SimKernel *kernel);

bool mask_has(const guint8 *mask, guint bit);
void mask_print(const guint8 *mask, GString *out);

typedef enum { MATRIX_ADAPTER, MATRIX_DOMAIN, MATRIX_CONTROL } MatrixPart;
/*
 * A write of `assign_*` or `unassign_*`: the count, -EINVAL (no number), -ENODEV (past the last),
 * -EADDRNOTAVAIL (a queue belongs to the host), -EADDRINUSE (another instance has it).
 */
gssize matrix_assign(SimKernel *kernel, SimInstance *instance, MatrixPart part, bool on,
                     const char *bytes, gsize len);
/* A write of `ap_config`: three masks. */
gssize matrix_configure(SimKernel *kernel, SimInstance *instance, const char *bytes, gsize len);
/* The lines of `matrix`, or with `plugged` only queues that are there (`guest_matrix`). */
void matrix_print(const SimMatrix *matrix, bool plugged, GString *out);
/* A write of the bus's `apmask` or `aqmask`: "0x…" or "+1,-2,+3-5"; -EBUSY where it takes queues.
 */
gssize matrix_set_bus_mask(SimKernel *kernel, guint8 *mask, const char *bytes, gsize len);
