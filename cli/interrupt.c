// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "core/status.h"

/* A thread that waits for the signal may do what a handler may not: cancel takes locks. */
static gpointer wait_for_interrupt(gpointer data)
{
	GCancellable *cancel = data;
	sigset_t set;
	int signal_number = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	if (sigwait(&set, &signal_number) == 0)
		g_cancellable_cancel(cancel);
	if (sigwait(&set, &signal_number) == 0)
		_exit(STATUS_INTERRUPTED);
	return NULL;
}

void interrupt_watch(GCancellable *cancel)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	g_thread_unref(g_thread_new("interrupt", wait_for_interrupt, cancel));
}
