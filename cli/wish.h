// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What `create` and `define` are asked to make: read from the line, placed, planned. */

#include "cli/gather.h"
#include "core/plan/plan.h"

typedef struct {
	const char *target; /* the whole operand */
	HostAddress *host;
	const char *where; /* PARENT, card:BDF, or NULL */
	const char *type;
	char *uuid; /* lower case, or NULL */
	guint count;
	GArray *attrs; /* Attr, pointing into the options; or NULL */
	bool define, autostart, start;
} Wish;

/* "K=V" as given, as an attribute; `text` is kept and cut in two. False: no '=' in it. */
bool attr_parse(char *text, Attr *attr);

/* Reads HOST[/WHERE] TYPE and the options. Errors are reported. To be cleared either way. */
Status wish_read(Cli *cli, const char *target, const char *type, Wish *wish);
void wish_clear(Wish *wish);

/* Reads the host, makes the plan and runs it, or says why not. Returns the exit status. */
Status wish_run(Cli *cli, const Wish *wish);
