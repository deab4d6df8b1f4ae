// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/transport.h"

#include <poll.h>
#include <string.h>

#include "core/text.h"

#define CONNECT_TIMEOUT_MS 10000

Channel *transport_run(Transport *transport, const char *command)
{
	return transport->ops->run(transport, command);
}

void transport_close(Transport *transport)
{
	if (!transport)
		return;
	g_free(transport->user);
	g_free(transport->reason);
	transport->ops->close(transport);
}

ChannelState chan_state(Channel *channel)
{
	return channel->ops->state(channel);
}

int chan_fd(Channel *channel)
{
	return channel->ops->fd(channel);
}

char *chan_trouble(Channel *channel)
{
	return channel->ops->trouble(channel);
}

void chan_free(Channel *channel)
{
	if (channel)
		channel->ops->free(channel);
}

gssize chan_read(Channel *channel, char *buffer, gsize size, GError **error)
{
	return channel->ops->read(channel, buffer, size, error);
}

bool chan_await_open(Channel *channel, gint64 deadline, GCancellable *cancel, GError **error)
{
	for (;;) {
		switch (chan_state(channel)) {
		case CHANNEL_OPEN:
			return true;
		case CHANNEL_REFUSED: {
			g_autofree char *why = chan_trouble(channel);
			g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_AUTH,
			            "the host runs no command: %s", why);
			return false;
		}
		default:
			if (!channel->ops->wait(channel, POLLIN, deadline, cancel, error))
				return false;
		}
	}
}

static gssize line_read(void *data, char *buffer, gsize size, gint64 deadline, GCancellable *cancel,
                        GError **error)
{
	Channel *channel = data;

	for (;;) {
		gssize n = chan_read(channel, buffer, size, error);
		if (n != CHANNEL_AGAIN)
			return n;
		if (!channel->ops->wait(channel, POLLIN, deadline, cancel, error))
			return -1;
	}
}

static bool line_write(void *data, const char *bytes, gsize size, gint64 deadline,
                       GCancellable *cancel, GError **error)
{
	Channel *channel = data;

	while (size) {
		gssize n = channel->ops->write(channel, bytes, size, error);
		if (n < 0)
			return false;
		bytes += n;
		size -= (gsize)n;
		if (n == 0 && !channel->ops->wait(channel, POLLOUT, deadline, cancel, error))
			return false;
	}
	return true;
}

const ProbeLine chan_line = { line_read, line_write };

char *session_ask(SessionPlan *plan, QuestionKind kind, const char *text)
{
	if (!plan->options->ask || plan->config->batch_mode)
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

/* "[USER@]HOST[:PORT]" or "ssh://…": how ssh would go to the host before. */
static bool resolve_jump(SessionPlan *plan, GError **error)
{
	if (!plan->config->jump || strchr(plan->config->jump, ','))
		return true;
	g_autofree char *jump = text_visible(plan->config->jump, -1);
	g_autofree char *uri = g_str_has_prefix(plan->config->jump, "ssh://")
	                               ? g_strdup(plan->config->jump)
	                               : g_strconcat("ssh://", plan->config->jump, NULL);
	g_autoptr(GError) failed = NULL;
	g_autoptr(HostAddress) address = host_address_parse(uri, &failed);
	if (address && address->kind == HOST_SSH)
		plan->jump_config = ssh_config_resolve(address, plan->file, plan->deadline,
		                                       plan->cancel, &failed);
	if (!plan->jump_config)
		g_set_error(error, BACKEND_ERROR, failed ? failed->code : BACKEND_ERROR_UNREACHABLE,
		            "jump host %s: %s", jump,
		            failed ? failed->message : "no host over SSH");
	return plan->jump_config != NULL;
}

/* Why libssh will not do, or NULL. New. */
static char *openssh_reason(const SessionPlan *plan)
{
	char *reason = transport_needs_openssh(plan->config);

	if (reason || !plan->jump_config)
		return reason;
	g_autofree char *of_jump = plan->jump_config->jump
	                                   ? g_strdup("it is reached through a jump host itself")
	                                   : transport_needs_openssh(plan->jump_config);
	return of_jump ? g_strconcat("the jump host: ", of_jump, NULL) : NULL;
}

static Transport *open_openssh(SessionPlan *plan, const char *reason, GError **error)
{
	g_autofree char *program = g_find_program_in_path("ssh");

	if (!program) {
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		            "needs the ssh program, which is not installed here (%s)",
		            reason ? reason : "transport openssh");
		return NULL;
	}
	Transport *transport = openssh_open(plan, error);
	if (transport)
		transport->reason = reason ? g_strdup_printf("over OpenSSH (%s)", reason) : NULL;
	else if (reason)
		g_prefix_error(error, "over OpenSSH (%s): ", reason);
	return transport;
}

static Transport *open_chosen(SessionPlan *plan, GError **error)
{
	const char *wanted =
		plan->options->transport ? plan->options->transport : plan->address->transport;

	plan->config =
		ssh_config_resolve(plan->address, plan->file, plan->deadline, plan->cancel, error);
	if (!plan->config)
		return NULL;
	if (plan->config->connect_timeout_s > 0)
		plan->deadline = MIN(plan->deadline,
		                     g_get_monotonic_time() +
		                             plan->config->connect_timeout_s * G_USEC_PER_SEC);
	if (g_strcmp0(wanted, "openssh") == 0)
		return open_openssh(plan, NULL, error);
	if (!resolve_jump(plan, error))
		return NULL;
	g_autofree char *reason = openssh_reason(plan);
	if (!reason)
		return libssh_open(plan, error);
	if (!wanted)
		return open_openssh(plan, reason, error);
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
	            "cannot be reached by libssh: %s (transport openssh can)", reason);
	return NULL;
}

Transport *transport_open(const HostAddress *address, const BackendOptions *options,
                          const char *command, GCancellable *cancel, GError **error)
{
	int timeout =
		options->connect_timeout_ms > 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
	SessionPlan plan = {
		.label = address->label ? address->label : address->name,
		.address = address,
		.options = options,
		.file = options->ssh_config ? options->ssh_config : address->ssh_config,
		.command = command,
		.cancel = cancel,
		.deadline = g_get_monotonic_time() + (gint64)timeout * 1000,
	};
	GError *failed = NULL;
	Transport *transport = open_chosen(&plan, &failed);

	if (transport)
		transport->user = g_strdup(plan.config->user);
	ssh_config_free(plan.config);
	ssh_config_free(plan.jump_config);
	if (failed)
		g_propagate_prefixed_error(error, failed, "%s: ", plan.label);
	return transport;
}
