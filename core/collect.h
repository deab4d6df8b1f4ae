// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The collector: which files of core/paths.h are read, and how they become facts. */

#include "core/facts.h"
#include "core/file_tree.h"

typedef struct {
	bool boot;  /* read what happens when the host starts */
	bool users; /* look through /proc for users of instances */
	bool live;  /* a running system, not a directory laid out like one */
} CollectOptions;

/*
 * Reads everything. Single failures are facts. The notes "source", "taken", "users" and "hidden"
 * are set; those that describe the reader are the caller's. New; blocking; any thread.
 */
Facts *facts_collect(FileTree *tree, CollectOptions options);
