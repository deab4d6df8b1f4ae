// SPDX-License-Identifier: GPL-2.0-or-later

/* This machine, or a tree that stands for one. */

#include "core/backend.h"
#include "core/definition_file.h"
#include "core/run_local.h"
#include "core/file_watch.h"
#include "core/sysfs.h"
#include "core/udev_watch.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

typedef struct {
	Backend backend;
	char *root;
	bool live;
	/* Events: all three or none. A tree has none and is polled. */
	bool asked;    /* for events: what cannot be had is not tried again */
	int events_fd; /* epoll: readable when one of the two is; else -1 */
	UdevWatch *udev;
	FileWatch *files;
} LocalBackend;

/* Opening a node tells of a user, which no device event does; definitions are plain files. */
static const FileWatchRow watched[] = {
	{ "/dev/vfio", NULL, FILE_OPENED | FILE_NAMES },
	{ "/dev/vfio/devices", NULL, FILE_OPENED | FILE_NAMES },
	{ "/etc/mdevctl.d", NULL, FILE_WRITTEN },
	{ "/etc/mdevctl.d/*", NULL, FILE_WRITTEN },
};

static Facts *local_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	(void)cancel;
	LocalBackend *local = (LocalBackend *)backend;
	CollectOptions options = { .users = flags & SCAN_USERS,
		                   .boot = flags & SCAN_BOOT,
		                   .live = local->live };
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

/* The programs of a tree are somebody's files: they are not run. */
static int local_run(Backend *backend, const char *const *argv, const char *input, int deadline_ms,
                     CommandOutput *output, GCancellable *cancel, GError **error)
{
	if (((LocalBackend *)backend)->live)
		return run_local(argv, input, deadline_ms, output, cancel);
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNSUPPORTED,
	            "%s: programs of a tree are not run", backend->label);
	return -1;
}

static int local_put_definition(Backend *backend, const char *path, const char *text,
                                GCancellable *cancel, GError **error)
{
	(void)cancel;
	(void)error;
	return definition_file_put(((LocalBackend *)backend)->root, path, text);
}

static void close_events(LocalBackend *local)
{
	g_clear_pointer(&local->udev, udev_watch_free);
	g_clear_pointer(&local->files, file_watch_free);
	if (local->events_fd >= 0)
		close(local->events_fd);
	local->events_fd = -1;
}

static bool add_source(const LocalBackend *local, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(local->events_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static int local_event_fd(Backend *backend)
{
	LocalBackend *local = (LocalBackend *)backend;

	if (local->asked || !local->live)
		return local->events_fd;
	local->asked = true;
	local->events_fd = epoll_create1(EPOLL_CLOEXEC);
	local->udev = udev_watch_new("/run");
	local->files = file_watch_new(watched, G_N_ELEMENTS(watched));
	if (local->events_fd < 0 || !local->udev || !local->files ||
	    !add_source(local, udev_watch_fd(local->udev)) ||
	    !add_source(local, file_watch_fd(local->files)))
		close_events(local);
	return local->events_fd;
}

static BackendEvents local_take_events(Backend *backend)
{
	LocalBackend *local = (LocalBackend *)backend;

	if (local->events_fd < 0)
		return EVENTS_NONE;
	/* Devices first: with them /dev/vfio may have come into being. */
	BackendEvents events = udev_watch_take(local->udev);
	bool touched = file_watch_take(local->files);
	return events == EVENTS_NONE && touched ? EVENTS_CHANGED : events;
}

static void local_close(Backend *backend)
{
	LocalBackend *local = (LocalBackend *)backend;
	close_events(local);
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
	.run = local_run,
	.put_definition = local_put_definition,
	.event_fd = local_event_fd,
	.take_events = local_take_events,
	.close = local_close,
};

Backend *backend_local_new(const char *label, const char *root)
{
	LocalBackend *local = g_new0(LocalBackend, 1);
	local->backend.ops = &local_ops;
	local->backend.label = g_strdup(label);
	local->root = g_strdup(root);
	local->events_fd = -1;
	local->live = strcmp(root, "/") == 0;
	return &local->backend;
}
