// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * The store of readings. A host may give a hundred thousand of them, so strings lie in one chunk
 * and facts in blocks that never move.
 */

#include "core/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 256

struct Facts {
	GStringChunk *strings;
	GPtrArray *blocks; /* Fact[BLOCK] */
	guint count;
	gsize bytes; /* what the readings so far cost */
	bool full;
	GHashTable *by_path; /* path (of the fact) → Fact */
	GHashTable *notes;   /* key → value, owned */
};

G_DEFINE_QUARK(mdevcon - facts - error - quark, facts_error)

/* Paths are long and share their beginnings: eight bytes a step instead of one. */
static guint path_hash(gconstpointer key)
{
	const char *s = key;
	gsize len = strlen(s);
	guint64 h = 0x9e3779b97f4a7c15u ^ len;
	while (len >= 8) {
		guint64 word;
		memcpy(&word, s, 8);
		h = (h ^ word) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
		s += 8;
		len -= 8;
	}
	guint64 tail = 0;
	memcpy(&tail, s, len);
	h = (h ^ tail) * 0xff51afd7ed558ccdu;
	return (guint)(h ^ (h >> 32));
}

Facts *facts_new(void)
{
	Facts *facts = g_new0(Facts, 1);
	facts->strings = g_string_chunk_new(16 * 1024);
	facts->blocks = g_ptr_array_new_with_free_func(g_free);
	facts->by_path = g_hash_table_new(path_hash, g_str_equal);
	facts->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return facts;
}

static Fact *nth(const Facts *facts, guint i)
{
	Fact *block = g_ptr_array_index(facts->blocks, i / BLOCK);
	return &block[i % BLOCK];
}

void facts_free(Facts *facts)
{
	if (!facts)
		return;
	for (guint i = 0; i < facts->count; i++)
		g_free(nth(facts, i)->names);
	g_hash_table_destroy(facts->by_path);
	g_hash_table_destroy(facts->notes);
	g_ptr_array_unref(facts->blocks);
	g_string_chunk_free(facts->strings);
	g_free(facts);
}

/* What a reading takes of FACTS_BYTES_MAX. */
static gsize cost_of(const Fact *fact)
{
	gsize cost = strlen(fact->path) + fact->len + FACTS_SHARE;
	for (char **name = fact->names; name && *name; name++)
		cost += strlen(*name) + FACTS_SHARE;
	return cost;
}

/* Counts a reading of so many bytes, in the place of `old` (or NULL); false if it is too much. */
static bool has_room(Facts *facts, const char *path, gsize bytes, const Fact *old)
{
	if (facts->full)
		return false;
	facts->bytes += strlen(path) + bytes + FACTS_SHARE - (old ? cost_of(old) : 0);
	if (facts->bytes <= FACTS_BYTES_MAX)
		return true;
	facts->full = true;
	facts_set_note(facts, "cut", path);
	return false;
}

/* The fact of a path, emptied: a new one, or the one that is replaced. NULL if there is no room. */
static Fact *take_fact(Facts *facts, FactKind kind, const char *path, gsize bytes)
{
	Fact *fact = g_hash_table_lookup(facts->by_path, path);
	if (!has_room(facts, path, bytes, fact))
		return NULL;
	if (!fact) {
		if (facts->count % BLOCK == 0)
			g_ptr_array_add(facts->blocks, g_new0(Fact, BLOCK));
		fact = nth(facts, facts->count++);
		fact->path = g_string_chunk_insert(facts->strings, path);
		g_hash_table_insert(facts->by_path, fact->path, fact);
	}
	g_free(fact->names);
	*fact = (Fact){ .kind = kind, .path = fact->path };
	return fact;
}

bool facts_is_full(const Facts *facts)
{
	return facts->full;
}

void facts_add_text(Facts *facts, FactKind kind, const char *path, const char *text, gssize len)
{
	gsize bytes = len < 0 ? strlen(text) : (gsize)len;
	Fact *fact = take_fact(facts, kind, path, bytes);
	if (!fact)
		return;
	fact->len = bytes;
	/* Insertion by length appends the NUL that readers of C strings rely on. */
	fact->text = g_string_chunk_insert_len(facts->strings, text, (gssize)fact->len);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void facts_add_names(Facts *facts, const char *path, char **names)
{
	guint n = 0, kept = 0;
	gsize bytes = 0;
	for (; names[n]; n++)
		bytes += strlen(names[n]) + FACTS_SHARE;
	Fact *fact = take_fact(facts, FACT_NAMES, path, bytes);
	if (!fact)
		return;
	char **copy = g_new(char *, n + 1);
	memcpy(copy, names, n * sizeof *copy);
	qsort(copy, n, sizeof *copy, compare_names);
	for (guint i = 0; i < n; i++)
		if (kept == 0 || strcmp(copy[kept - 1], copy[i]) != 0)
			copy[kept++] = g_string_chunk_insert(facts->strings, copy[i]);
	copy[kept] = NULL;
	fact->names = copy;
}

bool facts_name_is_valid(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

void facts_add_error(Facts *facts, FactKind kind, const char *path, int err)
{
	Fact *fact = take_fact(facts, kind, path, 0);
	if (fact)
		fact->err = err;
}

void facts_add(Facts *facts, const Fact *fact)
{
	if (fact->err)
		facts_add_error(facts, fact->kind, fact->path, fact->err);
	else if (fact->names)
		facts_add_names(facts, fact->path, fact->names);
	else
		facts_add_text(facts, fact->kind, fact->path, fact->text, (gssize)fact->len);
}

bool fact_is_of_process(const Fact *fact)
{
	return g_str_has_prefix(fact->path, "/proc/") &&
	       (g_ascii_isdigit(fact->path[6]) || g_str_equal(fact->path, "/proc/self/ns/pid"));
}

void facts_set_note(Facts *facts, const char *key, const char *value)
{
	g_hash_table_replace(facts->notes, g_strdup(key), g_strdup(value));
}

const char *facts_note(const Facts *facts, const char *key)
{
	return g_hash_table_lookup(facts->notes, key);
}

/* Keys of the notes, sorted, for a text form that does not depend on hashing. Free the list. */
GList *facts_note_keys(const Facts *facts)
{
	return g_list_sort(g_hash_table_get_keys(facts->notes), (GCompareFunc)strcmp);
}

const Fact *facts_get(const Facts *facts, const char *path)
{
	return g_hash_table_lookup(facts->by_path, path);
}

TextReading facts_text(const Facts *facts, const char *path)
{
	const Fact *fact = facts_get(facts, path);
	if (!fact || fact->err == ENOENT || (fact->err == 0 && !fact->text))
		return (TextReading){ .state = READ_ABSENT };
	if (fact->err)
		return (TextReading){ .state = READ_UNREADABLE, .err = fact->err };
	if (memchr(fact->text, '\0', fact->len))
		return (TextReading){ .state = READ_UNREADABLE, .err = EILSEQ };
	return (TextReading){ .state = READ_VALUE, .s = fact->text };
}

char **facts_names(const Facts *facts, const char *path)
{
	const Fact *fact = facts_get(facts, path);
	return fact ? fact->names : NULL;
}

guint facts_count(const Facts *facts)
{
	return facts->count;
}

const Fact *facts_nth(const Facts *facts, guint i)
{
	return nth(facts, i);
}
