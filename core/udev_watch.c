// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/udev_watch.h"

#include <errno.h>
#include <libudev.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/file_watch.h"
#include "core/uevent.h"

/* A parent with a thousand instances going away must fit (libudev: forced where we are root). */
#define RECEIVE_BUFFER (16 * 1024 * 1024)

struct UdevWatch {
	char *run_dir, *udev_dir;
	FileWatchRow rows[2];
	int fd; /* epoll: of the monitor and of `files` */
	struct udev *udev;
	struct udev_monitor *monitor; /* NULL: could not be opened anew */
	const char *group;
	FileWatch *files; /* tells when udevd comes or goes */
};

const char *udev_watch_group(const char *run_dir)
{
	g_autofree char *control = g_build_filename(run_dir, "udev", "control", NULL);

	return access(control, F_OK) == 0 ? "udev" : "kernel";
}

static bool join(int epoll_fd, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void close_monitor(UdevWatch *watch)
{
	if (!watch->monitor)
		return;
	epoll_ctl(watch->fd, EPOLL_CTL_DEL, udev_monitor_get_fd(watch->monitor), NULL);
	watch->monitor = udev_monitor_unref(watch->monitor);
}

static bool open_monitor(UdevWatch *watch)
{
	close_monitor(watch);
	watch->group = udev_watch_group(watch->run_dir);
	watch->monitor = udev_monitor_new_from_netlink(watch->udev, watch->group);
	if (!watch->monitor)
		return false;
	udev_monitor_set_receive_buffer_size(watch->monitor, RECEIVE_BUFFER);
	if (udev_monitor_enable_receiving(watch->monitor) >= 0 &&
	    join(watch->fd, udev_monitor_get_fd(watch->monitor)))
		return true;
	close_monitor(watch);
	return false;
}

UdevWatch *udev_watch_new(const char *run_dir)
{
	g_autoptr(UdevWatch) watch = g_new0(UdevWatch, 1);

	watch->run_dir = g_strdup(run_dir);
	watch->udev_dir = g_build_filename(run_dir, "udev", NULL);
	watch->rows[0] = (FileWatchRow){ watch->run_dir, "udev", FILE_NAMES };
	watch->rows[1] = (FileWatchRow){ watch->udev_dir, "control", FILE_NAMES };
	watch->fd = epoll_create1(EPOLL_CLOEXEC);
	watch->udev = udev_new();
	watch->files = file_watch_new(watch->rows, G_N_ELEMENTS(watch->rows));
	if (watch->fd < 0 || !watch->udev || !watch->files ||
	    !join(watch->fd, file_watch_fd(watch->files)) || !open_monitor(watch))
		return NULL;
	return g_steal_pointer(&watch);
}

void udev_watch_free(UdevWatch *watch)
{
	if (!watch)
		return;
	close_monitor(watch);
	file_watch_free(watch->files);
	g_clear_pointer(&watch->udev, udev_unref);
	if (watch->fd >= 0)
		close(watch->fd);
	g_free(watch->run_dir);
	g_free(watch->udev_dir);
	g_free(watch);
}

int udev_watch_fd(const UdevWatch *watch)
{
	return watch->fd;
}

static bool is_of_interest(struct udev_device *device)
{
	return uevent_matters(udev_device_get_subsystem(device),
	                      udev_device_get_property_value(device, "MDEV_STATE"));
}

/*
 * udev_monitor_receive_device says NULL both for "nothing more" (EAGAIN) and for a message that it
 * would not have (not from root, not for us): errno tells them apart, and ENOBUFS means that the
 * kernel had to drop some.
 */
static BackendEvents take_devices(UdevWatch *watch)
{
	BackendEvents events = EVENTS_NONE;

	while (watch->monitor) {
		errno = 0;
		struct udev_device *device = udev_monitor_receive_device(watch->monitor);
		if (!device && errno == ENOBUFS)
			events = EVENTS_LOST;
		else if (!device)
			break; /* what was not read makes the descriptor readable again */
		else if (events == EVENTS_NONE && is_of_interest(device))
			events = EVENTS_CHANGED;
		udev_device_unref(device);
	}
	return events;
}

BackendEvents udev_watch_take(UdevWatch *watch)
{
	/* Without a monitor every try is for a new one; with one, only when udevd came or went. */
	bool moved = file_watch_take(watch->files) || !watch->monitor;

	if (moved &&
	    (!watch->monitor || !g_str_equal(watch->group, udev_watch_group(watch->run_dir)))) {
		open_monitor(watch);
		return EVENTS_LOST;
	}
	return take_devices(watch);
}
