// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Our own index of known_hosts files: libssh 0.10 takes a revoked key for a good one. A file is
 * read once per process and again when it changes; the index is shared, under a lock. Any thread.
 */

typedef enum {
	HOST_KEY_OK,
	HOST_KEY_UNKNOWN,
	HOST_KEY_CHANGED, /* the host is known, by another key of that type */
	HOST_KEY_REVOKED,
} HostKeyResult;

typedef enum { HOST_KEY_MARK_NONE, HOST_KEY_MARK_REVOKED, HOST_KEY_MARK_AUTHORITY } HostKeyMark;

typedef struct {
	HostKeyResult result;
	char *file; /* CHANGED, REVOKED: where it stands; else NULL */
	guint line;
} HostKeyCheck;

void host_key_check_clear(HostKeyCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HostKeyCheck, host_key_check_clear)

/*
 * Looks for a key in `files` (char *; those that cannot be read hold nothing). `host` is the name
 * as given or its alias, `port` its port; `type` and `base64` are the key as a file has it.
 */
HostKeyCheck host_keys_check(GPtrArray *files, const char *host, guint port, const char *type,
                             const char *base64);

/* The key types that are known of a host, in file order, without doubles. New, NULL-terminated. */
char **host_keys_types(GPtrArray *files, const char *host, guint port);

/* "FILE:LINE" of the first line that marks the host so; new, or NULL. */
char *host_keys_marked_at(GPtrArray *files, const char *host, guint port, HostKeyMark mark);

/*
 * Appends the key to `file`, which (and whose folder) is made if need be, for nobody else to read.
 * False and error (G_FILE_ERROR) if it cannot be.
 */
bool host_keys_record(const char *file, const char *host, guint port, const char *type,
                      const char *base64, GError **error);
