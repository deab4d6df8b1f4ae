// SPDX-License-Identifier: GPL-2.0-or-later
/* The journal tells the truth of programs that are killed, that run out of disk, and at once. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/plan/journal.h"
#include "tests/unit/fake_host.h"
#include "tests/unit/host_tree.h"

#define COUNT 3
#define BOOT "boot-1"

/* One program: in a process of its own, with a host of its own. Exits with what `end` says. */
typedef struct {
	const char *folder;
	int die_at_write; /* within that write */
	int die_after;    /* after that step's result, from 1 */
	rlim_t file_max;  /* 0: no limit */
	int told, wait;   /* after the first step says so here, and waits for a byte there; or -1 */
} Program;

static Plan *make_plan(Backend *backend)
{
	g_autoptr(Facts) facts = backend_scan(backend, 0, NULL, NULL);
	g_autoptr(Inventory) inventory = inventory_new(facts);
	Status status;
	return plan_create(inventory, "a", "mtty", "mtty-1", NULL, COUNT, &status, NULL);
}

static void on_step(const Plan *plan, guint step, const StepResult *result, void *data)
{
	const Program *program = data;
	char byte = 0;
	(void)plan, (void)result;

	if ((int)step + 1 == program->die_after)
		raise(SIGKILL);
	if (step == 0 && program->told >= 0 &&
	    (write(program->told, "x", 1) != 1 || read(program->wait, &byte, 1) < 0))
		_exit(99);
}

/* 0: done; 10 + n: nothing recorded, and n of the instances exist. */
static int child_main(Program *program)
{
	FakeHost *host = fake_host_new(COUNT);
	g_autoptr(Backend) backend = fake_backend_new(host, "a", NULL);
	host->boot_id = BOOT;
	g_autoptr(Plan) plan = make_plan(backend);

	if (program->file_max) {
		struct rlimit limit = { program->file_max, program->file_max };
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
	}
	host->die_at_write = program->die_at_write;
	journal_use(program->folder);
	g_autoptr(GPtrArray) results = plan_run(plan, backend, on_step, program, NULL);
	for (guint i = 0; i < results->len; i++) {
		const StepResult *result = g_ptr_array_index(results, i);
		if (!result->ok && g_str_equal(result->problem->code, "JOURNAL") &&
		    strstr(result->text, program->folder))
			return 10 + (int)host->uuids->len;
	}
	return 0;
}

static pid_t start(Program *program)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(child_main(program));
	return pid;
}

static int finish(pid_t pid)
{
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static JournalEntry *only_entry(GPtrArray *entries)
{
	assert_int_equal(entries->len, 1);
	return g_ptr_array_index(entries, 0);
}

static Deed deed(const JournalEntry *entry, guint i)
{
	return g_array_index(entry->deeds, Deed, i);
}

static int setup(void **state)
{
	*state = host_tree_new();
	return 0;
}

static int teardown(void **state)
{
	journal_use(NULL);
	host_tree_free(*state);
	return 0;
}

static void test_whole_run(void **state)
{
	Program program = { .folder = *state, .told = -1 };
	assert_int_equal(finish(start(&program)), 0);
	g_autoptr(GPtrArray) entries = journal_read(*state, NULL);
	const JournalEntry *entry = only_entry(entries);

	assert_string_equal(entry->state, "done");
	assert_true(entry->ended >= entry->started);
	for (guint i = 0; i < COUNT; i++)
		assert_int_equal(deed(entry, i), DEED_DONE);
}

static void test_modes(void **state)
{
	g_autofree char *below = g_build_filename(*state, "new", "journal", NULL);
	Program program = { .folder = below, .told = -1 };
	struct stat st;

	assert_int_equal(finish(start(&program)), 0);
	assert_int_equal(stat(below, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	g_autoptr(GPtrArray) entries = journal_read(below, NULL);
	assert_int_equal(stat(only_entry(entries)->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* Killed while it writes step n: that one is "begun", those before are done, those after are not.
 */
static void test_killed_within(void **state)
{
	for (int n = 1; n <= COUNT; n++) {
		g_autofree char *folder = g_strdup_printf("%s/within-%d", (char *)*state, n);
		Program program = { .folder = folder, .die_at_write = n, .told = -1 };
		assert_int_equal(WTERMSIG(finish(start(&program))), SIGKILL);
		g_autoptr(GPtrArray) entries = journal_read(folder, NULL);
		const JournalEntry *entry = only_entry(entries);
		assert_string_equal(entry->state, "interrupted");
		for (int i = 0; i < COUNT; i++)
			assert_int_equal(deed(entry, (guint)i), i + 1 < n    ? DEED_DONE
			                                        : i + 1 == n ? DEED_BEGUN
			                                                     : DEED_NOT);
		g_autoptr(Plan) undo = journal_undo_plan(entry);
		assert_int_equal(undo->steps->len, n);
		assert_int_equal(((Step *)g_ptr_array_index(undo->steps, 0))->kind, STEP_REMOVE);
	}
}

static void test_killed_between(void **state)
{
	for (int n = 1; n <= COUNT; n++) {
		g_autofree char *folder = g_strdup_printf("%s/between-%d", (char *)*state, n);
		Program program = { .folder = folder, .die_after = n, .told = -1 };
		assert_int_equal(WTERMSIG(finish(start(&program))), SIGKILL);
		g_autoptr(GPtrArray) entries = journal_read(folder, NULL);
		const JournalEntry *entry = only_entry(entries);
		assert_string_equal(entry->state, "interrupted");
		for (int i = 0; i < COUNT; i++)
			assert_int_equal(deed(entry, (guint)i), i < n ? DEED_DONE : DEED_NOT);
	}
}

/* No room for a record: no change, and the message names the file. */
static void test_full_disk(void **state)
{
	Program program = { .folder = *state, .file_max = 300, .told = -1 };
	assert_int_equal(WEXITSTATUS(finish(start(&program))), 10);
	g_autoptr(GPtrArray) problems =
		g_ptr_array_new_with_free_func((GDestroyNotify)problem_free);
	g_autoptr(GPtrArray) entries = journal_read(*state, problems);
	assert_int_equal(entries->len, 0);
	assert_int_equal(problems->len, 0); /* no half line stays */
}

/* It runs full on the way: what was done is on record, what was not is not done. */
static void test_disk_fills_up(void **state)
{
	Program whole = { .folder = *state, .told = -1 };
	g_autofree char *other = g_strconcat(*state, "/other", NULL);
	g_autofree char *text = NULL;

	assert_int_equal(finish(start(&whole)), 0);
	g_autoptr(GPtrArray) before = journal_read(*state, NULL);
	assert_true(g_file_get_contents(only_entry(before)->file, &text, NULL, NULL));
	/* Room for the first step and its result, and for a part of what announces the second. */
	const char *second = strstr(strstr(text, "\"step\",") + 1, "\"step\",");
	Program program = { .folder = other, .file_max = (rlim_t)(second - text), .told = -1 };
	assert_int_equal(WEXITSTATUS(finish(start(&program))), 10 + 1);
	g_autoptr(GPtrArray) entries = journal_read(other, NULL);
	const JournalEntry *entry = only_entry(entries);
	assert_int_equal(deed(entry, 0), DEED_DONE);
	assert_int_equal(deed(entry, 1), DEED_NOT);
	assert_int_equal(deed(entry, 2), DEED_NOT);
}

static void test_unwritable(void **state)
{
	g_autofree char *file = g_strconcat(*state, "/file", NULL);
	g_autofree char *below = g_strconcat(file, "/journal", NULL);
	Program program = { .folder = below, .told = -1 };

	assert_true(g_file_set_contents(file, "", -1, NULL));
	assert_int_equal(WEXITSTATUS(finish(start(&program))), 10);
}

/* A link in place of the folder may lead to somebody else's. */
static void test_link(void **state)
{
	g_autofree char *real = g_strconcat(*state, "/real", NULL);
	g_autofree char *link = g_strconcat(*state, "/link", NULL);
	Program program = { .folder = link, .told = -1 };

	assert_int_equal(mkdir(real, 0700), 0);
	assert_int_equal(symlink(real, link), 0);
	assert_int_equal(WEXITSTATUS(finish(start(&program))), 10);
}

static void test_two_at_once(void **state)
{
	int told[2], wait[2];
	char bytes[2];

	assert_int_equal(pipe(told), 0);
	assert_int_equal(pipe(wait), 0);
	Program program = { .folder = *state, .told = told[1], .wait = wait[0] };
	pid_t one = start(&program), other = start(&program);
	for (int i = 0; i < 2; i++)
		assert_int_equal(read(told[0], &bytes[i], 1), 1);
	g_autoptr(GPtrArray) during = journal_read(*state, NULL);
	assert_int_equal(during->len, 2);
	for (guint i = 0; i < 2; i++) {
		const JournalEntry *entry = g_ptr_array_index(during, i);
		assert_string_equal(entry->state, "running");
		assert_int_equal(journal_settle(entry, "forgotten"), EWOULDBLOCK);
	}
	assert_int_equal(write(wait[1], bytes, 2), 2);
	assert_int_equal(finish(one), 0);
	assert_int_equal(finish(other), 0);
	g_autoptr(GPtrArray) after = journal_read(*state, NULL);
	for (guint i = 0; i < 2; i++)
		assert_string_equal(((JournalEntry *)g_ptr_array_index(after, i))->state, "done");
	for (int i = 0; i < 2; i++) {
		close(told[i]);
		close(wait[i]);
	}
}

/* A line that was half written when the power went is no line; an end can follow it. */
static void test_torn_line(void **state)
{
	Program program = { .folder = *state, .die_after = 1, .told = -1 };
	finish(start(&program));
	g_autoptr(GPtrArray) entries = journal_read(*state, NULL);
	const JournalEntry *entry = only_entry(entries);
	FILE *file = fopen(entry->file, "a");
	fputs("{\"event\":\"st", file);
	fclose(file);

	assert_int_equal(journal_settle(entry, "forgotten"), 0);
	g_autoptr(GPtrArray) problems =
		g_ptr_array_new_with_free_func((GDestroyNotify)problem_free);
	g_autoptr(GPtrArray) after = journal_read(*state, problems);
	assert_string_equal(only_entry(after)->state, "forgotten");
	assert_int_equal(problems->len, 0);
}

/* ---- ours ---- */

static bool is_ours(FakeHost *host, Backend *backend, guint i)
{
	g_autoptr(Facts) facts = backend_scan(backend, 0, NULL, NULL);
	g_autoptr(Inventory) inventory = inventory_new(facts);
	journal_mark_ours(inventory);
	const Instance *instance =
		inventory_instance(inventory, g_ptr_array_index(host->uuids, i), NULL);
	return instance->ours;
}

static void test_ours(void **state)
{
	FakeHost *host = fake_host_new(COUNT + 1);
	Backend *backend = fake_backend_new(host, "a", NULL);
	host->boot_id = BOOT;
	g_autoptr(Plan) plan = make_plan(backend);

	journal_use(*state);
	fake_host_add(host, "99999999-9999-4999-8999-999999999999");
	assert_false(is_ours(host, backend, 0));
	g_autoptr(GPtrArray) results = plan_run(plan, backend, NULL, NULL, NULL);
	assert_int_equal(results->len, COUNT);
	assert_false(is_ours(host, backend, 0)); /* made by another */
	assert_true(is_ours(host, backend, 1));
	assert_true(is_ours(host, backend, COUNT));
	host->boot_id = "boot-2"; /* after a restart it is not what we made */
	assert_false(is_ours(host, backend, 1));
	host->boot_id = BOOT;
	/* what we removed, and another made again, is not ours */
	g_autofree char *first = g_strdup(g_ptr_array_index(host->uuids, 1));
	g_autoptr(Plan) back = plan_undo(plan, results);
	g_autoptr(GPtrArray) undone = plan_run(back, backend, NULL, NULL, NULL);
	assert_int_equal(undone->len, COUNT);
	assert_int_equal(host->uuids->len, 1);
	fake_host_add(host, first);
	assert_false(is_ours(host, backend, 1));
	backend_close(backend);
	fake_host_free(host);
}

static void test_nothing_changed_leaves_no_entry(void **state)
{
	FakeHost *host = fake_host_new(COUNT);
	Backend *backend = fake_backend_new(host, "a", NULL);
	g_autoptr(Plan) plan = make_plan(backend);

	g_autoptr(GPtrArray) first = plan_run(plan, backend, NULL, NULL, NULL);
	assert_int_equal(first->len, COUNT);
	journal_use(*state);
	g_autoptr(GPtrArray) again = plan_run(plan, backend, NULL, NULL, NULL);
	assert_true(((StepResult *)g_ptr_array_index(again, 0))->ok);
	g_autoptr(GPtrArray) entries = journal_read(*state, NULL);
	assert_int_equal(entries->len, 0);
	backend_close(backend);
	fake_host_free(host);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_whole_run),     TEST(test_modes),
		TEST(test_killed_within), TEST(test_killed_between),
		TEST(test_full_disk),     TEST(test_disk_fills_up),
		TEST(test_unwritable),    TEST(test_link),
		TEST(test_two_at_once),   TEST(test_torn_line),
		TEST(test_ours),          TEST(test_nothing_changed_leaves_no_entry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
