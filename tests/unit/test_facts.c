// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts: the store, its text form, hostile text, command lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "core/inventory.h"
#include "tests/unit/host_tree.h"

static void test_store(void **state)
{
	g_autoptr(Facts) facts = facts_new();
	char *names[] = { (char *)"b", (char *)"a", (char *)"b", NULL };
	facts_add_text(facts, FACT_VALUE, "/a", "one", -1);
	facts_add_names(facts, "/n", names);
	facts_add_error(facts, FACT_VALUE, "/e", EACCES);
	facts_add_error(facts, FACT_VALUE, "/gone", ENOENT);
	facts_add_text(facts, FACT_VALUE, "/a", "two", -1);
	assert_int_equal(facts_count(facts), 4);
	assert_string_equal(facts_text(facts, "/a").s, "two");
	assert_string_equal(facts_names(facts, "/n")[0], "a");
	assert_string_equal(facts_names(facts, "/n")[1], "b");
	assert_null(facts_names(facts, "/n")[2]);
	assert_int_equal(facts_text(facts, "/e").state, READ_UNREADABLE);
	assert_int_equal(facts_text(facts, "/e").err, EACCES);
	assert_int_equal(facts_text(facts, "/gone").state, READ_ABSENT);
	assert_int_equal(facts_text(facts, "/never").state, READ_ABSENT);
	assert_null(facts_names(facts, "/a"));
}

static void test_many(void **state)
{
	g_autoptr(Facts) facts = facts_new();
	char path[64];
	for (int i = 0; i < 5000; i++) {
		g_snprintf(path, sizeof path, "/sys/%d", i);
		facts_add_text(facts, FACT_VALUE, path, path, -1);
	}
	assert_int_equal(facts_count(facts), 5000);
	assert_string_equal(facts_text(facts, "/sys/4999").s, "/sys/4999");
	assert_string_equal(facts_nth(facts, 257)->path, "/sys/257");
}

static void test_round_trip(void **state)
{
	g_autoptr(Facts) facts = facts_new();
	char *names[] = { (char *)"a b", (char *)"c%d", NULL }, *none[] = { NULL };
	facts_set_note(facts, "source", "live");
	facts_set_note(facts, "user", "k\xC3\xA4the\n");
	facts_add_text(facts, FACT_VALUE, "/odd name", "\0x\ny\xff%", 6);
	facts_add_text(facts, FACT_VALUE, "/empty", "", 0);
	facts_add_text(facts, FACT_LINK, "/l", "../x y", -1);
	facts_add_names(facts, "/n", names);
	facts_add_names(facts, "/none", none);
	facts_add_error(facts, FACT_NAMES, "/e", EACCES);
	facts_add_error(facts, FACT_VALUE, "/big", EFBIG);
	facts_add_error(facts, FACT_VALUE, "/odd", 4000);
	g_autoptr(GString) text = facts_write(facts);
	assert_true(g_str_has_prefix(text->str, "mdevcon-facts 1\nm source live\n"));
	assert_true(g_str_has_suffix(text->str, "e v /odd 4000\n.\n"));
	for (gsize i = 0; i < text->len; i++)
		assert_true(text->str[i] == '\n' || (text->str[i] >= ' ' && text->str[i] < 0x7f));

	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) again = facts_parse(text->str, text->len, &error);
	assert_null(error);
	const Fact *odd = facts_get(again, "/odd name");
	assert_int_equal(odd->len, 6);
	assert_memory_equal(odd->text, "\0x\ny\xff%", 6);
	assert_string_equal(facts_text(again, "/empty").s, "");
	assert_string_equal(facts_names(again, "/n")[1], "c%d");
	assert_null(facts_names(again, "/none")[0]);
	assert_string_equal(facts_note(again, "user"), "k\xC3\xA4the\n");
	assert_int_equal(facts_get(again, "/e")->err, EACCES);
	assert_int_equal(facts_get(again, "/odd")->err, 4000);
	g_autoptr(GString) twice = facts_write(again);
	assert_string_equal(twice->str, text->str);
}

static void test_hostile(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *says;
	} cases[] = {
		{ "", FACTS_ERROR_FORMAT, "line 1" },
		{ "hello\n.\n", FACTS_ERROR_FORMAT, "line 1" },
		{ "mdevcon-facts 2\n.\n", FACTS_ERROR_FORMAT, "another version" },
		{ "mdevcon-facts 1\n", FACTS_ERROR_TRUNCATED, "cut off" },
		{ "mdevcon-facts 1\nv /a b\n", FACTS_ERROR_TRUNCATED, "cut off" },
		{ "mdevcon-facts 1\n.\nv /a b\n", FACTS_ERROR_FORMAT, "line 3" },
		{ "mdevcon-facts 1\nz /a b\n.\n", FACTS_ERROR_FORMAT, "line 2" },
		{ "mdevcon-facts 1\nv /a\n.\n", FACTS_ERROR_FORMAT, "fields" },
		{ "mdevcon-facts 1\nv /a b c\n.\n", FACTS_ERROR_FORMAT, "fields" },
		{ "mdevcon-facts 1\nv /a b c d e f\n.\n", FACTS_ERROR_FORMAT, "fields" },
		{ "mdevcon-facts 1\n# x\nv a b\n.\n", FACTS_ERROR_FORMAT, "line 3" },
		{ "mdevcon-facts 1\nv /a%2 b\n.\n", FACTS_ERROR_FORMAT, "percent" },
		{ "mdevcon-facts 1\nv /a b%zz\n.\n", FACTS_ERROR_FORMAT, "percent" },
		{ "mdevcon-facts 1\nv /a%00 b\n.\n", FACTS_ERROR_FORMAT, "NUL" },
		{ "mdevcon-facts 1\nl /a b%00\n.\n", FACTS_ERROR_FORMAT, "NUL" },
		{ "mdevcon-facts 1\nv /a b\x1b[2J\n.\n", FACTS_ERROR_FORMAT, "control" },
		{ "mdevcon-facts 1\nn /a x//y\n.\n", FACTS_ERROR_FORMAT, "names" },
		{ "mdevcon-facts 1\nn /a x/\n.\n", FACTS_ERROR_FORMAT, "names" },
		{ "mdevcon-facts 1\nn /a x%2Fy\n.\n", FACTS_ERROR_FORMAT, "names" },
		{ "mdevcon-facts 1\nn /a ..\n.\n", FACTS_ERROR_FORMAT, "names" },
		{ "mdevcon-facts 1\ne q /a EIO\n.\n", FACTS_ERROR_FORMAT, "kind" },
		{ "mdevcon-facts 1\ne v /a EWHAT\n.\n", FACTS_ERROR_FORMAT, "error name" },
		{ "mdevcon-facts 1\ne v /a 0\n.\n", FACTS_ERROR_FORMAT, "error name" },
		{ "mdevcon-facts 1\nm  x\n.\n", FACTS_ERROR_FORMAT, "note" },
		{ "mdevcon-facts 1\n\n.\n", FACTS_ERROR_FORMAT, "line 2" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(facts_parse(cases[i].text, strlen(cases[i].text), &error));
		assert_true(g_error_matches(error, FACTS_ERROR, cases[i].code));
		assert_non_null(strstr(error->message, cases[i].says));
	}
}

/* Every beginning of a text is refused, never half believed. */
static void test_truncations(void **state)
{
	const char *whole = "mdevcon-facts 1\nm source live\nv /a b\nn /n x/y\ne v /e EIO\n.\n";
	for (gsize n = 0; n < strlen(whole) - 2; n++) {
		g_autoptr(GError) error = NULL;
		assert_null(facts_parse(whole, n, &error));
		assert_non_null(error);
	}
	g_autoptr(Facts) facts = facts_parse(whole, strlen(whole) - 1, NULL);
	assert_non_null(facts);
}

static void test_load(void **state)
{
	char *root = host_tree_new();
	g_autofree char *file = g_build_filename(root, "x.facts", NULL);
	g_autoptr(GError) error = NULL;
	assert_null(facts_load(file, &error));
	assert_true(g_error_matches(error, FACTS_ERROR, FACTS_ERROR_IO));
	assert_non_null(strstr(error->message, "x.facts"));
	g_clear_error(&error);
	assert_null(facts_load(root, &error));
	assert_true(g_error_matches(error, FACTS_ERROR, FACTS_ERROR_IO));
	g_clear_error(&error);
	g_autofree char *fifo = g_build_filename(root, "fifo", NULL);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_null(facts_load(fifo, &error));
	assert_true(g_error_matches(error, FACTS_ERROR, FACTS_ERROR_IO));
	g_clear_error(&error);
	host_tree_file(root, "x.facts", "mdevcon-facts 1\nv /a b\n.\n");
	g_autoptr(Facts) facts = facts_load(file, &error);
	assert_null(error);
	assert_string_equal(facts_text(facts, "/a").s, "b");
	host_tree_file(root, "x.facts", "mdevcon-facts 1\nnonsense\n.\n");
	assert_null(facts_load(file, &error));
	assert_non_null(strstr(error->message, "x.facts: line 2"));
	host_tree_free(root);
}

static void test_errno_names(void **state)
{
	char buf[16];
	assert_string_equal(errno_name(ENOSPC, buf), "ENOSPC");
	assert_string_equal(errno_name(EUSERS, buf), "EUSERS");
	assert_string_equal(errno_name(3999, buf), "3999");
	assert_int_equal(errno_from_name("EACCES"), EACCES);
	assert_int_equal(errno_from_name("13"), 13);
	assert_int_equal(errno_from_name("nonsense"), 0);
	assert_int_equal(errno_from_name("-1"), 0);
	for (int err = 1; err < 134; err++)
		assert_int_equal(errno_from_name(errno_name(err, buf)), err);
}

#define REDUCE(raw) facts_reduce_cmdline(raw, sizeof raw - 1)

static void test_cmdline(void **state)
{
	g_autofree char *qemu =
		REDUCE("/usr/bin/qemu-system-x86_64\0-name\0guest=web01,debug-threads=on\0"
	               "-object\0secret,id=s0,data=hunter2\0-uuid\0abc\0-device\0"
	               "vfio-pci,id=hostdev0,sysfsdev=/sys/bus/mdev/devices/U,x-pass=q\0"
	               "-vnc\0unix:/x,password=hunter2\0");
	assert_string_equal(qemu,
	                    "qemu-system-x86_64\n-name\nguest=web01,debug-threads=on\n-uuid\nabc\n"
	                    "vfio-pci,id=hostdev0,sysfsdev=/sys/bus/mdev/devices/U");
	assert_true(facts_cmdline_names_device(qemu));
	g_autofree char *json = REDUCE("qemu\0-device\0{\"driver\":\"vfio-pci\",\"id\":\"h0\","
	                               "\"sysfsdev\":\"/sys/bus/mdev/devices/U\",\"x\":\"y\"}\0");
	assert_non_null(strstr(json, "\"sysfsdev\":\"/sys/bus/mdev/devices/U\""));
	assert_null(strstr(json, "\"x\""));
	g_autofree char *other = REDUCE("bash\0-c\0curl -u me:hunter2 https://x/vfio");
	assert_null(strstr(other, "hunter2"));
	g_autofree char *plain = REDUCE("/usr/sbin/sshd\0-D\0");
	assert_string_equal(plain, "sshd");
	assert_false(facts_cmdline_names_device(plain));
	g_autofree char *empty = facts_reduce_cmdline("", 0);
	assert_string_equal(empty, "");
	/* A process without a name keeps its lines in their places. */
	g_autofree char *nameless = REDUCE("\0-name\0web\0");
	assert_string_equal(nameless, "\n-name\nweb");
	g_autofree char *trick = REDUCE("x\0-name\0a\n-uuid\0");
	assert_string_equal(trick, "x\n-name\na -uuid");
}

/* A host may cost so much and no more; what was kept can be recorded and read again. */
static void test_bounds(void **state)
{
	g_autoptr(Facts) facts = facts_new();
	g_autofree char *value = g_strnfill(FACTS_JSON_MAX, '\033'); /* three bytes each as text */
	g_autoptr(GError) error = NULL;
	(void)state;
	facts_add_error(facts, FACT_VALUE, "/first", EACCES);
	/* What is replaced does not count any more. */
	for (guint i = 0; i < 2 * FACTS_BYTES_MAX / FACTS_JSON_MAX; i++)
		facts_add_text(facts, FACT_VALUE, "/x/0", value, FACTS_JSON_MAX);
	assert_false(facts_is_full(facts));
	for (guint i = 0; i < 2 * FACTS_BYTES_MAX / FACTS_JSON_MAX; i++) {
		g_autofree char *path = g_strdup_printf("/x/%u", i);
		facts_add_text(facts, FACT_VALUE, path, value, FACTS_JSON_MAX);
	}
	assert_true(facts_is_full(facts));
	assert_true(facts_count(facts) <= FACTS_BYTES_MAX / FACTS_JSON_MAX);
	g_autofree char *last = g_strdup_printf("/x/%u", facts_count(facts) - 1);
	assert_string_equal(facts_note(facts, "cut"), last);
	g_autoptr(GString) text = facts_write(facts);
	g_autoptr(Facts) again = facts_parse(text->str, text->len, &error);
	assert_null(error);
	assert_int_equal(facts_count(again), facts_count(facts));
	g_autoptr(Inventory) inventory = inventory_new(again);
	assert_int_equal(inventory->errors->len, 2);
	const ScanError *row = g_ptr_array_index(inventory->errors, 0);
	assert_string_equal(row->code, "E2BIG");
	assert_string_equal(row->path, last);
}

/* Names cost more than their bytes: each becomes a thing with readings of its own. */
static void test_many_names(void **state)
{
	g_autoptr(Facts) facts = facts_new();
	g_autofree char **names = g_new0(char *, FACTS_NAMES_MAX + 1);
	(void)state;
	for (guint i = 0; i < FACTS_NAMES_MAX; i++)
		names[i] = (char *)"x";
	facts_add_names(facts, "/bus", names);
	assert_true(facts_is_full(facts));
	assert_null(facts_get(facts, "/bus"));
	assert_string_equal(facts_note(facts, "cut"), "/bus");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store),       cmocka_unit_test(test_many),
		cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_truncations), cmocka_unit_test(test_load),
		cmocka_unit_test(test_errno_names), cmocka_unit_test(test_cmdline),
		cmocka_unit_test(test_bounds),      cmocka_unit_test(test_many_names),
	};
	return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
