// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Change is a plan: a list of steps, each with its text, the exact write, what must hold before,
 * and what would undo it. Dry run, review page, execution and "copy as commands" read this list.
 */

#include "core/backend.h"
#include "core/inventory.h"
#include "core/status.h"

typedef enum { STEP_CREATE, STEP_REMOVE } StepKind;

typedef struct Step Step;
struct Step {
	StepKind kind;
	char *host;
	char *text;          /* "create mtty-2 on mtty as 8f3c..." */
	char *parent, *type; /* may be NULL for STEP_REMOVE */
	char *uuid;
	bool picked;          /* a create whose parent the program chose */
	char *path, *value;   /* the write */
	char **preconditions; /* sentences */
	Step *undo;           /* or NULL */
};

typedef struct {
	char *id;      /* uuid of the plan */
	char *purpose; /* "create 1 mtty-2 on lab-a" */
	gint64 made_at;
	char *host;
	char *machine_id, *boot_id; /* of that host when planned; NULL if not known */
	bool force;                 /* "use unknown" does not refuse */
	bool if_exists;             /* a remove of what is gone is done */
	GPtrArray *steps;           /* Step * */
} Plan;

/*
 * Plans. On failure NULL, with a Problem and a status: not found (3) for no such parent, type or
 * instance, refused (4) for in use, no capacity is left to the kernel's own answer.
 *
 * plan_create: `count` instances of `type_id` on `where`: a parent, "card:BDF", or NULL for the
 * host; a card or host picks its parents (core/plan/place.h). `uuid` NULL: new ones are generated
 * (`count` must be 1 with a uuid). A uuid that exists as that type on that parent gives a plan with
 * the step kept: running it reports "changed: false".
 */
Plan *plan_create(const Inventory *inventory, const char *host, const char *where,
                  const char *type_id, const char *uuid, guint count, Status *status,
                  Problem **problem);
/* plan_remove: instances by uuid or unique prefix. In use, or use unknown without `force`: refused.
 */
Plan *plan_remove(const Inventory *inventory, const char *host, const char *const *uuids,
                  bool force, bool if_exists, Status *status, Problem **problem);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* The step as a shell line that does the same on that host, quoted. New text. */
char *step_command(const Step *step);

/* One outcome per step. */
typedef struct {
	char *target; /* HOST/UUID */
	bool ok, changed;
	char *text; /* what happened, in words */
	Status status;
	Problem *problem; /* or NULL */
} StepResult;

void step_result_free(StepResult *result);

/* Called after each step (may be NULL): on the runner's thread. */
typedef void (*PlanProgress)(const Plan *plan, guint step, const StepResult *result, void *data);

/*
 * Runs the steps on the backend's thread, in order: reads the host anew, checks each step's
 * preconditions, writes, reads back and verifies. A failed step does not stop the others (they are
 * independent); cancel does. Returns StepResult * array, one per step.
 */
GPtrArray *plan_run(const Plan *plan, Backend *backend, PlanProgress progress, void *data,
                    GCancellable *cancel);
