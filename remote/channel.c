// SPDX-License-Identifier: GPL-2.0-or-later
/* One exec channel of a libssh session. */
#include "remote/channel.h"

#include <string.h>

#define THROWN_AWAY -1000 /* no return value of libssh */

typedef enum { STEP_OPEN, STEP_EXEC, STEP_RUNS, STEP_REFUSED } Step;

typedef struct {
	Channel base;
	Session *session;
	ssh_channel ssh;
	char *command;
	Step step;
} ExecChannel;

/* libssh gave up: the line, as a rule. */
static void set_dropped(Session *session, GError **error)
{
	g_autofree char *text = session_error_text(session);

	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "the line dropped: %s", text);
}

static ChannelState exec_state(Channel *base)
{
	ExecChannel *channel = (ExecChannel *)base;
	int rc;

	if (channel->step == STEP_OPEN) {
		rc = channel->ssh ? ssh_channel_open_session(channel->ssh) : SSH_ERROR;
		if (rc != SSH_AGAIN)
			channel->step = rc == SSH_OK ? STEP_EXEC : STEP_REFUSED;
	}
	if (channel->step == STEP_EXEC) {
		rc = ssh_channel_request_exec(channel->ssh, channel->command);
		if (rc != SSH_AGAIN)
			channel->step = rc == SSH_OK ? STEP_RUNS : STEP_REFUSED;
	}
	return channel->step == STEP_RUNS      ? CHANNEL_OPEN
	       : channel->step == STEP_REFUSED ? CHANNEL_REFUSED
	                                       : CHANNEL_OPENING;
}

static char *exec_trouble(Channel *base)
{
	return session_error_text(((ExecChannel *)base)->session);
}

/*
 * What the host says on standard error is of no use, but would fill the window and stop it. Before
 * the probe runs it is the login shell's: it joins the output, for the message if the shell ends.
 *
 * Standard error goes first. Either call takes packets of both streams from the socket; were the
 * output asked first, output that the second call took would lie in libssh's buffer while we wait
 * for a socket that has no more to say.
 */
static gssize read_any(ExecChannel *channel, char *buffer, gsize size)
{
	int n = ssh_channel_read_nonblocking(channel->ssh, buffer, (uint32_t)size, 1);

	if (n > 0)
		return channel->base.quiet ? THROWN_AWAY : n;
	return ssh_channel_read_nonblocking(channel->ssh, buffer, (uint32_t)size, 0);
}

static gssize exec_read(Channel *base, char *buffer, gsize size, GError **error)
{
	ExecChannel *channel = (ExecChannel *)base;
	gssize n;

	do
		n = read_any(channel, buffer, size);
	while (n == THROWN_AWAY);
	if (n > 0)
		return n;
	if (n == SSH_EOF || (n == 0 && ssh_channel_is_eof(channel->ssh)))
		return 0;
	if (n < 0 && n != SSH_AGAIN) {
		set_dropped(channel->session, error);
		return -1;
	}
	if (!ssh_is_connected(session_ssh(channel->session)) || ssh_channel_is_closed(channel->ssh))
		return 0;
	return CHANNEL_AGAIN;
}

static gssize exec_write(Channel *base, const char *bytes, gsize size, GError **error)
{
	ExecChannel *channel = (ExecChannel *)base;
	int n = ssh_channel_write(channel->ssh, bytes, (uint32_t)size);

	if (n > 0)
		return n;
	if ((n < 0 && n != SSH_AGAIN) || !ssh_is_connected(session_ssh(channel->session)) ||
	    ssh_channel_is_closed(channel->ssh)) {
		set_dropped(channel->session, error);
		return -1;
	}
	return 0;
}

/* libssh says itself whether it has something to write. */
static bool exec_wait(Channel *base, short events, gint64 deadline, GCancellable *cancel,
                      GError **error)
{
	(void)events;
	return session_wait(((ExecChannel *)base)->session, deadline, cancel, error);
}

static int exec_fd(Channel *base)
{
	return session_fd(((ExecChannel *)base)->session);
}

static void exec_free(Channel *base)
{
	ExecChannel *channel = (ExecChannel *)base;

	/* Not ssh_channel_close: it must not wait for an answer. */
	if (channel->ssh)
		ssh_channel_free(channel->ssh);
	g_free(channel->command);
	g_free(channel);
}

static const ChannelOps exec_ops = {
	.state = exec_state,
	.read = exec_read,
	.write = exec_write,
	.wait = exec_wait,
	.fd = exec_fd,
	.trouble = exec_trouble,
	.free = exec_free,
};

Channel *exec_channel_new(Session *session, const char *command)
{
	ExecChannel *channel = g_new0(ExecChannel, 1);

	channel->base.ops = &exec_ops;
	channel->session = session;
	channel->ssh = ssh_channel_new(session_ssh(session));
	channel->command = g_strdup(command);
	return &channel->base;
}
