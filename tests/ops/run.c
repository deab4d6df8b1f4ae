// SPDX-License-Identifier: GPL-2.0-or-later

/* Runs the table of operations on a ground, and writes down what came of it. */

#include "core/facts.h"
#include "tests/ops/ground.h"
#include "tests/ops/operations.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUS "/sys/bus/mdev/devices"
#define DEADLINE_US (20 * G_USEC_PER_SEC)
#define POLL_US 5000

/* The write to `remove` that waits for a guest, in a thread of its own. */
typedef struct {
	Ground *ground;
	char *path;
	GThread *thread;
	GMutex lock;
	GCond changed;
	bool ended;
	gssize result;
} Pending;

typedef struct {
	Ground *ground;
	GString *log;
	Pending *pending;
} Run;

/* ---- the log ---- */

static void log_quoted(GString *log, const char *bytes)
{
	g_autofree char *escaped = g_strescape(bytes, NULL);
	g_string_append_printf(log, " \"%s\"", escaped);
}

static void log_result(Run *run, gssize result)
{
	char buf[16];
	if (result < 0)
		g_string_append_printf(run->log, " = %s", errno_name((int)-result, buf));
	else
		g_string_append_printf(run->log, " = %" G_GSSIZE_FORMAT, result);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_sorted(Run *run, const char *path, char ***names)
{
	int err = run->ground->ops->list(run->ground, path, names);
	if (err == 0)
		qsort(*names, g_strv_length(*names), sizeof **names, compare_names);
	return err;
}

static void log_counter(Run *run, const char *types, const char *type)
{
	g_autofree char *path = g_build_filename(types, type, "available_instances", NULL);
	g_autofree char *value = NULL;
	char buf[16];
	gssize n = run->ground->ops->read(run->ground, path, &value, false);
	g_string_append_printf(run->log, " %s:%s", type,
	                       n < 0 ? errno_name((int)-n, buf) : g_strchomp(value));
}

/* available_instances of every type of the parent. */
static void log_counters(Run *run, const char *parent)
{
	g_autofree char *types =
		g_build_filename("/sys/class/mdev_bus", parent, "mdev_supported_types", NULL);
	g_auto(GStrv) names = NULL;
	if (list_sorted(run, types, &names) < 0)
		return;
	g_string_append(run->log, " ;");
	for (char **name = names; *name; name++)
		log_counter(run, types, *name);
}

/* ---- the operations ---- */

static void log_write(Run *run, const char *path, const char *bytes, bool other)
{
	g_string_append_printf(run->log, "write %s", path);
	log_quoted(run->log, bytes);
	log_result(run, run->ground->ops->write(run->ground, path, bytes, strlen(bytes), other));
}

static void do_write(Run *run, const Operation *operation, guint number)
{
	/* The only conversion in the table is the number's; what has none is taken as it is. */
	g_auto(GStrv) parts = g_strsplit(operation->bytes, "%08u", 2);
	g_autofree char *bytes = parts[0] && parts[1]
	                                 ? g_strdup_printf("%s%08u%s", parts[0], number, parts[1])
	                                 : g_strdup(operation->bytes);
	log_write(run, operation->path, bytes, operation->other);
}

static void do_read(Run *run, const Operation *operation, guint number)
{
	g_autofree char *bytes = NULL;
	gssize n = run->ground->ops->read(run->ground, operation->path, &bytes, operation->other);
	g_string_append_printf(run->log, "read %s", operation->path);
	log_result(run, n);
	if (n >= 0)
		log_quoted(run->log, bytes);
}

static void do_list(Run *run, const Operation *operation, guint number)
{
	g_auto(GStrv) names = NULL;
	int err = list_sorted(run, operation->path, &names);
	g_string_append_printf(run->log, "list %s", operation->path);
	log_result(run, err < 0 ? err : (gssize)g_strv_length(names));
	for (char **name = names; name && *name; name++)
		g_string_append_printf(run->log, " %s", *name);
}

static void do_link(Run *run, const Operation *operation, guint number)
{
	g_autofree char *target = NULL;
	int err = run->ground->ops->link(run->ground, operation->path, &target);
	g_string_append_printf(run->log, "readlink %s", operation->path);
	if (err < 0)
		log_result(run, err);
	else
		g_string_append_printf(run->log, " -> %s", target);
}

/* The device node of the group of an instance, or NULL. */
static char *devnode_of(Run *run, const char *uuid)
{
	g_autofree char *link = g_build_filename(BUS, uuid, "iommu_group", NULL);
	g_autofree char *target = NULL;
	if (run->ground->ops->link(run->ground, link, &target) < 0)
		return NULL;
	g_autofree char *group = g_path_get_basename(target);
	return g_build_filename("/dev/vfio", group, NULL);
}

static void do_open(Run *run, const Operation *operation, guint number)
{
	g_autofree char *node = devnode_of(run, operation->path);
	g_string_append_printf(run->log, "open %s of %s", node ? node : "no node", operation->path);
	log_result(run, node ? run->ground->ops->open(run->ground, node) : -ENOENT);
}

static void do_hold(Run *run, const Operation *operation, guint number)
{
	g_autofree char *node = devnode_of(run, operation->path);
	g_string_append_printf(run->log, "hold %s", operation->path);
	log_result(run,
	           node ? run->ground->ops->hold(run->ground, node, operation->path) : -ENOENT);
}

static void do_let_go(Run *run, const Operation *operation, guint number)
{
	g_string_append(run->log, "let go");
	log_result(run, run->ground->ops->let_go(run->ground));
}

static void *remove_in_thread(void *data)
{
	Pending *pending = data;
	gssize n = pending->ground->ops->write(pending->ground, pending->path, "1\n", 2, false);
	g_mutex_lock(&pending->lock);
	pending->result = n;
	pending->ended = true;
	g_cond_signal(&pending->changed);
	g_mutex_unlock(&pending->lock);
	return NULL;
}

/* Waits until the write has returned; not longer than that. */
static bool wait_ended(Pending *pending, gint64 until)
{
	g_mutex_lock(&pending->lock);
	while (!pending->ended && g_cond_wait_until(&pending->changed, &pending->lock, until))
		;
	bool ended = pending->ended;
	g_mutex_unlock(&pending->lock);
	return ended;
}

/*
 * The write has got as far as it gets when it has returned, or the instance is no longer listed.
 */
static bool wait_pending(Run *run, const char *uuid)
{
	for (gint64 until = g_get_monotonic_time() + DEADLINE_US; g_get_monotonic_time() < until;) {
		g_auto(GStrv) names = NULL;
		if (wait_ended(run->pending, g_get_monotonic_time() + POLL_US))
			return false;
		if (list_sorted(run, BUS, &names) == 0 &&
		    !g_strv_contains((const char *const *)names, uuid))
			return true;
	}
	return false;
}

static void do_remove_held(Run *run, const Operation *operation, guint number)
{
	Pending *pending = run->pending = g_new0(Pending, 1);
	g_mutex_init(&pending->lock);
	g_cond_init(&pending->changed);
	pending->ground = run->ground;
	pending->path = g_build_filename(BUS, operation->path, "remove", NULL);
	pending->thread = g_thread_new("remove", remove_in_thread, pending);
	bool waits = wait_pending(run, operation->path);
	g_string_append_printf(run->log, "write %s \"1\\n\" %s", pending->path,
	                       waits ? "waits" : "does not wait");
}

static void do_remove_ends(Run *run, const Operation *operation, guint number)
{
	Pending *pending = run->pending;
	bool ended = wait_ended(pending, g_get_monotonic_time() + DEADLINE_US);
	g_string_append_printf(run->log, "write %s \"1\\n\"", pending->path);
	if (!ended) {
		/* The thread is lost, and all it uses with it. */
		g_string_append(run->log, " still waits");
		return;
	}
	log_result(run, pending->result);
	g_thread_join(pending->thread);
	g_mutex_clear(&pending->lock);
	g_cond_clear(&pending->changed);
	g_free(pending->path);
	g_free(pending);
}

static void do_clean(Run *run, const Operation *operation, guint number)
{
	g_auto(GStrv) names = NULL;
	guint removed = 0;
	list_sorted(run, BUS, &names);
	for (char **name = names; name && *name; name++) {
		g_autofree char *path = g_build_filename(BUS, *name, "remove", NULL);
		removed += run->ground->ops->write(run->ground, path, "1\n", 2, false) == 2;
	}
	g_string_append_printf(run->log, "remove all = %u", removed);
}

static void (*const do_kind[])(Run *run, const Operation *operation, guint number) = {
	[OP_WRITE] = do_write,
	[OP_READ] = do_read,
	[OP_LINK] = do_link,
	[OP_LIST] = do_list,
	[OP_OPEN] = do_open,
	[OP_HOLD] = do_hold,
	[OP_REMOVE_HELD] = do_remove_held,
	[OP_LET_GO] = do_let_go,
	[OP_REMOVE_ENDS] = do_remove_ends,
	[OP_CLEAN] = do_clean,
};

char *ground_run(Ground *ground)
{
	Run run = { .ground = ground, .log = g_string_new(NULL) };

	for (guint i = 0; i < operation_count; i++) {
		const Operation *operation = &operations[i];
		if (operation->chapter)
			g_string_append_printf(run.log, "%s## %s\n", i ? "\n" : "",
			                       operation->chapter);
		for (guint number = operation->first; number <= operation->last; number++) {
			g_string_append(run.log, operation->other ? "other: " : "");
			do_kind[operation->kind](&run, operation, number);
			if (operation->parent)
				log_counters(&run, operation->parent);
			g_string_append_c(run.log, '\n');
		}
	}
	return g_string_free(run.log, FALSE);
}
