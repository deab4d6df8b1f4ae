// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What an output is made from: one host that was asked, with what it answered. Borrowed pointers;
 * both the JSON and the text of a host are made from this one form.
 */

#include "core/hosts.h"
#include "core/inventory.h"
#include "core/status.h"

typedef struct {
	const HostAddress *address;
	const char *state;          /* "up", "recorded", "down", ... */
	const Inventory *inventory; /* NULL: it did not answer */
	const Problem *problem;     /* why it did not; else NULL */
	int latency_ms;             /* of the reading; -1: none */
	gint64 now;                 /* seconds since the epoch: ages are counted from it */
} HostRow;

/* Seconds since the facts were read, or -1 where that is not known. */
static inline gint64 host_row_age_s(const HostRow *row)
{
	if (!row->inventory || row->inventory->taken_at <= 0)
		return -1;
	return MAX(row->now - row->inventory->taken_at, 0);
}

/* "root", "sudo" (or doas), "none"; NULL where nobody knows. */
static inline const char *host_row_privilege(const HostRow *row)
{
	if (!row->inventory || row->inventory->euid < 0)
		return NULL;
	if (row->inventory->euid != 0)
		return "none";
	return row->inventory->via ? "sudo" : "root";
}
