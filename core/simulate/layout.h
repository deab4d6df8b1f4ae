// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Which paths a simulated host has, and what they say: a const table of path patterns (rows_*.c),
 * answered from the state. Directories in between are derived. All under the kernel's lock.
 *
 * A segment of a pattern is literal or names a set (layout_sets.c):
 *   <device>    a device below /sys/devices; several segments
 *   <parent>, <type>, <instance>, <driver>, <module>, <group>, ...
 * A set that stands below another is narrowed by it: the instances of a parent, the types of one.
 */

#include "core/simulate/kernel_private.h"

/* What the sets in a path stand for. Fields that no set named are NULL or 0. */
typedef struct {
	SimKernel *kernel;
	SimDevice *device;
	const SimType *type;
	SimInstance *instance;
	SimGuest *guest;
	const SimDriver *driver;
	const SimModule *module;
	const char *name; /* what the last set without an object of its own matched */
	const char *path; /* SIM_DEFINITIONS/... */
	guint number;     /* a group, a descriptor, a card's id */
	guint second;     /* a queue's domain */
	char text[48];    /* where sets make up names */
} SimPlace;

typedef struct SimRow SimRow;
struct SimRow {
	const char *pattern;
	SimKind kind;
	guint16 mode;
	/*
	 * SIM_FILE: the value; SIM_LINK: the target (below /sys: an absolute path, shown relative);
	 * SIM_DIR, SIM_CHAR: nothing. 0 or -errno; -ENOENT means that it is not there at all. NULL:
	 * there, and its value is `text`.
	 */
	int (*say)(const SimPlace *place, GString *out);
	const char *text;
	gssize (*write)(SimPlace *place, const char *bytes, gsize len, const SimWait *wait);
};

extern const SimRow sim_rows_mdev[], sim_rows_host[], sim_rows_pci[], sim_rows_s390[];
extern const guint sim_rows_mdev_count, sim_rows_host_count, sim_rows_pci_count,
	sim_rows_s390_count;

/* A named set: the nth thing of it in `place` (which it completes), "" for one that is left out
 * here, NULL past the last. */
typedef struct {
	const char *name;
	const char *(*nth)(SimPlace *place, guint i);
} SimSet;
extern const SimSet sim_sets[];
extern const guint sim_set_count;

/* One path that is there. */
typedef struct {
	SimKind kind;
	const SimRow *row; /* NULL: a directory in between, or a stored file */
	SimPlace place;
	GString *path; /* without links */
} SimSpot;
#define SIM_SPOT_NONE ((SimSpot){ 0 })
void layout_spot_clear(SimSpot *spot);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SimSpot, layout_spot_clear)

/* 0, -ENOENT, -ENOTDIR or -ELOOP. */
int layout_find(SimKernel *kernel, const char *path, bool follow, SimSpot *spot);
void layout_stat(const SimSpot *spot, SimStat *stat);
int layout_list(const SimSpot *spot, char ***names);
int layout_target(const SimSpot *spot, GString *out);
int layout_read(const SimSpot *spot, GString *out);
gssize layout_write(SimSpot *spot, const char *bytes, gsize len, const SimWait *wait);
/* SIM_CHAR: somebody has it open. */
bool layout_is_held(const SimSpot *spot);
