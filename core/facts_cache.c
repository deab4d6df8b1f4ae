// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_LENGTH_MAX 200
#define FILE_MAX (16 * 1024 * 1024)
#define ADDRESS_NOTE "address" /* whose facts they are */

struct FactsCache {
	int dir;
};

/* ---- the folder ---- */

static bool is_private(int fd, mode_t kind)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == kind && st.st_uid == geteuid() &&
	       (st.st_mode & 077) == 0;
}

char *facts_cache_default_folder(void)
{
	return g_build_filename(g_get_user_cache_dir(), "mdevcon", NULL);
}

FactsCache *facts_cache_open(const char *dir)
{
	g_autofree char *folder = g_build_filename(dir, "facts", NULL);

	if (g_mkdir_with_parents(folder, 0700) < 0)
		return NULL;
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	if (!is_private(fd, S_IFDIR)) {
		close(fd);
		return NULL;
	}
	FactsCache *cache = g_new0(FactsCache, 1);
	cache->dir = fd;
	return cache;
}

void facts_cache_free(FactsCache *cache)
{
	if (!cache)
		return;
	close(cache->dir);
	g_free(cache);
}

/* A label may be "..", but no file of ours begins with a dot. NULL: too long for a name. */
static char *file_name(const HostAddress *address)
{
	g_autofree char *encoded = g_uri_escape_string(address->label, NULL, FALSE);

	if (strlen(encoded) > NAME_LENGTH_MAX)
		return NULL;
	return *encoded == '.' ? g_strconcat("%2E", encoded + 1, NULL) : g_steal_pointer(&encoded);
}

bool facts_cache_keeps(const HostAddress *address)
{
	return address->kind == HOST_SSH;
}

/* All that decides which machine, and who there, is asked. */
static char *address_text(const HostAddress *address)
{
	return g_strdup_printf("%s@%s:%u %s", address->user ? address->user : "", address->name,
	                       address->port, address->ssh_config ? address->ssh_config : "");
}

/* ---- saving ---- */

static bool write_all(int fd, const char *text, gsize len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		len -= (gsize)n;
	}
	return true;
}

/* Whole or not at all: a new file takes the old one's name. */
static bool replace_file(FactsCache *cache, const char *name, const char *text, gsize len)
{
	static gint last;
	char fresh[64];

	g_snprintf(fresh, sizeof fresh, ".new-%d-%d", (int)getpid(), g_atomic_int_add(&last, 1));
	int fd = openat(cache->dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	                0600);
	if (fd < 0)
		return false;
	bool written = write_all(fd, text, len);
	written = close(fd) == 0 && written;
	if (written && renameat(cache->dir, fresh, cache->dir, name) == 0)
		return true;
	unlinkat(cache->dir, fresh, 0);
	return false;
}

bool facts_cache_save(FactsCache *cache, const HostAddress *address, const Facts *facts)
{
	static const char *const notes[] = { "source", "taken", "euid", "user", "arch", "cut" };
	g_autofree char *name = file_name(address), *whose = address_text(address);
	g_autoptr(Facts) kept = facts_new();

	if (!name)
		return false;
	for (guint i = 0; i < facts_count(facts); i++)
		if (!fact_is_of_process(facts_nth(facts, i)))
			facts_add(kept, facts_nth(facts, i));
	for (guint i = 0; i < G_N_ELEMENTS(notes); i++)
		if (facts_note(facts, notes[i]))
			facts_set_note(kept, notes[i], facts_note(facts, notes[i]));
	facts_set_note(kept, ADDRESS_NOTE, whose);
	GString *text = facts_write(kept);
	bool saved = text->len <= FILE_MAX && replace_file(cache, name, text->str, text->len);
	g_string_free(text, TRUE);
	return saved;
}

/* ---- loading ---- */

static char *read_file(FactsCache *cache, const char *name, gsize *len, gint64 *true_at)
{
	struct stat st;
	int fd =
		openat(cache->dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	g_autofree char *text = NULL;
	gsize have = 0;
	if (is_private(fd, S_IFREG) && fstat(fd, &st) == 0 && st.st_size <= FILE_MAX) {
		gsize size = (gsize)st.st_size;
		text = g_malloc(size + 1);
		for (ssize_t n; have < size && (n = read(fd, text + have, size - have)) > 0;)
			have += (gsize)n;
		*true_at = st.st_mtim.tv_sec * (gint64)G_USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
	}
	close(fd);
	*len = have;
	return g_steal_pointer(&text);
}

Facts *facts_cache_load(FactsCache *cache, const HostAddress *address, gint64 *true_at)
{
	g_autofree char *name = file_name(address), *whose = address_text(address);
	gsize len = 0;
	g_autofree char *text = name ? read_file(cache, name, &len, true_at) : NULL;
	g_autoptr(Facts) facts = text ? facts_parse(text, len, NULL) : NULL;

	if (!facts || g_strcmp0(facts_note(facts, ADDRESS_NOTE), whose) != 0)
		return NULL;
	return g_steal_pointer(&facts);
}

void facts_cache_touch(FactsCache *cache, const HostAddress *address)
{
	g_autofree char *name = file_name(address);

	/* What is not there needs no time. */
	if (name && utimensat(cache->dir, name, NULL, AT_SYMLINK_NOFOLLOW) < 0)
		errno = 0;
}

void facts_cache_forget(FactsCache *cache, const HostAddress *address)
{
	g_autofree char *name = file_name(address);

	if (name && unlinkat(cache->dir, name, 0) < 0)
		errno = 0;
}
