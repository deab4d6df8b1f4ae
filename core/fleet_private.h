// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Inside of the fleet: one slot a host, shared between its worker (fleet_worker.c) and the UI. */

#include "core/facts_cache.h"
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
	GCancellable *cancel; /* replaced by the worker alone, under `lock` */

	int wake_fd; /* eventfd: the worker has something new to look at below */

	/* Under `lock`; `told` is signalled for whoever waits for an answer or for the end. */
	GMutex lock;
	GCond told;
	bool stop, ended;
	bool paused, forgotten;
	bool hang_up; /* the line is to be closed, whatever comes then */
	bool in_job;  /* a change runs: it is not cut short */
	bool visible;
	bool selected; /* the operator looks at one of its instances */
	bool refresh;
	bool declined; /* a question was answered with no: do not ask again by ourselves */
	GQueue jobs;   /* FleetJob * */
	HostState state;
	bool live; /* events tell of changes: it is not polled */
	Inventory *inventory;
	gint64 cached_at; /* µs since the epoch: it is of an earlier run; 0: of this one */
	guint64 generation;
	gint64 seen_us;    /* monotonic, of the last good scan; 0: never */
	gint64 asked_us;   /* monotonic: since when the request under way is out; 0: none is */
	gint64 failing_us; /* monotonic: since when it has not answered; 0: it does */
	gint64 retry_us;   /* monotonic: when it is tried again; 0: it is not failing */
	char *error;
	char *error_code;
	char *notice; /* of the backend */
	int latency_ms;
	guint question_id;
	Question question; /* host and text owned */
	char *answer;
	bool answered;

	/* The worker's own. */
	Backend *backend;
	bool connected;     /* the last request was answered */
	bool worn;          /* its thread has read the host */
	gint64 last_us;     /* end of the last reading; 0: none */
	bool in_connect;    /* between fleet_connect_begin and fleet_connect_end */
	guint jitter;       /* of the pause before the next attempt: so many 1/64 of it more */
	gint64 saved_us;    /* when the cache last was right; 0: never */
	bool unsaved;       /* it is not */
	char *digest;       /* of the last facts, without processes */
	char *users;        /* what the last look at the processes said: facts, as text */
	gint64 users_us;    /* when; 0: never */
	gint64 interval_us; /* between scans, now */
	gint64 heard_us;    /* of the last scan or sign of life */
	guint failures;     /* in a row */

	/* Under the fleet's lock: fleet_connect.c. */
	GCond go;
	bool urgent;   /* on screen */
	gint64 out_us; /* since when its connect is in flight */
} HostSlot;

struct Fleet {
	BackendOpen open;
	BackendOptions options;
	FactsCache *cache; /* or NULL; constant once there are hosts */
	void (*wake)(void *);
	void *wake_data;
	GAsyncQueue *replies;

	GMutex lock;      /* no other lock is taken while it is held */
	GPtrArray *slots; /* HostSlot * */
	GQueue waiting,
		out;     /* HostSlot *: connects that wait for their turn, and those in flight */
	gint64 usual_us; /* that a connect takes; 0: none was answered yet */
	guint64 next_id;
};

#define USERS_US (5 * G_USEC_PER_SEC) /* looking through all processes costs the host more */

gpointer fleet_worker(gpointer slot);
/* AskFunc of a slot: blocks the worker until the UI answers. */
char *fleet_worker_ask(const Question *question, GCancellable *cancel, void *slot);

/*
 * fleet_users.c. One reading, with users where those known are too old or something changed.
 * `changed`: it differs from the last in more than processes. NULL and error. Worker only.
 */
Facts *fleet_read(HostSlot *slot, bool *changed, GError **error);

/* fleet_connect.c. Around every request that may connect. Worker only, without the slot's lock. */
void fleet_connect_begin(HostSlot *slot);
void fleet_connect_end(HostSlot *slot, bool answered);
/* It came on screen, or left it. Any thread, without the slot's lock. */
void fleet_connect_hurry(HostSlot *slot, bool urgent);
/* Its cancellable was cancelled: a connect that waits for its turn must see it. */
void fleet_connect_cancel(HostSlot *slot);

/* fleet_worker.c. Makes its backend. Worker only. */
void fleet_open_line(HostSlot *slot);

/* fleet_cache.c. All worker only: what is kept is shown, kept, and at the end kept or dropped. */
void fleet_cache_show(HostSlot *slot);
void fleet_cache_keep(HostSlot *slot, const Facts *facts, bool changed);
void fleet_cache_close(HostSlot *slot);

HostSlot *fleet_slot(Fleet *fleet, guint host);

/* fleet_life.c. Refuses what waits to be run. Any thread, without the lock. */
void fleet_refuse_jobs(HostSlot *slot);
/* Cancels what is under way: no lock. */
void fleet_cancel(HostSlot *slot);
/*
 * What comes before a turn: hangs up, and rests while the host is paused. Worker only. True where
 * it did, and the caller is to look anew.
 */
bool fleet_rest(HostSlot *slot);

/* fleet_wait.c. Makes the worker look at its slot. Any thread; the lock may be held. */
void slot_wake(HostSlot *slot);

/*
 * fleet_wait.c. Waits until `when` (monotonic; -1: without limit), until slot_wake, or until the
 * host's events call for a scan: then true, after the burst that they mostly come in. Worker only,
 * without the lock.
 */
bool fleet_wait(HostSlot *slot, int event_fd, gint64 when);
