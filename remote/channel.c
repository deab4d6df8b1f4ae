// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/channel.h"

#include <string.h>

#define THROWN_AWAY -1000 /* no return value of libssh */

struct ExecChannel {
	Session *session;
	ssh_channel ssh;
	bool ignore_errors;
};

/* libssh gave up: the line, as a rule. */
static void set_dropped(Session *session, GError **error)
{
	g_autofree char *text = session_error_text(session);

	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "the line dropped: %s", text);
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
		return channel->ignore_errors ? THROWN_AWAY : n;
	return ssh_channel_read_nonblocking(channel->ssh, buffer, (uint32_t)size, 0);
}

void exec_channel_ignore_errors(ExecChannel *channel)
{
	channel->ignore_errors = true;
}

static gssize exec_channel_read(void *data, char *buffer, gsize size, gint64 deadline,
                                GCancellable *cancel, GError **error)
{
	ExecChannel *channel = data;

	for (;;) {
		gssize n = read_any(channel, buffer, size);
		if (n > 0)
			return n;
		if (n == THROWN_AWAY)
			continue;
		if (n == SSH_EOF || (n == 0 && ssh_channel_is_eof(channel->ssh)))
			return 0;
		if (n < 0 && n != SSH_AGAIN) {
			set_dropped(channel->session, error);
			return -1;
		}
		if (!ssh_is_connected(session_ssh(channel->session)) ||
		    ssh_channel_is_closed(channel->ssh))
			return 0;
		if (!session_wait(channel->session, deadline, cancel, error))
			return -1;
	}
}

static bool exec_channel_write(void *data, const char *bytes, gsize size, gint64 deadline,
                               GCancellable *cancel, GError **error)
{
	ExecChannel *channel = data;

	while (size) {
		int n = ssh_channel_write(channel->ssh, bytes, (uint32_t)size);
		if (n > 0) {
			bytes += n;
			size -= (gsize)n;
			continue;
		}
		if ((n < 0 && n != SSH_AGAIN) || !ssh_is_connected(session_ssh(channel->session)) ||
		    ssh_channel_is_closed(channel->ssh)) {
			set_dropped(channel->session, error);
			return false;
		}
		if (!session_wait(channel->session, deadline, cancel, error))
			return false;
	}
	return true;
}

const ProbeLine exec_line = { exec_channel_read, exec_channel_write };

void exec_channel_close(ExecChannel *channel)
{
	if (!channel)
		return;
	/* Not ssh_channel_close: the session goes too, and must not wait for an answer. */
	ssh_channel_free(channel->ssh);
	g_free(channel);
}

ExecChannel *exec_channel_open(Session *session, const char *command, int deadline_ms,
                               GCancellable *cancel, GError **error)
{
	gint64 deadline = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
	ssh_channel ssh = ssh_channel_new(session_ssh(session));
	int rc;

	if (!ssh) {
		set_dropped(session, error);
		return NULL;
	}
	g_autoptr(ExecChannel) channel = g_new0(ExecChannel, 1);
	channel->session = session;
	channel->ssh = ssh;
	while ((rc = ssh_channel_open_session(ssh)) == SSH_AGAIN) {
		if (!session_wait(session, deadline, cancel, error))
			return NULL;
	}
	while (rc == SSH_OK && (rc = ssh_channel_request_exec(ssh, command)) == SSH_AGAIN) {
		rc = SSH_OK;
		if (!session_wait(session, deadline, cancel, error))
			return NULL;
	}
	if (rc == SSH_OK)
		return g_steal_pointer(&channel);
	if (!ssh_is_connected(session_ssh(session))) {
		set_dropped(session, error);
	} else {
		g_autofree char *text = session_error_text(session);
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_AUTH,
		            "the host runs no command: %s", text);
	}
	return NULL;
}
