// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Making steps: from what they are about to their exact write or command. Internal to core/plan. */

#include "core/plan/plan.h"

/* What a step is about; everything else follows from it. Borrowed texts. */
typedef struct {
	StepKind kind;
	const char *host, *parent, *type, *uuid;
	const char *key;            /* of STEP_WRITE_ATTR */
	const char *before, *after; /* see Step; of STEP_WRITE_ATTR `after` is the value; of
	                               STEP_VF_TYPE both are numbers */
	const char *mdevctl; /* its path on the host: the step runs it. NULL: we write ourselves */
	bool chained, picked;
} StepSpec;

/*
 * The step with its way back; NULL if the parts do not make one (names that cannot stand in a path,
 * more than one edit for one command of mdevctl): plans that were saved to a file pass here too.
 */
Step *step_new(const StepSpec *spec);
void step_free(Step *step);

/* Names in JSON; -1 for none. */
int step_kind_from_name(const char *name);

/* Only these programs of a host are run by steps. */
bool step_program_is_known(const char *path);

/* A plan without steps yet. */
Plan *plan_new(const Inventory *inventory, const char *host);

/* A refusal: fills both out parameters and returns NULL. Takes `text`. */
void *plan_refuse(Status *status, Problem **problem, Status means, const char *host,
                  const char *code, char *text, const char *hint);

/* The refusal of an instance that is in use, or may be; NULL if it may be removed. */
Problem *plan_refuse_use(const Instance *instance, const char *host, bool force);

/* The parent of that name if `type_id` can be made on it, or NULL and the refusal. */
Parent *plan_parent(const Inventory *inventory, const char *host, const char *name,
                    const char *type_id, Status *status, Problem **problem);
/* The parents that creates on `where` go to, one an instance; or NULL and the refusal. */
GPtrArray *plan_parents(const Inventory *inventory, const char *host, const char *where,
                        const char *type_id, const char *uuid, guint count, Status *status,
                        Problem **problem);
/* True if `where` (see plan_create) leaves the parent to the program. */
bool plan_picks(const char *where);
