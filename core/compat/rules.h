// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Inside of compat/: what a rule gets, how it answers, and the table of all rules. Rules are pure:
 * they look at two inventories and nothing else.
 */

#include "core/compat/verdict.h"

typedef enum { CERTAIN_FACT, CERTAIN_VENDOR, CERTAIN_THREAD, CERTAIN_HEURISTIC } RuleCertainty;

/* Who evaluates a rule: rules on inventories have a function, of the others this is the place. */
typedef enum {
	AT_PAIR,      /* here, on two inventories */
	AT_MAPPING,   /* core/compat/mapping.c: all devices of a guest */
	AT_PREFLIGHT, /* the guest and its hypervisors, when a migration is prepared */
	AT_REQUEST,   /* only when the operator asks for it */
	AT_STEP,      /* core/compat/step_checks.c: while a plan runs */
	AT_NOBODY,    /* not built */
} RulePlace;

/* One way in which a rule can come out. The text's {names} are explained at say(). */
typedef struct {
	RuleLevel level;
	bool decides; /* may decide the verdict; false: moves the assurance only */
	const char *text;
} Outcome;

typedef struct Judging Judging;
/* Says zero or more outcomes; false ends the evaluation (later rules are moot). */
typedef bool (*RuleFunc)(Judging *j);

#define OUTCOMES_MAX 9

typedef struct {
	const char *id;
	const char *name; /* "type-id-equal" */
	RuleCertainty certainty;
	RulePlace place;
	bool fixed;         /* not a fact, but cannot be switched off either */
	bool info_is_equal; /* its remarks do not keep a pair from assurance B */
	const char *inputs; /* the readings it needs, in words */
	RuleFunc judge;     /* NULL unless AT_PAIR */
	Outcome outcomes[OUTCOMES_MAX];
} Rule;

extern const Rule compat_rules[]; /* in order of evaluation */
extern const guint compat_rule_count;

const char *rule_certainty_name(RuleCertainty certainty);
/* True if any outcome of it may decide. */
bool rule_is_decisive(const Rule *rule);
/* The place in the table of a rule, by id or name; -1: there is none. */
int rule_find(const char *id_or_name);

/* One question about one parent. Members may be NULL as noted. */
typedef struct {
	const CompatQuestion *q;
	Side source, target;
	const Type *type;         /* the source's type; NULL: an instance whose type is not known */
	const Instance *instance; /* the source's instance, or NULL: the type alone */
	const Parent *parent;     /* the target's parent, or NULL: no parent offers the type */
	const Type *there;        /* that type on `parent`, or NULL */
	const char *type_id;      /* NULL: not known */
	const Instance *named;    /* the target instance that was named, or NULL */
	const Definition *named_definition; /* the same for a definition that is not active */
	bool of_kind; /* a kind of source is judged: what only this one is (R60, R62) is left out */
	Tri migrates_here, migrates_there; /* as debugfs shows it, of this driver */
} Case;

/* What the results come to; kept also where nobody wants their texts. */
typedef struct {
	int worst;        /* rank of the worst deciding level */
	guint differs;    /* remarks and warnings: the fewer the better */
	bool not_equal;   /* something keeps the pair from B */
	bool same_build;  /* R32 compared two builds and found them equal */
	bool open;        /* it is open whether the driver migrates */
	bool oracle;      /* the vendor says live */
	bool offers_plan; /* steps are worth showing although it cannot be migrated live */
	guint todos;
} Score;

struct Judging {
	const Case *c;
	const Rule *rule;
	Verdict *verdict; /* NULL: only the score is wanted */
	Score score;
	const char *chosen; /* uuid of the target instance that would be used, or NULL */
};

/*
 * States an outcome of the rule at hand. In its text {src} and {dst} are the hosts, {type} and
 * {parent} what is judged, {here} and {there} the readings, {1} to {4} the texts that follow (end
 * with NULL); {here:8} is cut to 8 characters.
 */
void say(Judging *j, guint outcome, TextReading here, TextReading there,
         ...) G_GNUC_NULL_TERMINATED;
/* Adds a step; texts are copied, `text` is taken. Call only where texts are wanted (wants_text). */
void add_todo(Judging *j, TodoKind kind, const char *host, const char *uuid, const char *key,
              const char *value, char *text);
/* Counts a step, and is true where its text is wanted: then add_todo must follow. */
bool wants_todo(Judging *j);
static inline bool wants_text(const Judging *j)
{
	return j->verdict != NULL;
}

/* Score of a case without any text. */
Score judge_score(const Case *c);
/* The whole verdict. New. */
Verdict *judge_verdict(const Case *c);
VerdictKind score_verdict(const Score *score);
char score_assurance(const Score *score);
/* Fills what follows from the question, the parent and the type. */
Case case_new(const CompatQuestion *q, const Parent *parent);

/* A reading from plain text: NULL is absent. */
TextReading reading_of(const char *text);
/* The number in `buf`, as a reading. */
TextReading reading_of_number(NumReading number, char buf[static 24]);
static inline bool has_value(TextReading reading)
{
	return reading.state == READ_VALUE;
}
/* A reading that failed, or that nobody made: not the same as one that is absent. */
static inline bool is_unread(TextReading reading)
{
	return reading.state == READ_UNREADABLE;
}
/* "pid 4242 (web01), pid 7"; new text. */
char *users_words(const Instance *instance);

/* mdevcon made it: its journal says so, or the asker does. */
bool instance_is_ours(const CompatQuestion *q, const Instance *instance);
/* Proved idle, and not left in another migration state than RUNNING. */
bool instance_is_free(const Instance *instance);
/* Who owns an instance's guest, as names show: "Proxmox VE"; `*sign`: the name. NULL: nobody. */
const char *instance_owner(const Instance *instance, const char **sign);
/* The guest that uses it has no name that could be seen: it may be anybody's. */
bool instance_owner_hidden(const Instance *instance, const Inventory *inventory);

/* ---- the rules, by family ---- */

/* rules_host.c */
enum { SNAPSHOT_NONE, SNAPSHOT_PARTIAL, SNAPSHOT_OLD };
bool rule_snapshot(Judging *j);
enum { HOST_SAME, HOST_CLONE, HOST_UNREAD, DEVICE_SAME, DEVICE_PERHAPS_SAME };
bool rule_distinct(Judging *j);
enum { ARCH_SAME, ARCH_DIFFERS, ARCH_UNREAD };
bool rule_arch(Judging *j);

/* rules_type.c */
enum { MDEV_NOT, MDEV_UNREAD };
bool rule_is_mdev(Judging *j);
enum { TYPE_OFFERED, TYPE_NOT_ON_HOST, TYPE_NOT_ON_PARENT, TYPE_HOST_EMPTY, TYPE_UNREAD };
bool rule_type_equal(Judging *j);
enum { NEAR_SUFFIX, NEAR_NAME };
bool rule_near_miss(Judging *j);
enum { API_SAME, API_DIFFERS, API_UNREAD, API_STRANGE };
bool rule_device_api(Judging *j);
enum { OTHER_TYPE_NAMED, OTHER_TYPE_THERE, OTHER_TYPE_UNREAD };
bool rule_other_type(Judging *j);

/* rules_vendor.c */
enum {
	VENDOR_CREATE,
	VENDOR_FULL,
	VENDOR_NAME,
	VENDOR_REUSE,
	VENDOR_USED,
	VENDOR_USE_UNREAD,
	VENDOR_OTHER,
	VENDOR_FRAMEWORK,
	VENDOR_UNREAD
};
bool rule_vendor_vfio(Judging *j);
bool inventory_has_vendor_vfio(const Inventory *inventory);

/* rules_capacity.c */
enum { REUSE_NAMED, REUSE_OURS, REUSE_STATE, REUSE_OTHERS, REUSE_PERHAPS, REUSE_NOTHING };
bool rule_idle_instance(Judging *j);
enum { CREATE_ONE, CREATE_UNREAD };
bool rule_creatable(Judging *j);
enum { FULL_USED, FULL_SHARED, FULL_OURS };
bool rule_no_capacity(Judging *j);
enum { DEFINED_START, DEFINED_FULL, DEFINED_OTHER, DEFINED_UNREAD, DEFINED_ALSO };
bool rule_defined(Judging *j);
enum { OTHERS_TOO };

/* rules_driver.c */
enum { MODULE_SAME, MODULE_DIFFERS, MODULE_UNREAD };
bool rule_module(Judging *j);
enum { VERSION_DIFFERS, VERSION_OLDER, VERSION_STRICT, VERSION_UNREAD };
bool rule_module_version(Judging *j);
enum { BUILD_SAME, BUILD_DIFFERS, BUILD_UNREAD };
bool rule_srcversion(Judging *j);
enum { KERNEL_DIFFERS, KERNEL_OLD, KERNEL_OLD_MODULE, KERNEL_OLD_UNSURE, KERNEL_UNREAD };
bool rule_kernel(Judging *j);
enum { SOFTWARE_FITS, SOFTWARE_MAJOR, SOFTWARE_OLDER, SOFTWARE_ODD, SOFTWARE_UNREAD, SOFTWARE_ONE };
bool rule_software_version(Judging *j);
enum { ASKABLE_BOTH, ASKABLE_ONE, ASKABLE_UNREAD };
bool rule_migration_version(Judging *j);

/* rules_support.c */
enum { KNOWN_YES, KNOWN_NO, KNOWN_NOT_YET, KNOWN_UNSURE, KNOWN_OPEN };
bool rule_driver_migrates(Judging *j);
enum { AP_UNPLUG, AP_SAME, AP_DIFFERS, AP_QUEUE_MISSING, AP_QUEUE_TAKEN, AP_CARD, AP_UNREAD };
bool rule_vfio_ap(Judging *j);
enum { CCW_NEVER };
bool rule_vfio_ccw(Judging *j);
enum { GVT_NEVER };
bool rule_gvt(Judging *j);
enum { DEBUGFS_YES, DEBUGFS_NO, DEBUGFS_UNREAD, DEBUGFS_ERROR, DEBUGFS_BUSY };
bool rule_debugfs(Judging *j);
enum {
	BOARD_SAME,
	BOARD_DIFFERS,
	BOARD_SUBSYSTEM,
	BOARD_OTHER_VENDOR,
	BOARD_UNREAD,
	BOARD_OTHER_UNREAD
};
bool rule_board(Judging *j);

/* rules_config.c */
enum { AGGREGATOR_SAME, AGGREGATOR_SET, AGGREGATOR_UNREAD };
bool rule_aggregator(Judging *j);
enum { DYNAMIC_SAME, DYNAMIC_SET, DYNAMIC_UNREAD };
bool rule_dynamic_resources(Judging *j);
enum { SETS_FIT, SETS_MISS, SETS_UNREAD, SETS_ONE, SETS_TYPE };
bool rule_compatible_sets(Judging *j);
enum { ATTRS_SAME, ATTRS_APPLY, ATTRS_NONE, ATTRS_UNREAD };
bool rule_definition_attrs(Judging *j);
enum { SETTING_DIFFERS, SETTING_UNREAD };
bool rule_settings(Judging *j);

/* rules_use.c */
enum { SOURCE_USED, SOURCE_IDLE, SOURCE_UNREAD };
bool rule_source_use(Judging *j);
enum { TARGET_USED, TARGET_UNREAD, TARGET_PERHAPS };
bool rule_target_idle(Judging *j);
enum {
	MANAGED_SOURCE,
	MANAGED_FOREIGN,
	MANAGED_HOST,
	MANAGED_TARGET,
	MANAGED_AUTOSTART,
	MANAGED_UNREAD,
	MANAGED_HIDDEN
};
bool rule_managed(Judging *j);
enum { GROUP_SHARED, GROUP_UNREAD };
bool rule_group(Judging *j);
