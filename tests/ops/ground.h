// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What claims to be a kernel: a tree of files (a real kernel's, or a simulated one's through FUSE),
 * or the simulated kernel in this process. Paths are the host's. Results are counts, or -errno.
 */

#include <glib.h>
#include <stdbool.h>

typedef struct Ground Ground;

typedef struct {
	/* `other`: as a user without privileges */
	gssize (*write)(Ground *ground, const char *path, const char *bytes, gsize len, bool other);
	gssize (*read)(Ground *ground, const char *path, char **bytes, bool other);
	int (*list)(Ground *ground, const char *path, char ***names); /* in any order */
	int (*link)(Ground *ground, const char *path, char **target);
	int (*open)(Ground *ground, const char *devnode);
	/* A guest opens the instance whose device node this is, and later lets go of it. */
	int (*hold)(Ground *ground, const char *devnode, const char *uuid);
	int (*let_go)(Ground *ground);
	void (*free)(Ground *ground);
} GroundOps;

struct Ground {
	const GroundOps *ops;
};

/*
 * The tree below `root`. Where it has a file `simulation` (simfs.c), guests are started through it;
 * else by the program `hold`, which opens an instance as a virtual machine does.
 */
Ground *ground_files_new(const char *root);

/* Does all of the table (operations.h); the log is one line an operation. Blocking. */
char *ground_run(Ground *ground);

static inline void ground_free(Ground *ground)
{
	ground->ops->free(ground);
}
