// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <glib.h>

/*
 * What the host's login shell is asked to run: it reads a script up to a line "@END" and becomes
 * it, so that requests can follow on the same standard input (dash and busybox read ahead when a
 * script comes as their input). Understood by bash, dash, ash, fish and tcsh.
 */
#define PROBE_LOADER \
	"n=$(printf \"\\nx\"); n=${n%x}; s=; while IFS= read -r l; do " \
	"case $l in @END) break;; esac; s=$s$l$n; done; eval \"$s\""
#define PROBE_COMMAND "exec /bin/sh -c '" PROBE_LOADER "'"

/*
 * The whole script with its closing line: probe.sh and, made from core/paths.h, the function that
 * reads. `token` marks the frames (letters and digits); below `root` it reads ("" for a real host).
 * New text.
 */
char *probe_script(const char *token, const char *root);

/* One argument of a request: bytes as escapes of printf's %b, so that nothing is shell text. */
void probe_append_argument(GString *request, const char *argument);
