// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * simfs PROFILE MOUNTPOINT: a simulated kernel as a file system, so that programs that know nothing
 * of the simulation (mdevctl, a shell, our own sysfs code) meet it as they meet a real one. Says
 * "mounted" when it is, and ends with the program that started it.
 *
 * What differs from a host: device nodes are plain files, since a device node would lead to this
 * machine's own drivers; and the file `simulation` takes orders (core/simulate/orders.h).
 */

#define FUSE_USE_VERSION 312

#include "core/simulate/orders.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define ORDERS "/simulation"
#define DEFINITIONS "/etc/"
#define VALUE_SIZE 4096 /* what sysfs claims for every attribute */
#define THREADS 64      /* each hung write takes one */

static SimKernel *kernel;
static GCancellable *ending; /* lets go of the writes that wait for a guest */

/* An open file. Its value is read once, as sysfs does at offset 0. */
typedef struct {
	char *path;
	char *bytes;
	gssize len;
} File;

static File *file_of(const struct fuse_file_info *info)
{
	return (File *)(uintptr_t)info->fh;
}

static const char *path_of(const char *path, const struct fuse_file_info *info)
{
	return path ? path : file_of(info)->path;
}

/* ---- what is there ---- */

static int fs_getattr(const char *path, struct stat *st, struct fuse_file_info *info)
{
	static const mode_t kinds[] = {
		[SIM_DIR] = S_IFDIR,
		[SIM_FILE] = S_IFREG,
		[SIM_LINK] = S_IFLNK,
		[SIM_CHAR] = S_IFREG,
	};
	SimStat stat = { .kind = SIM_FILE, .mode = 0200 };

	path = path_of(path, info);
	int err = strcmp(path, ORDERS) == 0 ? 0 : sim_stat(kernel, path, false, &stat);
	if (err < 0)
		return err;
	st->st_mode = kinds[stat.kind] | stat.mode;
	st->st_nlink = 1;
	st->st_uid = getuid();
	st->st_gid = getgid();
	st->st_ino = stat.ino;
	st->st_size = stat.kind == SIM_FILE ? VALUE_SIZE : 0;
	return 0;
}

static int fs_readlink(const char *path, char *buf, size_t size)
{
	g_autofree char *target = NULL;
	int err = sim_readlink(kernel, path, &target);
	if (err < 0)
		return err;
	g_strlcpy(buf, target, size);
	return 0;
}

static int fs_readdir(const char *path, void *buf, fuse_fill_dir_t fill, off_t offset,
                      struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	g_auto(GStrv) names = NULL;
	path = path_of(path, info);
	int err = sim_list(kernel, path, &names);
	if (err < 0)
		return err;
	fill(buf, ".", NULL, 0, 0);
	fill(buf, "..", NULL, 0, 0);
	for (char **name = names; *name; name++)
		fill(buf, *name, NULL, 0, 0);
	if (strcmp(path, "/") == 0)
		fill(buf, &ORDERS[1], NULL, 0, 0);
	return 0;
}

/* ---- open files ---- */

static int open_file(const char *path, struct fuse_file_info *info)
{
	File *file = g_new0(File, 1);
	file->path = g_strdup(path);
	info->fh = (uintptr_t)file;
	return 0;
}

/*
 * sysfs refuses to open what has no bit of that kind at all, even to root
 * (KERNFS_ROOT_EXTRA_OPEN_PERM_CHECK in fs/kernfs/file.c). Whose bits they are the kernel in front
 * of us has looked at (default_permissions).
 */
static int check_bits(guint mode, int flags)
{
	int access = flags & O_ACCMODE;
	bool reads = access != O_WRONLY, writes = access != O_RDONLY;
	return (reads && !(mode & 0444)) || (writes && !(mode & 0222)) ? -EACCES : 0;
}

static bool is_definition(const char *path)
{
	return g_str_has_prefix(path, DEFINITIONS);
}

/* Attributes have no length to change: O_TRUNC, which writers use by habit, does nothing. */
static int fs_truncate(const char *path, off_t size, struct fuse_file_info *info)
{
	path = path_of(path, info);
	if (!is_definition(path))
		return 0;
	g_autofree char *before = NULL;
	gssize had = sim_read(kernel, path, &before);
	if (had < 0)
		return (int)had;
	if (size > had)
		return -EINVAL;
	gssize n = sim_write(kernel, path, before, (gsize)size, ending);
	return n < 0 ? (int)n : 0;
}

static int fs_open(const char *path, struct fuse_file_info *info)
{
	SimStat stat = { .kind = SIM_FILE, .mode = 0200 };
	int err = strcmp(path, ORDERS) == 0 ? 0 : sim_stat(kernel, path, false, &stat);
	if (err < 0)
		return err;
	err = stat.kind == SIM_CHAR ? sim_open_device(kernel, path)
	                            : check_bits(stat.mode, info->flags);
	if (err == 0 && (info->flags & O_TRUNC))
		err = fs_truncate(path, 0, NULL);
	return err < 0 ? err : open_file(path, info);
}

static int fs_opendir(const char *path, struct fuse_file_info *info)
{
	return open_file(path, info);
}

static int fs_release(const char *path, struct fuse_file_info *info)
{
	File *file = file_of(info);
	g_free(file->path);
	g_free(file->bytes);
	g_free(file);
	return 0;
}

static int fs_read(const char *path, char *buf, size_t size, off_t offset,
                   struct fuse_file_info *info)
{
	File *file = file_of(info);
	if (offset == 0 || !file->bytes) {
		g_clear_pointer(&file->bytes, g_free);
		file->len = sim_read(kernel, file->path, &file->bytes);
		if (file->len < 0)
			return (int)file->len;
	}
	if (offset >= file->len)
		return 0;
	gsize n = MIN(size, (gsize)(file->len - offset));
	memcpy(buf, file->bytes + offset, n);
	return (int)n;
}

/* ---- writing ---- */

/* Definitions are files, written in pieces; the simulation takes whole ones. */
static int write_piece(const char *path, const char *bytes, size_t len, off_t offset)
{
	g_autofree char *before = NULL;
	gssize had = sim_read(kernel, path, &before);
	if (had < 0)
		return (int)had;
	if (offset > had)
		return -EINVAL;
	g_autoptr(GString) text = g_string_new_len(before, offset);
	g_string_append_len(text, bytes, (gssize)len);
	if (offset + (gssize)len < had)
		g_string_append_len(text, before + offset + len, had - offset - (gssize)len);
	gssize n = sim_write(kernel, path, text->str, text->len, ending);
	return n < 0 ? (int)n : (int)len;
}

static int fs_write(const char *path, const char *bytes, size_t len, off_t offset,
                    struct fuse_file_info *info)
{
	path = path_of(path, info);
	if (is_definition(path))
		return write_piece(path, bytes, len, offset);
	if (strcmp(path, ORDERS) == 0) {
		g_autofree char *line = g_strndup(bytes, len);
		int err = sim_order(kernel, line);
		return err < 0 ? err : (int)len;
	}
	return (int)sim_write(kernel, path, bytes, len, ending);
}

static int fs_create(const char *path, mode_t mode, struct fuse_file_info *info)
{
	int err = sim_create_file(kernel, path);
	return err < 0 ? err : open_file(path, info);
}

static int fs_mkdir(const char *path, mode_t mode)
{
	return sim_mkdir(kernel, path);
}

static int fs_unlink(const char *path)
{
	return sim_unlink(kernel, path);
}

static int fs_rmdir(const char *path)
{
	return sim_rmdir(kernel, path);
}

static int fs_rename(const char *from, const char *to, unsigned flags)
{
	return flags ? -EINVAL : sim_rename(kernel, from, to);
}

/* Owners, modes and times are the kernel's; who sets them (cp, a safe write) is not told off. */
static int fs_chmod(const char *path, mode_t mode, struct fuse_file_info *info)
{
	return is_definition(path_of(path, info)) ? 0 : -EPERM;
}

static int fs_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *info)
{
	return 0;
}

static void *fs_init(struct fuse_conn_info *connection, struct fuse_config *config)
{
	/* Nothing is kept: the next look may find another world. */
	config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
	config->direct_io = config->nullpath_ok = config->use_ino = config->hard_remove = 1;
	puts("mounted");
	fflush(stdout);
	return NULL;
}

static const struct fuse_operations fs_operations = {
	.init = fs_init,
	.getattr = fs_getattr,
	.readlink = fs_readlink,
	.opendir = fs_opendir,
	.readdir = fs_readdir,
	.releasedir = fs_release,
	.open = fs_open,
	.create = fs_create,
	.read = fs_read,
	.write = fs_write,
	.truncate = fs_truncate,
	.release = fs_release,
	.mkdir = fs_mkdir,
	.unlink = fs_unlink,
	.rmdir = fs_rmdir,
	.rename = fs_rename,
	.chmod = fs_chmod,
	.utimens = fs_utimens,
};

/* ---- start and end ---- */

typedef struct {
	struct fuse *fuse;
	pthread_t main;
	sigset_t signals;
} End;

/* The loop waits for its threads when it ends; those that wait for a guest are let go first. */
static void *wait_for_end(void *data)
{
	End *end = data;
	int signal;
	sigwait(&end->signals, &signal);
	g_cancellable_cancel(ending);
	fuse_session_exit(fuse_get_session(end->fuse));
	pthread_kill(end->main, SIGUSR1);
	return NULL;
}

static void wake(int signal)
{
}

static int serve(struct fuse *fuse)
{
	End end = { .fuse = fuse, .main = pthread_self() };
	struct sigaction action = { .sa_handler = wake };
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	int status;

	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&end.signals);
	sigaddset(&end.signals, SIGTERM);
	sigaddset(&end.signals, SIGINT);
	sigaddset(&end.signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &end.signals, NULL);
	GThread *thread = g_thread_new("end", wait_for_end, &end);
	fuse_loop_cfg_set_max_threads(config, THREADS);
	status = fuse_loop_mt(fuse, config);
	fuse_loop_cfg_destroy(config);
	kill(getpid(), SIGTERM); /* for the thread, where an unmount ended us */
	g_thread_join(thread);
	return status;
}

static int mount_and_serve(const char *mountpoint)
{
	const char *options = geteuid() == 0 ? "fsname=simfs,default_permissions,allow_other"
	                                     : "fsname=simfs,default_permissions";
	char *argv[] = { (char *)"simfs", (char *)"-o", (char *)options, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(3, argv);
	struct fuse *fuse = fuse_new(&args, &fs_operations, sizeof fs_operations, NULL);
	int status = 1;

	if (fuse && fuse_mount(fuse, mountpoint) == 0) {
		status = serve(fuse) != 0;
		fuse_unmount(fuse);
	}
	if (fuse)
		fuse_destroy(fuse);
	fuse_opt_free_args(&args);
	return status;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: simfs PROFILE MOUNTPOINT\n");
		return 2;
	}
	const SimProfile *profile = sim_profile_find(argv[1]);
	if (!profile) {
		fprintf(stderr, "simfs: there is no profile %s\n", argv[1]);
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	ending = g_cancellable_new();
	kernel = sim_kernel_new(profile, "simfs");
	int status = mount_and_serve(argv[2]);
	sim_kernel_unref(kernel);
	g_object_unref(ending);
	return status;
}
