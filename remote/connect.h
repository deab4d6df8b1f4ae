// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gio/gio.h>

/*
 * Resolves `name` and connects a TCP socket, within the deadline (g_get_monotonic_time). The
 * resolver may hang for longer than anybody wants to wait: it has a thread of its own, which is
 * left behind. Returns a non-blocking descriptor (the caller closes it), or -1 and
 * BACKEND_ERROR_UNREACHABLE or _CANCELLED; messages begin with the cause, not with the host.
 */
int tcp_connect(const char *name, guint port, gint64 deadline, GCancellable *cancel,
                GError **error);
