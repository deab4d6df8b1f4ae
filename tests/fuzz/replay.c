// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs a fuzz target over the files of a folder: the inputs that were worth keeping. */
#include <stdio.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *names_of(const char *folder)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);

	for (const char *name; dir && (name = g_dir_read_name(dir));)
		g_ptr_array_add(names, g_build_filename(folder, name, NULL));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, compare_names);
	return names;
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) names = names_of(argc > 1 ? argv[1] : ".");

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *data = NULL;
		gsize len;
		if (!g_file_get_contents(name, &data, &len, NULL))
			return 1;
		/* Exactly as long as the input, so that a byte too far is seen. */
		g_autofree uint8_t *exact = g_memdup2(data, len);
		fprintf(stderr, "%s\n", name);
		LLVMFuzzerTestOneInput(exact ? exact : (const uint8_t *)"", len);
	}
	fprintf(stderr, "%u inputs\n", names->len);
	return names->len > 0 ? 0 : 1;
}
