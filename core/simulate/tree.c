// SPDX-License-Identifier: GPL-2.0-or-later

/* The collector's files over a simulated kernel. A handle is the number of an open directory. */

#include "core/simulate/kernel_private.h"

#include <errno.h>
#include <string.h>

#include "core/simulate/layout.h"

typedef struct {
	FileTree tree;
	SimKernel *kernel;
	SimWait wait;
	gulong cancel_id;
	GPtrArray *open; /* paths, owned; NULL where closed */
} KernelTree;

/* The path of an entry. New. */
static char *path_of(const KernelTree *tree, const FileEntry *entry)
{
	const char *folder = g_ptr_array_index(tree->open, entry->dir);
	return g_strconcat(strcmp(folder, "/") == 0 ? "" : folder, "/", entry->name, NULL);
}

static int tree_open_dir(FileTree *base, const FileEntry *entry, bool listable)
{
	(void)listable; /* the reader is root */
	KernelTree *tree = (KernelTree *)base;
	g_autofree char *path = path_of(tree, entry);
	g_mutex_lock(&tree->kernel->lock);
	g_auto(SimSpot) spot = SIM_SPOT_NONE;
	int err = layout_find(tree->kernel, path, true, &spot);
	g_mutex_unlock(&tree->kernel->lock);
	if (err || spot.kind != SIM_DIR)
		return err ? err : -ENOTDIR;
	g_ptr_array_add(tree->open, g_strdup(spot.path->str));
	return (int)tree->open->len - 1;
}

static void tree_close(FileTree *base, int dir)
{
	KernelTree *tree = (KernelTree *)base;
	/* Directories are closed in the opposite order, so the last one is at the end. */
	g_ptr_array_remove_index(tree->open, (guint)dir);
}

/* The collector asks for names that do not begin with a dot. */
static void drop_hidden(char **names)
{
	char **kept = names;
	for (; *names; names++)
		if (**names == '.')
			g_free(*names);
		else
			*kept++ = *names;
	*kept = NULL;
}

static int tree_list(FileTree *base, int dir, char ***names)
{
	KernelTree *tree = (KernelTree *)base;
	g_mutex_lock(&tree->kernel->lock);
	int err = kernel_list(tree->kernel, g_ptr_array_index(tree->open, dir), &tree->wait, names);
	g_mutex_unlock(&tree->kernel->lock);
	if (!err)
		drop_hidden(*names);
	return err;
}

static gssize tree_read_link(FileTree *base, const FileEntry *entry, char *target, gsize size)
{
	KernelTree *tree = (KernelTree *)base;
	g_autofree char *path = path_of(tree, entry);
	g_autoptr(GString) out = g_string_new(NULL);
	g_mutex_lock(&tree->kernel->lock);
	int err = kernel_readlink(tree->kernel, path, &tree->wait, out);
	g_mutex_unlock(&tree->kernel->lock);
	if (err)
		return err;
	g_strlcpy(target, out->str, size);
	return (gssize)MIN(out->len, size - 1);
}

static gssize tree_read_value(FileTree *base, const FileEntry *entry, char *buf, gsize max)
{
	KernelTree *tree = (KernelTree *)base;
	g_autofree char *path = path_of(tree, entry);
	g_autoptr(GString) out = g_string_new(NULL);
	g_mutex_lock(&tree->kernel->lock);
	gssize n = kernel_read(tree->kernel, path, &tree->wait, out);
	g_mutex_unlock(&tree->kernel->lock);
	if (n < 0)
		return n;
	memcpy(buf, out->str, MIN((gsize)n, max));
	return MIN(n, (gssize)max);
}

static const FileTreeOps tree_ops = {
	.open_dir = tree_open_dir,
	.list = tree_list,
	.read_link = tree_read_link,
	.read_value = tree_read_value,
	.close = tree_close,
};

FileTree *sim_tree_new(SimKernel *kernel, gint64 end, GCancellable *cancel)
{
	KernelTree *tree = g_new0(KernelTree, 1);
	tree->tree.ops = &tree_ops;
	tree->kernel = sim_kernel_ref(kernel);
	tree->wait = (SimWait){ cancel, end };
	tree->cancel_id = kernel_mind_cancel(kernel, cancel);
	tree->open = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(tree->open, g_strdup("/")); /* handle 0, the root */
	return &tree->tree;
}

void sim_tree_free(FileTree *base)
{
	KernelTree *tree = (KernelTree *)base;
	kernel_forget_cancel(tree->wait.cancel, tree->cancel_id);
	g_ptr_array_unref(tree->open);
	sim_kernel_unref(tree->kernel);
	g_free(tree);
}
