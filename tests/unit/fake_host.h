// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * A host for tests behind the seam: one mtty-like parent with ports, whose writes work as in
 * samples/vfio-mdev/mtty.c. It can be made to fail, and to hang until let go.
 */

#include "core/backend.h"

typedef struct {
	GMutex lock;
	GCond changed;
	GPtrArray *uuids; /* of mtty-1 instances */
	guint ports;
	int write_errno;  /* every write fails with it; 0: none */
	int open_errno;   /* what opening a character device says */
	bool refuse;      /* scans fail with BACKEND_ERROR_UNREACHABLE */
	bool hang;        /* scans block until let go or cancelled */
	const char *held; /* this uuid is held open by pid 4242, VM web-7 */
	bool hidden;      /* processes could not be looked into */
	bool ask;         /* connecting asks for the host key */
	int die_at_write; /* of the n-th write, before it works, the program is killed; 0: never */
	guint scans, user_scans, asked;
	bool has_mdevctl;        /* with mdevctl's own ways: it keeps `definitions` */
	GHashTable *definitions; /* path → text */
	GPtrArray *ran;          /* what was run, words joined by blanks */
	const char *run_says;    /* run ends with 1 and this on its standard error */
	const char *boot_id;     /* NULL: none */
	int events;              /* its descriptor of events (an eventfd); -1: it has none */
	bool lost;               /* the next events are not whole */
} FakeHost;

FakeHost *fake_host_new(guint ports);
void fake_host_free(FakeHost *host);
/* Adds an instance behind everybody's back. */
void fake_host_add(FakeHost *host, const char *uuid);
/* From now on it tells of changes, when fake_host_tell is called. Before any backend of it. */
void fake_host_tells(FakeHost *host);
void fake_host_tell(FakeHost *host);
guint fake_host_scans(FakeHost *host);
void fake_host_set(FakeHost *host, bool *flag, bool value);
/* A backend of it; `options` may be NULL. */
Backend *fake_backend_new(FakeHost *host, const char *label, const BackendOptions *options);
