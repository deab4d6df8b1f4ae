// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/backend_ssh.h"

#include <pthread.h>
#include <signal.h>

#include "remote/channel.h"
#include "remote/event_channel.h"
#include "remote/probe.h"
#include "remote/probe_script.h"
#include "remote/session.h"

#ifdef __SANITIZE_THREAD__
#define THREAD_STACK (8 * 1024 * 1024) /* the sanitizer keeps its own things there */
#else
#define THREAD_STACK (256 * 1024)
#endif
#define DEADLINE_MS 20000
#define EVENTS_AGAIN_US (30 * G_USEC_PER_SEC) /* after somebody ended the host's monitor */

/* Session, channel and probe are all there, or none of them. */
typedef struct {
	Backend base;
	HostAddress address;
	BackendOptions options;
	char *ssh_config;
	Session *session;
	ExecChannel *channel;
	Probe *probe;
	EventChannel *events;   /* once asked for; what is refused is not asked for again */
	gint64 events_again_us; /* not before (monotonic) */
	bool touched;           /* the last sign of life told of other definitions */
} SshBackend;

static void drop_line(SshBackend *ssh)
{
	g_clear_pointer(&ssh->events, event_channel_free);
	ssh->events_again_us = 0;
	g_clear_pointer(&ssh->probe, probe_free);
	g_clear_pointer(&ssh->channel, exec_channel_close);
	g_clear_pointer(&ssh->session, session_close);
}

static int request_deadline(const SshBackend *ssh)
{
	return ssh->options.deadline_ms > 0 ? ssh->options.deadline_ms : DEADLINE_MS;
}

/* After an error the line's state is not known: it goes, and the message gets the host's name. */
static void fail(SshBackend *ssh, GError *failed, GError **error)
{
	drop_line(ssh);
	g_propagate_prefixed_error(error, failed, "%s: ", ssh->base.label);
}

static bool ensure_line(SshBackend *ssh, GCancellable *cancel, GError **error)
{
	if (ssh->probe)
		return true;
	GError *failed = NULL;
	ssh->session = session_open(&ssh->address, &ssh->options, cancel, error);
	if (!ssh->session)
		return false;
	ssh->channel = exec_channel_open(ssh->session, PROBE_COMMAND, request_deadline(ssh), cancel,
	                                 &failed);
	if (ssh->channel)
		ssh->probe = probe_start(&exec_line, ssh->channel, "", request_deadline(ssh),
		                         cancel, &failed);
	if (!ssh->probe) {
		fail(ssh, failed, error);
		return false;
	}
	exec_channel_ignore_errors(ssh->channel);
	return true;
}

static Facts *ssh_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	SshBackend *ssh = (SshBackend *)backend;
	GError *failed = NULL;

	if (!ensure_line(ssh, cancel, error))
		return NULL;
	Facts *facts = probe_scan(ssh->probe, flags, request_deadline(ssh), cancel, &failed);
	if (!facts)
		fail(ssh, failed, error);
	return facts;
}

static int ssh_write(Backend *backend, const char *path, const char *value, int deadline_ms,
                     GCancellable *cancel, GError **error)
{
	SshBackend *ssh = (SshBackend *)backend;
	GError *failed = NULL;

	if (!ensure_line(ssh, cancel, error))
		return -1;
	int result = probe_write(ssh->probe, path, value, deadline_ms, cancel, &failed);
	if (result < 0)
		fail(ssh, failed, error);
	return result;
}

static int ssh_try_open(Backend *backend, const char *devnode, GCancellable *cancel, GError **error)
{
	SshBackend *ssh = (SshBackend *)backend;
	GError *failed = NULL;

	if (!ensure_line(ssh, cancel, error))
		return -1;
	int result = probe_open(ssh->probe, devnode, request_deadline(ssh), cancel, &failed);
	if (result < 0)
		fail(ssh, failed, error);
	return result;
}

static int ssh_run(Backend *backend, const char *const *argv, const char *input, int deadline_ms,
                   CommandOutput *output, GCancellable *cancel, GError **error)
{
	SshBackend *ssh = (SshBackend *)backend;
	GError *failed = NULL;

	if (!ensure_line(ssh, cancel, error))
		return -1;
	int result = probe_run(ssh->probe, argv, input, deadline_ms, output, cancel, &failed);
	if (result < 0)
		fail(ssh, failed, error);
	return result;
}

static int ssh_put_definition(Backend *backend, const char *path, const char *text,
                              GCancellable *cancel, GError **error)
{
	SshBackend *ssh = (SshBackend *)backend;
	GError *failed = NULL;

	if (!ensure_line(ssh, cancel, error))
		return -1;
	int result = probe_put(ssh->probe, path, text, request_deadline(ssh), cancel, &failed);
	if (result < 0)
		fail(ssh, failed, error);
	return result;
}

static bool ssh_ping(Backend *backend, GCancellable *cancel, GError **error)
{
	SshBackend *ssh = (SshBackend *)backend;
	GError *failed = NULL;

	if (!ensure_line(ssh, cancel, error))
		return false;
	int changed = probe_ping(ssh->probe, request_deadline(ssh), cancel, &failed);
	if (changed < 0) {
		fail(ssh, failed, error);
		return false;
	}
	ssh->touched |= changed > 0;
	return true;
}

static void set_notice(SshBackend *ssh, const char *text)
{
	g_free(ssh->base.notice);
	ssh->base.notice = g_strdup(text);
}

static int ssh_event_fd(Backend *backend)
{
	SshBackend *ssh = (SshBackend *)backend;

	if (!ssh->probe || g_get_monotonic_time() < ssh->events_again_us)
		return -1;
	if (!ssh->events)
		ssh->events = event_channel_new(ssh->session);
	switch (event_channel_state(ssh->events)) {
	case EVENT_CHANNEL_LIVE:
		set_notice(ssh, NULL);
		return session_fd(ssh->session);
	case EVENT_CHANNEL_NONE:
		set_notice(ssh, event_channel_trouble(ssh->events));
		return -1;
	case EVENT_CHANNEL_ENDED:
		g_clear_pointer(&ssh->events, event_channel_free);
		ssh->events_again_us = g_get_monotonic_time() + EVENTS_AGAIN_US;
		return -1;
	case EVENT_CHANNEL_OPENING:
		break;
	}
	return -1;
}

static BackendEvents ssh_take_events(Backend *backend)
{
	SshBackend *ssh = (SshBackend *)backend;

	BackendEvents events = ssh->events ? event_channel_take(ssh->events) : EVENTS_NONE;
	bool touched = ssh->touched;
	ssh->touched = false;
	return events == EVENTS_NONE && touched ? EVENTS_CHANGED : events;
}

static void ssh_close(Backend *backend)
{
	SshBackend *ssh = (SshBackend *)backend;

	drop_line(ssh);
	g_free(ssh->address.label);
	g_free(ssh->address.name);
	g_free(ssh->address.user);
	g_free(ssh->address.ssh_config);
	g_free(ssh->ssh_config);
	g_free(ssh->base.notice);
	g_free(ssh->base.label);
	g_free(ssh);
}

static const BackendOps ssh_ops = {
	.state_when_up = "up",
	.live = true,
	.scan = ssh_scan,
	.write = ssh_write,
	.try_open = ssh_try_open,
	.run = ssh_run,
	.put_definition = ssh_put_definition,
	.event_fd = ssh_event_fd,
	.take_events = ssh_take_events,
	.ping = ssh_ping,
	.close = ssh_close,
};

Backend *backend_ssh_new(const HostAddress *address, const BackendOptions *options)
{
	SshBackend *ssh = g_new0(SshBackend, 1);

	ssh->base.ops = &ssh_ops;
	ssh->base.label = g_strdup(address->label ? address->label : address->name);
	ssh->address.kind = HOST_SSH;
	ssh->address.label = g_strdup(ssh->base.label);
	ssh->address.name = g_strdup(address->name);
	ssh->address.user = g_strdup(address->user);
	ssh->address.port = address->port;
	ssh->address.ssh_config = g_strdup(address->ssh_config);
	ssh->options = *options;
	ssh->ssh_config = g_strdup(options->ssh_config);
	ssh->options.ssh_config = ssh->ssh_config;
	return &ssh->base;
}

void remote_init(void)
{
	pthread_attr_t attributes;

	ssh_init();
	ssh_set_log_level(SSH_LOG_NOLOG);
	/* libssh writes to sockets that may be gone: an errno, not the end of the program. */
	signal(SIGPIPE, SIG_IGN);
	/* GLib has no argument for it, and 8 MB a host is too much for a thousand. */
	if (pthread_attr_init(&attributes) == 0) {
		if (pthread_attr_setstacksize(&attributes, THREAD_STACK) == 0)
			pthread_setattr_default_np(&attributes);
		pthread_attr_destroy(&attributes);
	}
}
