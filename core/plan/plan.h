// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Change is a plan: a list of steps, each with its text, the exact write or command, what must hold
 * before, and what would undo it. Dry run, review page, execution, journal, roll-back and "copy as
 * commands" read this list. The kinds of steps are one table (core/plan/kinds.c).
 */

#include "core/backend.h"
#include "core/inventory.h"
#include "core/status.h"

typedef enum {
	STEP_CREATE,     /* an instance, by a write to sysfs */
	STEP_REMOVE,     /* the same, back */
	STEP_DEFINE,     /* a definition that is not there yet */
	STEP_UNDEFINE,   /* the same, back */
	STEP_START,      /* the instance of a definition */
	STEP_STOP,       /* the same, back */
	STEP_AUTOSTART,  /* whether a definition starts at boot */
	STEP_ATTRS,      /* the attributes of a definition, in order */
	STEP_WRITE_ATTR, /* one attribute of an instance */
	STEP_VF_TYPE,    /* the vGPU type of a function of NVIDIA's vendor VFIO interface */
	STEP_KINDS,
} StepKind;

typedef struct Step Step;
struct Step {
	StepKind kind;
	char *host;
	char *text;           /* "create mtty-2 on mtty as 8f3c..." */
	char *parent, *type;  /* may be NULL for STEP_REMOVE; parent: BDF for STEP_VF_TYPE */
	char *uuid;           /* NULL for STEP_VF_TYPE */
	char *key;            /* of STEP_WRITE_ATTR */
	bool picked;          /* a create or start whose parent the program chose */
	char *path, *value;   /* the write; value NULL: the file is removed; path NULL: argv */
	char **argv, *input;  /* the command and its standard input; or NULL */
	char *before, *after; /* definition's text before and after (definition_text.h); or NULL */
	char **preconditions; /* sentences */
	bool chained;         /* runs only if the step before was done; undone with it */
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
	bool strict;      /* nothing is done unless all of it can be, as far as can be seen */
	bool roll_back;   /* a failure undoes all that the plan did, not just its chain */
	GPtrArray *steps; /* Step * */
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

/* What is to be defined. */
typedef struct {
	const char *where; /* as plan_create takes it */
	const char *type;
	const char *uuid; /* NULL: a new one */
	bool autostart;
	const GArray *attrs; /* Attr, in order; or NULL */
	guint count;         /* of definitions; 0 is 1. With a uuid it must be 1 */
	bool start;          /* and started at once */
} DefineWish;

/*
 * plan_define: definitions that are not there yet, and with `start` their instances; an instance
 * that runs already as that type on that parent is only defined. Through the host's mdevctl where
 * it has one, else by writing its files ourselves; the steps' texts say which.
 */
Plan *plan_define(const Inventory *inventory, const char *host, const DefineWish *wish,
                  Status *status, Problem **problem);
/* plan_create with attributes written to each new instance: what fails is removed again. */
Plan *plan_create_with_attrs(const Inventory *inventory, const char *host, const DefineWish *wish,
                             Status *status, Problem **problem);

/*
 * Of one definition, which must be of `inventory`. start and stop act on its instance. A definition
 * that is not as wanted already gives a step; one that is gives a plan whose step says "changed:
 * false". plan_undefine takes a broken definition too.
 */
Plan *plan_undefine(const Inventory *inventory, const char *host, const Definition *definition,
                    Status *status, Problem **problem);
Plan *plan_start(const Inventory *inventory, const char *host, const Definition *definition,
                 Status *status, Problem **problem);
Plan *plan_stop(const Inventory *inventory, const char *host, const Definition *definition,
                bool force, Status *status, Problem **problem);
Plan *plan_autostart(const Inventory *inventory, const char *host, const Definition *definition,
                     bool autostart, Status *status, Problem **problem);
Plan *plan_attrs(const Inventory *inventory, const char *host, const Definition *definition,
                 const GArray *attrs, Status *status, Problem **problem);

/*
 * Writes the number of a vGPU type to a function (a PCI address) of NVIDIA's vendor VFIO interface;
 * `before` is the one it has (0: none). Refused while a process holds the function.
 */
Plan *plan_vf_type(const Inventory *inventory, const char *host, const char *bdf, guint before,
                   guint wanted, Status *status, Problem **problem);

/*
 * What `plan` did according to `results` (StepResult *, in the order of its steps), backwards.
 * Steps without a way back are left out. A remove or undefine of what is gone counts as done.
 */
Plan *plan_undo(const Plan *plan, const GPtrArray *results);

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
 * preconditions, acts, reads back and verifies. A failed step does not stop the others, but those
 * chained to it, and what the chain did is undone; with plan->roll_back a failure undoes everything
 * and ends the run. Cancel stops it. A host that is another machine, or was restarted, since the
 * plan was made is refused. Each step is in the journal (core/plan/journal.h) before it is done.
 * Returns StepResult * array, one per step; what was undone is not "ok" and not "changed".
 */
GPtrArray *plan_run(const Plan *plan, Backend *backend, PlanProgress progress, void *data,
                    GCancellable *cancel);
