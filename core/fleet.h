// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The fleet: all hosts of the console, one worker thread each. A hung host hangs alone. Every
 * function here may be called from any thread and returns at once. A host keeps its index as long
 * as the fleet is there.
 */

#include "core/backend.h"
#include "core/hosts.h"
#include "core/inventory.h"
#include "core/plan/plan.h"

typedef enum {
	HOST_CONNECTING, /* nothing seen yet; an attempt is under way */
	HOST_UP,         /* the inventory is fresh */
	HOST_STALE,      /* there is an inventory, but the host does not answer now */
	HOST_DOWN,       /* never seen, and the last attempt failed */
	HOST_RECORDING,  /* a recording: true for when it was taken */
	HOST_PAUSED,     /* disconnected by the operator: what was seen stays */
	HOST_FORGOTTEN,  /* only its index is left, so that those of others stay */
} HostState;

/* What is known of a host at this moment. Strings and inventory are the caller's: host_view_clear.
 */
typedef struct {
	const HostAddress *address; /* the fleet's, as long as the fleet */
	HostState state;
	Inventory *inventory; /* or NULL */
	guint64 generation;   /* rises with every new inventory or change of state */
	bool live;            /* its own events tell of changes: it is not polled */
	bool cached;       /* the inventory is of an earlier run: the host has not answered yet */
	gint64 age_us;     /* of the inventory; -1 without one */
	gint64 silent_us;  /* HOST_CONNECTING/STALE: since when it has not answered; else 0 */
	char *error;       /* why it is stale or down, or NULL */
	char *error_code;  /* "UNREACHABLE", "AUTH", "HOSTKEY", ... or NULL */
	char *notice;      /* what else to know of it (why it is polled), or NULL */
	gint64 retry_us;   /* HOST_STALE/DOWN: until the next attempt; -1: one is under way */
	int latency_ms;    /* of the last scan; -1 */
	guint question_id; /* 0: none waiting */
	QuestionKind question_kind;
	char *question; /* text */
} HostView;

void host_view_clear(HostView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HostView, host_view_clear)

/* The end of a plan: exactly one per fleet_run. */
typedef struct {
	guint64 id;
	guint host;
	Plan *plan;
	GPtrArray *results; /* StepResult *; empty if the host could not be reached */
	Problem *problem;   /* why nothing ran at all, or NULL */
} FleetReply;

void fleet_reply_free(FleetReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FleetReply, fleet_reply_free)

typedef struct Fleet Fleet;

/* Makes the backend of an address: given by the composition root, which alone knows remote/. */
typedef Backend *(*BackendOpen)(const HostAddress *address, const BackendOptions *options);

/*
 * Once, before any thread is started: room for a thousand workers. Small stacks, as many
 * descriptors as the system allows, few heaps.
 */
void fleet_prepare_process(void);

/* `wake` is called from any thread when something may have changed: it must only set a flag/fd. */
Fleet *fleet_new(BackendOpen open, const BackendOptions *options, void (*wake)(void *), void *data);
/*
 * Before the first host: what hosts over SSH say is kept below this folder, and shown as stale at
 * the next start until they answer. A folder that cannot be had means no cache.
 */
void fleet_use_cache(Fleet *fleet, const char *dir);
/* Cancels everything, waits at most a second for the workers, and leaves those that hang. */
void fleet_free(Fleet *fleet);

/*
 * Adds a host and starts its worker; `address` is taken, and its label is no other's (fleet_find).
 * Returns its index.
 */
guint fleet_add(Fleet *fleet, HostAddress *address);
/* Disconnects: a change that runs ends first, others are refused, and so are new ones. */
void fleet_pause(Fleet *fleet, guint host);
/* Connects again. */
void fleet_resume(Fleet *fleet, guint host);
/* Disconnects for good, and drops what is cached; its label is free again, its index is not. */
void fleet_forget(Fleet *fleet, guint host);
/* How many indices there are: forgotten hosts count. */
guint fleet_count(Fleet *fleet);
/* Index of a label, or -1. */
int fleet_find(Fleet *fleet, const char *label);

void fleet_view(Fleet *fleet, guint host, HostView *view);
/* Cheap: only the generation. */
guint64 fleet_generation(Fleet *fleet, guint host);

/*
 * A host whose events are heard is read when they say so. Others are polled: those on screen more
 * often (from 0.3 s after a change to 2 s) than the rest (every 15 s).
 */
void fleet_set_visible(Fleet *fleet, guint host, bool visible);
/* Over SSH no event tells who uses an instance: while one is looked at, users are read every 5 s.
 */
void fleet_set_selected(Fleet *fleet, guint host, bool selected);
void fleet_refresh(Fleet *fleet, guint host);
/* Queues a plan (taken); the reply comes by fleet_reply. Returns the request's id. */
guint64 fleet_run(Fleet *fleet, guint host, Plan *plan);
/* The next reply, or NULL. */
FleetReply *fleet_reply(Fleet *fleet);
/* Answers a waiting question; NULL: no. `answer` is copied, and wiped after use. */
void fleet_answer(Fleet *fleet, guint host, guint question_id, const char *answer);
