// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * A way to run commands on a host: by libssh (session.c, jump.c) or by the ssh program (openssh.c).
 * One thread at a time. A transport whose channel failed is of no further use.
 */

#include <gio/gio.h>
#include <stdbool.h>

#include "core/backend.h"
#include "core/hosts.h"
#include "remote/probe.h"
#include "remote/ssh_config.h"

typedef struct Transport Transport;
typedef struct Channel Channel;

typedef enum {
	CHANNEL_OPENING,
	CHANNEL_OPEN,
	CHANNEL_REFUSED, /* the host gives no channel, or runs no command */
} ChannelState;

#define CHANNEL_AGAIN (-2)

/* Nothing here blocks but `wait`. */
typedef struct {
	/* Goes on with opening as far as that is possible now. */
	ChannelState (*state)(Channel *channel);
	/* Bytes, 0 at the end, CHANNEL_AGAIN, or -1 and BACKEND_ERROR_* */
	gssize (*read)(Channel *channel, char *buffer, gsize size, GError **error);
	/* Bytes taken (may be 0), or -1 and BACKEND_ERROR_* */
	gssize (*write)(Channel *channel, const char *bytes, gsize size, GError **error);
	/* Until one of the poll events may have come. False: BACKEND_ERROR_TIMEOUT or _CANCELLED */
	bool (*wait)(Channel *channel, short events, gint64 deadline, GCancellable *cancel,
	             GError **error);
	/* Readable when the host said something; the channel's own. */
	int (*fd)(Channel *channel);
	/* Why it was refused, safe to show. New. */
	char *(*trouble)(Channel *channel);
	void (*free)(Channel *channel);
} ChannelOps;

/* Implementations embed this as their first member. */
struct Channel {
	const ChannelOps *ops;
	bool quiet; /* standard error is thrown away; before, it comes with the output */
};

typedef struct {
	const char *name; /* "libssh", "openssh" */
	/* Begins to run a command. Never NULL. The transport must outlive the channel. */
	Channel *(*run)(Transport *transport, const char *command);
	void (*close)(Transport *transport);
} TransportOps;

struct Transport {
	const TransportOps *ops;
	Channel *main; /* the command that it was opened with; its own */
	char *user;    /* who logged in */
	char *reason;  /* why it is not libssh, or NULL */
};

/* What the steps of opening share. Operators' thinking time is added to the deadline. */
typedef struct {
	const char *label;
	const HostAddress *address;
	const BackendOptions *options;
	const char *file;       /* the SSH configuration, as `ssh -F`, or NULL */
	SshConfig *config;      /* of the host that is being opened */
	SshConfig *jump_config; /* of the one host before it, or NULL */
	const char *command;
	GCancellable *cancel;
	gint64 deadline;
} SessionPlan;

/*
 * Resolves the host, chooses a transport, connects, verifies the host's key, logs in and starts
 * `command` as the main channel. Errors are BACKEND_ERROR_*, their messages begin with the host's
 * label. Closed with transport_close.
 */
Transport *transport_open(const HostAddress *address, const BackendOptions *options,
                          const char *command, GCancellable *cancel, GError **error);
/* Ends the main channel and the line; others must have been freed. Takes NULL. */
void transport_close(Transport *transport);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transport, transport_close)

/* Runs another command. Never NULL, never blocks: see chan_state. */
Channel *transport_run(Transport *transport, const char *command);

ChannelState chan_state(Channel *channel);
/* Waits until it is open. False and BACKEND_ERROR_*. */
bool chan_await_open(Channel *channel, gint64 deadline, GCancellable *cancel, GError **error);
gssize chan_read(Channel *channel, char *buffer, gsize size, GError **error);
int chan_fd(Channel *channel);
char *chan_trouble(Channel *channel);
/* Takes NULL. */
void chan_free(Channel *channel);

/* A channel as the line that a probe runs on; its data is a Channel. */
extern const ProbeLine chan_line;

/* The two transports: `plan->config` is resolved. Messages without the host's label. */
Transport *libssh_open(SessionPlan *plan, GError **error);
Transport *openssh_open(SessionPlan *plan, GError **error);

/*
 * Puts a question to the operator. New text, or NULL: no, or nobody to ask. Secrets are wiped by
 * the caller with session_wipe.
 */
char *session_ask(SessionPlan *plan, QuestionKind kind, const char *text);
void session_wipe(char *secret);

/* choose.c: why libssh will not do for this host, new; NULL: it will. */
char *transport_needs_openssh(const SshConfig *config);
/* choose.c: the user's own shared connection (ControlPath) is open. */
bool openssh_is_shared(const SshConfig *config);
