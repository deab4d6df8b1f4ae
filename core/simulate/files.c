// SPDX-License-Identifier: GPL-2.0-or-later

/* The only real files of a simulated host: mdevctl's definitions below /etc/mdevctl.d. */

#include "core/simulate/kernel_private.h"

#include <errno.h>
#include <string.h>

typedef struct {
	gpointer bytes;
	bool there;
} Stored;

static Stored stored(SimKernel *kernel, const char *path)
{
	Stored found = { 0 };
	found.there = g_tree_lookup_extended(kernel->files, path, NULL, &found.bytes);
	return found;
}

static bool is_below(const char *path)
{
	return g_str_has_prefix(path, SIM_DEFINITIONS "/") && !strstr(path, "//") &&
	       !strstr(path, "/../") && !g_str_has_suffix(path, "/..") &&
	       !g_str_has_suffix(path, "/");
}

/* 0 if something may be made at the path. */
static int check_new(SimKernel *kernel, const char *path)
{
	if (!is_below(path))
		return -EPERM;
	if (stored(kernel, path).there)
		return -EEXIST;
	g_autofree char *folder = g_path_get_dirname(path);
	Stored parent = stored(kernel, folder);
	if (!parent.there)
		return -ENOENT;
	return parent.bytes ? -ENOTDIR : 0;
}

/* The first path that is stored below a folder, or NULL. */
static const char *first_below(SimKernel *kernel, const char *folder)
{
	g_autofree char *prefix = g_strconcat(folder, "/", NULL);
	GTreeNode *node = g_tree_upper_bound(kernel->files, prefix);
	const char *path = node ? g_tree_node_key(node) : NULL;
	return path && g_str_has_prefix(path, prefix) ? path : NULL;
}

static int add(SimKernel *kernel, const char *path, GBytes *bytes)
{
	g_mutex_lock(&kernel->lock);
	int err = check_new(kernel, path);
	if (err)
		g_bytes_unref(bytes);
	else
		g_tree_insert(kernel->files, g_strdup(path), bytes);
	g_mutex_unlock(&kernel->lock);
	return err;
}

int sim_create_file(SimKernel *kernel, const char *path)
{
	return add(kernel, path, g_bytes_new(NULL, 0));
}

int sim_mkdir(SimKernel *kernel, const char *path)
{
	return add(kernel, path, NULL);
}

static int drop(SimKernel *kernel, const char *path, bool folder)
{
	Stored found = stored(kernel, path);
	if (!is_below(path))
		return -EPERM;
	if (!found.there)
		return -ENOENT;
	if (folder && found.bytes)
		return -ENOTDIR;
	if (!folder && !found.bytes)
		return -EISDIR;
	if (folder && first_below(kernel, path))
		return -ENOTEMPTY;
	g_tree_remove(kernel->files, path);
	return 0;
}

int sim_unlink(SimKernel *kernel, const char *path)
{
	g_mutex_lock(&kernel->lock);
	int err = drop(kernel, path, false);
	g_mutex_unlock(&kernel->lock);
	return err;
}

int sim_rmdir(SimKernel *kernel, const char *path)
{
	g_mutex_lock(&kernel->lock);
	int err = drop(kernel, path, true);
	g_mutex_unlock(&kernel->lock);
	return err;
}

int sim_put_definition(SimKernel *kernel, const char *path, const char *text)
{
	if (!text)
		return sim_unlink(kernel, path);
	g_autofree char *folder = g_path_get_dirname(path);
	int err = sim_mkdir(kernel, folder);
	if (err == 0 || err == -EEXIST)
		err = sim_create_file(kernel, path);
	if (err && err != -EEXIST)
		return err;
	gssize n = sim_write(kernel, path, text, (gssize)strlen(text), NULL);
	return n < 0 ? (int)n : 0;
}

/* Files only, which is what writing beside and renaming needs. */
static int rename_locked(SimKernel *kernel, const char *from, const char *to)
{
	Stored source = stored(kernel, from), target = stored(kernel, to);
	if (!is_below(from) || !is_below(to))
		return -EPERM;
	if (!source.there)
		return -ENOENT;
	if (!source.bytes || (target.there && !target.bytes))
		return -EISDIR;
	int err = target.there ? 0 : check_new(kernel, to);
	if (err || strcmp(from, to) == 0)
		return err;
	GBytes *bytes = g_bytes_ref(source.bytes);
	g_tree_remove(kernel->files, from);
	g_tree_insert(kernel->files, g_strdup(to), bytes);
	return 0;
}

int sim_rename(SimKernel *kernel, const char *from, const char *to)
{
	g_mutex_lock(&kernel->lock);
	int err = rename_locked(kernel, from, to);
	g_mutex_unlock(&kernel->lock);
	return err;
}
