// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gio/gio.h>

#include "remote/ssh_config.h"

/* What ssh said on standard error, in one line that is safe to show. New. */
char *openssh_words(const char *text, gsize len);

/* Why ssh let nobody in: sets code and message of `error`, a BACKEND_ERROR_*. */
void openssh_explain(const char *text, gsize len, const SshConfig *config, GError *error);
