// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/host_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (32 * 1024 * 1024)
#define HASH_PREFIX "|1|"

typedef struct {
	HostKeyMark mark;
	char *patterns; /* comma list, or one hashed name */
	guchar *salt;   /* hashed name: salt and digest, else NULL */
	gsize salt_len;
	guchar *digest;
	char *type;
	char *base64;
	guint line;
} Entry;

typedef struct {
	struct timespec mtime;
	off_t size;
	ino_t inode;
	GPtrArray *entries; /* Entry * */
} KnownFile;

static GMutex lock;
static GHashTable *known_files; /* name → KnownFile, under `lock` */

static void entry_free(void *data)
{
	Entry *entry = data;

	g_free(entry->patterns);
	g_free(entry->salt);
	g_free(entry->digest);
	g_free(entry->type);
	g_free(entry->base64);
	g_free(entry);
}

static void known_file_free(void *data)
{
	KnownFile *file = data;

	g_ptr_array_unref(file->entries);
	g_free(file);
}

void host_key_check_clear(HostKeyCheck *check)
{
	g_clear_pointer(&check->file, g_free);
}

/* "|1|salt|digest": both base64, the digest of the length of SHA-1. */
static bool parse_hashed(Entry *entry)
{
	g_auto(GStrv) parts = g_strsplit(entry->patterns + strlen(HASH_PREFIX), "|", -1);
	gsize digest_len = 0;

	if (g_strv_length(parts) != 2)
		return false;
	entry->salt = g_base64_decode(parts[0], &entry->salt_len);
	entry->digest = g_base64_decode(parts[1], &digest_len);
	return entry->salt_len > 0 && digest_len == 20;
}

static HostKeyMark mark_of(const char *word)
{
	return g_str_equal(word, "@revoked")          ? HOST_KEY_MARK_REVOKED
	       : g_str_equal(word, "@cert-authority") ? HOST_KEY_MARK_AUTHORITY
	                                              : HOST_KEY_MARK_NONE;
}

/* One line; NULL for comments and what does not parse. */
static Entry *parse_line(const char *text, guint line)
{
	g_auto(GStrv) all = g_strsplit_set(text, " \t\r", -1);
	const char *words[4] = { NULL };
	guint n = 0;
	HostKeyMark mark = HOST_KEY_MARK_NONE;

	for (char **w = all; *w && n < 3; w++) {
		if (!**w)
			continue;
		if (n == 0 && mark == HOST_KEY_MARK_NONE && **w == '@') {
			mark = mark_of(*w);
			if (mark == HOST_KEY_MARK_NONE)
				return NULL;
			continue;
		}
		words[n++] = *w;
	}
	if (n < 3 || words[0][0] == '#')
		return NULL;
	Entry *entry = g_new0(Entry, 1);
	entry->mark = mark;
	entry->line = line;
	entry->patterns = g_strdup(words[0]);
	entry->type = g_strdup(words[1]);
	entry->base64 = g_strdup(words[2]);
	if (g_str_has_prefix(entry->patterns, HASH_PREFIX) && !parse_hashed(entry)) {
		entry_free(entry);
		return NULL;
	}
	return entry;
}

static GPtrArray *parse_file(const char *name)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
	g_autofree char *text = NULL;
	gsize len = 0;

	if (!g_file_get_contents(name, &text, &len, NULL))
		return entries;
	guint number = 0;
	for (char *line = text; line;) {
		/* By length: a NUL ends its line, as with OpenSSH, but not the file. */
		char *end = memchr(line, '\n', len - (gsize)(line - text));
		if (end)
			*end = '\0';
		Entry *entry = parse_line(line, ++number);
		if (entry)
			g_ptr_array_add(entries, entry);
		line = end ? end + 1 : NULL;
	}
	return entries;
}

/* The entries of a file, read anew if it changed. Under the lock. */
static GPtrArray *entries_of(const char *name)
{
	struct stat st;

	if (!known_files)
		known_files =
			g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_file_free);
	if (stat(name, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
		g_hash_table_remove(known_files, name);
		return NULL;
	}
	KnownFile *file = g_hash_table_lookup(known_files, name);
	if (file && file->size == st.st_size && file->inode == st.st_ino &&
	    file->mtime.tv_sec == st.st_mtim.tv_sec && file->mtime.tv_nsec == st.st_mtim.tv_nsec)
		return file->entries;
	file = g_new0(KnownFile, 1);
	file->mtime = st.st_mtim;
	file->size = st.st_size;
	file->inode = st.st_ino;
	file->entries = parse_file(name);
	g_hash_table_insert(known_files, g_strdup(name), file);
	return file->entries;
}

/* "?" one, "*" any number of characters; case does not matter. */
static bool wildcard_match(const char *pattern, const char *name)
{
	const char *star = NULL, *resume = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			resume = name;
		} else if (*pattern == '?' || g_ascii_tolower(*pattern) == g_ascii_tolower(*name)) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/* A comma list: a negated pattern that matches rules the line out, wherever it stands. */
static bool list_match(const char *patterns, const char *name)
{
	g_auto(GStrv) list = g_strsplit(patterns, ",", -1);
	bool matched = false;

	for (char **p = list; *p; p++) {
		if (**p == '!') {
			if (wildcard_match(*p + 1, name))
				return false;
		} else if (wildcard_match(*p, name)) {
			matched = true;
		}
	}
	return matched;
}

static bool hashed_match(const Entry *entry, const char *name)
{
	guint8 digest[20];
	gsize len = sizeof digest;
	g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, entry->salt, entry->salt_len);

	g_hmac_update(hmac, (const guchar *)name, (gssize)strlen(name));
	g_hmac_get_digest(hmac, digest, &len);
	return memcmp(digest, entry->digest, sizeof digest) == 0;
}

static bool entry_match(const Entry *entry, const char *name)
{
	return entry->salt ? hashed_match(entry, name) : list_match(entry->patterns, name);
}

/* The name as known_hosts has it: lower case, "[name]:port" off the usual port. New. */
static char *file_name_of_host(const char *host, guint port)
{
	g_autofree char *lower = g_ascii_strdown(host, -1);

	return port && port != 22 ? g_strdup_printf("[%s]:%u", lower, port)
	                          : g_steal_pointer(&lower);
}

static void note(HostKeyCheck *check, HostKeyResult result, const char *file, const Entry *entry)
{
	host_key_check_clear(check);
	check->result = result;
	check->file = g_strdup(file);
	check->line = entry->line;
}

HostKeyCheck host_keys_check(GPtrArray *files, const char *host, guint port, const char *type,
                             const char *base64)
{
	g_autofree char *name = file_name_of_host(host, port);
	HostKeyCheck check = { .result = HOST_KEY_UNKNOWN };

	g_mutex_lock(&lock);
	for (guint f = 0; f < files->len && check.result != HOST_KEY_REVOKED; f++) {
		const char *file = files->pdata[f];
		GPtrArray *entries = entries_of(file);
		for (guint i = 0; entries && i < entries->len; i++) {
			const Entry *entry = entries->pdata[i];
			if (entry->mark == HOST_KEY_MARK_AUTHORITY)
				continue; /* no host's key */
			bool same = g_str_equal(entry->base64, base64);
			/* The cheap comparisons first: matching a hashed name costs an HMAC. */
			if (!same &&
			    (entry->mark == HOST_KEY_MARK_REVOKED ||
			     check.result != HOST_KEY_UNKNOWN || !g_str_equal(entry->type, type)))
				continue;
			if (!entry_match(entry, name))
				continue;
			if (entry->mark == HOST_KEY_MARK_REVOKED) {
				note(&check, HOST_KEY_REVOKED, file, entry);
				break;
			}
			if (same)
				note(&check, HOST_KEY_OK, NULL, entry);
			else
				note(&check, HOST_KEY_CHANGED, file, entry);
		}
	}
	g_mutex_unlock(&lock);
	return check;
}

char **host_keys_types(GPtrArray *files, const char *host, guint port)
{
	g_autofree char *name = file_name_of_host(host, port);
	g_autoptr(GStrvBuilder) types = g_strv_builder_new();
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	g_mutex_lock(&lock);
	for (guint f = 0; f < files->len; f++) {
		GPtrArray *entries = entries_of(files->pdata[f]);
		for (guint i = 0; entries && i < entries->len; i++) {
			const Entry *entry = entries->pdata[i];
			if (entry->mark == HOST_KEY_MARK_NONE &&
			    !g_hash_table_contains(seen, entry->type) && entry_match(entry, name)) {
				g_hash_table_add(seen, g_strdup(entry->type));
				g_strv_builder_add(types, entry->type);
			}
		}
	}
	g_mutex_unlock(&lock);
	return g_strv_builder_end(types);
}

char *host_keys_marked_at(GPtrArray *files, const char *host, guint port, HostKeyMark mark)
{
	g_autofree char *name = file_name_of_host(host, port);
	char *where = NULL;

	g_mutex_lock(&lock);
	for (guint f = 0; f < files->len && !where; f++) {
		GPtrArray *entries = entries_of(files->pdata[f]);
		for (guint i = 0; entries && i < entries->len && !where; i++) {
			const Entry *entry = entries->pdata[i];
			if (entry->mark == mark && entry_match(entry, name))
				where = g_strdup_printf("%s:%u", (char *)files->pdata[f],
				                        entry->line);
		}
	}
	g_mutex_unlock(&lock);
	return where;
}

static bool set_error(GError **error, const char *file)
{
	int err = errno;

	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(err), "%s: %s", file,
	            g_strerror(err));
	return false;
}

/* True if the file is not empty and its last line lacks its end. */
static bool lacks_newline(int fd)
{
	struct stat st;
	char last = '\n';

	if (fstat(fd, &st) < 0 || st.st_size == 0)
		return false;
	return pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
}

bool host_keys_record(const char *file, const char *host, guint port, const char *type,
                      const char *base64, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(file);
	g_autofree char *name = file_name_of_host(host, port);

	if (g_mkdir_with_parents(folder, 0700) < 0)
		return set_error(error, folder);
	g_mutex_lock(&lock); /* two hosts may be accepted at once */
	int fd = open(file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	bool ok = fd >= 0;
	if (ok) {
		g_autofree char *line = g_strdup_printf(
			"%s%s %s %s\n", lacks_newline(fd) ? "\n" : "", name, type, base64);
		gsize len = strlen(line);
		ok = write(fd, line, len) == (gssize)len;
	}
	if (!ok)
		set_error(error, file);
	if (fd >= 0)
		close(fd);
	g_mutex_unlock(&lock);
	return ok;
}
