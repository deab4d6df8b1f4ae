// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ops/golden.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char *golden_file(void)
{
	const char *data = g_getenv("MDEVCON_DATA");
	assert_non_null(data);
	return g_build_filename(data, "operations.txt", NULL);
}

void expect_kernel_log(const char *log)
{
	g_autofree char *file = golden_file(), *golden = NULL;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(file, &golden, NULL, &error))
		fail_msg("%s", error->message);

	g_auto(GStrv) expected = g_strsplit(golden, "\n", -1);
	g_auto(GStrv) found = g_strsplit(log, "\n", -1);
	guint differ = 0;
	for (guint i = 0; expected[i] && found[i]; i++) {
		if (g_str_equal(expected[i], found[i]))
			continue;
		print_error("line %u\n  kernel: %s\n  here:   %s\n", i + 1, expected[i], found[i]);
		differ++;
	}
	if (differ > 0)
		fail_msg("%u operations end otherwise than in a real kernel", differ);
	assert_int_equal(g_strv_length(found), g_strv_length(expected));
}

void update_kernel_log(const char *log)
{
	g_autofree char *file = golden_file();
	g_autoptr(GError) error = NULL;
	if (!g_file_set_contents(file, log, -1, &error))
		fail_msg("%s", error->message);
}
