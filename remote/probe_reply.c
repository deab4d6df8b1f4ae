// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what the shell half wrote. Everything here came from the host: bounds are checked, nothing
 * is believed, and nothing is asserted.
 */
#include "remote/probe_reply.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/backend.h"

/* Which of the listings of ls we are in. */
typedef enum { LIST_NONE, LIST_LINKS, LIST_FDS } Listing;

/* A value goes on over several lines: it is added when the next reading begins. */
typedef struct {
	Facts *facts;
	const char *root;
	gsize root_len;
	Listing listing;
	char *folder;        /* of the fd listing */
	GHashTable *holders; /* "/proc/PID" that hold a vfio descriptor */
	GHashTable *hidden;  /* "PID" that may not be looked into */
	char *path;          /* of the value in hand, or NULL */
	GString *value;
	bool command_line, json;
} Reply;

/* What other C libraries and shells say where glibc has other words. */
static const struct {
	const char *text;
	int err;
} other_words[] = {
	{ "nonexistent directory", ENOENT }, /* busybox ash */
	{ "Directory nonexistent", ENOENT }, /* dash */
	{ "No such file", ENOENT },
	{ "no such file", ENOENT },
	{ "Resource busy", EBUSY }, /* musl */
	{ "I/O error", EIO },
	{ "Out of memory", ENOMEM },
	{ "Text file busy", ETXTBSY },
	{ "Too many users", EUSERS },
};

int probe_errno(const char *text)
{
	for (int err = 1; err <= 133; err++) {
		const char *known = strerrordesc_np(err);
		if (known && g_str_equal(known, text))
			return err;
	}
	for (guint i = 0; i < G_N_ELEMENTS(other_words); i++) {
		if (g_str_equal(other_words[i].text, text))
			return other_words[i].err;
	}
	int err = errno_from_name(text);
	return err > 0 ? err : EIO;
}

/* A field: plain, or '%' and hex. NULL if it is neither. */
static GString *decode_field(const char *field, gsize len)
{
	if (len == 0)
		return NULL;
	if (field[0] != '%')
		return g_string_new_len(field, (gssize)len);
	if (len % 2 == 0)
		return NULL;
	GString *out = g_string_sized_new(len / 2);
	for (gsize i = 1; i < len; i += 2) {
		int hi = g_ascii_xdigit_value(field[i]), lo = g_ascii_xdigit_value(field[i + 1]);
		if (hi < 0 || lo < 0) {
			g_string_free(out, TRUE);
			return NULL;
		}
		g_string_append_c(out, (char)(hi << 4 | lo));
	}
	return out;
}

/* Takes the next field of a line, up to a space; NULL if there is none. */
static GString *next_field(const char **line, const char *end)
{
	const char *space = memchr(*line, ' ', (gsize)(end - *line));
	const char *stop = space ? space : end;
	GString *field = decode_field(*line, (gsize)(stop - *line));
	*line = space ? space + 1 : end;
	return field;
}

/* A field that is an absolute path. Free with g_free. */
static char *next_path(const char **line, const char *end)
{
	GString *field = next_field(line, end);
	if (!field)
		return NULL;
	bool ok = field->str[0] == '/' && strlen(field->str) == field->len;
	return g_string_free(field, !ok);
}

/* Kept as the local collector does: where the process holds a device, or the line names one. */
static void finish_command_line(Reply *reply)
{
	GString *value = reply->value;

	for (gsize i = 0; i < value->len; i++) {
		if (value->str[i] == '\n')
			value->str[i] = '\0';
		else if (value->str[i] == 0x7f)
			value->str[i] = '\n';
	}
	g_autofree char *kept = facts_reduce_cmdline(value->str, value->len);
	g_autofree char *process = g_path_get_dirname(reply->path);
	if (strlen(kept) > FACTS_JSON_MAX)
		kept[FACTS_JSON_MAX] = '\0';
	if (g_hash_table_contains(reply->holders, process) || facts_cmdline_names_device(kept))
		facts_add_text(reply->facts, FACT_VALUE, reply->path, kept, -1);
}

static void finish_value(Reply *reply)
{
	if (!reply->path)
		return;
	GString *value = reply->value;
	if (reply->command_line) {
		finish_command_line(reply);
	} else if (reply->json && value->len > FACTS_JSON_MAX + 1) {
		/* Before line ends are taken off: what is cut must not pass for whole. */
		facts_add_error(reply->facts, FACT_VALUE, reply->path, EFBIG);
	} else {
		while (value->len && value->str[value->len - 1] == '\n')
			g_string_truncate(value, value->len - 1);
		if (value->len > (reply->json ? FACTS_JSON_MAX : FACTS_VALUE_MAX))
			facts_add_error(reply->facts, FACT_VALUE, reply->path, EFBIG);
		else
			facts_add_text(reply->facts, FACT_VALUE, reply->path, value->str,
			               (gssize)value->len);
	}
	g_clear_pointer(&reply->path, g_free);
	g_string_truncate(value, 0);
}

static bool begin_value(Reply *reply, char kind, const char *line, const char *end)
{
	reply->path = next_path(&line, end);
	reply->command_line = kind == 'c';
	reply->json = kind == 'w';
	if (reply->path && kind == 'v')
		g_string_append_len(reply->value, line, end - line);
	return reply->path != NULL;
}

static bool more_value(Reply *reply, const char *line, const char *end)
{
	if (!reply->path)
		return false;
	/* v: a further line; w and c: each line, ended here */
	if (!reply->command_line && !reply->json)
		g_string_append_c(reply->value, '\n');
	g_string_append_len(reply->value, line, end - line);
	if (reply->command_line || reply->json)
		g_string_append_c(reply->value, '\n');
	return true;
}

static bool add_link(Reply *reply, const char *line, const char *end)
{
	g_autofree char *path = next_path(&line, end);
	GString *target = path ? next_field(&line, end) : NULL;
	if (!target)
		return false;
	bool ok = strlen(target->str) == target->len;
	if (ok)
		facts_add_text(reply->facts, FACT_LINK, path, target->str, (gssize)target->len);
	g_string_free(target, TRUE);
	return ok;
}

static bool add_names(Reply *reply, const char *line, const char *end)
{
	g_autofree char *path = next_path(&line, end);
	if (!path)
		return false;
	GString *joined = line < end && !(end - line == 1 && *line == '%') ? next_field(&line, end)
	                                                                   : g_string_new(NULL);
	if (!joined)
		return false;
	bool ok = strlen(joined->str) == joined->len;
	g_auto(GStrv) names = g_strsplit(joined->str, "/", -1);
	g_string_free(joined, TRUE);
	for (char **name = names; *name && ok; name++)
		ok = facts_name_is_valid(*name);
	if (!ok)
		return false;
	facts_add_names(reply->facts, path, names);
	return true;
}

static bool add_error(Reply *reply, const char *line, const char *end)
{
	if (end - line < 3 || line[1] != ' ' || !strchr("vln", line[0]))
		return false;
	FactKind kind = (FactKind)line[0];
	line += 2;
	g_autofree char *path = next_path(&line, end);
	if (!path)
		return false;
	g_autofree char *text = g_strndup(line, (gsize)(end - line));
	int err = probe_errno(text);
	if (err != ENOENT) /* it went away meanwhile: absent */
		facts_add_error(reply->facts, kind, path, err);
	return true;
}

static bool add_note(Reply *reply, const char *line, const char *end)
{
	static const char *const known[] = { "euid", "user", "arch", "users", "boot" };
	const char *space = memchr(line, ' ', (gsize)(end - line));
	if (!space)
		return false;
	g_autofree char *key = g_strndup(line, (gsize)(space - line));
	g_autofree char *value = g_strndup(space + 1, (gsize)(end - space - 1));
	for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
		if (g_str_equal(known[i], key) && *value)
			facts_set_note(reply->facts, key, value);
	}
	return true;
}

/* The path without the root; NULL if it is not below it. */
static const char *strip_root(const Reply *reply, const char *path)
{
	if (strncmp(path, reply->root, reply->root_len) != 0 || path[reply->root_len] != '/')
		return NULL;
	return path + reply->root_len;
}

static void add_listed_link(Reply *reply, const char *file, const char *target)
{
	const char *path = strip_root(reply, file);

	if (path)
		facts_add_text(reply->facts, FACT_LINK, path, target, -1);
}

static bool all_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* "ls: cannot open directory '/proc/1/fd': Permission denied": that process counts as hidden. */
static void note_hidden(Reply *reply, const char *line)
{
	const char *proc = strstr(line, "/proc/");

	if (!proc || !strstr(line, "ermission denied"))
		return;
	char *pid = g_strndup(proc + 6, strcspn(proc + 6, "/"));
	if (all_digits(pid))
		g_hash_table_add(reply->hidden, pid);
	else
		g_free(pid);
}

/* "/proc/PID/fd:" begins the descriptors of a process. */
static void begin_folder(Reply *reply, const char *line)
{
	g_clear_pointer(&reply->folder, g_free);
	const char *path = strip_root(reply, line);
	if (!path || !g_str_has_prefix(path, "/proc/") || !g_str_has_suffix(path, "/fd:"))
		return;
	g_autofree char *pid = g_strndup(path + 6, strcspn(path + 6, "/"));
	if (all_digits(pid) && strlen(path) == strlen("/proc//fd:") + strlen(pid))
		reply->folder = g_strndup(line, strlen(line) - 1);
}

static void add_descriptor(Reply *reply, const char *file, const char *target)
{
	if (!reply->folder || !all_digits(file) || !g_str_has_prefix(target, "/dev/vfio/"))
		return;
	g_autofree char *path = g_strconcat(reply->folder, "/", file, NULL);
	add_listed_link(reply, path, target);
	g_hash_table_add(reply->holders, g_path_get_dirname(strip_root(reply, reply->folder)));
}

/*
 * A line of ls: "lrwxrwxrwx 1 root root 0 Nov 23 11:14 NAME -> TARGET"; NAME holds no space, or it
 * would not have been given to ls. Lines that are no links are not of interest.
 */
static void list_line(Reply *reply, const char *line)
{
	const char *arrow = line[0] == 'l' ? strstr(line, " -> ") : NULL;

	if (!arrow) {
		if (reply->listing == LIST_FDS && line[0] == '/')
			begin_folder(reply, line);
		else if (reply->listing == LIST_FDS)
			note_hidden(reply, line);
		return;
	}
	const char *name = arrow;
	while (name > line && name[-1] != ' ')
		name--;
	g_autofree char *file = g_strndup(name, (gsize)(arrow - name));
	if (reply->listing == LIST_FDS)
		add_descriptor(reply, file, arrow + 4);
	else
		add_listed_link(reply, file, arrow + 4);
}

static bool reply_line(Reply *reply, const char *line, const char *end)
{
	if (reply->listing != LIST_NONE) {
		if (end - line == 1 && *line == '.') {
			reply->listing = LIST_NONE;
			g_clear_pointer(&reply->folder, g_free);
		} else {
			list_line(reply, line);
		}
		return true;
	}
	if (line == end) /* ends a file that did not end its last line */
		return true;
	if (*line == '+')
		return more_value(reply, line + 1, end);
	finish_value(reply);
	if (end - line == 1 && (*line == 'L' || *line == 'F')) {
		reply->listing = *line == 'L' ? LIST_LINKS : LIST_FDS;
		return true;
	}
	if (end - line < 3 || line[1] != ' ')
		return false;
	const char *rest = line + 2;
	switch (*line) {
	case 'v':
	case 'w':
	case 'c':
		return begin_value(reply, *line, rest, end);
	case 'k':
		return add_link(reply, rest, end);
	case 'n':
		return add_names(reply, rest, end);
	case 'e':
		return add_error(reply, rest, end);
	case 'N':
		return add_note(reply, rest, end);
	default:
		return false;
	}
}

Facts *probe_reply_facts(char *lines, gsize len, const char *root, GError **error)
{
	g_autoptr(GHashTable) holders =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) hidden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Reply reply = { .facts = facts_new(), .root = root, .root_len = strlen(root) };
	reply.holders = holders;
	reply.hidden = hidden;
	reply.value = g_string_new(NULL);
	char *at = lines, *stop = lines + len;
	guint number = 0;
	bool ok = true;

	while (ok && at < stop) {
		char *end = memchr(at, '\n', (gsize)(stop - at));
		if (!end) {
			ok = false;
			break;
		}
		*end = '\0';
		number++;
		ok = reply_line(&reply, at, end);
		at = end + 1;
	}
	finish_value(&reply);
	ok = ok && reply.listing == LIST_NONE;
	g_string_free(reply.value, TRUE);
	g_free(reply.folder);
	g_free(reply.path);
	if (ok && facts_note(reply.facts, "users")) {
		g_autofree char *count = g_strdup_printf("%u", g_hash_table_size(hidden));
		facts_set_note(reply.facts, "hidden", count);
	}
	if (!ok) {
		facts_free(reply.facts);
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_PROTOCOL,
		            "reply does not parse at line %u", number);
		return NULL;
	}
	return reply.facts;
}
