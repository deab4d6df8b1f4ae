// SPDX-License-Identifier: GPL-2.0-or-later

/* What the process needs for a thread and a few descriptors a host. */

#include "core/fleet.h"

#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>

/* g_thread_new takes no size and gives what ulimit -s says: 8 MB of address space for each. */
#ifdef __SANITIZE_ADDRESS__
#define STACK_SIZE (2 * 1024 * 1024) /* its frames are several times as large */
#else
#define STACK_SIZE (256 * 1024)
#endif
/* Each of glibc's heaps keeps free memory to itself. */
#define HEAPS 2

static void set_stacks(void)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	if (pthread_attr_setstacksize(&attr, STACK_SIZE) == 0)
		pthread_setattr_default_np(&attr);
	pthread_attr_destroy(&attr);
}

/* The soft limit is 1024 for programs that use select(2); this one does not. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

void fleet_prepare_process(void)
{
	set_stacks();
	raise_descriptors();
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, HEAPS);
#endif
}
