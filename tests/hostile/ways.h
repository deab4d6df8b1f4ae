// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The ways in which a tree of files can be read, and what must hold whatever lies in it. */

#include "core/inventory.h"

#define WAY_COUNT 6
/* "local", "recorded tree", "recorded file", then shells: "dash", "bash", "busybox". */
extern const char *const way_names[WAY_COUNT];
#define WAY_IS_SHELL(way) ((way) >= 3)

/* The way at hand, for messages. */
extern const char *way_now;

/*
 * Reads the tree, with users. Ends the test program where it cannot be read. For root "" the
 * running system is read; "recorded tree" is left out then (NULL).
 */
Facts *way_read(guint way, const char *root);

/*
 * The inventory of what was read that way. Its text and JSON are clean, its rows are whole, no
 * descriptor is left open, and it took no longer than a few seconds.
 */
Inventory *way_inventory(guint way, const char *root);

/* Ends the test program with the way and the place; works in child processes too. */
#define EXPECT(condition) \
	do { \
		if (!(condition)) \
			way_fail(__FILE__, __LINE__, #condition, NULL); \
	} while (0)
G_NORETURN void way_fail(const char *file, int line, const char *text, const Inventory *inventory);

/* There is exactly one row for that path, with one of these codes ("EIO ENODEV"). */
#define EXPECT_ROW(inventory, path, codes) expect_row(inventory, path, codes, __FILE__, __LINE__)
void expect_row(const Inventory *inventory, const char *path, const char *codes, const char *file,
                int line);
/* There are so many rows in all. */
#define EXPECT_ROWS(inventory, n) \
	do { \
		if ((inventory)->errors->len != (n)) \
			way_fail(__FILE__, __LINE__, "number of rows", inventory); \
	} while (0)

/* The mtty of host_tree.h and its instance are all there. */
#define EXPECT_SANE_REST(inventory) expect_sane_rest(inventory, __FILE__, __LINE__)
void expect_sane_rest(const Inventory *inventory, const char *file, int line);
