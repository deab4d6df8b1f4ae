// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Walks the tree of path patterns. Entries are asked for by one name relative to their directory,
 * which every kind of host can answer cheaply.
 */

#include "core/collect.h"

#include "core/path_tree.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

typedef struct {
	FileTree *tree;
	Facts *facts;
	GString *path;      /* of the entry at hand, as on the host */
	GPtrArray *modules; /* names found so far, owned */
	guint processes, hidden;
	bool process_hidden; /* the process at hand is counted already */
	bool process_holds;  /* it has a node of /dev/vfio open */
	bool first_seen;     /* process 1, which is always there */
	char *buf;           /* FACTS_CMDLINE_MAX + 1 */
} Walk;

static void visit_entry(Walk *walk, const PathNode *node, int dir, const char *name);

static bool is_absent(int err)
{
	return err == ENOENT || err == ENOTDIR;
}

/* ---- values ---- */

static gsize limit_of(const PathRow *row)
{
	if (row->flags & PATH_CMDLINE)
		return FACTS_CMDLINE_MAX;
	return row->flags & (PATH_JSON | PATH_LONG) ? FACTS_JSON_MAX : FACTS_VALUE_MAX;
}

static void keep_cmdline(Walk *walk, gsize len)
{
	if (len == 0)
		return; /* a thread of the kernel */
	g_autofree char *reduced = facts_reduce_cmdline(walk->buf, len);
	if (strlen(reduced) > FACTS_JSON_MAX)
		reduced[FACTS_JSON_MAX] = '\0';
	if (walk->process_holds || facts_cmdline_names_device(reduced))
		facts_add_text(walk->facts, FACT_VALUE, walk->path->str, reduced, -1);
}

static void keep_value(Walk *walk, const PathRow *row, gsize len)
{
	if (row->flags & PATH_CMDLINE) {
		keep_cmdline(walk, len);
	} else if (len > limit_of(row)) {
		facts_add_error(walk->facts, FACT_VALUE, walk->path->str, EFBIG);
	} else {
		while (len > 0 && walk->buf[len - 1] == '\n')
			len--;
		facts_add_text(walk->facts, FACT_VALUE, walk->path->str, walk->buf, (gssize)len);
	}
}

/* A process that cannot be looked into: counted once, whatever of it was refused. */
static void count_hidden(Walk *walk)
{
	if (!walk->process_hidden)
		walk->hidden++;
	walk->process_hidden = true;
}

static void read_value(Walk *walk, const PathRow *row, int dir, const char *name)
{
	/* Other files in a folder of definitions are none of our business. */
	if ((row->flags & PATH_JSON) && !g_uuid_string_is_valid(name))
		return;
	FileEntry entry = { .dir = dir, .name = name, .path = walk->path->str };
	gssize len = walk->tree->ops->read_value(walk->tree, &entry, walk->buf, limit_of(row) + 1);
	if (len >= 0 && (row->flags & PATH_EXISTS))
		facts_add_text(walk->facts, FACT_VALUE, walk->path->str, "x", 1);
	else if (len >= 0)
		keep_value(walk, row, (gsize)len);
	else if (!is_absent((int)-len) && !(row->flags & PATH_USERS))
		facts_add_error(walk->facts, FACT_VALUE, walk->path->str, (int)-len);
}

/* ---- links ---- */

static void add_module(Walk *walk, const char *name, gsize len)
{
	g_autofree char *module = g_strdelimit(g_strndup(name, len), "-", '_');
	for (guint i = 0; i < walk->modules->len; i++)
		if (strcmp(g_ptr_array_index(walk->modules, i), module) == 0)
			return;
	if (*module && *module != '.')
		g_ptr_array_add(walk->modules, g_steal_pointer(&module));
}

/* True if there is a link. */
static bool read_link(Walk *walk, const PathRow *row, int dir, const char *name)
{
	char target[PATH_MAX];
	FileEntry entry = { .dir = dir, .name = name, .path = walk->path->str };
	gssize n = walk->tree->ops->read_link(walk->tree, &entry, target, sizeof target);
	if (n < 0) {
		if (is_absent((int)-n))
			return false;
		if (row->flags & PATH_VFIO_ONLY)
			count_hidden(walk);
		else if (!(row->flags & PATH_USERS))
			facts_add_error(walk->facts, FACT_LINK, walk->path->str, (int)-n);
		return false;
	}
	if (row->flags & PATH_VFIO_ONLY) {
		if (!g_str_has_prefix(target, "/dev/vfio/"))
			return true;
		walk->process_holds = true;
	}
	facts_add_text(walk->facts, FACT_LINK, walk->path->str, target, n);
	if (row->flags & PATH_MODULE_LINK) {
		const char *slash = strrchr(target, '/');
		const char *base = slash ? slash + 1 : target;
		add_module(walk, base, strlen(base));
	}
	return true;
}

/* ---- directories ---- */

/*
 * A directory that could not be entered is one failed reading. Where the path has a reading of its
 * own (the link to a device), the failure stands at the first thing that is wanted inside.
 */
static void directory_failed(Walk *walk, const PathNode *node, int err)
{
	if (is_absent(err)) {
		/* Something else stands where a listing is wanted. */
		if (err == ENOTDIR && node->names && node->kind == SEGMENT_LITERAL)
			facts_add_error(walk->facts, FACT_NAMES, walk->path->str, err);
		return;
	}
	if (node->users) {
		if (node->kind == SEGMENT_PID || node->listed)
			count_hidden(walk);
		return;
	}
	if (!node->link && !node->value) {
		facts_add_error(walk->facts, FACT_NAMES, walk->path->str, err);
		return;
	}
	const PathNode *first = NULL;
	for (guint i = 0; i < node->children->len; i++) {
		const PathNode *child = g_ptr_array_index(node->children, i);
		if (child->kind == SEGMENT_LITERAL && (!first || (child->names && !first->names)))
			first = child;
	}
	if (!first)
		return;
	gsize before = walk->path->len;
	g_string_append_c(walk->path, '/');
	g_string_append(walk->path, first->name);
	FactKind kind = first->names ? FACT_NAMES : first->link ? FACT_LINK : FACT_VALUE;
	facts_add_error(walk->facts, kind, walk->path->str, err);
	g_string_truncate(walk->path, before);
}

static void visit_process(Walk *walk, const PathNode *node, int dir, const char *name)
{
	/* Our own command line names devices too (mdevcon remove UUID) but uses none. */
	if (walk->tree->self && strcmp(name, walk->tree->self) == 0)
		return;
	walk->processes++;
	walk->first_seen = walk->first_seen || strcmp(name, "1") == 0;
	walk->process_hidden = walk->process_holds = false;
	visit_entry(walk, node, dir, name);
}

static void visit_children(Walk *walk, const PathNode *node, int dir, char **names)
{
	for (guint i = 0; i < node->children->len; i++) {
		const PathNode *child = g_ptr_array_index(node->children, i);
		if (child->kind == SEGMENT_LITERAL) {
			visit_entry(walk, child, dir, child->name);
		} else if (child->kind == SEGMENT_MODULE) {
			for (guint m = 0; m < walk->modules->len; m++)
				visit_entry(walk, child, dir, g_ptr_array_index(walk->modules, m));
		} else {
			for (char **name = names; name && *name; name++) {
				if (!path_segment_matches(child->kind, *name))
					continue;
				if (child->kind == SEGMENT_PID)
					visit_process(walk, child, dir, *name);
				else
					visit_entry(walk, child, dir, *name);
			}
		}
	}
}

static void keep_names(Walk *walk, const PathRow *row, char **names)
{
	facts_add_names(walk->facts, walk->path->str, names);
	if (!(row->flags & PATH_TYPES))
		return;
	for (char **name = names; *name; name++)
		for (const char *dash = strchr(*name, '-'); dash; dash = strchr(dash + 1, '-'))
			add_module(walk, *name, (gsize)(dash - *name));
}

static void visit_directory(Walk *walk, const PathNode *node, int dir, const char *name,
                            bool is_link)
{
	const FileTreeOps *ops = walk->tree->ops;
	FileEntry entry = { .dir = dir, .name = name, .path = walk->path->str, .is_link = is_link };
	int at = ops->open_dir(walk->tree, &entry, node->listed);
	g_auto(GStrv) names = NULL;
	int err = at < 0 ? -at : 0;
	if (at >= 0 && node->listed)
		err = -ops->list(walk->tree, at, &names);
	if (err)
		directory_failed(walk, node, err);
	/* What must not be listed may still be passed through, to entries whose names are known. */
	if (err == EACCES && at < 0 && node->listed)
		at = ops->open_dir(walk->tree, &entry, false);
	if (names && node->names)
		keep_names(walk, node->names, names);
	if (at < 0)
		return;
	visit_children(walk, node, at, names);
	ops->close(walk->tree, at);
}

static void visit_entry(Walk *walk, const PathNode *node, int dir, const char *name)
{
	if (facts_is_full(walk->facts))
		return;
	gsize before = walk->path->len;
	g_string_append_c(walk->path, '/');
	g_string_append(walk->path, name);
	bool is_link = node->link && read_link(walk, node->link, dir, name);
	if (node->value)
		read_value(walk, node->value, dir, name);
	if (node->names || node->children->len > 0)
		visit_directory(walk, node, dir, name, is_link);
	g_string_truncate(walk->path, before);
}

/* ---- the whole ---- */

static void note_number(Facts *facts, const char *key, gint64 n)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, n);
	facts_set_note(facts, key, text);
}

Facts *facts_collect(FileTree *tree, CollectOptions options)
{
	PathFlags without = (options.users ? 0 : PATH_USERS) | (options.live ? 0 : PATH_LIVE) |
	                    (options.boot ? 0 : PATH_BOOT);
	g_autoptr(PathNode) patterns = path_tree_new(without);
	Walk walk = {
		.tree = tree,
		.facts = facts_new(),
		.path = g_string_sized_new(256),
		.modules = g_ptr_array_new_with_free_func(g_free),
		.buf = g_malloc(FACTS_CMDLINE_MAX + 1),
	};
	facts_set_note(walk.facts, "source", options.live ? "live" : "tree");
	note_number(walk.facts, "taken", g_get_real_time() / G_USEC_PER_SEC);
	visit_children(&walk, patterns, tree->root, NULL);
	/* hidepid leaves no trace of what it hides, but process 1 is missing. */
	if (options.live && !walk.first_seen)
		walk.hidden++;
	if (walk.processes > 0) {
		facts_set_note(walk.facts, "users", "yes");
		note_number(walk.facts, "hidden", walk.hidden);
	}
	if (options.boot)
		facts_set_note(walk.facts, "boot", "yes");
	g_free(walk.buf);
	g_ptr_array_unref(walk.modules);
	g_string_free(walk.path, TRUE);
	return walk.facts;
}
