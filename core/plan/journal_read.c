// SPDX-License-Identifier: GPL-2.0-or-later
/* The reading half: entries, what is interrupted, what is ours. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/plan/journal_private.h"
#include "core/plan/plan_json.h"
#include "core/plan/step.h"

#define FILE_MAX (64 * 1024 * 1024)

void journal_entry_free(JournalEntry *entry)
{
	if (!entry)
		return;
	g_free(entry->file);
	g_free(entry->state);
	plan_free(entry->plan);
	g_array_unref(entry->deeds);
	g_free(entry);
}

const char *deed_words(Deed deed)
{
	static const char *const words[] = {
		[DEED_NOT] = "not done",  [DEED_BEGUN] = "begun, outcome not known",
		[DEED_FAILED] = "failed", [DEED_UNCHANGED] = "as it was",
		[DEED_DONE] = "done",     [DEED_UNDONE] = "undone",
	};
	return words[deed];
}

bool journal_is_interrupted(const JournalEntry *entry)
{
	return g_str_equal(entry->state, "interrupted");
}

/* ---- one file ---- */

typedef struct {
	const char *file;
	bool running;
	GPtrArray *entries; /* of all files */
	guint first;        /* of this file */
	GPtrArray *problems;
} Reader;

static void add_problem(GPtrArray *problems, const char *file, const char *code, const char *text)
{
	if (problems)
		g_ptr_array_add(problems, problem_new(NULL, code, 0, "application", file, text,
		                                      "`mdevcon journal` passes over it"));
}

static gint64 number_of(const json_t *event, const char *key)
{
	return json_integer_value(json_object_get(event, key));
}

static JournalEntry *entry_of(const Reader *reader, const json_t *event)
{
	const char *id = json_string_value(json_object_get(event, "id"));

	for (guint i = reader->entries->len; id && i > reader->first; i--) {
		JournalEntry *entry = g_ptr_array_index(reader->entries, i - 1);
		if (g_str_equal(entry->plan->id, id))
			return entry;
	}
	return NULL;
}

static void replace_text(char **text, const json_t *event, const char *key)
{
	g_free(*text);
	*text = g_strdup(json_string_value(json_object_get(event, key)));
}

static bool take_plan(Reader *reader, const json_t *event)
{
	g_autofree char *why = NULL;
	g_autoptr(GPtrArray) plans = plans_from_json(json_object_get(event, "plan"), &why);

	if (!plans || plans->len != 1)
		return false;
	JournalEntry *entry = g_new0(JournalEntry, 1);
	entry->file = g_strdup(reader->file);
	entry->started = number_of(event, "time");
	entry->state = g_strdup(reader->running ? "running" : "interrupted");
	entry->plan = g_ptr_array_steal_index(plans, 0);
	replace_text(&entry->plan->machine_id, event, "machine_id");
	replace_text(&entry->plan->boot_id, event, "boot_id");
	entry->deeds = g_array_new(FALSE, TRUE, sizeof(Deed));
	g_array_set_size(entry->deeds, entry->plan->steps->len);
	g_ptr_array_add(reader->entries, entry);
	return true;
}

static bool take_step(Reader *reader, const json_t *event, bool is_result)
{
	JournalEntry *entry = entry_of(reader, event);
	gint64 n = number_of(event, "n");
	bool undo = json_is_true(json_object_get(event, "undo"));
	bool ok = json_is_true(json_object_get(event, "ok"));
	bool changed = json_is_true(json_object_get(event, "changed"));

	if (!entry || n < 1 || n > entry->deeds->len)
		return false;
	Deed *deed = &g_array_index(entry->deeds, Deed, n - 1);
	if (undo)
		*deed = !is_result ? DEED_BEGUN : ok ? DEED_UNDONE : DEED_DONE;
	else if (!is_result)
		*deed = DEED_BEGUN;
	else
		*deed = changed ? DEED_DONE : ok ? DEED_UNCHANGED : DEED_FAILED;
	return true;
}

static bool take_end(Reader *reader, const json_t *event)
{
	JournalEntry *entry = entry_of(reader, event);
	const char *state = json_string_value(json_object_get(event, "state"));

	if (!entry || !state)
		return false;
	entry->ended = number_of(event, "time");
	g_free(entry->state);
	entry->state = g_strdup(state);
	return true;
}

static bool take_line(Reader *reader, const char *line, gsize len)
{
	json_t *event = json_loadb(line, len, 0, NULL);
	const char *name = json_string_value(json_object_get(event, "event"));
	bool taken = false;

	if (g_strcmp0(name, "plan") == 0)
		taken = take_plan(reader, event);
	else if (g_strcmp0(name, "end") == 0)
		taken = take_end(reader, event);
	else if (g_strcmp0(name, "step") == 0 || g_strcmp0(name, "result") == 0)
		taken = take_step(reader, event, *name == 'r');
	json_decref(event);
	return taken;
}

static void take_text(Reader *reader, const char *text)
{
	guint bad = 0;

	while (*text) {
		const char *end = strchr(text, '\n');
		/* The last line may be half there: what it would have said did not happen yet. */
		if (!end)
			break;
		bad += !take_line(reader, text, (gsize)(end - text));
		text = end + 1;
	}
	if (bad > 0) {
		g_autofree char *words = g_strdup_printf("%u lines are not a journal's", bad);
		add_problem(reader->problems, reader->file, "PARSE", words);
	}
}

static char *read_open(int fd, int *err)
{
	struct stat st;
	GString *text = g_string_new(NULL);
	char buffer[65536];
	ssize_t n = 0;

	*err = fstat(fd, &st) < 0 ? errno : !S_ISREG(st.st_mode) ? EMEDIUMTYPE : 0;
	while (!*err && (n = read(fd, buffer, sizeof buffer)) > 0) {
		g_string_append_len(text, buffer, n);
		*err = text->len > FILE_MAX ? EFBIG : 0;
	}
	if (n < 0)
		*err = errno;
	return g_string_free(text, FALSE);
}

static void read_file(Reader *reader)
{
	int fd = open(reader->file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int err = fd < 0 ? errno : 0;

	if (!err) {
		reader->running = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
		g_autofree char *text = read_open(fd, &err);
		if (!err)
			take_text(reader, text);
		close(fd);
	}
	if (err && err != ENOENT)
		add_problem(reader->problems, reader->file, "EIO", g_strerror(err));
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Full names of the files, oldest first. */
static GPtrArray *list_files(const char *folder)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, JOURNAL_SUFFIX))
			g_ptr_array_add(files, g_build_filename(folder, name, NULL));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(files, compare_names);
	return files;
}

static void read_into(GPtrArray *entries, const char *file, GPtrArray *problems)
{
	Reader reader = { .file = file, .entries = entries, .first = entries->len };

	reader.problems = problems;
	read_file(&reader);
}

GPtrArray *journal_read(const char *folder, GPtrArray *problems)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)journal_entry_free);
	g_autoptr(GPtrArray) files = list_files(folder);

	for (guint i = 0; i < files->len; i++)
		read_into(entries, g_ptr_array_index(files, i), problems);
	return entries;
}

void journal_prune(const char *folder)
{
	g_autoptr(GPtrArray) files = list_files(folder);

	for (guint i = 0; i + JOURNAL_FILES_MAX < files->len; i++) {
		g_autoptr(GPtrArray) entries =
			g_ptr_array_new_with_free_func((GDestroyNotify)journal_entry_free);
		const char *file = g_ptr_array_index(files, i);
		bool ended = true;
		read_into(entries, file, NULL);
		for (guint e = 0; e < entries->len; e++)
			ended &= ((JournalEntry *)g_ptr_array_index(entries, e))->ended > 0;
		if (ended && entries->len > 0)
			unlink(file);
	}
}

/* ---- what can be undone ---- */

Plan *journal_undo_plan(const JournalEntry *entry)
{
	g_autoptr(GPtrArray) results =
		g_ptr_array_new_with_free_func((GDestroyNotify)step_result_free);

	for (guint i = 0; i < entry->deeds->len; i++) {
		Deed deed = g_array_index(entry->deeds, Deed, i);
		StepResult *result = g_new0(StepResult, 1);
		result->changed = deed == DEED_DONE || deed == DEED_BEGUN;
		g_ptr_array_add(results, result);
	}
	Plan *plan = plan_undo(entry->plan, results);
	if (plan->steps->len > 0)
		return plan;
	plan_free(plan);
	return NULL;
}

int journal_settle(const JournalEntry *entry, const char *state)
{
	int fd = open(entry->file, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	int err = fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 ? errno : 0;

	if (!err) {
		/* Half a line of the program that was interrupted goes first. */
		g_autofree char *text = read_open(fd, &err);
		const char *last = strrchr(text, '\n');
		off_t whole = last ? last + 1 - text : 0;
		json_t *event = journal_event("end", entry->plan->id);
		json_object_set_new(event, "state", json_string(state));
		g_autofree char *line = journal_line(event);
		if (!err && ftruncate(fd, whole) < 0)
			err = errno;
		if (!err)
			err = journal_append(fd, line);
	}
	if (fd >= 0)
		close(fd);
	return err;
}

/* ---- ours ---- */

static GMutex ours_lock;
static GPtrArray *known; /* the entries that were read last */
static char *known_by;   /* names, sizes and times of the files then */

static char *signature(const char *folder)
{
	g_autoptr(GPtrArray) files = list_files(folder);
	GString *out = g_string_new(folder);
	struct stat st;

	for (guint i = 0; i < files->len; i++)
		if (stat(g_ptr_array_index(files, i), &st) == 0)
			g_string_append_printf(out, "\n%s %lld %lld.%09ld",
			                       (char *)g_ptr_array_index(files, i),
			                       (long long)st.st_size, (long long)st.st_mtim.tv_sec,
			                       st.st_mtim.tv_nsec);
	return g_string_free(out, FALSE);
}

static bool is_of_this_boot(const Plan *plan, const Inventory *inventory)
{
	return plan->machine_id && plan->boot_id &&
	       g_strcmp0(plan->machine_id, inventory->machine_id.s) == 0 &&
	       g_strcmp0(plan->boot_id, inventory->boot_id.s) == 0;
}

/* Follows what the steps of one entry made and unmade. */
static void follow(GHashTable *made, const JournalEntry *entry)
{
	for (guint i = 0; i < entry->deeds->len; i++) {
		const Step *step = g_ptr_array_index(entry->plan->steps, i);
		Deed deed = g_array_index(entry->deeds, Deed, i);
		bool makes = step->kind == STEP_CREATE || step->kind == STEP_START;
		bool unmakes = step->kind == STEP_REMOVE || step->kind == STEP_STOP;
		/* Begun and no more known: it was not there before, so what is there is ours. */
		bool done = deed == DEED_DONE || deed == DEED_BEGUN;
		if ((makes && done) || (unmakes && deed == DEED_UNDONE))
			g_hash_table_add(made, step->uuid);
		else if ((unmakes && deed == DEED_DONE) || (makes && deed == DEED_UNDONE))
			g_hash_table_remove(made, step->uuid);
	}
}

static void mark(Inventory *inventory, const GPtrArray *entries)
{
	g_autoptr(GHashTable) made = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < entries->len; i++) {
		const JournalEntry *entry = g_ptr_array_index(entries, i);
		if (is_of_this_boot(entry->plan, inventory))
			follow(made, entry);
	}
	for (guint i = 0; i < inventory->instances->len; i++) {
		Instance *instance = g_ptr_array_index(inventory->instances, i);
		instance->ours = instance->uuid && g_hash_table_contains(made, instance->uuid);
	}
}

void journal_mark_ours(Inventory *inventory)
{
	g_autofree char *folder = journal_folder();
	if (!folder || inventory->instances->len == 0)
		return;
	g_autofree char *by = signature(folder);

	g_mutex_lock(&ours_lock);
	if (!known || g_strcmp0(known_by, by) != 0) {
		g_clear_pointer(&known, g_ptr_array_unref);
		known = journal_read(folder, NULL);
		g_free(known_by);
		known_by = g_steal_pointer(&by);
	}
	mark(inventory, known);
	g_mutex_unlock(&ours_lock);
}
