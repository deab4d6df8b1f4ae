// SPDX-License-Identifier: GPL-2.0-or-later
/* wr FILE VALUE: one write(2) of exactly the bytes of VALUE (no newline is added); its result in
 * words. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int report(const char *call, const char *file, ssize_t result)
{
	int saved = errno;

	if (result < 0) {
		printf("%s %s: -1 errno %d %s (%s)\n", call, file, saved, strerrorname_np(saved),
		       strerror(saved));
		return 1;
	}
	printf("%s %s: %zd\n", call, file, result);
	return 0;
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: wr FILE VALUE\n");
		return 2;
	}
	fd = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return report("open", argv[1], fd);
	return report("write", argv[1], write(fd, argv[2], strlen(argv[2])));
}
