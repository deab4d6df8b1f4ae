// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Answers paths from the table of patterns. The patterns of all rows are one tree of segments, made
 * once for all hosts; a search walks down it, and where a segment names a set, through the things
 * of the set.
 */

#include "core/simulate/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINKS_MAX 40

typedef struct Node Node;
struct Node {
	char *segment;
	const SimSet *set; /* NULL: literal */
	const SimRow *row; /* NULL: a directory in between */
	GPtrArray *children;
};

/* ---- the tree of patterns ---- */

static Node *node_new(const char *segment)
{
	Node *node = g_new0(Node, 1);
	node->segment = g_strdup(segment);
	for (guint i = 0; i < sim_set_count; i++)
		if (strcmp(sim_sets[i].name, segment) == 0)
			node->set = &sim_sets[i];
	node->children = g_ptr_array_new();
	return node;
}

static Node *child_for(Node *node, const char *segment)
{
	for (guint i = 0; i < node->children->len; i++) {
		Node *child = g_ptr_array_index(node->children, i);
		if (strcmp(child->segment, segment) == 0)
			return child;
	}
	Node *child = node_new(segment);
	g_ptr_array_add(node->children, child);
	return child;
}

static void add_rows(Node *root, const SimRow *rows, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_auto(GStrv) segments = g_strsplit(rows[i].pattern + 1, "/", -1);
		Node *node = root;
		for (char **segment = segments; *segment; segment++)
			node = child_for(node, *segment);
		node->row = &rows[i];
	}
}

/* Made once, kept to the end of the program. */
static const Node *patterns(void)
{
	static Node *tree;
	if (g_once_init_enter(&tree)) {
		Node *root = node_new("");
		add_rows(root, sim_rows_mdev, sim_rows_mdev_count);
		add_rows(root, sim_rows_host, sim_rows_host_count);
		add_rows(root, sim_rows_pci, sim_rows_pci_count);
		add_rows(root, sim_rows_s390, sim_rows_s390_count);
		g_once_init_leave(&tree, root);
	}
	return tree;
}

/* ---- what is there ---- */

static bool row_is_there(const SimRow *row, const SimPlace *place)
{
	if (!row->say)
		return true;
	g_autoptr(GString) ignored = g_string_new(NULL);
	return row->say(place, ignored) != -ENOENT;
}

/* Calls `found` with each name below a node, until it returns true. */
typedef bool (*NameFunc)(const char *name, void *data);
static bool each_child(const Node *node, const SimPlace *place, NameFunc found, void *data);

static bool any(const char *name, void *data)
{
	(void)name;
	(void)data;
	return true;
}

static bool node_is_there(const Node *node, const SimPlace *place)
{
	return node->row ? row_is_there(node->row, place) : each_child(node, place, any, NULL);
}

static bool each_of_set(const Node *node, const SimPlace *place, NameFunc found, void *data)
{
	SimPlace each = *place;
	const char *name;
	for (guint i = 0; (name = node->set->nth(&each, i)); i++) {
		if (*name && node_is_there(node, &each) && found(name, data))
			return true;
		each = *place;
	}
	return false;
}

static bool each_child(const Node *node, const SimPlace *place, NameFunc found, void *data)
{
	for (guint i = 0; i < node->children->len; i++) {
		const Node *child = g_ptr_array_index(node->children, i);
		if (child->set ? each_of_set(child, place, found, data)
		               : node_is_there(child, place) && found(child->segment, data))
			return true;
	}
	return false;
}

/* ---- the search ---- */

typedef struct {
	SimSpot *spot;
	bool found, through_file;
	SimPlace link_place; /* a link in the middle of the path */
	const SimRow *link;
	const char *link_rest;
	GHashTable *names; /* of a directory; NULL: nobody asks */
} Search;

static void search(Search *s, const Node *node, const SimPlace *place, const char *rest);

/* What follows `name` in a path: NULL if the path does not begin with it. */
static const char *after_name(const char *path, const char *name)
{
	gsize n = strlen(name);
	if (strncmp(path, name, n) != 0 || (path[n] && path[n] != '/'))
		return NULL;
	return path[n] ? path + n + 1 : path + n;
}

static bool add_name(const char *name, void *data)
{
	/* Sets of several segments: only the first is an entry here. */
	g_hash_table_add(data, g_strndup(name, strcspn(name, "/")));
	return false;
}

static void found_here(Search *s, const Node *node, const SimPlace *place)
{
	if (!node_is_there(node, place))
		return;
	if (!s->found || node->row) {
		s->spot->row = node->row;
		s->spot->kind = node->row ? node->row->kind : SIM_DIR;
		s->spot->place = *place;
	}
	s->found = true;
	if (s->names)
		each_child(node, place, add_name, s->names);
}

/* The path leads some way into the name of a thing of several segments. */
static void found_between(Search *s, const SimPlace *place, const char *rest_of_name)
{
	if (!s->found) {
		s->spot->row = NULL;
		s->spot->kind = SIM_DIR;
		s->spot->place = *place;
	}
	s->found = true;
	if (s->names)
		add_name(rest_of_name, s->names);
}

static void search_below(Search *s, const Node *node, const SimPlace *place, const char *rest)
{
	if (*rest == '\0') {
		found_here(s, node, place);
		return;
	}
	if (node->row && !row_is_there(node->row, place))
		return;
	if (node->row && node->row->kind == SIM_LINK) {
		s->link = node->row;
		s->link_place = *place;
		s->link_rest = rest;
	} else if (node->row && node->row->kind != SIM_DIR) {
		s->through_file = true;
	} else {
		search(s, node, place, rest);
	}
}

static void search_set(Search *s, const Node *node, const SimPlace *place, const char *rest)
{
	SimPlace each = *place;
	const char *name;
	for (guint i = 0; (name = node->set->nth(&each, i)); i++) {
		const char *after = *name ? after_name(rest, name) : NULL;
		const char *between = *name ? after_name(name, rest) : NULL;
		if (after)
			search_below(s, node, &each, after);
		else if (between && node_is_there(node, &each))
			found_between(s, place, between);
		each = *place;
	}
}

static void search(Search *s, const Node *node, const SimPlace *place, const char *rest)
{
	for (guint i = 0; i < node->children->len; i++) {
		const Node *child = g_ptr_array_index(node->children, i);
		if (child->set) {
			search_set(s, child, place, rest);
			continue;
		}
		const char *after = after_name(rest, child->segment);
		if (after)
			search_below(s, child, place, after);
	}
}

/* ---- paths ---- */

/* Lexically: without ".", "..", and doubled slashes. */
static void normalise(GString *path)
{
	g_autofree char *given = g_strdup(path->str);
	g_string_truncate(path, 0);
	for (const char *at = given; *at;) {
		gsize n = strcspn(at, "/");
		if (n == 2 && at[0] == '.' && at[1] == '.') {
			const char *slash = strrchr(path->str, '/');
			g_string_truncate(path, slash ? (gsize)(slash - path->str) : 0);
		} else if (n > 0 && !(n == 1 && at[0] == '.')) {
			g_string_append_c(path, '/');
			g_string_append_len(path, at, (gssize)n);
		}
		at += n + strspn(at + n, "/");
	}
	if (path->len == 0)
		g_string_append_c(path, '/');
}

static void run(Search *s, SimKernel *kernel, const char *path)
{
	SimPlace place = { .kernel = kernel };
	search_below(s, patterns(), &place, path + 1);
}

/* Replaces the path by where the link leads; -ENOENT for one that leads nowhere. */
static int follow_link(GString *path, const SimRow *link, const SimPlace *place, const char *rest)
{
	g_autoptr(GString) target = g_string_new(NULL);
	link->say(place, target);
	if (target->str[0] != '/')
		return -ENOENT;
	if (*rest)
		g_string_append_printf(target, "/%s", rest);
	g_string_assign(path, target->str);
	normalise(path);
	return 0;
}

void layout_spot_clear(SimSpot *spot)
{
	if (spot->path)
		g_string_free(spot->path, TRUE);
	spot->path = NULL;
}

int layout_find(SimKernel *kernel, const char *path, bool follow, SimSpot *spot)
{
	if (!spot->path)
		spot->path = g_string_new(NULL);
	g_string_assign(spot->path, path);
	normalise(spot->path);
	for (int links = 0; links < LINKS_MAX; links++) {
		Search s = { .spot = spot };
		run(&s, kernel, spot->path->str);
		int err = 0;
		if (s.found && (spot->kind != SIM_LINK || !follow))
			return 0;
		if (s.found)
			err = follow_link(spot->path, spot->row, &spot->place, "");
		else if (s.link)
			err = follow_link(spot->path, s.link, &s.link_place, s.link_rest);
		else
			return s.through_file ? -ENOTDIR : -ENOENT;
		if (err)
			return err;
	}
	return -ELOOP;
}

static void say(const SimSpot *spot, GString *out)
{
	if (spot->row && spot->row->say)
		spot->row->say(&spot->place, out);
}

void layout_stat(const SimSpot *spot, SimStat *stat)
{
	guint64 ino = 0xcbf29ce484222325u; /* FNV-1a of the path: lasting, and good enough */
	for (const char *at = spot->path->str; *at; at++)
		ino = (ino ^ (guchar)*at) * 0x100000001b3u;
	*stat = (SimStat){ .kind = spot->kind, .ino = ino };
	stat->mode = spot->row ? spot->row->mode : 0755;
	if (spot->kind != SIM_CHAR || !spot->row)
		return;
	g_autoptr(GString) numbers = g_string_new(spot->row->text);
	say(spot, numbers);
	char *rest;
	stat->major = (guint)strtoul(numbers->str, &rest, 10);
	stat->minor = *rest ? (guint)strtoul(rest + 1, NULL, 10) : 0;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int layout_list(const SimSpot *spot, char ***names)
{
	if (spot->kind != SIM_DIR)
		return -ENOTDIR;
	g_autoptr(GHashTable) set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	SimSpot again = { .path = spot->path };
	Search s = { .spot = &again, .names = set };
	run(&s, spot->place.kernel, spot->path->str);
	g_autofree gpointer *keys = g_hash_table_get_keys_as_array(set, NULL);
	guint n = g_hash_table_size(set);
	qsort(keys, n, sizeof *keys, compare_names);
	*names = (char **)g_steal_pointer(&keys);
	g_hash_table_steal_all(set);
	return 0;
}

/* As kernfs_get_target_path: up to the deepest folder that both lie in, and down again. */
static void make_relative(const char *link, const char *target, GString *out)
{
	gsize common = 0;
	for (gsize i = 0; link[i] == target[i] && link[i]; i++)
		if (link[i] == '/')
			common = i;
	for (const char *at = link + common + 1; *at; at++)
		if (*at == '/')
			g_string_append(out, "../");
	g_string_append(out, target + common + 1);
}

int layout_target(const SimSpot *spot, GString *out)
{
	if (spot->kind != SIM_LINK)
		return -EINVAL;
	g_autoptr(GString) target = g_string_new(NULL);
	say(spot, target);
	if (g_str_has_prefix(spot->path->str, "/sys/") && g_str_has_prefix(target->str, "/sys/"))
		make_relative(spot->path->str, target->str, out);
	else
		g_string_append(out, target->str);
	return 0;
}

int layout_read(const SimSpot *spot, GString *out)
{
	if (spot->kind != SIM_FILE)
		return spot->kind == SIM_DIR ? -EISDIR : -EMEDIUMTYPE;
	/* Not even root opens an attribute for what its mode lacks (fs/kernfs/file.c). */
	if (!(spot->row->mode & 0444))
		return -EACCES;
	if (spot->row->say)
		return spot->row->say(&spot->place, out);
	g_string_append(out, spot->row->text ? spot->row->text : "");
	return 0;
}

gssize layout_write(SimSpot *spot, const char *bytes, gsize len, const SimWait *wait)
{
	if (spot->kind != SIM_FILE)
		return spot->kind == SIM_DIR ? -EISDIR : -EMEDIUMTYPE;
	if (!(spot->row->mode & 0222))
		return -EACCES;
	/* A write of nothing never gets to a driver (sysfs_kf_write in fs/sysfs/file.c). */
	if (len == 0 && g_str_has_prefix(spot->path->str, "/sys/"))
		return 0;
	/* Attributes that take writes whose effect is not simulated. */
	if (!spot->row->write)
		return -EINVAL;
	return spot->row->write(&spot->place, bytes, len, wait);
}

bool layout_is_held(const SimSpot *spot)
{
	const SimPlace *place = &spot->place;
	return place->instance ? place->instance->holder != NULL
	                       : place->device && place->device->holder;
}
