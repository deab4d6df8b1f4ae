// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/session.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "remote/connect.h"
#include "remote/wait.h"

#define CONNECT_TIMEOUT_MS 10000

struct Session {
	ssh_session ssh;
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

char *session_ask(SessionPlan *plan, QuestionKind kind, const char *text)
{
	if (!plan->options->ask)
		return NULL;
	g_autofree char *visible = text_visible_lines(text);
	Question question = { .kind = kind, .host = plan->label, .text = visible };
	gint64 asked = g_get_monotonic_time();
	char *answer = plan->options->ask(&question, plan->cancel, plan->options->ask_data);
	plan->deadline += g_get_monotonic_time() - asked;
	return answer;
}

void session_wipe(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	g_free(secret);
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
	if (config->identity_agent && !g_str_equal(config->identity_agent, "none"))
		ssh_options_set(session->ssh, SSH_OPTIONS_IDENTITY_AGENT, config->identity_agent);
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

static Session *open_session(const HostAddress *address, SessionPlan *plan, GError **error)
{
	const char *file =
		plan->options->ssh_config ? plan->options->ssh_config : address->ssh_config;
	g_autoptr(Session) session = g_new0(Session, 1);

	session->fd = session->libssh_fd = -1;
	plan->config = ssh_config_resolve(address, file, plan->deadline, plan->cancel, error);
	if (!plan->config)
		return NULL;
	if (plan->config->jump) {
		g_autofree char *jump = text_visible(plan->config->jump, -1);
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		            "its SSH configuration says \"%s\", and this build does not go through "
		            "jumps",
		            jump);
		return NULL;
	}
	if (plan->config->connect_timeout_s > 0)
		plan->deadline = MIN(plan->deadline,
		                     g_get_monotonic_time() +
		                             plan->config->connect_timeout_s * G_USEC_PER_SEC);
	session->fd = tcp_connect(plan->config->hostname, plan->config->port, plan->deadline,
	                          plan->cancel, error);
	if (session->fd < 0 || !prepare(session, plan->config, error) ||
	    !handshake(session, plan, error) || !session_verify_host(session, plan, error) ||
	    !session_authenticate(session, plan, error))
		return NULL;
	return g_steal_pointer(&session);
}

Session *session_open(const HostAddress *address, const BackendOptions *options,
                      GCancellable *cancel, GError **error)
{
	int timeout =
		options->connect_timeout_ms > 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
	SessionPlan plan = {
		.label = address->label ? address->label : address->name,
		.options = options,
		.cancel = cancel,
		.deadline = g_get_monotonic_time() + (gint64)timeout * 1000,
	};
	GError *failed = NULL;
	Session *session = open_session(address, &plan, &failed);

	ssh_config_free(plan.config);
	if (failed)
		g_propagate_prefixed_error(error, failed, "%s: ", plan.label);
	return session;
}
