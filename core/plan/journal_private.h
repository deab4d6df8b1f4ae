// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What the writing and the reading half of the journal share. */

#include <jansson.h>

#include "core/plan/journal.h"

#define JOURNAL_SUFFIX ".jsonl"
#define JOURNAL_FILES_MAX 500 /* older ones that have come to their end are dropped */

/* An event with its time, and the id of its plan (or NULL). New. */
json_t *journal_event(const char *event, const char *id);
/* Its line. Takes `object`. New. */
char *journal_line(json_t *object);
/* Appends a line, whole or not at all, and brings it to the disk. 0 or an errno. */
int journal_append(int fd, const char *line);
/* Removes the oldest files, where there are too many, that hold nothing interrupted. */
void journal_prune(const char *folder);
