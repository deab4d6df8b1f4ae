// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What probe.c and probe_become.c share. */

#include "remote/probe.h"

#define GREETING_MAX (256 * 1024) /* of a talkative login shell */
#define TOKEN_SIZE 33

struct Probe {
	const ProbeLine *line;
	void *data;
	char *root;
	char token[TOKEN_SIZE]; /* nothing on the host can forge a frame */
	GString *in;            /* read and not yet taken */
	gsize scanned;          /* of it, up to where no frame line begins */
	guint64 id;             /* of the last request */
	gint64 euid;
};

gint64 probe_deadline(int ms);
/* Random: nothing on the host can know it. */
bool probe_make_token(char *token, GError **error);
/* Reads once more into `in`. False at the end of the line, or on error. */
bool probe_fill(Probe *probe, gsize max, gint64 deadline, GCancellable *cancel, GError **error);
bool probe_send(Probe *probe, const char *line, gint64 deadline, GCancellable *cancel,
                GError **error);
/* Waits for the script's ready token. */
bool probe_await_ready(Probe *probe, gint64 deadline, GCancellable *cancel, GError **error);
/* The last line that was read and not taken, as text to show. New. */
char *probe_last_words(const Probe *probe);
