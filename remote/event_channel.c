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
 * udevadm would outlive a dead client, so the shell waits on its input, which ends with the line,
 * and then ends it. "ready" is said once the tool's netlink socket (protocol 15, bound to its pid)
 * stands in /proc/net/netlink: from then on nothing is missed. The shell closes its own output, so
 * that ours ends if the tool does. udev's group is silent where no udevd runs.
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
	"kill -0 $p 2>/dev/null && echo ready; exec >&- 2>&-; read x; kill $p'"

typedef enum { OPEN, EXEC, WAIT, DONE } Step;

struct EventChannel {
	Session *session;
	ssh_channel ssh;
	Step step;
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

EventChannel *event_channel_new(Session *session)
{
	EventChannel *channel = g_new0(EventChannel, 1);

	channel->session = session;
	channel->ssh = ssh_channel_new(session_ssh(session));
	return channel;
}

void event_channel_free(EventChannel *channel)
{
	if (!channel)
		return;
	if (channel->ssh)
		ssh_channel_free(channel->ssh);
	g_free(channel->trouble);
	g_free(channel);
}

const char *event_channel_trouble(const EventChannel *channel)
{
	return channel->trouble;
}

static void give_up(EventChannel *channel, const char *why)
{
	g_autofree char *text = session_error_text(channel->session);

	channel->step = DONE;
	channel->state = EVENT_CHANNEL_NONE;
	channel->trouble = why ? g_strdup(why)
	                       : g_strdup_printf("it gives no channel for its events (%s): "
	                                         "it is polled",
	                                         text);
}

static bool is_open(const EventChannel *channel)
{
	return ssh_is_connected(session_ssh(channel->session)) &&
	       !ssh_channel_is_eof(channel->ssh) && !ssh_channel_is_closed(channel->ssh);
}

/*
 * Both streams until neither has more: a call for one takes the other's packets from the socket
 * too, which is silent then. Too much at once counts as a change, and the rest waits: whoever is
 * told of a change comes again before he waits. False at the end of the channel.
 */
static bool drain(EventChannel *channel)
{
	char buffer[16384];
	gsize total = 0;
	int err, out;

	do {
		err = ssh_channel_read_nonblocking(channel->ssh, buffer, sizeof buffer, 1);
		out = ssh_channel_read_nonblocking(channel->ssh, buffer, sizeof buffer, 0);
		if (out > 0)
			event_lines_feed(&channel->lines, buffer, (gsize)out);
		total += (gsize)MAX(err, 0) + (gsize)MAX(out, 0);
	} while ((err > 0 || out > 0) && total < TAKE_MAX);
	if (total >= TAKE_MAX)
		channel->lines.changed = true;
	return out > 0 || out == SSH_AGAIN || (out == 0 && is_open(channel));
}

/* The tool's first words, or its end without any. */
static void hear_first(EventChannel *channel)
{
	bool more = drain(channel);

	if (channel->lines.ready) {
		channel->step = DONE;
		channel->state = EVENT_CHANNEL_LIVE;
		channel->fresh = true;
	} else if (channel->lines.absent) {
		give_up(channel, "it has neither udevadm nor busybox's uevent: it is polled");
	} else if (!more) {
		give_up(channel, "its events cannot be heard: it is polled");
	}
}

EventChannelState event_channel_state(EventChannel *channel)
{
	if (!channel->ssh && channel->step != DONE)
		give_up(channel, NULL);
	if (channel->step == OPEN) {
		int rc = ssh_channel_open_session(channel->ssh);
		if (rc == SSH_OK)
			channel->step = EXEC;
		else if (rc != SSH_AGAIN)
			give_up(channel, NULL);
	}
	if (channel->step == EXEC) {
		int rc = ssh_channel_request_exec(channel->ssh, EVENT_COMMAND);
		if (rc == SSH_OK)
			channel->step = WAIT;
		else if (rc != SSH_AGAIN)
			give_up(channel, NULL);
	}
	if (channel->step == WAIT)
		hear_first(channel);
	return channel->state;
}

BackendEvents event_channel_take(EventChannel *channel)
{
	if (channel->state != EVENT_CHANNEL_LIVE)
		return EVENTS_NONE;
	bool more = drain(channel);
	bool changed = channel->fresh || channel->lines.changed;

	channel->fresh = channel->lines.changed = false;
	if (!more) {
		channel->state = EVENT_CHANNEL_ENDED;
		return EVENTS_LOST;
	}
	return changed ? EVENTS_CHANGED : EVENTS_NONE;
}
