// SPDX-License-Identifier: GPL-2.0-or-later
/* The writing half. One file, one lock; workers of several hosts write to it in turn. */
#include "core/plan/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/output/json.h"
#include "core/plan/journal_private.h"
#include "core/plan/plan_json.h"

static GMutex lock;
static char *folder; /* NULL: no journal */
static char *file;   /* of this program, once it is open */
static int fd = -1;
static bool scratch; /* the folder is ours alone, and goes with the program */

/* Called with the lock. */
static void leave(void)
{
	if (fd >= 0)
		close(fd);
	fd = -1;
	if (scratch && file)
		unlink(file);
	if (scratch)
		rmdir(folder);
	scratch = false;
	g_clear_pointer(&file, g_free);
	g_clear_pointer(&folder, g_free);
}

void journal_use(const char *where)
{
	g_mutex_lock(&lock);
	leave();
	folder = g_strdup(where);
	g_mutex_unlock(&lock);
}

void journal_use_scratch(void)
{
	g_mutex_lock(&lock);
	leave();
	folder = g_dir_make_tmp("mdevcon-XXXXXX", NULL);
	scratch = folder != NULL;
	if (!folder)
		folder = g_build_filename(g_get_tmp_dir(), "mdevcon", NULL);
	g_mutex_unlock(&lock);
}

void journal_leave(void)
{
	g_mutex_lock(&lock);
	leave();
	g_mutex_unlock(&lock);
}

char *journal_folder(void)
{
	g_mutex_lock(&lock);
	char *copy = g_strdup(folder);
	g_mutex_unlock(&lock);
	return copy;
}

char *journal_default_folder(void)
{
	return g_build_filename(g_get_user_state_dir(), "mdevcon", "journal", NULL);
}

static bool failed(GError **error, const char *name, int err)
{
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(err),
	            "the journal cannot be written, so nothing is changed: %s: %s", name,
	            g_strerror(err));
	return false;
}

/* The folder, for us alone, whoever made it: no link, not somebody else's. -errno. */
static int open_folder(void)
{
	if (g_mkdir_with_parents(folder, 0700) < 0)
		return -errno;
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	struct stat st;
	int err = fstat(dir, &st) < 0 ? errno : st.st_uid != geteuid() ? EPERM : 0;
	if (!err && (st.st_mode & 077) && fchmod(dir, 0700) < 0)
		err = errno;
	if (!err)
		return dir;
	close(dir);
	return -err;
}

/* Sorts by time: the name begins with it. */
static char *new_name(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *time = g_date_time_format(now, "%Y%m%dT%H%M%S");
	g_autofree char *unique = g_uuid_string_random();

	return g_strdup_printf("%s.%06d-%d-%.8s" JOURNAL_SUFFIX, time,
	                       g_date_time_get_microsecond(now), (int)getpid(), unique);
}

static bool ensure_open(GError **error)
{
	if (fd >= 0)
		return true;
	int dir = open_folder();
	if (dir < 0)
		return failed(error, folder, -dir);
	journal_prune(folder);
	g_autofree char *name = new_name();
	g_autofree char *path = g_build_filename(folder, name, NULL);
	int opened = openat(dir, name,
	                    O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	int err = opened < 0 || flock(opened, LOCK_EX | LOCK_NB) < 0 || fsync(dir) < 0 ? errno : 0;
	close(dir);
	if (err) {
		if (opened >= 0)
			close(opened);
		return failed(error, path, err);
	}
	fd = opened;
	file = g_steal_pointer(&path);
	return true;
}

int journal_append(int to, const char *line)
{
	gsize len = strlen(line);
	off_t before = lseek(to, 0, SEEK_END);
	ssize_t n;

	do
		n = write(to, line, len);
	while (n < 0 && errno == EINTR);
	int err = n < 0 ? errno : (gsize)n < len ? ENOSPC : fsync(to) < 0 ? errno : 0;
	/* Half a line would hide the next one. */
	if (err && ftruncate(to, before) < 0)
		return errno;
	return err;
}

char *journal_line(json_t *object)
{
	char *raw = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	char *line = g_strconcat(raw, "\n", NULL);

	free(raw);
	json_decref(object);
	return line;
}

json_t *journal_event(const char *event, const char *id)
{
	json_t *object = json_object();

	json_object_set_new(object, "event", json_string(event));
	json_object_set_new(object, "time", json_integer(g_get_real_time() / G_USEC_PER_SEC));
	if (id)
		json_object_set_new(object, "id", json_text(id));
	return object;
}

/* Takes `object`. */
static bool record(json_t *object, GError **error)
{
	g_autofree char *line = journal_line(object);
	bool ok = true;

	g_mutex_lock(&lock);
	if (folder) {
		ok = ensure_open(error);
		int err = ok ? journal_append(fd, line) : 0;
		if (err)
			ok = failed(error, file, err);
	}
	g_mutex_unlock(&lock);
	return ok;
}

bool journal_plan(const Plan *plan, const Inventory *now, GError **error)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	json_t *object = journal_event("plan", NULL);

	g_ptr_array_add(one, (gpointer)plan);
	json_object_set_new(object, "machine_id", json_text(now->machine_id.s));
	json_object_set_new(object, "boot_id", json_text(now->boot_id.s));
	json_object_set_new(object, "plan", json_plan(one));
	return record(object, error);
}

static json_t *step_event(const char *event, const Plan *plan, guint n, bool undo)
{
	json_t *object = journal_event(event, plan->id);

	json_object_set_new(object, "n", json_integer(n));
	json_object_set_new(object, "undo", json_boolean(undo));
	return object;
}

bool journal_step(const Plan *plan, guint n, bool undo, GError **error)
{
	return record(step_event("step", plan, n, undo), error);
}

bool journal_result(const Plan *plan, guint n, bool undo, const StepResult *result, GError **error)
{
	json_t *object = step_event("result", plan, n, undo);

	json_object_set_new(object, "ok", json_boolean(result->ok));
	json_object_set_new(object, "changed", json_boolean(result->changed));
	json_object_set_new(object, "text", json_text(result->text));
	return record(object, error);
}

bool journal_end(const Plan *plan, const char *state, GError **error)
{
	json_t *object = journal_event("end", plan->id);

	json_object_set_new(object, "state", json_text(state));
	return record(object, error);
}
