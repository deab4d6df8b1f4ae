// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A real reply of the shell half, cut off at every byte, in pieces of one byte and with every byte
 * damaged. fuzz/probe_reply.c says what must hold; here it is given all of these cases in turn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/hostile/zoo.h"
#include "tests/ssh/shell_line.h"
#include "tests/unit/host_tree.h"

static GString *reply; /* what stood between the frames, behind three bytes for the target */

/* A line that keeps what the shell says. */
static gssize keeping_read(void *data, char *buffer, gsize size, gint64 deadline,
                           GCancellable *cancel, GError **error)
{
	gssize n = shell_line.read(data, buffer, size, deadline, cancel, error);
	if (n > 0)
		g_string_append_len(reply, buffer, n);
	return n;
}

static bool keeping_write(void *data, const char *bytes, gsize size, gint64 deadline,
                          GCancellable *cancel, GError **error)
{
	return shell_line.write(data, bytes, size, deadline, cancel, error);
}

static void cut_frames(void)
{
	char *begin = strstr(reply->str, " begin 1\n") + strlen(" begin 1\n");
	char *end = strstr(begin, " end 1 0\n");
	while (end[-1] != '\n')
		end--;
	g_string_truncate(reply, (gsize)(end - reply->str));
	g_string_erase(reply, 3, begin - reply->str - 3);
}

static int record_reply(void **state)
{
	static const ProbeLine keeping = { keeping_read, keeping_write };
	g_autoptr(GError) error = NULL;
	char *root = host_tree_new();
	Shell shell;

	(void)state;
	reply = g_string_new(NULL);
	host_tree_mtty(root);
	host_tree_file(root, "/etc/mdevctl.d/mtty/" HOST_TREE_UUID,
	               "{\n\"mdev_type\":\"mtty-1\",\n\"start\":\"auto\"\n}\n");
	host_tree_link(root, "/sys/class/mdev_bus/odd \033name", "../../devices/none");
	host_tree_link(root, "/proc/42/fd/7", "/dev/vfio/3");
	host_tree_bytes(root, "/proc/42/cmdline", "qemu\0-name\0web", 14);
	shell_start(&shell, shells[0], "");
	Probe *probe = probe_start(&keeping, &shell, root, SHELL_DEADLINE_MS, NULL, &error);
	assert_non_null(probe);
	g_autoptr(Facts) facts = probe_scan(probe, true, SHELL_DEADLINE_MS, NULL, &error);
	assert_non_null(facts);
	probe_free(probe);
	shell_stop(&shell);
	host_tree_free(root);
	cut_frames();
	return reply->len > 500 ? 0 : -1;
}

static int drop_reply(void **state)
{
	(void)state;
	g_string_free(reply, TRUE);
	return 0;
}

static void try_reply(guint piece, gsize cut)
{
	reply->str[0] = (char)(piece - 1);
	reply->str[1] = (char)((cut - 1) >> 8);
	reply->str[2] = (char)((cut - 1) & 0xff);
	LLVMFuzzerTestOneInput((const uint8_t *)reply->str, reply->len);
}

/* Also cuts within the frames around it: they are some forty bytes each. */
static void test_cut_at_every_byte(void **state)
{
	(void)state;
	for (gsize cut = 1; cut < reply->len + 80; cut++)
		try_reply(251, cut);
}

static void test_pieces_of_any_size(void **state)
{
	(void)state;
	for (guint piece = 1; piece <= 64; piece++)
		try_reply(piece, 1);
}

static void test_damaged_bytes(void **state)
{
	(void)state;
	for (gsize i = 3; i < reply->len; i++) {
		char good = reply->str[i];
		const char bad[] = { (char)(good ^ 0x80), (char)(good ^ 0x01), '\n', '\0', ' ' };
		reply->str[i] = bad[i % sizeof bad];
		try_reply(200, 1);
		reply->str[i] = good;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_at_every_byte),
		cmocka_unit_test(test_pieces_of_any_size),
		cmocka_unit_test(test_damaged_bytes),
	};
	return cmocka_run_group_tests_name("half", tests, record_reply, drop_reply);
}
