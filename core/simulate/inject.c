// SPDX-License-Identifier: GPL-2.0-or-later

/* Failures, hangs and slowness put into operations on purpose. */

#include "core/simulate/kernel_private.h"

#include <errno.h>
#include <string.h>

struct SimInjection {
	char *op, *glob;
	int err;
	guint delay_ms, left; /* left: 0: for all */
};

void injection_free(SimInjection *injection)
{
	g_free(injection->op);
	g_free(injection->glob);
	g_free(injection);
}

void sim_inject(SimKernel *kernel, const char *op, const char *glob, int err, guint delay_ms,
                guint times)
{
	SimInjection *injection = g_new0(SimInjection, 1);
	*injection = (SimInjection){ g_strdup(op), g_strdup(glob), err, delay_ms, times };
	g_mutex_lock(&kernel->lock);
	g_ptr_array_add(kernel->injections, injection);
	g_mutex_unlock(&kernel->lock);
}

void sim_mend(SimKernel *kernel)
{
	g_mutex_lock(&kernel->lock);
	g_ptr_array_set_size(kernel->injections, 0);
	kernel->mended++;
	g_cond_broadcast(&kernel->changed);
	g_mutex_unlock(&kernel->lock);
}

static SimInjection *matching(SimKernel *kernel, const char *op, const char *path, const char *real)
{
	for (guint i = 0; i < kernel->injections->len; i++) {
		SimInjection *injection = g_ptr_array_index(kernel->injections, i);
		if (strcmp(injection->op, op) == 0 &&
		    (g_pattern_match_simple(injection->glob, path) ||
		     (real && g_pattern_match_simple(injection->glob, real))))
			return injection;
	}
	return NULL;
}

/* The wait of a slow operation: the injection's own end, or the caller's if that is sooner. */
static int wait_slowly(SimKernel *kernel, guint delay_ms, const SimWait *wait)
{
	gint64 end = g_get_monotonic_time() + (gint64)delay_ms * 1000;
	bool callers = wait->end && wait->end < end;
	SimWait slow = { wait->cancel, callers ? wait->end : end };
	for (;;) {
		int err = kernel_wait(kernel, &slow);
		if (err == -ETIMEDOUT && !callers)
			return 0;
		if (err)
			return err;
	}
}

int kernel_injected(SimKernel *kernel, const char *op, const char *path, const char *real,
                    const SimWait *wait)
{
	SimInjection *injection = matching(kernel, op, path, real);
	if (!injection)
		return 0;
	int err = injection->err;
	guint delay_ms = injection->delay_ms;
	if (injection->left == 1)
		g_ptr_array_remove(kernel->injections, injection);
	else if (injection->left > 1)
		injection->left--;
	if (delay_ms > 0) {
		int waited = wait_slowly(kernel, delay_ms, wait);
		if (waited)
			return waited;
	}
	if (err >= 0)
		return -err;
	for (guint before = kernel->mended; kernel->mended == before;) {
		int waited = kernel_wait(kernel, wait);
		if (waited)
			return waited;
	}
	return 0;
}
