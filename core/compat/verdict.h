// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Verdict and assurance of one source against one target host or parent. Pure functions on
 * inventories: no I/O, any thread. docs/compatibility.md says what they mean.
 */

#include "core/compat/policy.h"
#include "core/inventory.h"

typedef enum {
	LEVEL_OK,
	LEVEL_INFO,
	LEVEL_WARN,
	LEVEL_ACTION,
	LEVEL_BLOCKED,
	LEVEL_INCOMPATIBLE,
	LEVEL_UNKNOWN,
} RuleLevel;

typedef enum {
	VERDICT_READY,
	VERDICT_ACTION,
	VERDICT_BLOCKED,
	VERDICT_INCOMPATIBLE,
	VERDICT_UNKNOWN,
} VerdictKind;

typedef struct {
	const char *id; /* "R11" */
	bool decisive;  /* this result may decide the verdict; others move the assurance */
	RuleLevel level;
	char *text; /* one line, reason first, with the values of both sides */
	ReadState source_state, target_state;
	char *source, *target; /* the compared values, or NULL */
} RuleResult;

/* What there is to do before a migration, in the order in which it is done. */
typedef enum {
	TODO_UNPLUG, /* take the device out of the guest (vfio_ap) */
	TODO_CREATE,
	TODO_START,   /* a definition of mdevctl */
	TODO_REUSE,   /* an instance that mdevcon made */
	TODO_SET,     /* an attribute of the target instance */
	TODO_BY_HAND, /* something that only a person can compare */
	TODO_MIGRATE, /* the guest, without the device */
	TODO_PLUG,
} TodoKind;

typedef struct {
	TodoKind kind;
	char *host, *text;
	char *parent, *type, *uuid; /* what it is about; may be NULL */
	char *key, *value;          /* TODO_SET: the attribute; else NULL */
} Todo;

typedef struct {
	VerdictKind verdict;
	char assurance;     /* 'A' to 'D' */
	char *summary;      /* "same type, driver not compared" */
	const char *source; /* label of the source host; the caller's */
	const char *target; /* label of the target host; the caller's */
	char *parent;       /* the target parent that was judged, or NULL */
	char *instance;     /* the target instance that would be used, or NULL */
	GPtrArray *rules;   /* RuleResult *, in order of evaluation */
	GPtrArray *todos;   /* Todo *: what to do, in order */
	char *why; /* the deciding reason in a few words: after BLOCKED/CANNOT/CANNOT TELL */
} Verdict;

/* One side of a comparison: the host's label and inventory (NULL: nothing known of it). */
typedef struct {
	const char *host;
	const Inventory *inventory;
} Side;

/* True if mdevcon made that instance, beside those marked `ours`. Must be thread-safe. */
typedef bool (*OursFunc)(const Side *side, const Instance *instance, void *data);

/* What is asked. All is borrowed; zeroes are sensible everywhere. */
typedef struct {
	Side source;
	const Type *type;         /* the source's type; NULL: that of `instance` */
	const Instance *instance; /* the source's instance; NULL: the type alone */
	Side target;
	const Parent *parent;       /* NULL: the best parent of the target host */
	const char *named;          /* uuid of *the* target instance or definition, or NULL */
	const CompatPolicy *policy; /* NULL: the default */
	bool foreign;               /* the operator takes a guest that another manager owns */
	OursFunc is_ours;           /* beside what the inventory says; NULL: nothing more */
	void *ours_data;
	gint64 now; /* seconds since the epoch; 0: ages are not judged */
} CompatQuestion;

/* Judges. With no parent given: the best one, with R23 telling of the others. New. */
Verdict *verdict_answer(const CompatQuestion *question);
/*
 * One verdict for each parent of the target that offers the type, best first; for each parent where
 * none does; one without a parent where the host has none. Verdict *, new.
 */
GPtrArray *verdict_per_parent(const CompatQuestion *question);
/* The same question in short. New. */
Verdict *verdict_new(Side source, const Type *type, const Instance *instance, Side target,
                     const Parent *parent);
void verdict_free(Verdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verdict, verdict_free)

/* The text of a step: verdict->todos holds Todo *. */
const char *verdict_todo(const Verdict *verdict, guint i);

/* '=', '+', '~', 'x' or '?' — and the words: "READY", "READY AFTER 1 STEP", "BLOCKED NOW", ... */
const char *verdict_sign(VerdictKind kind, bool ascii);
char *verdict_words(const Verdict *verdict);
/* The lower the sooner it is offered: the order of best targets. */
int verdict_offer_rank(VerdictKind kind);
const char *verdict_name(VerdictKind kind); /* JSON: "ready", "action", ... */
const char *rule_level_name(RuleLevel level);
const char *todo_kind_name(TodoKind kind); /* JSON: "create", "set", ... */
