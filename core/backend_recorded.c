// SPDX-License-Identifier: GPL-2.0-or-later

/* A host as it was: a facts file, or a directory tree laid out like its root. Read-only. */

#include "core/backend.h"
#include "core/sysfs.h"

#include <errno.h>
#include <sys/stat.h>

typedef struct {
	Backend backend;
	char *path;
} RecordedBackend;

static Facts *scan_tree(RecordedBackend *recorded, ScanFlags flags, GError **error)
{
	/* Users are always looked for: in a tree that costs little, and a file has them too. */
	CollectOptions options = { .users = true, .boot = flags & SCAN_BOOT };
	g_autoptr(GError) cause = NULL;
	g_autoptr(Facts) facts = sysfs_collect(recorded->path, options, &cause);
	if (!facts) {
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_NOT_FOUND, "%s: %s",
		            recorded->backend.label, cause->message);
		return NULL;
	}
	g_autofree char *sys = g_build_filename(recorded->path, "sys", NULL);
	if (facts_count(facts) == 0 && !g_file_test(sys, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_FORMAT,
		            "%s: %s is not a host's tree: it holds neither sys nor proc nor etc",
		            recorded->backend.label, recorded->path);
		return NULL;
	}
	return g_steal_pointer(&facts);
}

static Facts *recorded_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	(void)cancel;
	RecordedBackend *recorded = (RecordedBackend *)backend;
	struct stat st;
	if (stat(recorded->path, &st) < 0) {
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_NOT_FOUND, "%s: %s: %s",
		            backend->label, recorded->path, g_strerror(errno));
		return NULL;
	}
	if (S_ISDIR(st.st_mode))
		return scan_tree(recorded, flags, error);
	g_autoptr(GError) cause = NULL;
	Facts *facts = facts_load(recorded->path, &cause);
	if (!facts)
		g_set_error(error, BACKEND_ERROR,
		            g_error_matches(cause, FACTS_ERROR, FACTS_ERROR_IO)
		                    ? BACKEND_ERROR_NOT_FOUND
		                    : BACKEND_ERROR_FORMAT,
		            "%s: %s", backend->label, cause->message);
	return facts;
}

static void recorded_close(Backend *backend)
{
	RecordedBackend *recorded = (RecordedBackend *)backend;
	g_free(recorded->backend.label);
	g_free(recorded->path);
	g_free(recorded);
}

/* Nothing that changes a host: backend.c refuses all of it for what is read-only. */
static const BackendOps recorded_ops = {
	.state_when_up = "recorded",
	.read_only = true,
	.scan = recorded_scan,
	.close = recorded_close,
};

Backend *backend_recorded_new(const char *label, const char *path)
{
	RecordedBackend *recorded = g_new0(RecordedBackend, 1);
	recorded->backend.ops = &recorded_ops;
	recorded->backend.label = g_strdup(label);
	recorded->path = g_strdup(path);
	return &recorded->backend;
}
