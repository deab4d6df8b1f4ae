// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * A host's uevents over a second channel of its transport: udevadm or busybox's uevent, started by
 * a shell that ends it when the line goes. Nothing here blocks. Used by the thread that uses the
 * transport.
 */

#include "core/backend.h"
#include "remote/transport.h"

typedef enum {
	EVENT_CHANNEL_OPENING,
	EVENT_CHANNEL_LIVE,  /* it hears */
	EVENT_CHANNEL_ENDED, /* it heard, and was ended on the host */
	EVENT_CHANNEL_NONE,  /* the host has no events for us */
} EventChannelState;

typedef struct EventChannel EventChannel;

/* Begins to open one. `transport` must outlive it. */
EventChannel *event_channel_new(Transport *transport);
void event_channel_free(EventChannel *channel);

/* Goes on with opening as far as that is possible now. */
EventChannelState event_channel_state(EventChannel *channel);
/* Readable when there may be more to take; the transport's. */
int event_channel_fd(EventChannel *channel);
/* Why the state is NONE, safe to show; the channel's own. */
const char *event_channel_trouble(const EventChannel *channel);
/*
 * Takes all there is. EVENTS_CHANGED also for the first time that it hears: what happened until
 * then nobody told.
 */
BackendEvents event_channel_take(EventChannel *channel);

/* The output of the host's tool, line by line; what is longer than any line of interest is cut. */
typedef struct {
	char line[64];
	gsize len;
	bool ready, absent, changed; /* what the lines said so far */
} EventLines;

/* Pure but for `lines`. `bytes` may be anything. */
void event_lines_feed(EventLines *lines, const char *bytes, gsize len);
