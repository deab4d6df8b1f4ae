// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * The host inventory file. inih splits lines into keys and values; sections are noted by our own
 * reader, which also counts lines, because inih shows neither empty sections nor line numbers, and
 * cuts long lines and names without a word.
 */

#include "core/hosts.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_INI 49 /* of a section or key; inih's buffers hold 50 */
#define FILE_MAX (1024 * 1024)
#define INTERVAL_MAX 86400

typedef enum {
	KEY_ADDRESS,
	KEY_GROUPS,
	KEY_TAGS,
	KEY_USER,
	KEY_TRANSPORT,
	KEY_SUDO,
	KEY_READ_ONLY,
	KEY_PROTECTED,
	KEY_INTERVAL,
	KEY_MIGRATE_ADDRESS,
	KEY_SSH_CONFIG,
	KEY_COUNT,
} Key;

/* A value as it stands in the file; `line` is 0 where there is none. */
typedef struct {
	char *text;
	int line;
} Value;

typedef struct {
	char *name;
	bool group;
	int line;
	Value values[KEY_COUNT];
} Section;

typedef struct {
	FILE *file;
	const char *filename;
	int line;
	GPtrArray *sections; /* Section *, in file order */
	GHashTable *by_name; /* "host NAME" or "group NAME" → Section */
	Section *current;
	GError *error; /* the first one */
} Loader;

static const char *const transports[] = { "libssh", "openssh", NULL };
static const char *const sudos[] = { "no", "ask", "n", NULL };

static const HostsKey keys[KEY_COUNT] = {
	[KEY_ADDRESS] = { "address", true, NULL,
	                  "the host's address; without it the label is one" },
	[KEY_GROUPS] = { "groups", true, NULL, "the groups that the host belongs to, a list" },
	[KEY_TAGS] = { "tags", false, NULL, "words of your own, a list (not used yet)" },
	[KEY_USER] = { "user", false, NULL, "over SSH: the user to log in as" },
	[KEY_TRANSPORT] = { "transport", false, transports,
	                    "over SSH: how the host is reached (not used yet)" },
	[KEY_SUDO] = { "sudo", false, sudos, "whether sudo is used (not used yet)" },
	[KEY_READ_ONLY] = { "read_only", false, NULL, "yes: refuse every change" },
	[KEY_PROTECTED] = { "protected", false, NULL,
	                    "yes: a change must confirm the host's name" },
	[KEY_INTERVAL] = { "interval", false, NULL, "seconds between readings, to 86400" },
	[KEY_MIGRATE_ADDRESS] = { "migrate_address", false, NULL,
	                          "the address for guests that move there (not used yet)" },
	[KEY_SSH_CONFIG] = { "ssh_config", false, NULL,
	                     "over SSH: a configuration to use instead of the user's" },
};

const HostsKey *hosts_key(guint nth)
{
	return nth < KEY_COUNT ? &keys[nth] : NULL;
}

static void section_free(gpointer data)
{
	Section *section = data;
	for (guint i = 0; i < KEY_COUNT; i++)
		g_free(section->values[i].text);
	g_free(section->name);
	g_free(section);
}

/* Keeps the first complaint; `shown` is text of the file, or NULL. */
static void complain(Loader *loader, int line, const char *what, const char *shown)
{
	if (loader->error)
		return;
	g_autofree char *safe = shown ? g_strescape(shown, NULL) : NULL;
	g_set_error(&loader->error, HOSTS_ERROR, HOSTS_ERROR_FILE, "%s:%d: %s%s%s%s",
	            loader->filename, line, what, safe ? " \"" : "", safe ? safe : "",
	            safe ? "\"" : "");
}

/* ---- lines and sections ---- */

/* Begins "[NAME]" or "[group NAME]". */
static void begin_section(Loader *loader, const char *text)
{
	bool group = g_str_has_prefix(text, "group ");
	g_autofree char *name = g_strstrip(g_strdup(group ? text + strlen("group ") : text));
	g_autofree char *id = g_strconcat(group ? "group " : "host ", name, NULL);
	if (!host_label_is_valid(name)) {
		complain(loader, loader->line,
		         group ? "not a name for a group:" : "not a label:", name);
		return;
	}
	Section *before = g_hash_table_lookup(loader->by_name, id);
	if (before) {
		g_autofree char *what = g_strdup_printf("already given in line %d:", before->line);
		complain(loader, loader->line, what, name);
		return;
	}
	Section *section = g_new0(Section, 1);
	section->name = g_steal_pointer(&name);
	section->group = group;
	section->line = loader->line;
	g_ptr_array_add(loader->sections, section);
	g_hash_table_insert(loader->by_name, g_steal_pointer(&id), section);
	loader->current = section;
}

static void look_at_line(Loader *loader, const char *line)
{
	if (loader->line == 1 && g_str_has_prefix(line, "\xEF\xBB\xBF"))
		line += 3;
	g_autofree char *text = g_strstrip(g_strdup(line));
	if (text[0] == '[') {
		const char *end = strchr(text, ']');
		if (!end)
			return; /* inih reports it */
		const char *rest = end + 1 + strspn(end + 1, " \t");
		if (*rest && *rest != ';' && *rest != '#')
			complain(loader, loader->line, "text after a section's name:", rest);
		g_autofree char *name = g_strndup(text + 1, (gsize)(end - text - 1));
		begin_section(loader, name);
	} else if (g_ascii_isspace(*line) && text[0] && !strchr(";#", text[0])) {
		complain(loader, loader->line, "a line begins with a blank:", text);
	} else if (strcspn(text, "=:") > NAME_MAX_INI && !strchr(";#", text[0])) {
		complain(loader, loader->line, "not a key and a value:", text);
	}
}

/* Like fgets, for inih. */
static char *read_line(char *buf, int size, void *data)
{
	Loader *loader = data;
	if (loader->error || !fgets(buf, size, loader->file))
		return NULL;
	loader->line++;
	gsize len = strlen(buf);
	if (len + 1 == (gsize)size && buf[len - 1] != '\n' && !feof(loader->file)) {
		g_autofree char *what = g_strdup_printf("longer than %d bytes", size - 2);
		complain(loader, loader->line, what, NULL);
		return NULL;
	}
	look_at_line(loader, buf);
	return loader->error ? NULL : buf;
}

static int take_value(void *data, const char *section, const char *name, const char *text)
{
	(void)section;
	Loader *loader = data;
	if (!loader->current) {
		complain(loader, loader->line, "stands before any [LABEL]:", name);
		return 0;
	}
	for (guint i = 0; i < KEY_COUNT; i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		Value *value = &loader->current->values[i];
		if (value->line)
			complain(loader, loader->line, "given twice:", name);
		else if (loader->current->group && keys[i].host_only)
			complain(loader, loader->line, "a group has no", name);
		else
			*value = (Value){ g_strdup(text), loader->line };
		return loader->error ? 0 : 1;
	}
	complain(loader, loader->line, "unknown key", name);
	return 0;
}

/* ---- values ---- */

static char **split_list(const char *text)
{
	g_auto(GStrv) parts = g_strsplit_set(text, ", \t", -1);
	g_autoptr(GStrvBuilder) list = g_strv_builder_new();
	for (guint i = 0; parts[i]; i++)
		if (*parts[i])
			g_strv_builder_add(list, parts[i]);
	return g_strv_builder_end(list);
}

static bool read_bool(Loader *loader, const Value *value)
{
	static const struct {
		const char *word;
		bool means;
	} words[] = { { "yes", true }, { "true", true },   { "on", true },   { "1", true },
		      { "no", false }, { "false", false }, { "off", false }, { "0", false } };
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(words[i].word, value->text) == 0)
			return words[i].means;
	complain(loader, value->line, "neither yes nor no:", value->text);
	return false;
}

static int read_interval(Loader *loader, const Value *value)
{
	guint64 seconds = 0;
	if (!g_ascii_string_to_unsigned(value->text, 10, 0, INTERVAL_MAX, &seconds, NULL))
		complain(loader, value->line, "not a number of seconds up to 86400:", value->text);
	return (int)seconds;
}

static char *read_word(Loader *loader, const Value *value, const char *const *words)
{
	if (words && !g_strv_contains(words, value->text))
		complain(loader, value->line, "not one of the values that are known:", value->text);
	else if (!*value->text)
		complain(loader, value->line, "an empty value", NULL);
	return g_strdup(value->text);
}

/* Relative to the file's folder; "~/" is the home of the user. */
static char *absolute_path(const Loader *loader, const char *path)
{
	if (g_str_has_prefix(path, "~/"))
		return g_build_filename(g_get_home_dir(), path + 2, NULL);
	g_autofree char *folder = g_path_get_dirname(loader->filename);
	g_autofree char *base = g_canonicalize_filename(folder, NULL);
	return g_canonicalize_filename(path, base);
}

static void apply_text(Loader *loader, const Value *value, Key key, char **field)
{
	if (!*field)
		*field = read_word(loader, value, keys[key].words);
}

/* What only SSH knows; a group's default passes other hosts by. */
static void apply_ssh(Loader *loader, HostAddress *host, const Section *from)
{
	static const Key ssh_keys[] = { KEY_USER, KEY_SSH_CONFIG, KEY_TRANSPORT };
	for (guint i = 0; i < G_N_ELEMENTS(ssh_keys); i++) {
		const Value *value = &from->values[ssh_keys[i]];
		if (value->line && host->kind != HOST_SSH && !from->group)
			complain(loader, value->line, "only a host over SSH has",
			         keys[ssh_keys[i]].name);
	}
	if (host->kind != HOST_SSH)
		return;
	const Value *user = &from->values[KEY_USER];
	if (user->line && host->user && !from->group)
		complain(loader, user->line, "the address names a user already:", host->address);
	if (user->line && *user->text && !host_user_is_valid(user->text))
		complain(loader, user->line, "not the name of a user:", user->text);
	if (user->line)
		apply_text(loader, user, KEY_USER, &host->user);
	const Value *config = &from->values[KEY_SSH_CONFIG];
	if (config->line && !host->ssh_config)
		host->ssh_config = absolute_path(loader, config->text);
	const Value *transport = &from->values[KEY_TRANSPORT];
	if (transport->line)
		apply_text(loader, transport, KEY_TRANSPORT, &host->transport);
}

/* Which of the settings without a "not given" a host has already. */
typedef struct {
	bool read_only, protect, interval;
} Given;

static void apply_section(Loader *loader, HostAddress *host, const Section *from, Given *given)
{
	const Value *values = from->values;
	apply_ssh(loader, host, from);
	if (values[KEY_SUDO].line)
		apply_text(loader, &values[KEY_SUDO], KEY_SUDO, &host->sudo);
	if (values[KEY_MIGRATE_ADDRESS].line)
		apply_text(loader, &values[KEY_MIGRATE_ADDRESS], KEY_MIGRATE_ADDRESS,
		           &host->migrate_address);
	if (values[KEY_READ_ONLY].line && !given->read_only) {
		host->read_only = read_bool(loader, &values[KEY_READ_ONLY]);
		given->read_only = true;
	}
	if (values[KEY_PROTECTED].line && !given->protect) {
		host->protect = read_bool(loader, &values[KEY_PROTECTED]);
		given->protect = true;
	}
	if (values[KEY_INTERVAL].line && !given->interval) {
		host->interval_s = read_interval(loader, &values[KEY_INTERVAL]);
		given->interval = true;
	}
}

static void add_tags(GPtrArray *tags, const Section *from)
{
	g_auto(GStrv) list =
		from->values[KEY_TAGS].line ? split_list(from->values[KEY_TAGS].text) : NULL;
	for (guint i = 0; list && list[i]; i++)
		if (!g_ptr_array_find_with_equal_func(tags, list[i], g_str_equal, NULL))
			g_ptr_array_add(tags, g_strdup(list[i]));
}

/* The host's own settings come first, then its groups' in the order they are named. */
static void apply_sections(Loader *loader, HostAddress *host, const Section *own)
{
	Given given = { 0 };
	g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(g_free);
	apply_section(loader, host, own, &given);
	add_tags(tags, own);
	for (guint i = 0; host->groups[i]; i++) {
		g_autofree char *id = g_strconcat("group ", host->groups[i], NULL);
		const Section *group = g_hash_table_lookup(loader->by_name, id);
		if (!group)
			continue; /* a group needs no section */
		apply_section(loader, host, group, &given);
		add_tags(tags, group);
	}
	g_ptr_array_add(tags, NULL);
	g_strfreev(host->tags);
	host->tags = (char **)g_ptr_array_steal(tags, NULL);
}

static HostAddress *make_host(Loader *loader, const Section *section)
{
	const Value *address = &section->values[KEY_ADDRESS];
	g_autoptr(GError) cause = NULL;
	/* The label is put before the address, so an address with a label of its own is refused. */
	g_autofree char *text = g_strconcat(section->name, "=",
	                                    address->line ? address->text : section->name, NULL);
	HostAddress *host = host_address_parse(text, &cause);
	if (!host) {
		complain(loader, address->line ? address->line : section->line, cause->message,
		         NULL);
		return NULL;
	}
	if (host->kind == HOST_RECORDED) {
		char *path = absolute_path(loader, host->path);
		g_free(host->path);
		host->path = path;
	}
	const Value *groups = &section->values[KEY_GROUPS];
	if (groups->line) {
		g_strfreev(host->groups);
		host->groups = split_list(groups->text);
	}
	apply_sections(loader, host, section);
	return host;
}

/* ---- the file ---- */

static FILE *open_file(const char *filename, GError **error)
{
	int fd = open(filename, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	const char *why = NULL;
	if (fd < 0 || fstat(fd, &st) < 0)
		why = g_strerror(errno);
	else if (!S_ISREG(st.st_mode))
		why = "not a regular file";
	else if (st.st_size > FILE_MAX)
		why = "longer than 1 MiB";
	FILE *file = why ? NULL : fdopen(fd, "r");
	if (file)
		return file;
	g_set_error(error, HOSTS_ERROR, HOSTS_ERROR_FILE, "%s: %s", filename,
	            why ? why : g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

static void make_hosts(Loader *loader, GPtrArray *hosts)
{
	for (guint i = 0; i < loader->sections->len && !loader->error; i++) {
		const Section *section = g_ptr_array_index(loader->sections, i);
		HostAddress *host = section->group ? NULL : make_host(loader, section);
		if (host)
			g_ptr_array_add(hosts, host);
	}
}

GPtrArray *hosts_load(const char *filename, GError **error)
{
	Loader loader = { .filename = filename, .file = open_file(filename, error) };
	if (!loader.file)
		return NULL;
	loader.sections = g_ptr_array_new_with_free_func(section_free);
	loader.by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int line = ini_parse_stream(read_line, &loader, take_value, &loader);
	if (line > 0)
		complain(&loader, line, "not a key and a value", NULL);
	else if (line < 0 || ferror(loader.file))
		complain(&loader, loader.line, "cannot be read", NULL);
	g_autoptr(GPtrArray) hosts =
		g_ptr_array_new_with_free_func((GDestroyNotify)host_address_free);
	make_hosts(&loader, hosts);
	fclose(loader.file);
	g_hash_table_destroy(loader.by_name);
	g_ptr_array_unref(loader.sections);
	if (loader.error) {
		g_propagate_error(error, loader.error);
		return NULL;
	}
	return g_steal_pointer(&hosts);
}
