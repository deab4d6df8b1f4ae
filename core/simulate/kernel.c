// SPDX-License-Identifier: GPL-2.0-or-later

/* Life of a simulated kernel, and its operations: lock, injections, the answer, events. */

#include "core/simulate/kernel_private.h"

#include <errno.h>
#include <string.h>

#include "core/simulate/layout.h"
#include "core/simulate/matrix.h"

/* ---- life ---- */

/* The same host always has the same ids: thirty-two hex digits made of its name. */
static char *id_of(const char *kind, const char *hostname)
{
	g_autofree char *text = g_strconcat(kind, hostname, NULL);
	return g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
}

static char *boot_id_of(const char *hostname)
{
	g_autofree char *id = id_of("boot ", hostname);
	return g_strdup_printf("%.8s-%.4s-4%.3s-8%.3s-%.12s", id, id + 8, id + 13, id + 17,
	                       id + 20);
}

static int compare_paths(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return strcmp(a, b);
}

static void drop_bytes(gpointer bytes)
{
	if (bytes)
		g_bytes_unref(bytes);
}

SimKernel *sim_kernel_new(const SimProfile *profile, const char *hostname)
{
	SimKernel *kernel = g_new0(SimKernel, 1);
	g_atomic_ref_count_init(&kernel->refs);
	kernel->profile = profile;
	kernel->hostname = g_strdup(hostname);
	kernel->machine_id = id_of("machine ", hostname);
	kernel->boot_id = boot_id_of(hostname);
	g_mutex_init(&kernel->lock);
	g_cond_init(&kernel->changed);
	kernel->devices = g_ptr_array_new_with_free_func((GDestroyNotify)device_free);
	kernel->instances = g_ptr_array_new_with_free_func((GDestroyNotify)instance_free);
	kernel->guests = g_ptr_array_new_with_free_func((GDestroyNotify)guest_free);
	kernel->injections = g_ptr_array_new_with_free_func((GDestroyNotify)injection_free);
	kernel->files = g_tree_new_full(compare_paths, NULL, g_free, drop_bytes);
	if (profile->features & SIM_MDEVCTL)
		g_tree_insert(kernel->files, g_strdup(SIM_DEFINITIONS), NULL);
	matrix_boot(kernel);
	g_queue_init(&kernel->pending);
	g_rec_mutex_init(&kernel->telling);
	kernel->listeners = g_array_new(FALSE, FALSE, sizeof(SimListener));
	for (const SimCard *const *card = profile->cards; *card; card++)
		devices_add(kernel, *card);
	return kernel;
}

SimKernel *sim_kernel_ref(SimKernel *kernel)
{
	g_atomic_ref_count_inc(&kernel->refs);
	return kernel;
}

void sim_kernel_unref(SimKernel *kernel)
{
	if (!kernel || !g_atomic_ref_count_dec(&kernel->refs))
		return;
	kernel_drop_events(kernel);
	g_array_unref(kernel->listeners);
	g_rec_mutex_clear(&kernel->telling);
	g_tree_unref(kernel->files);
	g_ptr_array_unref(kernel->injections);
	g_ptr_array_unref(kernel->instances);
	g_ptr_array_unref(kernel->guests);
	g_ptr_array_unref(kernel->devices);
	g_cond_clear(&kernel->changed);
	g_mutex_clear(&kernel->lock);
	g_free(kernel->boot_id);
	g_free(kernel->machine_id);
	g_free(kernel->hostname);
	g_free(kernel);
}

const SimProfile *sim_kernel_profile(const SimKernel *kernel)
{
	return kernel->profile;
}

/* ---- waiting ---- */

int kernel_wait(SimKernel *kernel, const SimWait *wait)
{
	if (wait->cancel && g_cancellable_is_cancelled(wait->cancel))
		return -EINTR;
	if (!wait->end)
		g_cond_wait(&kernel->changed, &kernel->lock);
	else if (!g_cond_wait_until(&kernel->changed, &kernel->lock, wait->end))
		return -ETIMEDOUT;
	return wait->cancel && g_cancellable_is_cancelled(wait->cancel) ? -EINTR : 0;
}

static void wake_all(GCancellable *cancel, gpointer data)
{
	(void)cancel;
	SimKernel *kernel = data;
	g_mutex_lock(&kernel->lock);
	g_cond_broadcast(&kernel->changed);
	g_mutex_unlock(&kernel->lock);
}

gulong kernel_mind_cancel(SimKernel *kernel, GCancellable *cancel)
{
	return cancel ? g_cancellable_connect(cancel, G_CALLBACK(wake_all), kernel, NULL) : 0;
}

void kernel_forget_cancel(GCancellable *cancel, gulong id)
{
	if (id)
		g_cancellable_disconnect(cancel, id);
}

/* ---- reading ---- */

static const SimWait for_ever = { 0 };

int sim_stat(SimKernel *kernel, const char *path, bool follow, SimStat *stat)
{
	g_mutex_lock(&kernel->lock);
	g_auto(SimSpot) spot = SIM_SPOT_NONE;
	int err = layout_find(kernel, path, follow, &spot);
	if (!err)
		layout_stat(&spot, stat);
	g_mutex_unlock(&kernel->lock);
	return err;
}

static const char *operation_of_write(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	return strcmp(name, "create") == 0 || strcmp(name, "remove") == 0 ? name : "write";
}

/* Finds the path, once more after an injection that may have waited. */
static int find_for(SimKernel *kernel, const char *op, const char *path, bool follow,
                    const SimWait *wait, SimSpot *spot)
{
	int err = layout_find(kernel, path, follow, spot);
	if (err || kernel->injections->len == 0)
		return err;
	if (!op)
		op = operation_of_write(spot->path->str);
	err = kernel_injected(kernel, op, path, spot->path->str, wait);
	return err ? err : layout_find(kernel, path, follow, spot);
}

int kernel_list(SimKernel *kernel, const char *path, const SimWait *wait, char ***names)
{
	g_auto(SimSpot) spot = SIM_SPOT_NONE;
	int err = find_for(kernel, "list", path, true, wait, &spot);
	return err ? err : layout_list(&spot, names);
}

int sim_list(SimKernel *kernel, const char *path, char ***names)
{
	g_mutex_lock(&kernel->lock);
	int err = kernel_list(kernel, path, &for_ever, names);
	g_mutex_unlock(&kernel->lock);
	return err;
}

int kernel_readlink(SimKernel *kernel, const char *path, const SimWait *wait, GString *out)
{
	g_auto(SimSpot) spot = SIM_SPOT_NONE;
	int err = find_for(kernel, "read", path, false, wait, &spot);
	return err ? err : layout_target(&spot, out);
}

int sim_readlink(SimKernel *kernel, const char *path, char **target)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_mutex_lock(&kernel->lock);
	int err = kernel_readlink(kernel, path, &for_ever, out);
	g_mutex_unlock(&kernel->lock);
	if (!err)
		*target = g_strdup(out->str);
	return err;
}

gssize kernel_read(SimKernel *kernel, const char *path, const SimWait *wait, GString *out)
{
	g_auto(SimSpot) spot = SIM_SPOT_NONE;
	int err = find_for(kernel, "read", path, true, wait, &spot);
	if (!err)
		err = layout_read(&spot, out);
	return err ? err : (gssize)out->len;
}

gssize sim_read(SimKernel *kernel, const char *path, char **bytes)
{
	GString *out = g_string_new(NULL);
	g_mutex_lock(&kernel->lock);
	gssize n = kernel_read(kernel, path, &for_ever, out);
	g_mutex_unlock(&kernel->lock);
	char *text = g_string_free(out, n < 0);
	if (n >= 0)
		*bytes = text;
	return n;
}

/* ---- writing ---- */

static gssize write_locked(SimKernel *kernel, const char *path, const char *bytes, gsize len,
                           const SimWait *wait)
{
	g_auto(SimSpot) spot = SIM_SPOT_NONE;
	int err = find_for(kernel, NULL, path, true, wait, &spot);
	return err ? err : layout_write(&spot, bytes, len, wait);
}

gssize sim_write_until(SimKernel *kernel, const char *path, const char *bytes, gsize len,
                       gint64 end, GCancellable *cancel)
{
	SimWait wait = { cancel, end };
	gulong id = kernel_mind_cancel(kernel, cancel);
	g_mutex_lock(&kernel->lock);
	gssize n = write_locked(kernel, path, bytes, len, &wait);
	g_mutex_unlock(&kernel->lock);
	kernel_forget_cancel(cancel, id);
	kernel_tell(kernel);
	return n;
}

gssize sim_write(SimKernel *kernel, const char *path, const char *bytes, gsize len,
                 GCancellable *cancel)
{
	return sim_write_until(kernel, path, bytes, len, 0, cancel);
}

int sim_open_device(SimKernel *kernel, const char *devnode)
{
	g_mutex_lock(&kernel->lock);
	g_auto(SimSpot) spot = SIM_SPOT_NONE;
	int err = find_for(kernel, "open", devnode, true, &for_ever, &spot);
	if (!err && spot.kind != SIM_CHAR)
		err = spot.kind == SIM_DIR ? -EISDIR : -ENODEV;
	/* A group and a device have one user at a time (drivers/vfio/group.c). */
	if (!err && layout_is_held(&spot))
		err = -EBUSY;
	g_mutex_unlock(&kernel->lock);
	return err;
}
