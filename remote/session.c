// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/session.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "remote/channel.h"
#include "remote/connect.h"
#include "remote/jump.h"
#include "remote/wait.h"

struct Session {
	Transport base;
	ssh_session ssh;
	Jump *jump;    /* carries the socket, or NULL */
	int fd;        /* ours */
	int libssh_fd; /* a duplicate for libssh, which closes it or not depending on how it ends */
};

ssh_session session_ssh(Session *session)
{
	return session->ssh;
}

int session_fd(const Session *session)
{
	return session->fd;
}

/* Closes libssh's duplicate if it is still that: the number may belong to somebody else by now. */
static void close_duplicate(const Session *session)
{
	struct stat ours, its;

	if (session->libssh_fd >= 0 && fstat(session->fd, &ours) == 0 &&
	    fstat(session->libssh_fd, &its) == 0 && ours.st_dev == its.st_dev &&
	    ours.st_ino == its.st_ino)
		close(session->libssh_fd);
}

void session_close(Session *session)
{
	if (!session)
		return;
	if (session->ssh) {
		if (ssh_is_connected(session->ssh))
			ssh_disconnect(session->ssh);
		ssh_free(session->ssh);
	}
	close_duplicate(session);
	if (session->fd >= 0)
		close(session->fd);
	jump_free(session->jump);
	g_free(session);
}

bool session_wait(Session *session, gint64 deadline, GCancellable *cancel, GError **error)
{
	short events = POLLIN;

	if (ssh_get_poll_flags(session->ssh) & SSH_WRITE_PENDING)
		events |= POLLOUT;
	switch (wait_fd(session->fd, events, deadline, cancel)) {
	case WAIT_READY:
		return true;
	case WAIT_CANCELLED:
		g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED, "cancelled");
		return false;
	default:
		g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_TIMEOUT,
		                    "no answer in time");
		return false;
	}
}

char *session_error_text(Session *session)
{
	const char *text = ssh_get_error(session->ssh);

	return text && *text ? text_visible(text, -1) : g_strdup("the line was closed");
}

/* Hands the descriptor to a new libssh session. */
static bool prepare(Session *session, const SshConfig *config, GError **error)
{
	g_autofree char *algorithms = session_host_key_algorithms(config);
	int no = 0, on = 1;

	session->ssh = ssh_new();
	session->libssh_fd = fcntl(session->fd, F_DUPFD_CLOEXEC, 0);
	if (!session->ssh || session->libssh_fd < 0) {
		g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		                    "no SSH session can be made");
		return false;
	}
	const struct {
		enum ssh_options_e option;
		const void *value;
	} set[] = {
		{ SSH_OPTIONS_PROCESS_CONFIG, &no }, /* ssh_config.c has read it */
		{ SSH_OPTIONS_FD, &session->libssh_fd },
		{ SSH_OPTIONS_HOST, config->hostname },
		{ SSH_OPTIONS_PORT, &config->port },
		{ SSH_OPTIONS_USER, config->user },
		{ SSH_OPTIONS_NODELAY, &on },
		{ SSH_OPTIONS_KNOWNHOSTS, "/dev/null" }, /* host_keys.c decides */
		{ SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null" },
		{ SSH_OPTIONS_HOSTKEYS, algorithms },
	};
	for (guint i = 0; i < G_N_ELEMENTS(set); i++) {
		if (ssh_options_set(session->ssh, set[i].option, set[i].value) < 0) {
			g_autofree char *text = session_error_text(session);
			g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "%s", text);
			return false;
		}
	}
	ssh_set_blocking(session->ssh, 0);
	return true;
}

/* Version and key exchange. A host that accepts and never speaks ends here. */
static bool handshake(Session *session, SessionPlan *plan, GError **error)
{
	gint64 began = g_get_monotonic_time();
	int rc;

	while ((rc = ssh_connect(session->ssh)) == SSH_AGAIN) {
		g_autoptr(GError) failed = NULL;
		if (session_wait(session, plan->deadline, plan->cancel, &failed))
			continue;
		if (g_error_matches(failed, BACKEND_ERROR, BACKEND_ERROR_CANCELLED)) {
			g_propagate_error(error, g_steal_pointer(&failed));
			return false;
		}
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		            "did not answer as an SSH server within %" G_GINT64_FORMAT " s",
		            (g_get_monotonic_time() - began + 500000) / 1000000);
		return false;
	}
	if (rc == SSH_OK)
		return true;
	g_autofree char *text = session_error_text(session);
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
	            "did not answer as an SSH server: %s", text);
	return false;
}

char *session_place(const SessionPlan *plan)
{
	g_autofree char *name = text_visible(plan->config->hostname, -1);

	return plan->config == plan->jump_config ? g_strdup_printf("the jump host %s", name)
	                                         : g_strdup(plan->label);
}

/* The session of `plan->config` on a connected socket, which it takes. */
static Session *open_on(int fd, SessionPlan *plan, GError **error)
{
	g_autoptr(Session) session = g_new0(Session, 1);

	session->fd = fd;
	session->libssh_fd = -1;
	if (!prepare(session, plan->config, error) || !handshake(session, plan, error) ||
	    !session_verify_host(session, plan, error) ||
	    !session_authenticate(session, plan, error))
		return NULL;
	return g_steal_pointer(&session);
}

/* A socket to the host itself. */
static int dial(SessionPlan *plan, GError **error)
{
	return tcp_connect(plan->config->hostname, plan->config->port, plan->deadline, plan->cancel,
	                   error);
}

/* The jump host's session, by a plan of its own; the time that its questions take is given back. */
static Session *open_gate(SessionPlan *plan, GError **error)
{
	SessionPlan gate = *plan;

	gate.config = plan->jump_config;
	g_autofree char *place = session_place(&gate);
	int fd = dial(&gate, error);
	Session *session = fd >= 0 ? open_on(fd, &gate, error) : NULL;
	plan->deadline = gate.deadline;
	if (!session)
		g_prefix_error(error, "%s: ", place);
	return session;
}

static Session *open_session(SessionPlan *plan, GError **error)
{
	int fd;

	if (!plan->jump_config)
		return (fd = dial(plan, error)) < 0 ? NULL : open_on(fd, plan, error);
	Session *gate = open_gate(plan, error);
	if (!gate)
		return NULL;
	Jump *jump = jump_new(gate, plan, &fd, error);
	Session *session = jump ? open_on(fd, plan, error) : NULL;
	if (session)
		session->jump = jump;
	else
		jump_free(jump);
	return session;
}

static Channel *run(Transport *transport, const char *command)
{
	return exec_channel_new((Session *)transport, command);
}

static void close_transport(Transport *transport)
{
	chan_free(transport->main);
	session_close((Session *)transport);
}

static const TransportOps libssh_ops = { "libssh", run, close_transport };

Transport *libssh_open(SessionPlan *plan, GError **error)
{
	Session *session = open_session(plan, error);

	if (!session)
		return NULL;
	session->base.ops = &libssh_ops;
	session->base.main = exec_channel_new(session, plan->command);
	if (chan_await_open(session->base.main, plan->deadline, plan->cancel, error))
		return &session->base;
	close_transport(&session->base);
	return NULL;
}
