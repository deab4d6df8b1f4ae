// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/backend_ssh.h"

#include <pthread.h>
#include <libssh/libssh.h>
#include <signal.h>

#include "remote/event_channel.h"
#include "remote/privilege.h"
#include "remote/probe.h"
#include "remote/probe_script.h"
#include "remote/transport.h"

#ifdef __SANITIZE_THREAD__
#define THREAD_STACK (8 * 1024 * 1024) /* the sanitizer keeps its own things there */
#else
#define THREAD_STACK (256 * 1024)
#endif
#define DEADLINE_MS 20000
#define EVENTS_AGAIN_US (30 * G_USEC_PER_SEC) /* after somebody ended the host's monitor */

/* Transport and probe are both there, or none of them. */
typedef struct {
	Backend base;
	HostAddress address;
	BackendOptions options; /* its texts are ours */
	Transport *transport;
	Probe *probe;
	Privilege privilege;
	EventChannel *events;   /* once asked for; what is refused is not asked for again */
	gint64 events_again_us; /* not before (monotonic) */
	bool touched;           /* the last sign of life told of other definitions */
} SshBackend;

static void drop_line(SshBackend *ssh)
{
	g_clear_pointer(&ssh->events, event_channel_free);
	ssh->events_again_us = 0;
	g_clear_pointer(&ssh->probe, probe_free);
	g_clear_pointer(&ssh->transport, transport_close);
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

/* What stands in the way of events, after what there is to say about the line itself. */
static void set_notice(SshBackend *ssh, const char *events)
{
	const char *all[] = { ssh->transport ? ssh->transport->reason : NULL,
		              ssh->privilege.trouble, events };
	const char *some[G_N_ELEMENTS(all) + 1] = { NULL };
	guint n = 0;

	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		if (all[i])
			some[n++] = all[i];
	}
	g_free(ssh->base.notice);
	ssh->base.notice = n ? g_strjoinv("; ", (char **)some) : NULL;
}

/* Opens the line and begins the probe, as root if that is wanted and can be. */
static bool open_line(SshBackend *ssh, GCancellable *cancel, GError **error)
{
	int deadline_ms = request_deadline(ssh);
	GError *failed = NULL;

	ssh->transport = transport_open(&ssh->address, &ssh->options, PROBE_COMMAND, cancel, error);
	if (!ssh->transport)
		return false;
	ssh->probe =
		probe_start(&chan_line, ssh->transport->main, "", deadline_ms, cancel, &failed);
	if (ssh->probe && privilege_take(&ssh->privilege, ssh->probe, &ssh->address, &ssh->options,
	                                 deadline_ms, cancel, &failed)) {
		ssh->transport->main->quiet = true;
		set_notice(ssh, NULL);
		return true;
	}
	fail(ssh, failed, error);
	return false;
}

static bool ensure_line(SshBackend *ssh, GCancellable *cancel, GError **error)
{
	bool declined = ssh->privilege.declined;

	if (ssh->probe || open_line(ssh, cancel, error))
		return true;
	/* sudo waits for a password that nobody gives: once more, without it. */
	if (declined || !ssh->privilege.declined || g_cancellable_is_cancelled(cancel))
		return false;
	g_clear_error(error);
	return open_line(ssh, cancel, error);
}

/* Who logged in, and what made him root. */
static void note_privilege(const SshBackend *ssh, Facts *facts)
{
	facts_set_note(facts, "user", ssh->transport->user);
	facts_set_note(facts, "via", ssh->privilege.tool);
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
	else if (ssh->privilege.tool)
		note_privilege(ssh, facts);
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

static int ssh_event_fd(Backend *backend)
{
	SshBackend *ssh = (SshBackend *)backend;

	if (!ssh->probe || g_get_monotonic_time() < ssh->events_again_us)
		return -1;
	if (!ssh->events)
		ssh->events = event_channel_new(ssh->transport);
	switch (event_channel_state(ssh->events)) {
	case EVENT_CHANNEL_LIVE:
		set_notice(ssh, NULL);
		return event_channel_fd(ssh->events);
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
	privilege_clear(&ssh->privilege);
	g_free(ssh->address.label);
	g_free(ssh->address.name);
	g_free(ssh->address.user);
	g_free(ssh->address.ssh_config);
	g_free(ssh->address.transport);
	g_free(ssh->address.sudo);
	g_free((char *)ssh->options.ssh_config);
	g_free((char *)ssh->options.transport);
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
	ssh->address.transport = g_strdup(address->transport);
	ssh->address.sudo = g_strdup(address->sudo);
	ssh->options = *options;
	ssh->options.ssh_config = g_strdup(options->ssh_config);
	ssh->options.transport = g_strdup(options->transport);
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
