// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * One SSH session: resolve → connect → verify the host key → authenticate → ready. Everything runs
 * on the caller's thread, blocks at most to the deadline and ends at once when cancelled. libssh
 * works in non-blocking mode; this is the one place where it waits.
 */

#include <gio/gio.h>
#include <libssh/libssh.h>

#include "core/backend.h"
#include "core/hosts.h"
#include "remote/ssh_config.h"

typedef struct Session Session;

/* What the steps of opening a session share. Operators' thinking time is added to the deadline. */
typedef struct {
	const char *label;
	const BackendOptions *options;
	SshConfig *config;
	GCancellable *cancel;
	gint64 deadline;
} SessionPlan;

/*
 * Opens a session. Errors are BACKEND_ERROR_*, their messages begin with the host's label. Closed
 * with session_close.
 */
Session *session_open(const HostAddress *address, const BackendOptions *options,
                      GCancellable *cancel, GError **error);
/* Closes the line and frees; takes NULL. */
void session_close(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_close)

ssh_session session_ssh(Session *session);
/* The socket, the session's own: readable when the host said something. */
int session_fd(const Session *session);

/*
 * Waits until libssh can go on. False: BACKEND_ERROR_TIMEOUT or _CANCELLED (message without host).
 */
bool session_wait(Session *session, gint64 deadline, GCancellable *cancel, GError **error);

/* The session's last error as text that is safe to show. New. */
char *session_error_text(Session *session);

/*
 * Puts a question to the operator. New text, or NULL: no, or nobody to ask. Secrets are wiped by
 * the caller with session_wipe.
 */
char *session_ask(SessionPlan *plan, QuestionKind kind, const char *text);
void session_wipe(char *secret);

/* hostkey.c: refuses, or is content with, the key that the host showed. */
bool session_verify_host(Session *session, SessionPlan *plan, GError **error);
/* hostkey.c: the order in which host key algorithms are offered: those known of the host first. */
char *session_host_key_algorithms(const SshConfig *config);

/* auth.c: lets us in by agent, key files, questions; or BACKEND_ERROR_AUTH with what was tried. */
bool session_authenticate(Session *session, SessionPlan *plan, GError **error);
