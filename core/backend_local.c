// SPDX-License-Identifier: GPL-2.0-or-later

/* This machine, or a tree that stands for one. */

#include "core/backend.h"
#include "core/sysfs.h"

#include <string.h>

typedef struct {
	Backend backend;
	char *root;
	bool live;
} LocalBackend;

static Facts *local_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	(void)cancel;
	LocalBackend *local = (LocalBackend *)backend;
	CollectOptions options = { .users = flags & SCAN_USERS, .live = local->live };
	g_autoptr(GError) cause = NULL;
	Facts *facts = sysfs_collect(local->root, options, &cause);
	if (!facts)
		g_set_error(error, BACKEND_ERROR,
		            g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
		                    ? BACKEND_ERROR_NOT_FOUND
		                    : BACKEND_ERROR_UNREACHABLE,
		            "%s: %s", backend->label, cause->message);
	return facts;
}

static int local_write(Backend *backend, const char *path, const char *value, int deadline_ms,
                       GCancellable *cancel, GError **error)
{
	(void)cancel;
	(void)error;
	return sysfs_write(((LocalBackend *)backend)->root, path, value, deadline_ms);
}

static int local_try_open(Backend *backend, const char *devnode, GCancellable *cancel,
                          GError **error)
{
	(void)cancel;
	(void)error;
	return sysfs_try_open(((LocalBackend *)backend)->root, devnode);
}

static void local_close(Backend *backend)
{
	LocalBackend *local = (LocalBackend *)backend;
	g_free(local->backend.label);
	g_free(local->root);
	g_free(local);
}

static const BackendOps local_ops = {
	.state_when_up = "up",
	.live = true,
	.scan = local_scan,
	.write = local_write,
	.try_open = local_try_open,
	.close = local_close,
};

Backend *backend_local_new(const char *label, const char *root)
{
	LocalBackend *local = g_new0(LocalBackend, 1);
	local->backend.ops = &local_ops;
	local->backend.label = g_strdup(label);
	local->root = g_strdup(root);
	local->live = strcmp(root, "/") == 0;
	return &local->backend;
}
