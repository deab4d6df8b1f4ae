// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "remote/session.h"

/* One exec channel of a libssh session, which must outlive it. Never NULL. */
Channel *exec_channel_new(Session *session, const char *command);
