// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Uevents. They are queued under the kernel's lock, in the order of what happened, and told
 * afterwards by whoever comes first, one at a time.
 */

#include "core/simulate/kernel_private.h"

#include <string.h>

typedef struct {
	char *action, *subsystem, *devpath;
	char **properties;
} Queued;

static void queued_free(Queued *event)
{
	g_free(event->action);
	g_free(event->subsystem);
	g_free(event->devpath);
	g_strfreev(event->properties);
	g_free(event);
}

void kernel_emit(SimKernel *kernel, const char *action, const char *subsystem, const char *sysfs,
                 ...)
{
	kernel->seqnum++;
	if (kernel->listeners->len == 0)
		return;
	g_autoptr(GStrvBuilder) properties = g_strv_builder_new();
	va_list args;
	va_start(args, sysfs);
	for (const char *line = va_arg(args, const char *); line; line = va_arg(args, const char *))
		g_strv_builder_add(properties, line);
	va_end(args);
	g_autofree char *number = g_strdup_printf("SEQNUM=%" G_GUINT64_FORMAT, kernel->seqnum);
	g_strv_builder_add(properties, number);
	Queued *event = g_new0(Queued, 1);
	event->action = g_strdup(action);
	event->subsystem = g_strdup(subsystem);
	event->devpath = g_strdup(sysfs + strlen("/sys"));
	event->properties = g_strv_builder_end(properties);
	g_queue_push_tail(&kernel->pending, event);
}

void kernel_drop_events(SimKernel *kernel)
{
	g_queue_clear_full(&kernel->pending, (GDestroyNotify)queued_free);
}

static void tell_all(SimKernel *kernel, const Queued *event)
{
	SimEvent seen = { event->action, event->subsystem, event->devpath,
		          (const char *const *)event->properties };
	/* A listener may leave, or come, while it is told. */
	for (guint i = 0; i < kernel->listeners->len; i++) {
		SimListener listener = g_array_index(kernel->listeners, SimListener, i);
		listener.heard(&seen, listener.data);
	}
}

static Queued *next_event(SimKernel *kernel)
{
	g_mutex_lock(&kernel->lock);
	Queued *event = g_queue_pop_head(&kernel->pending);
	g_mutex_unlock(&kernel->lock);
	return event;
}

void kernel_tell(SimKernel *kernel)
{
	g_rec_mutex_lock(&kernel->telling);
	for (Queued *event = next_event(kernel); event; event = next_event(kernel)) {
		tell_all(kernel, event);
		queued_free(event);
	}
	g_rec_mutex_unlock(&kernel->telling);
}

guint sim_listen(SimKernel *kernel, void (*heard)(const SimEvent *event, void *data), void *data)
{
	g_rec_mutex_lock(&kernel->telling);
	g_mutex_lock(&kernel->lock);
	SimListener listener = { ++kernel->last_listener, heard, data };
	g_array_append_val(kernel->listeners, listener);
	g_mutex_unlock(&kernel->lock);
	g_rec_mutex_unlock(&kernel->telling);
	return listener.id;
}

void sim_unlisten(SimKernel *kernel, guint id)
{
	g_rec_mutex_lock(&kernel->telling);
	g_mutex_lock(&kernel->lock);
	for (guint i = 0; i < kernel->listeners->len; i++)
		if (g_array_index(kernel->listeners, SimListener, i).id == id) {
			g_array_remove_index(kernel->listeners, i);
			break;
		}
	g_mutex_unlock(&kernel->lock);
	g_rec_mutex_unlock(&kernel->telling);
}
