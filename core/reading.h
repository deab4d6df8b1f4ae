// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Tri-state readings. A value, an absent thing (ENOENT) and an unreadable thing (errno kept) are
 * three different facts, and none of them is ever shown as another. READ_NONE means that nobody
 * asked: the path was not part of the scan.
 */

#include <glib.h>
#include <stdbool.h>

typedef enum {
	READ_NONE,
	READ_VALUE,
	READ_ABSENT,
	READ_UNREADABLE,
} ReadState;

/* A text reading. `s` is NULL unless state is READ_VALUE; `err` is an errno for READ_UNREADABLE. */
typedef struct {
	ReadState state;
	int err;
	const char *s;
} TextReading;

/* A number reading; text that does not parse is READ_UNREADABLE with err EINVAL, never 0. */
typedef struct {
	ReadState state;
	int err;
	gint64 n;
} NumReading;

typedef enum {
	TRI_UNKNOWN,
	TRI_NO,
	TRI_YES,
} Tri;
