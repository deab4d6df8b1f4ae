// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/policy.h"

#include <string.h>

#include "core/compat/rules.h"

G_DEFINE_QUARK(mdevcon - policy - error, policy_error)

static const char *const strictness_names[] = {
	[STRICTNESS_DEFAULT] = "default",
	[STRICTNESS_STRICT] = "strict",
	[STRICTNESS_RELAXED] = "relaxed",
};

static bool parse_strictness(const char *value, Strictness *strictness)
{
	for (guint i = 0; i < G_N_ELEMENTS(strictness_names); i++) {
		if (g_ascii_strcasecmp(value, strictness_names[i]) != 0)
			continue;
		*strictness = (Strictness)i;
		return true;
	}
	return false;
}

static bool bad_value(const char *key, const char *value, const char *wanted, GError **error)
{
	g_set_error(error, POLICY_ERROR, POLICY_ERROR_VALUE, "%s = %s: want %s", key, value,
	            wanted);
	return false;
}

static bool set_strictness(Strictness *strictness, const char *key, const char *value,
                           GError **error)
{
	return parse_strictness(value, strictness) ||
	       bad_value(key, value, "strict, default or relaxed", error);
}

static bool set_rule(CompatPolicy *policy, int nth, const char *key, const char *value,
                     GError **error)
{
	const Rule *rule = &compat_rules[nth];
	bool off = g_ascii_strcasecmp(value, "off") == 0;
	bool on = g_ascii_strcasecmp(value, "on") == 0;

	if (on) {
		policy->off[nth] = false;
		return true;
	}
	if (!off && !parse_strictness(value, &policy->rule[nth]))
		return bad_value(key, value, "on, off, strict, default or relaxed", error);
	if (rule->certainty == CERTAIN_FACT || rule->fixed) {
		policy->rule[nth] = STRICTNESS_DEFAULT;
		g_set_error(error, POLICY_ERROR, POLICY_ERROR_FACT,
		            "%s = %s: rule %s (%s) %s: it cannot be changed", key, value, rule->id,
		            rule->name,
		            rule->certainty == CERTAIN_FACT ? "states a fact"
		                                            : "protects guests and devices");
		return false;
	}
	policy->off[nth] = off;
	return true;
}

static bool set_max_age(CompatPolicy *policy, const char *key, const char *value, GError **error)
{
	guint64 seconds;

	if (!g_ascii_string_to_unsigned(value, 10, 1, 24 * 3600, &seconds, NULL))
		return bad_value(key, value, "1 to 86400 seconds", error);
	policy->max_age_s = (guint)seconds;
	return true;
}

bool policy_set(CompatPolicy *policy, const char *key, const char *value, GError **error)
{
	if (strcmp(key, "strictness") == 0)
		return set_strictness(&policy->heuristics, key, value, error);
	if (strcmp(key, "nvidia_driver") == 0)
		return set_strictness(&policy->nvidia_driver, key, value, error);
	if (strcmp(key, "max_age") == 0)
		return set_max_age(policy, key, value, error);
	int nth = rule_find(key);
	if (nth >= 0)
		return set_rule(policy, nth, key, value, error);
	g_set_error(error, POLICY_ERROR, POLICY_ERROR_KEY,
	            "%s is neither a rule nor strictness, nvidia_driver or max_age", key);
	return false;
}
