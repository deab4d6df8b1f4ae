// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The table of core/paths.h as a tree of path segments, so that a collector enters every directory
 * once and lists it at most once.
 */

#include "core/paths.h"

typedef enum { SEGMENT_LITERAL, SEGMENT_ANY, SEGMENT_PID, SEGMENT_PCI, SEGMENT_MODULE } SegmentKind;

typedef struct PathNode PathNode;
struct PathNode {
	SegmentKind kind;
	char *name; /* SEGMENT_LITERAL */
	/* What is read here, or NULL. */
	const PathRow *value, *link, *names;
	bool users;          /* all rows at and below it look for users */
	bool listed;         /* has a `names` row or a child with a wildcard */
	GPtrArray *children; /* PathNode *, in the order of the table */
};

/* The tree of the rows that have no flag of `without`. Free with path_tree_free. */
PathNode *path_tree_new(PathFlags without);
void path_tree_free(PathNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PathNode, path_tree_free)

/* True if a directory entry stands for a node of this kind (not for SEGMENT_MODULE). */
bool path_segment_matches(SegmentKind kind, const char *name);
