// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/path_tree.h"

#include <string.h>

static SegmentKind kind_of(const char *segment)
{
	if (strcmp(segment, "*") == 0)
		return SEGMENT_ANY;
	if (strcmp(segment, "<pid>") == 0)
		return SEGMENT_PID;
	if (strcmp(segment, "<pci>") == 0)
		return SEGMENT_PCI;
	if (strcmp(segment, "<module>") == 0)
		return SEGMENT_MODULE;
	return SEGMENT_LITERAL;
}

static PathNode *node_new(const char *segment)
{
	PathNode *node = g_new0(PathNode, 1);
	node->kind = kind_of(segment);
	if (node->kind == SEGMENT_LITERAL)
		node->name = g_strdup(segment);
	node->users = true;
	node->children = g_ptr_array_new_with_free_func((GDestroyNotify)path_tree_free);
	return node;
}

void path_tree_free(PathNode *node)
{
	if (!node)
		return;
	g_ptr_array_unref(node->children);
	g_free(node->name);
	g_free(node);
}

static PathNode *child_for(PathNode *node, const char *segment)
{
	SegmentKind kind = kind_of(segment);
	for (guint i = 0; i < node->children->len; i++) {
		PathNode *child = g_ptr_array_index(node->children, i);
		if (child->kind == kind &&
		    (kind != SEGMENT_LITERAL || strcmp(child->name, segment) == 0))
			return child;
	}
	PathNode *child = node_new(segment);
	g_ptr_array_add(node->children, child);
	if (kind == SEGMENT_ANY || kind == SEGMENT_PID || kind == SEGMENT_PCI)
		node->listed = true;
	return child;
}

static void add_row(PathNode *root, const PathRow *row)
{
	g_auto(GStrv) segments = g_strsplit(row->pattern + 1, "/", -1);
	PathNode *node = root;
	for (guint i = 0; segments[i]; i++) {
		node = child_for(node, segments[i]);
		node->users = node->users && (row->flags & PATH_USERS);
	}
	switch (row->kind) {
	case FACT_VALUE:
		node->value = row;
		break;
	case FACT_LINK:
		node->link = row;
		break;
	case FACT_NAMES:
		node->names = row;
		node->listed = true;
		break;
	}
}

PathNode *path_tree_new(PathFlags without)
{
	PathNode *root = node_new("");
	for (guint i = 0; i < path_row_count; i++)
		if (!(path_rows[i].flags & without))
			add_row(root, &path_rows[i]);
	return root;
}

bool path_segment_matches(SegmentKind kind, const char *name)
{
	return kind == SEGMENT_ANY ||
	       (kind == SEGMENT_PCI && g_pattern_match_simple(PATH_PCI_GLOB, name)) ||
	       (kind == SEGMENT_PID && name[strspn(name, "0123456789")] == '\0');
}
