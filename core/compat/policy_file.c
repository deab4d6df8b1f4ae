// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/policy_file.h"

#include <ini.h>
#include <glib/gstdio.h>
#include <string.h>

#define FILE_MAX (1024 * 1024)

/* inih gives no line numbers; it takes one line after the other, so ours counts them. */
typedef struct {
	CompatPolicy *policy;
	const char *filename, *rest;
	int line;
	GError *error; /* the first one */
} PolicyReader;

G_GNUC_PRINTF(2, 3)
static void complain(PolicyReader *reader, const char *format, ...)
{
	va_list args;

	if (reader->error)
		return;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(&reader->error, POLICY_ERROR, POLICY_ERROR_VALUE, "%s:%d: %s", reader->filename,
	            reader->line, what);
}

/* Like fgets, for inih. */
static char *read_line(char *buf, int size, void *data)
{
	PolicyReader *reader = data;
	gsize len = strcspn(reader->rest, "\n");

	if (reader->error || *reader->rest == '\0')
		return NULL;
	len += reader->rest[len] == '\n';
	reader->line++;
	if (len + 1 > (gsize)size) {
		complain(reader, "longer than %d bytes", size - 2);
		return NULL;
	}
	memcpy(buf, reader->rest, len);
	buf[len] = '\0';
	reader->rest += len;
	return buf;
}

static int take_value(void *data, const char *section, const char *name, const char *value)
{
	PolicyReader *reader = data;
	g_autoptr(GError) error = NULL;

	if (strcmp(section, "compat") != 0)
		return 1;
	if (!policy_set(reader->policy, name, value, &error))
		complain(reader, "%s", error->message);
	return reader->error ? 0 : 1;
}

static bool read_file(const char *filename, char **text, GError **error)
{
	gsize length = 0;
	GStatBuf st;

	/* Neither a pipe that never ends nor a file that fills the memory. */
	if (g_stat(filename, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)) {
		g_set_error(error, POLICY_ERROR, POLICY_ERROR_VALUE, "%s: not a file of settings",
		            filename);
		return false;
	}
	if (!g_file_get_contents(filename, text, &length, error))
		return false;
	if (memchr(*text, '\0', length)) {
		g_set_error(error, POLICY_ERROR, POLICY_ERROR_VALUE, "%s: holds a NUL byte",
		            filename);
		return false;
	}
	return true;
}

bool policy_load(CompatPolicy *policy, const char *filename, GError **error)
{
	g_autofree char *text = NULL;
	PolicyReader reader = { .policy = policy, .filename = filename };

	if (!read_file(filename, &text, error))
		return false;
	reader.rest = text;
	int wrong = ini_parse_stream(read_line, &reader, take_value, &reader);
	if (wrong > 0 && !reader.error) {
		reader.line = wrong;
		complain(&reader, "neither [section] nor key = value");
	}
	if (reader.error)
		g_propagate_error(error, reader.error);
	return reader.error == NULL;
}
