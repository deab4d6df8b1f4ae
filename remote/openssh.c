// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The second transport: the user's own ssh program, without a terminal. The first ssh runs the main
 * command and is the master of a private control socket; further commands go through that. An ssh
 * ends when its standard input does, so none outlives us.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text.h"
#include "remote/askpass.h"
#include "remote/child.h"
#include "remote/openssh_words.h"
#include "remote/transport.h"
#include "remote/wait.h"

#define WORDS_MAX 8192      /* of standard error, the first ones */
#define SOCKET_PATH_MAX 80  /* ssh appends while it makes it; the kernel takes 107 */
#define EXIT_WAIT_US 300000 /* for a process whose output ended */

typedef struct {
	Transport base;
	char *host;
	char *folder;  /* private, holds the control socket; NULL: the user's own connection */
	char *control; /* the socket */
	char *pattern; /* the same as an ssh option has it */
} OpenSsh;

typedef struct {
	Channel base;
	OpenSsh *transport;
	Child child;
	GString *words; /* of standard error */
	int question;   /* the socket of a question, or -1 */
	char *trouble;  /* it could not be started */
	bool told;      /* the words joined the output */
} SshChannel;

/* ---- channels: one ssh process each ---- */

static void hear(SshChannel *channel)
{
	char buffer[4096];
	gssize n;

	if (channel->base.quiet && !channel->told) {
		channel->told = true; /* the login shell's words: nobody asks for them now */
		g_string_truncate(channel->words, 0);
	}
	while (channel->question < 0 && (n = askpass_read(channel->child.err, buffer, sizeof buffer,
	                                                  &channel->question)) > 0) {
		if (channel->words->len < WORDS_MAX)
			g_string_append_len(channel->words, buffer, n);
	}
}

static ChannelState child_state(Channel *base)
{
	return ((SshChannel *)base)->trouble ? CHANNEL_REFUSED : CHANNEL_OPEN;
}

static char *child_trouble(Channel *base)
{
	SshChannel *channel = (SshChannel *)base;

	return channel->trouble ? g_strdup(channel->trouble)
	                        : openssh_words(channel->words->str, channel->words->len);
}

static bool ended_by_ssh(SshChannel *channel)
{
	return child_ended(&channel->child, g_get_monotonic_time() + EXIT_WAIT_US) &&
	       (!WIFEXITED(channel->child.status) || WEXITSTATUS(channel->child.status) == 255);
}

/* The output ended: ssh failed, or the command ended and what it said last is handed on. */
static gssize at_end(SshChannel *channel, char *buffer, gsize size, GError **error)
{
	hear(channel);
	if (ended_by_ssh(channel)) {
		hear(channel);
		g_autofree char *words = openssh_words(channel->words->str, channel->words->len);
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "the line dropped: %s",
		            *words ? words : "ssh ended");
		return -1;
	}
	if (channel->told)
		return 0;
	channel->told = true;
	gsize n = MIN(size, channel->words->len);
	memcpy(buffer, channel->words->str, n);
	return (gssize)n;
}

static gssize child_read(Channel *base, char *buffer, gsize size, GError **error)
{
	SshChannel *channel = (SshChannel *)base;

	hear(channel);
	gssize n = read(channel->child.out, buffer, size);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return CHANNEL_AGAIN;
	return n > 0 ? n : at_end(channel, buffer, size, error);
}

static gssize child_write(Channel *base, const char *bytes, gsize size, GError **error)
{
	SshChannel *channel = (SshChannel *)base;
	gssize n = write(channel->child.in, bytes, size);

	if (n >= 0)
		return n;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "the line dropped: %s",
	            g_strerror(errno));
	return -1;
}

static bool child_wait(Channel *base, short events, gint64 deadline, GCancellable *cancel,
                       GError **error)
{
	SshChannel *channel = (SshChannel *)base;
	struct pollfd fds[] = {
		{ .fd = events & POLLIN ? channel->child.out : -1, .events = POLLIN },
		{ .fd = channel->child.err, .events = POLLIN },
		{ .fd = events & POLLOUT ? channel->child.in : -1, .events = POLLOUT },
	};

	/* An end that was seen stays readable. */
	WaitResult result = wait_fds(fds, G_N_ELEMENTS(fds), deadline, cancel);
	if (result == WAIT_READY) {
		hear(channel);
		return true;
	}
	g_set_error_literal(error, BACKEND_ERROR,
	                    result == WAIT_CANCELLED ? BACKEND_ERROR_CANCELLED
	                                             : BACKEND_ERROR_TIMEOUT,
	                    result == WAIT_CANCELLED ? "cancelled" : "no answer in time");
	return false;
}

static int child_fd(Channel *base)
{
	return ((SshChannel *)base)->child.out;
}

static void child_free(Channel *base)
{
	SshChannel *channel = (SshChannel *)base;

	child_end(&channel->child);
	if (channel->question >= 0)
		close(channel->question);
	g_string_free(channel->words, TRUE);
	g_free(channel->trouble);
	g_free(channel);
}

static const ChannelOps child_ops = {
	.state = child_state,
	.read = child_read,
	.write = child_write,
	.wait = child_wait,
	.fd = child_fd,
	.trouble = child_trouble,
	.free = child_free,
};

static SshChannel *start(OpenSsh *transport, GPtrArray *argv)
{
	SshChannel *channel = g_new0(SshChannel, 1);
	g_auto(GStrv) environment = askpass_environment();
	g_autoptr(GError) error = NULL;

	channel->base.ops = &child_ops;
	channel->transport = transport;
	channel->words = g_string_new(NULL);
	channel->question = -1;
	if (!child_start(&channel->child, (const char *const *)argv->pdata, environment, &error))
		channel->trouble = g_strdup(error->message);
	return channel;
}

/* ---- what ssh is told ---- */

static void add(GPtrArray *argv, const char *text)
{
	g_ptr_array_add(argv, g_strdup(text));
}

static void add_option(GPtrArray *argv, const char *name, const char *value)
{
	add(argv, "-o");
	g_ptr_array_add(argv, g_strconcat(name, "=", value, NULL));
}

/* Whatever the configuration says: no terminal, nothing forwarded, nothing run on this side. */
static const struct {
	const char *name, *value;
} always[] = {
	{ "ClearAllForwardings", "yes" },
	{ "ControlPersist", "no" },
	{ "ExitOnForwardFailure", "no" },
	{ "ForkAfterAuthentication", "no" },
	{ "ForwardAgent", "no" },
	{ "ForwardX11", "no" },
	{ "LogLevel", "ERROR" },
	{ "PermitLocalCommand", "no" },
	{ "RemoteCommand", "none" },
	{ "SessionType", "default" },
	{ "StdinNull", "no" },
	{ "Tunnel", "no" },
	{ "UpdateHostKeys", "no" },
	{ "VisualHostKey", "no" },
};

static GPtrArray *new_argv(void)
{
	GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);

	add(argv, "ssh");
	add(argv, "-T");
	for (guint i = 0; i < G_N_ELEMENTS(always); i++)
		add_option(argv, always[i].name, always[i].value);
	return argv;
}

static void end_argv(GPtrArray *argv, const char *host, const char *command)
{
	add(argv, "--");
	add(argv, host);
	add(argv, command);
	g_ptr_array_add(argv, NULL);
}

/* A key that is accepted because the configuration says so is not recorded: nobody looked at it. */
static void add_accept_new(GPtrArray *argv, const SshConfig *config)
{
	GString *files = g_string_new("/dev/null");

	for (guint i = 0; i < config->user_known_hosts->len; i++)
		g_string_append_printf(files, " \"%s\"",
		                       (const char *)config->user_known_hosts->pdata[i]);
	add_option(argv, "StrictHostKeyChecking", "accept-new");
	add_option(argv, "UserKnownHostsFile", files->str);
	g_string_free(files, TRUE);
}

static GPtrArray *main_argv(const OpenSsh *ssh, const SessionPlan *plan)
{
	const HostAddress *address = plan->address;
	bool asks = plan->options->ask && !plan->config->batch_mode;
	gint64 left = plan->deadline - g_get_monotonic_time();
	GPtrArray *argv = new_argv();
	char number[16];

	if (plan->file) {
		add(argv, "-F");
		add(argv, plan->file);
	}
	if (address->port) {
		g_snprintf(number, sizeof number, "%u", address->port);
		add_option(argv, "Port", number);
	}
	if (address->user)
		add_option(argv, "User", address->user);
	if (!asks)
		add_option(argv, "BatchMode", "yes");
	if (plan->config->accept_new)
		add_accept_new(argv, plan->config);
	else
		add_option(argv, "StrictHostKeyChecking", asks ? "ask" : "yes");
	/* Ours ends first: ssh would say nothing. */
	g_snprintf(number, sizeof number, "%d", (int)(MAX(left, 0) / G_USEC_PER_SEC) + 2);
	add_option(argv, "ConnectTimeout", number);
	add_option(argv, "ControlMaster", ssh->folder ? "yes" : "no");
	add_option(argv, "ControlPath", ssh->pattern);
	end_argv(argv, ssh->host, plan->command);
	return argv;
}

static Channel *run(Transport *transport, const char *command)
{
	OpenSsh *ssh = (OpenSsh *)transport;
	g_autoptr(GPtrArray) argv = new_argv();

	add(argv, "-F");
	add(argv, "none");
	add_option(argv, "ControlMaster", "no");
	add_option(argv, "ControlPath", ssh->pattern);
	/* Through the control socket or not at all. */
	add_option(argv, "ProxyCommand", "false");
	add_option(argv, "BatchMode", "yes");
	end_argv(argv, ssh->host, command);
	return &start(ssh, argv)->base;
}

/* ---- opening ---- */

static void close_transport(Transport *transport)
{
	OpenSsh *ssh = (OpenSsh *)transport;

	chan_free(transport->main);
	if (ssh->folder) {
		g_unlink(ssh->control);
		g_rmdir(ssh->folder);
	}
	g_free(ssh->folder);
	g_free(ssh->control);
	g_free(ssh->pattern);
	g_free(ssh->host);
	g_free(ssh);
}

static const TransportOps openssh_ops = { "openssh", run, close_transport };

/* A private folder whose path leaves room for what ssh appends. */
static bool make_folder(OpenSsh *ssh, GError **error)
{
	const char *places[] = { g_getenv("XDG_RUNTIME_DIR"), g_get_tmp_dir(), "/tmp" };

	for (guint i = 0; i < G_N_ELEMENTS(places) && !ssh->folder; i++) {
		g_autofree char *name =
			g_build_filename(places[i] ? places[i] : "", "mdevcon-XXXXXX", NULL);
		if (places[i] && strlen(name) <= SOCKET_PATH_MAX && g_mkdtemp_full(name, 0700))
			ssh->folder = g_steal_pointer(&name);
	}
	if (!ssh->folder) {
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		            "no private folder can be made for ssh's control socket: %s",
		            g_strerror(errno));
		return false;
	}
	ssh->control = g_build_filename(ssh->folder, "s", NULL);
	return true;
}

static void set_pattern(OpenSsh *ssh)
{
	g_auto(GStrv) parts = g_strsplit(ssh->control, "%", -1);

	ssh->pattern = g_strjoinv("%%", parts);
}

/* ssh ended before anybody was let in. */
static bool set_refused(SshChannel *channel, const SessionPlan *plan, GError **error)
{
	hear(channel);
	g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "");
	openssh_explain(channel->words->str, channel->words->len, plan->config, *error);
	return false;
}

/* The control socket is there as soon as ssh has logged in. */
static bool await_login(OpenSsh *ssh, SshChannel *channel, int watch, SessionPlan *plan,
                        GError **error)
{
	gint64 began = g_get_monotonic_time();
	char ignored[4096];

	for (;;) {
		hear(channel);
		if (channel->question >= 0) {
			askpass_answer(channel->question, plan);
			channel->question = -1;
			continue;
		}
		if (g_access(ssh->control, F_OK) == 0)
			return true;
		if (child_ended(&channel->child, 0))
			return set_refused(channel, plan, error);
		struct pollfd fds[] = {
			{ .fd = watch, .events = POLLIN },
			{ .fd = channel->child.err, .events = POLLIN },
		};
		WaitResult result = wait_fds(fds, G_N_ELEMENTS(fds), plan->deadline, plan->cancel);
		if (read(watch, ignored, sizeof ignored) < 0 && errno != EAGAIN)
			result = WAIT_TIMEOUT;
		if (fds[1].revents & POLLHUP) /* ssh is going: not before it went */
			child_ended(&channel->child, g_get_monotonic_time() + EXIT_WAIT_US);
		if (result == WAIT_READY)
			continue;
		if (result == WAIT_CANCELLED)
			g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED,
			                    "cancelled");
		else
			g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
			            "did not answer as an SSH server within %" G_GINT64_FORMAT " s",
			            (g_get_monotonic_time() - began + 500000) / G_USEC_PER_SEC);
		return false;
	}
}

static bool log_in(OpenSsh *ssh, SessionPlan *plan, GError **error)
{
	int watch = -1;

	if (ssh->folder) {
		watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
		inotify_add_watch(watch, ssh->folder, IN_CREATE | IN_MOVED_TO);
	}
	g_autoptr(GPtrArray) argv = main_argv(ssh, plan);
	SshChannel *channel = start(ssh, argv);
	ssh->base.main = &channel->base;
	bool ok = chan_await_open(&channel->base, plan->deadline, plan->cancel, error) &&
	          (!ssh->folder || await_login(ssh, channel, watch, plan, error));
	if (watch >= 0)
		close(watch);
	return ok;
}

Transport *openssh_open(SessionPlan *plan, GError **error)
{
	OpenSsh *ssh = g_new0(OpenSsh, 1);

	ssh->base.ops = &openssh_ops;
	ssh->host = g_strdup(plan->address->name);
	if (openssh_is_shared(plan->config))
		ssh->control = g_strdup(plan->config->control_path);
	if (ssh->control || make_folder(ssh, error)) {
		set_pattern(ssh);
		if (log_in(ssh, plan, error))
			return &ssh->base;
	}
	transport_close(&ssh->base);
	return NULL;
}
