// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What is read of a host: one const table of path patterns. The collector (collect.c) and the
 * remote shell (remote/probe.sh) both expand it, so they cannot drift apart.
 *
 * A pattern is an absolute path; a segment may be
 *   *           any name (not beginning with a dot)
 *   <pci>       a PCI address: PATH_PCI_GLOB
 *   <module>    each module that matters: what a row with PATH_MODULE_LINK led to, and every
 * leading part, up to a dash, of the type ids of a row with PATH_TYPES ('-' read as '_'); such rows
 * stand last in the table <pid>       all-digit names; only in rows with PATH_USERS
 */

#include "core/facts.h"

/* Both collectors match <pci> by this pattern: nothing else beside devices holds a colon. */
#define PATH_PCI_GLOB "*:*:*.*"

typedef enum {
	PATH_PLAIN = 0,
	PATH_MODULE_LINK = 1 << 0, /* basename of the link's target joins <module> */
	PATH_TYPES = 1 << 1,       /* names are type ids */
	PATH_USERS = 1 << 2,       /* read only when users of instances were asked for */
	PATH_VFIO_ONLY = 1 << 3,   /* of the links keep those to /dev/vfio/ */
	PATH_CMDLINE = 1 << 4, /* a command line: reduced, and kept only where it names a device */
	PATH_LIVE = 1 << 5,    /* only on a running system (meaningless in a tree) */
	PATH_JSON = 1 << 6,    /* an mdevctl definition: only names that are uuids, longer values */
	PATH_LONG = 1 << 7,    /* a text of the host's configuration: longer values */
	PATH_BOOT = 1 << 8,    /* read only when asked what happens at boot */
	PATH_EXISTS = 1 << 9,  /* not what is in the file: the value is "x" if it can be read */
	PATH_ATTR = 1 << 10,   /* an instance's own attribute: settings that a target must share */
	PATH_RARE = 1 << 11,   /* a type's file that few kernels have (TypeRare) */
} PathFlags;

typedef struct {
	FactKind kind;
	const char *pattern;
	PathFlags flags;
} PathRow;

/* Where the patterns of instances and types begin: what follows names the attribute. */
#define PATH_INSTANCE "/sys/bus/mdev/devices/*"
#define PATH_TYPE "/sys/class/mdev_bus/*/mdev_supported_types/*"

extern const PathRow path_rows[];
extern const guint path_row_count;
