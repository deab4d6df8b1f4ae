// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * One libssh session: connect → verify the host key → authenticate → ready. Everything runs on the
 * caller's thread, blocks at most to the deadline and ends at once when cancelled. libssh works in
 * non-blocking mode; session_wait is the one place where a session waits.
 */

#include <libssh/libssh.h>

#include "remote/transport.h"

typedef struct Session Session;

ssh_session session_ssh(Session *session);
/* The socket, the session's own: readable when the host said something. */
int session_fd(const Session *session);

/*
 * Waits until libssh can go on. False: BACKEND_ERROR_TIMEOUT or _CANCELLED (message without host).
 */
bool session_wait(Session *session, gint64 deadline, GCancellable *cancel, GError **error);

/* The session's last error as text that is safe to show. New. */
char *session_error_text(Session *session);

/* Closes the line and frees; takes NULL. */
void session_close(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_close)

/* What the host of `plan->config` is called in questions and errors: safe to show. New. */
char *session_place(const SessionPlan *plan);

/* hostkey.c: refuses, or is content with, the key that the host showed. */
bool session_verify_host(Session *session, SessionPlan *plan, GError **error);
/* hostkey.c: the order in which host key algorithms are offered: those known of the host first. */
char *session_host_key_algorithms(const SshConfig *config);
/* hostkey.c: a known_hosts file names a certificate authority for the host. */
bool session_host_has_authority(const SshConfig *config);
/* hostkey.c: "FILE:LINE" of a key that is revoked for the host; new, or NULL. */
char *session_host_revoked_at(const SshConfig *config);

/* auth.c: lets us in by agent, key files, questions; or BACKEND_ERROR_AUTH with what was tried. */
bool session_authenticate(Session *session, SessionPlan *plan, GError **error);
