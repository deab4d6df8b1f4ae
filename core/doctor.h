// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What is missing on a host, and how to mend it. Above all boot truth: will what is defined to
 * start at boot be there after one? Pure; of facts read with SCAN_BOOT.
 */

#include "core/facts.h"
#include "core/inventory.h"

typedef enum { FINDING_INFO, FINDING_WARN, FINDING_ERROR } FindingLevel;

typedef struct {
	const char *id; /* "boot-rule", ...; constant */
	FindingLevel level;
	char *text, *mend; /* mend: what to do, as text or a command; or NULL */
} Finding;

void finding_free(Finding *finding);
const char *finding_level_name(FindingLevel level); /* "info", "warn", "error" */

/* Finding * array, in the order of the checks. */
GPtrArray *doctor_findings(const Facts *facts, const Inventory *inventory);
