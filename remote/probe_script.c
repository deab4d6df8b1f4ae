// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes the script of the remote half. The table of core/paths.h becomes the body of a shell
 * function, one line a row, so that the local collector and the shell cannot drift apart.
 */
#include "remote/probe_script.h"

#include <stdbool.h>
#include <string.h>

#include "core/paths.h"
#include "probe_sh.h"

#define MODULE_SEGMENT "<module>"
#define PID_SEGMENT "<pid>"
#define PCI_SEGMENT "<pci>"

/* Appends `text` as one word of the shell. */
static void append_quoted(GString *out, const char *text)
{
	g_string_append_c(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			g_string_append(out, "'\\''");
		else
			g_string_append_c(out, *text);
	}
	g_string_append_c(out, '\'');
}

/* Appends a pattern as a word: the root quoted, wildcards bare, everything else quoted. */
static void append_pattern(GString *out, const char *pattern)
{
	g_string_append(out, " \"$R\"");
	g_auto(GStrv) segments = g_strsplit(pattern + 1, "/", -1);
	for (char **s = segments; *s; s++) {
		g_string_append_c(out, '/');
		if (g_str_equal(*s, MODULE_SEGMENT)) {
			g_string_append(out, "\"$m\"");
		} else if (g_str_equal(*s, PID_SEGMENT)) {
			g_string_append(out, "[0-9]*");
		} else {
			const char *segment = g_str_equal(*s, PCI_SEGMENT) ? PATH_PCI_GLOB : *s;
			g_auto(GStrv) parts = g_strsplit(segment, "*", -1);
			for (char **p = parts; *p; p++) {
				if (p != parts)
					g_string_append_c(out, '*');
				if (**p)
					append_quoted(out, *p);
			}
		}
	}
}

/* The shell function that reads the rows of this kind. */
static const char *reader(const PathRow *row)
{
	if (row->kind == FACT_NAMES)
		return "names";
	if (row->kind == FACT_LINK)
		return row->flags & PATH_VFIO_ONLY ? "fd_links" : "link";
	if (row->flags & PATH_CMDLINE)
		return "command_lines";
	if (row->flags & PATH_EXISTS)
		return "exists";
	return row->flags & PATH_JSON ? "json" : row->flags & PATH_LONG ? "long_text" : "value";
}

/*
 * The links of processes are given to ls as directories: the last segment, "*", is what ls lists.
 */
static char *shell_pattern(const PathRow *row)
{
	if (row->flags & PATH_VFIO_ONLY && g_str_has_suffix(row->pattern, "/*"))
		return g_strndup(row->pattern, strlen(row->pattern) - 2);
	return g_strdup(row->pattern);
}

static void append_row(GString *out, const PathRow *row)
{
	g_autofree char *pattern = shell_pattern(row);
	bool modules = strstr(pattern, MODULE_SEGMENT) != NULL;

	if (row->flags & PATH_USERS)
		g_string_append(out, "[ \"$U\" = 0 ] || ");
	if (row->flags & PATH_BOOT)
		g_string_append(out, "[ \"$B\" = 0 ] || ");
	if (row->flags & PATH_LIVE)
		g_string_append(out, "[ \"$R\" ] || ");
	if (modules)
		g_string_append(out, "for m in $M; do ");
	if (row->flags & PATH_TYPES)
		g_string_append(out, "TYPES=' '; ");
	g_string_append(out, reader(row));
	append_pattern(out, pattern);
	if (row->flags & PATH_TYPES)
		g_string_append(out, "; TYPES=");
	if (modules)
		g_string_append(out, "; done");
	if (row->flags & PATH_MODULE_LINK) {
		g_string_append(out, "\nmodule_links");
		append_pattern(out, pattern);
	}
	g_string_append_c(out, '\n');
}

char *probe_script(const char *token, const char *root)
{
	GString *out = g_string_new(NULL);

	g_string_append(out, "T=");
	append_quoted(out, token);
	g_string_append(out, "\nR=");
	append_quoted(out, root);
	g_string_append(out, "\nread_rows() {\n");
	for (guint i = 0; i < path_row_count; i++)
		append_row(out, &path_rows[i]);
	g_string_append(out, "}\n");
	g_string_append(out, probe_sh);
	g_string_append(out, "@END\n");
	return g_string_free(out, FALSE);
}

void probe_append_argument(GString *request, const char *argument)
{
	for (const char *p = argument; *p; p++) {
		if (g_ascii_isalnum(*p) || strchr("._:/+-", *p))
			g_string_append_c(request, *p);
		else
			g_string_append_printf(request, "\\0%03o", (guint)(guchar)*p);
	}
}
