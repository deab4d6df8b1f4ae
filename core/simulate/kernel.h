// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The simulated kernel of one host: what /sys, /proc, /etc and /dev of core/paths.h hold, and what
 * writes to them do. Nothing is stored as files: state is parents, types, instances and guests, and
 * paths are answered from it, so a host of a hundred instances costs a few kB. Any thread.
 *
 * Transcripts of Linux 6.12 with mtty, mdpy and mbochs are reproduced to the errno
 * (tests/unit/test_simulate.c).
 */

#include <gio/gio.h>

#include "core/file_tree.h"
#include "core/simulate/profile.h"

typedef struct SimKernel SimKernel;

/* A host as it is after boot: no instances, no guests. New. */
SimKernel *sim_kernel_new(const SimProfile *profile, const char *hostname);
SimKernel *sim_kernel_ref(SimKernel *kernel);
void sim_kernel_unref(SimKernel *kernel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimKernel, sim_kernel_unref)
const SimProfile *sim_kernel_profile(const SimKernel *kernel);

/* ---- as files: absolute host paths; errors are -errno ---- */

typedef enum { SIM_DIR, SIM_FILE, SIM_LINK, SIM_CHAR } SimKind;
typedef struct {
	SimKind kind;
	guint mode; /* permissions alone */
	guint64 ino;
	guint major, minor; /* SIM_CHAR */
} SimStat;

/* Links inside the path are followed; the last segment only if `follow`. */
int sim_stat(SimKernel *kernel, const char *path, bool follow, SimStat *stat);
/* Sorted names, new, without "." and "..". */
int sim_list(SimKernel *kernel, const char *path, char ***names);
int sim_readlink(SimKernel *kernel, const char *path, char **target);
/* The whole value as the kernel prints it, newline included, NUL-terminated; its length. */
gssize sim_read(SimKernel *kernel, const char *path, char **bytes);

/*
 * One write(2): the count, or -errno. Blocks on `remove` of an instance that a guest holds, until
 * the guest lets go or `cancel` (-EINTR; the removal stays pending in the kernel, as after a
 * signal). To a definition below /etc/mdevctl.d it gives the file its whole new content.
 */
gssize sim_write(SimKernel *kernel, const char *path, const char *bytes, gsize len,
                 GCancellable *cancel);
/* The same until `end` (monotonic µs; 0: for ever), then -ETIMEDOUT. `cancel` may be NULL. */
gssize sim_write_until(SimKernel *kernel, const char *path, const char *bytes, gsize len,
                       gint64 end, GCancellable *cancel);
/* Opens and closes a character device: 0, -EBUSY (held), -ENOENT, -ENODEV (no device). */
int sim_open_device(SimKernel *kernel, const char *devnode);

/* Below /etc/mdevctl.d alone; elsewhere -EPERM. */
int sim_create_file(SimKernel *kernel, const char *path); /* -EEXIST */
int sim_unlink(SimKernel *kernel, const char *path);      /* files */
int sim_rmdir(SimKernel *kernel, const char *path);       /* empty folders */
int sim_rename(SimKernel *kernel, const char *from, const char *to);
int sim_mkdir(SimKernel *kernel, const char *path);
/* A whole definition, its parent's folder made if need be; `text` NULL removes it. */
int sim_put_definition(SimKernel *kernel, const char *path, const char *text);

/* ---- the world ---- */

/*
 * A guest starts, holding instances (by uuid) or virtual functions (by PCI address). -EEXIST: pid
 * in use; -ENODEV: no such device; -EBUSY: held by another.
 */
int sim_guest_start(SimKernel *kernel, gint64 pid, const char *name, const char *const *devices);
/* It lets go of all; removals that waited for it are done before this returns. -ESRCH. */
int sim_guest_stop(SimKernel *kernel, gint64 pid);

/*
 * The next `times` operations (0: all) `op` ("create", "remove", "write", "read", "list", "open")
 * on a path that matches the glob fail with `err`, or hang until mended (err -1), or work (err 0),
 * after `delay_ms`. The path as given and the path with its links resolved are both looked at.
 */
void sim_inject(SimKernel *kernel, const char *op, const char *glob, int err, guint delay_ms,
                guint times);
/* Takes all injections back: what hangs goes on. */
void sim_mend(SimKernel *kernel);

/*
 * One step of a lively host: an instance or a guest comes or goes. What a step does depends on
 * nothing but the steps before it.
 */
void sim_step(SimKernel *kernel);

/* Creates up to `n` instances, of the smallest type of each parent in turn. */
void sim_fill(SimKernel *kernel, guint n);

/* ---- events ---- */

/* As a uevent; `properties` are further lines "KEY=VALUE", NULL-terminated. */
typedef struct {
	const char *action, *subsystem, *devpath;
	const char *const *properties;
} SimEvent;

/*
 * `heard` is called for every event, in the kernel's order, with no lock of the kernel held, from a
 * thread that changed something. No call is under way any more when sim_unlisten returns.
 */
guint sim_listen(SimKernel *kernel, void (*heard)(const SimEvent *event, void *data), void *data);
void sim_unlisten(SimKernel *kernel, guint id);

/* ---- for the collector ---- */

/*
 * core/file_tree.h over the kernel. What hangs in it gives up at `end` (monotonic µs; 0: never)
 * with ETIMEDOUT, and with EINTR once `cancel` (may be NULL). New: sim_tree_free. One thread at a
 * time.
 */
FileTree *sim_tree_new(SimKernel *kernel, gint64 end, GCancellable *cancel);
void sim_tree_free(FileTree *tree);
