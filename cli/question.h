// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What check, best and matrix share: the source that was named, the policy, the exit status. */

#include "cli/gather.h"
#include "core/compat/verdict.h"

/* HOST/UUID, HOST/PARENT/UUID, HOST/vf:BDF or HOST/vm:NAME. */
typedef struct {
	const char *operand; /* as typed */
	HostAddress *host;
	const char *vm;       /* points into the operand; NULL: an instance was named */
	char *parent, *id;    /* of HOST/PARENT/UUID, and the uuid or its beginning */
	const Visit *visit;   /* set by source_find() */
	GPtrArray *instances; /* Instance *: all of the guest, or the one; the visit's */
} Source;

/* NULL for what is malformed (reported). */
Source *source_parse(Cli *cli, const char *operand);
/* Finds it in what was read; what is wrong is reported. */
Status source_find(Cli *cli, Source *source, const GPtrArray *visits);
/* "gpu-a/8f3c1c77-..." of its nth instance, or "gpu-a/vm:web-7". New text. */
char *source_instance_name(const Source *source, guint nth);
char *source_name(const Source *source);
void source_free(Source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)

/* Reports what could not be read of the hosts, and begins the list of pairs. */
void question_report(Cli *cli, const GPtrArray *visits);

/* The policy of --config, or the default. */
Status question_policy(Cli *cli, CompatPolicy *policy);

/* Of the source's nth instance; targets are set by the caller. Borrows `policy`. */
CompatQuestion question_new(const Source *source, guint nth, const CompatPolicy *policy);

/* The visit of a host, or NULL. */
const Visit *question_visit(const GPtrArray *visits, const HostAddress *host);

/*
 * What verdicts come to as an exit status: that of the best one. `statuses`: of the hosts that were
 * asked for targets; where none of them answered, theirs.
 */
Status question_status(const Cli *cli, const VerdictKind *kinds, guint n, const GArray *statuses);
