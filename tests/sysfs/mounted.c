// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/sysfs/mounted.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

Mounted *mounted_new(const char *profile)
{
	g_autoptr(GError) error = NULL;
	Mounted *mounted = g_new0(Mounted, 1);
	char said[7] = "";
	int out = -1;

	mounted->root = g_dir_make_tmp("mdevcon-simfs-XXXXXX", &error);
	if (!mounted->root)
		fail_msg("%s", error->message);
	assert_int_equal(g_chmod(mounted->root, 0755), 0); /* other users are to come in */
	const char *const argv[] = { g_getenv("MDEVCON_SIMFS"), profile, mounted->root, NULL };
	if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
	                              NULL, &mounted->pid, NULL, &out, NULL, &error))
		fail_msg("%s", error->message);
	ssize_t n = read(out, said, sizeof said);
	close(out);
	if (n != sizeof said || memcmp(said, "mounted", sizeof said) != 0)
		fail_msg("simfs %s did not mount", profile);
	return mounted;
}

void mounted_free(Mounted *mounted)
{
	kill(mounted->pid, SIGTERM);
	waitpid(mounted->pid, NULL, 0);
	g_spawn_close_pid(mounted->pid);
	umount2(mounted->root, MNT_DETACH); /* where it could not do that itself */
	g_rmdir(mounted->root);
	g_free(mounted->root);
	g_free(mounted);
}

char *mounted_path(const Mounted *mounted, const char *path)
{
	return g_strconcat(mounted->root, path, NULL);
}

gssize mounted_write(const Mounted *mounted, const char *path, const char *text)
{
	g_autofree char *full = mounted_path(mounted, path);
	int fd = open(full, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, text, strlen(text));
	int err = errno;
	close(fd);
	return n < 0 ? -err : n;
}

void mounted_order(const Mounted *mounted, const char *order)
{
	assert_int_equal(mounted_write(mounted, "/simulation", order), strlen(order));
}

char *mounted_value(const Mounted *mounted, const char *path)
{
	g_autofree char *full = mounted_path(mounted, path);
	g_autoptr(GError) error = NULL;
	char *value = NULL;
	if (!g_file_get_contents(full, &value, NULL, &error))
		fail_msg("%s", error->message);
	return g_strchomp(value);
}
