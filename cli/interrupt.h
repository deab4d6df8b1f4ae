// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gio/gio.h>

/*
 * From now on ^C cancels `cancel`; a second ^C ends the process at once with status 130. To be
 * called once, before any other thread is started. `cancel` must live as long as the process.
 */
void interrupt_watch(GCancellable *cancel);
