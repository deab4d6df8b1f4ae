// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Inside of the fleet: one slot a host, shared between its worker (fleet_worker.c) and the UI. */

#include "core/fleet.h"

typedef struct {
	guint64 id;
	Plan *plan;
} FleetJob;

typedef struct {
	Fleet *fleet;
	guint index;
	HostAddress *address; /* constant */
	GThread *thread;
	GCancellable *cancel;

	/* Under `lock`; `wake` tells the worker that something below changed. */
	GMutex lock;
	GCond wake;
	bool stop, ended;
	bool visible;
	bool refresh;
	bool declined; /* a question was answered with no: do not ask again by ourselves */
	GQueue jobs;   /* FleetJob * */
	HostState state;
	Inventory *inventory;
	guint64 generation;
	gint64 seen_us;    /* monotonic, of the last good scan; 0: never */
	gint64 asked_us;   /* monotonic: since when the request under way is out; 0: none is */
	gint64 failing_us; /* monotonic: since when it has not answered; 0: it does */
	char *error;
	char *error_code;
	int latency_ms;
	guint question_id;
	Question question; /* host and text owned */
	char *answer;
	bool answered;

	/* The worker's own. */
	Backend *backend;
	bool in_connect;    /* counted as a connect in flight */
	char *digest;       /* of the last facts, without processes */
	Facts *users;       /* what the last look at the processes said */
	gint64 users_us;    /* when; 0: never */
	gint64 interval_us; /* between scans, now */
	guint failures;     /* in a row */
} HostSlot;

struct Fleet {
	BackendOpen open;
	BackendOptions options;
	void (*wake)(void *);
	void *wake_data;
	GPtrArray *slots; /* HostSlot *: touched by the UI thread alone */
	GAsyncQueue *replies;

	GMutex lock;
	GCond freed;
	guint connecting;
	guint64 next_id;
};

#define CONNECTS_IN_FLIGHT 16

gpointer fleet_worker(gpointer slot);
/* AskFunc of a slot: blocks the worker until the UI answers. */
char *fleet_worker_ask(const Question *question, GCancellable *cancel, void *slot);
