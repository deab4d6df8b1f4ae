// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/event_channel.h"

#include <string.h>

#include "core/text.h"
#include "core/uevent.h"

/* More than any burst: whoever says that much at once has lost something on the way. */
#define TAKE_MAX (4 * 1024 * 1024)

/*
 * What the login shell is asked to run; in the words that bash, dash, ash, fish and tcsh share.
 *
 * udevadm would outlive a dead client, so a subshell waits on the input, which ends with the line,
 * and then ends it; the shell ends when the tool does. "ready" is said once the tool's netlink
 * socket (protocol 15, bound to its pid) stands in /proc/net/netlink: from then on nothing is
 * missed. udev's group is silent where no udevd runs.
 */
#define EVENT_COMMAND \
	"exec /bin/sh -c '" \
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH; cd /; " \
	"if command -v udevadm >/dev/null 2>&1; then g=--kernel; " \
	"[ -e /run/udev/control ] && g=--udev; set -- udevadm monitor $g --property; " \
	"elif command -v uevent >/dev/null 2>&1; then set -- uevent env; " \
	"elif busybox --list 2>/dev/null | grep -qx uevent; then set -- busybox uevent env; " \
	"else echo none; exit 0; fi; " \
	"\"$@\" </dev/null 2>/dev/null & p=$!; i=0; " \
	"until grep -q \" 15  *$p \" /proc/net/netlink 2>/dev/null || [ $i -ge 50 ]; " \
	"do i=$((i + 1)); done; " \
	"kill -0 $p 2>/dev/null && echo ready; exec 2>/dev/null 3<&0; " \
	"(read x <&3; kill $p) >/dev/null & r=$!; wait $p; kill $r'"

struct EventChannel {
	Channel *line;
	EventChannelState state;
	EventLines lines;
	bool fresh; /* it hears, and nobody has been told */
	char *trouble;
};

static void end_line(EventLines *lines)
{
	char *text = lines->line;

	text[lines->len] = '\0';
	lines->len = 0;
	if (g_str_equal(text, "ready"))
		lines->ready = true;
	else if (g_str_equal(text, "none"))
		lines->absent = true;
	else if (g_str_has_prefix(text, "SUBSYSTEM="))
		lines->changed |= uevent_matters(strchr(text, '=') + 1, NULL);
	else if (g_str_has_prefix(text, "MDEV_STATE="))
		lines->changed |= uevent_matters(NULL, strchr(text, '=') + 1);
}

void event_lines_feed(EventLines *lines, const char *bytes, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		if (bytes[i] == '\n')
			end_line(lines);
		else if (lines->len < sizeof lines->line - 1)
			lines->line[lines->len++] = bytes[i];
	}
}

EventChannel *event_channel_new(Transport *transport)
{
	EventChannel *channel = g_new0(EventChannel, 1);

	channel->line = transport_run(transport, EVENT_COMMAND);
	return channel;
}

void event_channel_free(EventChannel *channel)
{
	if (!channel)
		return;
	chan_free(channel->line);
	g_free(channel->trouble);
	g_free(channel);
}

const char *event_channel_trouble(const EventChannel *channel)
{
	return channel->trouble;
}

static void give_up(EventChannel *channel, const char *why)
{
	g_autofree char *text = chan_trouble(channel->line);

	channel->state = EVENT_CHANNEL_NONE;
	channel->trouble = why ? g_strdup(why)
	                       : g_strdup_printf("it gives no channel for its events (%s): "
	                                         "it is polled",
	                                         text);
}

/*
 * All there is. Too much at once counts as a change, and the rest waits: whoever is told of a
 * change comes again before he waits. CHANNEL_AGAIN, 0 at the end, or -1 where the line failed.
 */
static gssize drain(EventChannel *channel)
{
	char buffer[16384];
	gsize total = 0;
	gssize n;

	channel->line->quiet = channel->state == EVENT_CHANNEL_LIVE;
	while ((n = chan_read(channel->line, buffer, sizeof buffer, NULL)) > 0) {
		event_lines_feed(&channel->lines, buffer, (gsize)n);
		total += (gsize)n;
		if (total >= TAKE_MAX) {
			channel->lines.changed = true;
			return CHANNEL_AGAIN;
		}
	}
	return n;
}

/* The tool's first words, or its end without any. */
static void hear_first(EventChannel *channel)
{
	gssize n = drain(channel);

	if (channel->lines.ready) {
		channel->state = EVENT_CHANNEL_LIVE;
		channel->fresh = true;
	} else if (channel->lines.absent) {
		give_up(channel, "it has neither udevadm nor busybox's uevent: it is polled");
	} else if (n != CHANNEL_AGAIN) {
		give_up(channel, n == 0 ? "its events cannot be heard: it is polled" : NULL);
	}
}

EventChannelState event_channel_state(EventChannel *channel)
{
	if (channel->state != EVENT_CHANNEL_OPENING)
		return channel->state;
	switch (chan_state(channel->line)) {
	case CHANNEL_OPEN:
		hear_first(channel);
		break;
	case CHANNEL_REFUSED:
		give_up(channel, NULL);
		break;
	case CHANNEL_OPENING:
		break;
	}
	return channel->state;
}

int event_channel_fd(EventChannel *channel)
{
	return chan_fd(channel->line);
}

BackendEvents event_channel_take(EventChannel *channel)
{
	if (channel->state != EVENT_CHANNEL_LIVE)
		return EVENTS_NONE;
	bool more = drain(channel) == CHANNEL_AGAIN;
	bool changed = channel->fresh || channel->lines.changed;

	channel->fresh = channel->lines.changed = false;
	if (!more) {
		channel->state = EVENT_CHANNEL_ENDED;
		return EVENTS_LOST;
	}
	return changed ? EVENTS_CHANGED : EVENTS_NONE;
}
