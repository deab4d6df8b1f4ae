// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * What is kept of a process's command line. A command line may hold passwords and keys, and a
 * recording is made to be sent to others, so this is a list of what is let through.
 */

#include "core/facts.h"

#include <string.h>

static const char *const device_words[] = { "vfio", "mdev", "sysfsdev" };
static const char *const secret_words[] = { "pass", "secret", "token", "key=" };
/* Parts of a device argument that tell which device it is; also as JSON ("id":"hostdev0"). */
static const char *const device_keys[] = {
	"id=", "host=", "addr=", "\"id\"", "\"host\"", "\"addr\""
};

static bool has_word(const char *text, const char *const *words, guint n)
{
	for (guint i = 0; i < n; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

#define HAS_WORD(text, words) has_word(text, words, G_N_ELEMENTS(words))

static bool part_is_kept(const char *part)
{
	if (HAS_WORD(part, secret_words))
		return false;
	if (HAS_WORD(part, device_words))
		return true;
	for (guint i = 0; i < G_N_ELEMENTS(device_keys); i++)
		if (g_str_has_prefix(part, device_keys[i]))
			return true;
	return false;
}

static void append_device(GString *out, const char *arg)
{
	g_auto(GStrv) parts = g_strsplit_set(arg, ", \t\r\n", -1);
	gsize before = out->len;
	for (guint i = 0; parts[i]; i++) {
		if (!part_is_kept(parts[i]))
			continue;
		g_string_append_c(out, out->len == before ? '\n' : ',');
		g_string_append(out, parts[i]);
	}
}

/* Text of one line: a newline inside an argument must not begin a line of its own. */
static void append_text(GString *out, const char *text)
{
	for (const char *s = text; *s; s++)
		g_string_append_c(out, *s == '\n' ? ' ' : *s);
}

/* One more line. */
static void append_line(GString *out, const char *text)
{
	g_string_append_c(out, '\n');
	append_text(out, text);
}

static bool takes_name(const char *arg)
{
	const char *option = arg;
	if (g_str_has_prefix(option, "--"))
		option++;
	return strcmp(option, "-name") == 0 || strcmp(option, "-uuid") == 0;
}

/* The arguments; a process that overwrote its title has them in one piece, separated by blanks. */
static char **split_arguments(const char *raw, gsize len)
{
	while (len > 0 && (raw[len - 1] == '\0' || raw[len - 1] == '\n'))
		len--;
	if (!memchr(raw, '\0', len)) {
		g_autofree char *title = g_strndup(raw, len);
		return g_strsplit_set(title, " \t\n", -1);
	}
	g_autoptr(GPtrArray) args = g_ptr_array_new();
	for (gsize at = 0; at < len;) {
		gsize n = strnlen(raw + at, len - at);
		g_ptr_array_add(args, g_strndup(raw + at, n));
		at += n + 1;
	}
	g_ptr_array_add(args, NULL);
	return (char **)g_ptr_array_steal(args, NULL);
}

char *facts_reduce_cmdline(const char *raw, gsize len)
{
	GString *out = g_string_new(NULL);
	g_auto(GStrv) args = split_arguments(raw, len);
	for (guint i = 0; args[i]; i++) {
		if (i == 0) {
			const char *slash = strrchr(args[0], '/');
			/* A title may follow the name ("nginx: worker ..."): only its first word.
			 */
			g_autofree char *name = g_strdup(slash ? slash + 1 : args[0]);
			name[strcspn(name, " \t\n")] = '\0';
			append_text(out, name); /* the first line, even if it is empty */
		} else if (takes_name(args[i]) && args[i + 1]) {
			append_line(out, args[i][1] == '-' ? args[i] + 1 : args[i]);
			append_line(out, args[++i]);
		} else if (HAS_WORD(args[i], device_words)) {
			append_device(out, args[i]);
		}
	}
	return g_string_free(out, FALSE);
}

bool facts_cmdline_names_device(const char *reduced)
{
	return strstr(reduced, "vfio") || strstr(reduced, "sysfsdev") || strstr(reduced, "/mdev/");
}
