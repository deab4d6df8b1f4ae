// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * One table of operations on the kernel's sample drivers, for every ground that claims to be a
 * kernel (ground.h). The table says what is done, the golden log tests/data/operations.txt what a
 * real kernel answers.
 */

#include <glib.h>
#include <stdbool.h>

typedef enum {
	OP_WRITE,       /* one write(2) of `bytes` to `path` */
	OP_READ,        /* the whole value */
	OP_LINK,        /* readlink */
	OP_LIST,        /* names, sorted */
	OP_OPEN,        /* open and close the group's device node of instance `path` */
	OP_HOLD,        /* a guest opens instance `path` */
	OP_REMOVE_HELD, /* "1\n" to `remove` of instance `path`, which is held: not waited for */
	OP_LET_GO,      /* the guest lets go */
	OP_REMOVE_ENDS, /* the result of OP_REMOVE_HELD */
	OP_CLEAN,       /* removes every instance there is */
} OpKind;

typedef struct {
	const char *chapter; /* begins one */
	OpKind kind;
	bool other;         /* done by an unprivileged user */
	const char *path;   /* a host path, or the uuid of an instance */
	const char *bytes;  /* of a write; "%u" stands for a number from first to last */
	const char *parent; /* its counters are logged afterwards */
	guint first, last;
} Operation;

extern const Operation operations[];
extern const guint operation_count;
