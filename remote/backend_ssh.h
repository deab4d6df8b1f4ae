// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * A host over SSH: one libssh session, one persistent channel that runs the POSIX shell probe,
 * framed requests and replies. Nothing is installed on the host.
 */

#include "core/backend.h"
#include "core/hosts.h"

/*
 * Makes the backend; nothing is resolved or connected before the first operation. A line that
 * dropped is connected anew by the next operation. `address` is copied. Errors of operations are
 * BACKEND_ERROR_*, and their messages name the host and the cause.
 */
Backend *backend_ssh_new(const HostAddress *address, const BackendOptions *options);

/* Once per process, before any thread: libssh's own initialisation, stack size of threads. */
void remote_init(void);
