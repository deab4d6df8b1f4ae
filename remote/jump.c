// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/jump.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/text.h"

#define PIECE 32768

/* Bytes on their way in one direction. */
typedef struct {
	char bytes[PIECE];
	gsize at, len;
} Load;

struct Jump {
	Session *gate;
	ssh_channel channel;
	int fd; /* the thread's end of the socket */
	GThread *thread;
	Load *out, *in; /* to the host, from it */
};

/* Each of the four moves bytes if it can: 1, 0 if it cannot now, or -1 at the end. */
static int take_socket(Jump *jump)
{
	if (jump->out->len)
		return 0;
	gssize n = read(jump->fd, jump->out->bytes, PIECE);
	if (n > 0)
		jump->out->len = (gsize)n;
	return n > 0 ? 1 : n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static int give_channel(Jump *jump)
{
	Load *out = jump->out;

	if (!out->len)
		return 0;
	int n = ssh_channel_write(jump->channel, out->bytes + out->at,
	                          (uint32_t)(out->len - out->at));
	if (n < 0 && n != SSH_AGAIN)
		return -1;
	out->at += (gsize)MAX(n, 0);
	if (out->at == out->len)
		out->at = out->len = 0;
	return n > 0;
}

static int take_channel(Jump *jump)
{
	if (jump->in->len)
		return 0;
	int n = ssh_channel_read_nonblocking(jump->channel, jump->in->bytes, PIECE, 0);
	if (n > 0)
		jump->in->len = (gsize)n;
	if (n > 0)
		return 1;
	return (n < 0 && n != SSH_AGAIN) || ssh_channel_is_eof(jump->channel) ||
	                       ssh_channel_is_closed(jump->channel) ||
	                       !ssh_is_connected(session_ssh(jump->gate))
	               ? -1
	               : 0;
}

static int give_socket(Jump *jump)
{
	Load *in = jump->in;

	if (!in->len)
		return 0;
	gssize n = send(jump->fd, in->bytes + in->at, in->len - in->at, MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	in->at += (gsize)n;
	if (in->at == in->len)
		in->at = in->len = 0;
	return 1;
}

/*
 * Until nothing moves. Writing to the channel comes before reading from it: it takes packets from
 * the jump host's socket, which is silent about them afterwards.
 */
static bool move_all(Jump *jump)
{
	static int (*const moves[])(Jump *) = { take_socket, give_channel, take_channel,
		                                give_socket };
	bool moved = true;

	while (moved) {
		moved = false;
		for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
			int result = moves[i](jump);
			if (result < 0)
				return false;
			moved |= result > 0;
		}
	}
	return true;
}

/* Asks only for what can be taken: a socket that stays readable would keep the thread turning. */
static void wait_any(Jump *jump)
{
	bool pending = ssh_get_poll_flags(session_ssh(jump->gate)) & SSH_WRITE_PENDING;
	struct pollfd fds[] = {
		{ .fd = jump->fd,
		  .events =
		          (short)((jump->out->len ? 0 : POLLIN) | (jump->in->len ? POLLOUT : 0)) },
		{ .fd = session_fd(jump->gate),
		  .events = (short)((jump->in->len ? 0 : POLLIN) | (pending ? POLLOUT : 0)) },
	};

	poll(fds, G_N_ELEMENTS(fds), -1);
	/* The session behind is gone, also where nothing is read from it now. */
	if (fds[0].revents & (POLLHUP | POLLERR))
		jump->out->len = 0;
}

static void *carry(void *data)
{
	Jump *jump = data;

	while (move_all(jump))
		wait_any(jump);
	shutdown(jump->fd, SHUT_RDWR);
	return NULL;
}

void jump_free(Jump *jump)
{
	if (!jump)
		return;
	if (jump->thread) {
		shutdown(jump->fd, SHUT_RDWR);
		g_thread_join(jump->thread);
	}
	if (jump->channel)
		ssh_channel_free(jump->channel);
	session_close(jump->gate);
	if (jump->fd >= 0)
		close(jump->fd);
	g_free(jump->in);
	g_free(jump->out);
	g_free(jump);
}

static bool open_channel(Jump *jump, SessionPlan *plan, GError **error)
{
	ssh_session gate = session_ssh(jump->gate);
	const SshConfig *config = plan->config;
	int rc = SSH_ERROR;

	jump->channel = ssh_channel_new(gate);
	while (jump->channel &&
	       (rc = ssh_channel_open_forward(jump->channel, config->hostname, (int)config->port,
	                                      "127.0.0.1", 0)) == SSH_AGAIN) {
		if (!session_wait(jump->gate, plan->deadline, plan->cancel, error)) {
			g_prefix_error(error, "no way from the jump host: ");
			return false;
		}
	}
	if (rc == SSH_OK)
		return true;
	g_autofree char *text = session_error_text(jump->gate);
	g_autofree char *name = text_visible(plan->jump_config->hostname, -1);
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
	            "the jump host %s does not connect to %s port %u: %s", name, config->hostname,
	            config->port, text);
	return false;
}

static bool start(Jump *jump, int *fd, GError **error)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0) {
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "jump: %s",
		            g_strerror(errno));
		return false;
	}
	jump->fd = ends[0];
	jump->in = g_new0(Load, 1);
	jump->out = g_new0(Load, 1);
	g_autoptr(GError) failed = NULL;
	jump->thread = g_thread_try_new("jump", carry, jump, &failed);
	if (!jump->thread) {
		close(ends[1]);
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "jump: %s",
		            failed->message);
		return false;
	}
	*fd = ends[1];
	return true;
}

Jump *jump_new(Session *gate, SessionPlan *plan, int *fd, GError **error)
{
	Jump *jump = g_new0(Jump, 1);

	jump->gate = gate;
	jump->fd = -1;
	if (open_channel(jump, plan, error) && start(jump, fd, error))
		return jump;
	jump_free(jump);
	return NULL;
}
