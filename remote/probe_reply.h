// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/facts.h"

/*
 * Turns the lines of a scan's reply (see probe.sh) into facts. `lines` is what stood between the
 * frame lines; it is cut up in place. Lines that make no sense are an error
 * (BACKEND_ERROR_PROTOCOL): a reply is whole or it is none. `root` is what the script was given.
 */
Facts *probe_reply_facts(char *lines, gsize len, const char *root, GError **error);

/* The errno that a tool's message or name stands for; EIO where it is not one we know. */
int probe_errno(const char *text);
