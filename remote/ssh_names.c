// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/ssh_names.h"

#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/hosts.h"

#define DEPTH_MAX 16 /* as OpenSSH's own (readconf.c, READCONF_MAX_DEPTH) */
#define FILE_MAX (1024 * 1024)
#define FILES_MAX 256
#define SYSTEM_FOLDER "/etc/ssh"

typedef struct {
	GPtrArray *names;
	GHashTable *known;  /* of them */
	const char *folder; /* where relative names of files start */
	guint files;
} Search;

static char *read_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	char *text = NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX) {
		gsize have = 0, size = (gsize)st.st_size;
		text = g_malloc(size + 1);
		for (ssize_t n; have < size && (n = read(fd, text + have, size - have)) > 0;)
			have += (gsize)n;
		text[have] = '\0';
	}
	close(fd);
	return text;
}

static void take_name(Search *search, const char *name)
{
	g_autoptr(HostAddress) address = NULL;

	if (strpbrk(name, "*?!") || g_hash_table_contains(search->known, name))
		return;
	address = host_address_parse(name, NULL);
	if (!address || address->kind != HOST_SSH || address->user)
		return;
	char *copy = g_strdup(name);
	g_ptr_array_add(search->names, copy);
	g_hash_table_add(search->known, copy);
}

static void search_file(Search *search, const char *path, int depth);

static void include(Search *search, const char *word, int depth)
{
	glob_t found;
	g_autofree char *pattern =
		g_str_has_prefix(word, "~/") ? g_build_filename(g_get_home_dir(), word + 2, NULL)
		: g_path_is_absolute(word)   ? g_strdup(word)
					     : g_build_filename(search->folder, word, NULL);

	if (depth >= DEPTH_MAX || glob(pattern, 0, NULL, &found) != 0)
		return;
	for (gsize i = 0; i < found.gl_pathc; i++)
		search_file(search, found.gl_pathv[i], depth + 1);
	globfree(&found);
}

/* "KEY WORD..." or "KEY=WORD...", words perhaps in quotes. */
static void look_at_line(Search *search, const char *line, int depth)
{
	g_autofree char *text = g_strstrip(g_strdup(line));
	gsize key = strcspn(text, " \t=");
	g_auto(GStrv) words = NULL;

	bool host = key == strlen("Host") && g_ascii_strncasecmp(text, "Host", key) == 0;
	bool includes = key == strlen("Include") && g_ascii_strncasecmp(text, "Include", key) == 0;
	if (!host && !includes)
		return;
	const char *rest = text + key + strspn(text + key, " \t");
	if (*rest == '=')
		rest++;
	if (!g_shell_parse_argv(rest, NULL, &words, NULL))
		return;
	for (char **word = words; *word; word++) {
		if (host)
			take_name(search, *word);
		else
			include(search, *word, depth);
	}
}

static void search_file(Search *search, const char *path, int depth)
{
	if (++search->files > FILES_MAX)
		return;
	g_autofree char *text = read_file(path);
	g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;
	for (char **line = lines; line && *line; line++)
		look_at_line(search, *line, depth);
}

GPtrArray *ssh_names(const char *file)
{
	g_autofree char *folder = g_build_filename(g_get_home_dir(), ".ssh", NULL);
	g_autofree char *own = g_build_filename(folder, "config", NULL);
	Search search = { .names = g_ptr_array_new_with_free_func(g_free), .folder = folder };

	search.known = g_hash_table_new(g_str_hash, g_str_equal);
	search_file(&search, file ? file : own, 0);
	if (!file) {
		search.folder = SYSTEM_FOLDER;
		search_file(&search, SYSTEM_FOLDER "/ssh_config", 0);
	}
	g_hash_table_destroy(search.known);
	return search.names;
}
