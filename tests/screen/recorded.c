// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/screen/recorded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

/* A recording of tests/data, taken 50 minutes ago: its age keeps its width while the tests run. */
static char *recording(const char *name)
{
	g_autofree char *from = g_strdup_printf("%s/%s.facts", g_getenv("MDEVCON_DATA"), name);
	g_autofree char *to =
		g_strdup_printf("%s/mdevcon-%d-%s.facts", g_get_tmp_dir(), getpid(), name);
	g_autofree char *taken = g_strdup_printf("m taken %" G_GINT64_FORMAT,
	                                         g_get_real_time() / G_USEC_PER_SEC - 3000);
	g_autofree char *text = NULL;
	g_autoptr(GRegex) regex = g_regex_new("m taken [0-9]+", 0, 0, NULL);

	assert_true(g_file_get_contents(from, &text, NULL, NULL));
	g_autofree char *fresh = g_regex_replace_literal(regex, text, -1, 0, taken, 0, NULL);
	assert_true(g_file_set_contents(to, fresh, -1, NULL));
	return g_strdup_printf("%s=recorded:%s", name, to);
}

static void remove_recording(gpointer address)
{
	g_unlink(strchr(address, ':') + 1);
	g_free(address);
}

Term *recorded_start(const char *const labels[], int rows, int cols, const char *const extra[],
                     const char *color)
{
	const char *const env[] = { color, NULL };
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(remove_recording);
	g_autoptr(GPtrArray) argv = g_ptr_array_new();

	g_ptr_array_add(argv, (char *)g_getenv("MDEVCON_BIN"));
	for (; extra && *extra; extra++)
		g_ptr_array_add(argv, (char *)*extra);
	for (const char *const *label = labels; *label; label++) {
		g_ptr_array_add(files, recording(*label));
		g_ptr_array_add(argv, (char *)"--host");
		g_ptr_array_add(argv, g_ptr_array_index(files, files->len - 1));
	}
	g_ptr_array_add(argv, (char *)labels[0]);
	g_ptr_array_add(argv, (char *)labels[1]);
	g_ptr_array_add(argv, NULL);

	Term *term = term_start(rows, cols, (const char *const *)argv->pdata, env);
	assert_non_null(term);
	assert_true(term_normalise(term, "5[0-9] min ago", "50 min ago"));
	g_autofree char *all = g_strdup_printf("%u recorded", files->len);
	expect_text(term, all); /* each has been read: the files may go */
	return term;
}
