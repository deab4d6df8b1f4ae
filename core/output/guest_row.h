// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The table of guests and of instances that nobody holds: columns and what their rows are. */

#include "core/guests.h"
#include "core/hosts.h"
#include "core/output/columns.h"

/* A guest with its devices, or one instance without a guest. Borrowed pointers. */
typedef struct {
	const HostAddress *address;
	const Guest *guest;       /* NULL: nobody is known to hold it */
	const Instance *instance; /* the first device, or the one without a guest */
	char **short_ids;         /* of its devices; NULL: their whole names are shown */
} GuestRow;

extern const Column guest_columns[];
extern const guint guest_column_count;

/* The devices of a row, in order. */
guint guest_row_devices(const GuestRow *row);
const Instance *guest_row_device(const GuestRow *row, guint nth);
