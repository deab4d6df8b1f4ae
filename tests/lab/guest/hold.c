// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hold PATH [UUID]: keep a file open until killed.
 *
 * With a VFIO group (/dev/vfio/N) alone the group is busy: a second open gets EBUSY. With the uuid
 * of the instance as well, the device itself is opened the way a virtual machine does it, and a
 * "remove" of the instance waits for us.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "hold: %s: %s\n", what, strerror(errno));
	return 1;
}

/* Attach the group to a container of its own and open the device; descriptors live as long as we
 * do. */
static int open_device(int group, const char *uuid)
{
	int container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);

	if (container < 0)
		return fail("/dev/vfio/vfio");
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) < 0)
		return fail("VFIO_GROUP_SET_CONTAINER");
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		return fail("VFIO_SET_IOMMU");
	if (ioctl(group, VFIO_GROUP_GET_DEVICE_FD, uuid) < 0)
		return fail("VFIO_GROUP_GET_DEVICE_FD");
	return 0;
}

int main(int argc, char **argv)
{
	int fd;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: hold PATH [UUID]\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fail(argv[1]);
	if (argc == 3 && open_device(fd, argv[2]) != 0)
		return 1;
	puts("held");
	fflush(stdout);
	for (;;)
		pause();
}
