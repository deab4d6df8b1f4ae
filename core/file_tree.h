// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * A host's files as the collector needs them: directories that are held open by a handle, and what
 * one name in them says. The local sysfs (sysfs.c) and the simulated kernel
 * (simulate/) implement it. Results are counts or handles; errors are -errno.
 */

#include <glib.h>
#include <stdbool.h>

typedef struct FileTree FileTree;

/* One name: relative to the open directory `dir`, and (links may need it) by its whole host path.
 */
typedef struct {
	int dir;
	const char *name, *path;
	bool is_link; /* read_link said so; false: not known */
} FileEntry;

typedef struct {
	/* A handle of a directory, through links; not listable ones may still be passed through. */
	int (*open_dir)(FileTree *tree, const FileEntry *entry, bool listable);
	/* Sorted names, new, without those that begin with a dot. */
	int (*list)(FileTree *tree, int dir, char ***names);
	/* Target of a link, NUL-terminated; -EINVAL for what is none. */
	gssize (*read_link)(FileTree *tree, const FileEntry *entry, char *target, gsize size);
	/* Up to `max` bytes of a regular file, through links; never waits for a FIFO or a device.
	 */
	gssize (*read_value)(FileTree *tree, const FileEntry *entry, char *buf, gsize max);
	void (*close)(FileTree *tree, int dir);
} FileTreeOps;

/* Implementations embed this as their first member. */
struct FileTree {
	const FileTreeOps *ops;
	int root;         /* handle of "/", closed by the implementation's own destructor */
	const char *self; /* pid of the reader in this tree, NULL: it has none there */
};
