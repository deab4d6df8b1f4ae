// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * How strict an operator wants the rules that are not facts: heuristics, and what vendors publish.
 * Facts cannot be switched off. Plain data; read-only once made, so any thread may share it.
 */

#include <glib.h>
#include <stdbool.h>

typedef enum {
	STRICTNESS_DEFAULT,
	STRICTNESS_STRICT,  /* a difference is a refusal */
	STRICTNESS_RELAXED, /* a difference is a remark */
} Strictness;

#define COMPAT_RULES_MAX 64

typedef struct {
	Strictness heuristics;             /* of all rules that are heuristics */
	Strictness nvidia_driver;          /* R31 for NVIDIA's driver */
	Strictness rule[COMPAT_RULES_MAX]; /* by place in the table; goes before `heuristics` */
	bool off[COMPAT_RULES_MAX];
	guint max_age_s; /* R00: older data of a running host says nothing; 0: 60 */
} CompatPolicy;

typedef enum { POLICY_ERROR_KEY, POLICY_ERROR_VALUE, POLICY_ERROR_FACT } PolicyError;
#define POLICY_ERROR (policy_error_quark())
GQuark policy_error_quark(void);

/*
 * One key and value, as in a file's section [compat]:
 *   strictness = strict | default | relaxed      all heuristics
 *   nvidia_driver = strict | default | relaxed   equal driver versions demanded, or not
 *   max_age = SECONDS
 *   RULE = strict | default | relaxed | on | off  RULE: an id (R44) or a name (module-version)
 * False with an error that names the key; for a fact POLICY_ERROR_FACT, which names the rule.
 */
bool policy_set(CompatPolicy *policy, const char *key, const char *value, GError **error);
