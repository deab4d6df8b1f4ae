// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/rules.h"

/* In order of evaluation (annex B): a rule that answers false ends it. */
const Rule compat_rules[] = {
	{ "R00", "snapshot-valid", "heuristic", rule_snapshot },
	{ "R01", "distinct-host", "heuristic", rule_distinct },
	{ "R02", "arch", "fact", rule_arch },
	{ "R10", "source-is-mdev", "fact", rule_is_mdev },
	{ "R11", "type-id-equal", "fact", rule_type_equal },
	{ "R13", "device-api-equal", "fact", rule_device_api },
	{ "R49", "known-drivers", "fact", rule_driver_migrates },
	{ "R21", "capacity", "fact", rule_capacity },
	{ "R61", "target-idle", "fact", rule_target_idle },
	{ "R30", "module-equal", "heuristic", rule_module },
	{ "R31", "module-build", "heuristic", rule_module_build },
};
const guint compat_rule_count = G_N_ELEMENTS(compat_rules);

static void rule_result_free(RuleResult *result)
{
	g_free(result->text);
	g_free(result->source);
	g_free(result->target);
	g_free(result);
}

void verdict_add(Verdict *verdict, const char *id, bool decisive, RuleLevel level,
                 TextReading source, TextReading target, char *text)
{
	RuleResult *result = g_new0(RuleResult, 1);
	result->id = id;
	result->decisive = decisive;
	result->level = level;
	result->text = text;
	result->source_state = source.state;
	result->source = g_strdup(source.s);
	result->target_state = target.state;
	result->target = g_strdup(target.s);
	g_ptr_array_add(verdict->rules, result);
}

void verdict_add_step(Verdict *verdict, char *text)
{
	g_ptr_array_add(verdict->steps, text);
}

TextReading reading_of(const char *text)
{
	return (TextReading){ text ? READ_VALUE : READ_ABSENT, 0, text };
}

/* How bad a decisive level is; the worst one is the verdict. */
static const struct {
	int rank;
	VerdictKind verdict;
} level_means[] = {
	[LEVEL_OK] = { 0, VERDICT_READY },
	[LEVEL_INFO] = { 0, VERDICT_READY },
	[LEVEL_WARN] = { 0, VERDICT_READY },
	[LEVEL_ACTION] = { 1, VERDICT_ACTION },
	[LEVEL_UNKNOWN] = { 2, VERDICT_UNKNOWN },
	[LEVEL_BLOCKED] = { 3, VERDICT_BLOCKED },
	[LEVEL_INCOMPATIBLE] = { 4, VERDICT_INCOMPATIBLE },
};

static void decide(Verdict *verdict)
{
	int worst = -1;

	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *rule = g_ptr_array_index(verdict->rules, i);
		int rank = rule->decisive ? level_means[rule->level].rank : -1;
		if (rank <= worst)
			continue;
		worst = rank;
		verdict->verdict = level_means[rule->level].verdict;
		g_free(verdict->why);
		verdict->why = g_strdup(rule->text);
	}
}

static const RuleResult *find_level(const Verdict *verdict, RuleLevel level, bool decisive)
{
	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *rule = g_ptr_array_index(verdict->rules, i);
		if (rule->level == level && rule->decisive == decisive)
			return rule;
	}
	return NULL;
}

/*
 * The assurance. This build reads no settings of instances, so B (same settings too) is out of
 * reach, and A needs a vendor's oracle: C, or D where something decisive could not be read.
 */
static void grade(Verdict *verdict)
{
	const RuleResult *differs = find_level(verdict, LEVEL_WARN, false);

	if (!differs)
		differs = find_level(verdict, LEVEL_INFO, false);
	verdict->assurance = verdict->verdict == VERDICT_UNKNOWN ? 'D' : 'C';
	if (verdict->verdict == VERDICT_UNKNOWN)
		verdict->summary = g_strdup("essential evidence is missing");
	else if (differs)
		verdict->summary = g_strdup("same type, but something differs");
	else if (find_level(verdict, LEVEL_UNKNOWN, false))
		verdict->summary = g_strdup("same type, not all comparable");
	else
		verdict->summary = g_strdup("same driver, settings not read");
}

static Verdict *judge(const Case *c)
{
	Verdict *verdict = g_new0(Verdict, 1);

	verdict->rules = g_ptr_array_new_with_free_func((GDestroyNotify)rule_result_free);
	verdict->steps = g_ptr_array_new_with_free_func(g_free);
	verdict->parent = g_strdup(c->parent ? c->parent->name : NULL);
	for (guint i = 0; i < compat_rule_count; i++)
		if (!compat_rules[i].judge(c, verdict))
			break;
	decide(verdict);
	if (verdict->verdict == VERDICT_READY || verdict->verdict == VERDICT_ACTION ||
	    verdict->verdict == VERDICT_UNKNOWN)
		grade(verdict);
	else
		verdict->summary = g_strdup(verdict->why);
	if (!verdict->assurance)
		verdict->assurance = 'C';
	if (verdict->verdict != VERDICT_ACTION)
		g_ptr_array_set_size(verdict->steps, 0);
	return verdict;
}

/* Order of offering: what can be done now before what cannot (annex B). */
static const int offer_rank[] = {
	[VERDICT_READY] = 0,   [VERDICT_ACTION] = 1,       [VERDICT_BLOCKED] = 2,
	[VERDICT_UNKNOWN] = 3, [VERDICT_INCOMPATIBLE] = 4,
};

/* True if `a` on `pa` is offered before `b` on `pb`; parents come in name order, so ties keep it.
 */
static bool is_better(const Verdict *a, const Type *ta, const Verdict *b, const Type *tb)
{
	if (offer_rank[a->verdict] != offer_rank[b->verdict])
		return offer_rank[a->verdict] < offer_rank[b->verdict];
	if (a->assurance != b->assurance)
		return a->assurance < b->assurance;
	return ta->available.state == READ_VALUE &&
	       (tb->available.state != READ_VALUE || ta->available.n > tb->available.n);
}

static Verdict *judge_best(Case c)
{
	Verdict *best = NULL;
	const Type *best_type = NULL;

	for (guint i = 0; c.target.inventory && i < c.target.inventory->parents->len; i++) {
		c.parent = g_ptr_array_index(c.target.inventory->parents, i);
		c.there = c.type_id ? parent_type(c.parent, c.type_id) : NULL;
		if (!c.there)
			continue;
		Verdict *verdict = judge(&c);
		if (best && !is_better(verdict, c.there, best, best_type)) {
			verdict_free(verdict);
			continue;
		}
		verdict_free(best);
		best = verdict;
		best_type = c.there;
	}
	if (best)
		return best;
	c.parent = NULL;
	c.there = NULL;
	return judge(&c);
}

Verdict *verdict_new(Side source, const Type *type, const Instance *instance, Side target,
                     const Parent *parent)
{
	Case c = { .source = source,
		   .target = target,
		   .type = type,
		   .instance = instance,
		   .parent = parent };

	if (!c.type && instance)
		c.type = instance->type_ref;
	c.type_id = c.type ? c.type->id : instance ? instance->type.s : NULL;
	if (!parent)
		return judge_best(c);
	c.there = c.type_id ? parent_type(parent, c.type_id) : NULL;
	return judge(&c);
}

void verdict_free(Verdict *verdict)
{
	if (!verdict)
		return;
	g_free(verdict->summary);
	g_free(verdict->parent);
	g_free(verdict->instance);
	g_free(verdict->why);
	g_ptr_array_unref(verdict->rules);
	g_ptr_array_unref(verdict->steps);
	g_free(verdict);
}

static const struct {
	const char *name, *sign, *ascii, *words;
} verdict_texts[] = {
	[VERDICT_READY] = { "ready", "=", "=", "READY" },
	[VERDICT_ACTION] = { "action", "+", "+", "READY AFTER" },
	[VERDICT_BLOCKED] = { "blocked", "~", "~", "BLOCKED NOW" },
	[VERDICT_INCOMPATIBLE] = { "incompatible", "×", "x", "CANNOT" },
	[VERDICT_UNKNOWN] = { "unknown", "?", "?", "CANNOT TELL" },
};

const char *verdict_sign(VerdictKind kind, bool ascii)
{
	return ascii ? verdict_texts[kind].ascii : verdict_texts[kind].sign;
}

const char *verdict_name(VerdictKind kind)
{
	return verdict_texts[kind].name;
}

char *verdict_words(const Verdict *verdict)
{
	const char *words = verdict_texts[verdict->verdict].words;
	guint n = verdict->steps->len;

	if (verdict->verdict != VERDICT_ACTION)
		return g_strdup(words);
	return g_strdup_printf("%s %u STEP%s", words, n, n == 1 ? "" : "S");
}

const char *rule_level_name(RuleLevel level)
{
	static const char *const names[] = {
		[LEVEL_OK] = "ok",           [LEVEL_INFO] = "info",
		[LEVEL_WARN] = "warn",       [LEVEL_ACTION] = "action",
		[LEVEL_BLOCKED] = "blocked", [LEVEL_INCOMPATIBLE] = "incompatible",
		[LEVEL_UNKNOWN] = "unknown",
	};
	return names[level];
}
