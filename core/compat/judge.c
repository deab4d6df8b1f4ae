// SPDX-License-Identifier: GPL-2.0-or-later

/* How rules are run, and what their results come to. */

#include "core/compat/rules.h"

#include <stdarg.h>
#include <string.h>

#define EXTRAS_MAX 4

TextReading reading_of(const char *text)
{
	return (TextReading){ text ? READ_VALUE : READ_ABSENT, 0, text };
}

TextReading reading_of_number(NumReading number, char buf[static 24])
{
	g_snprintf(buf, 24, "%" G_GINT64_FORMAT, number.n);
	return (TextReading){ number.state, number.err, number.state == READ_VALUE ? buf : NULL };
}

char *users_words(const Instance *instance)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		const InstanceUser *user = &g_array_index(instance->users, InstanceUser, i);
		g_string_append_printf(out, "%spid %" G_GINT64_FORMAT, i ? ", " : "", user->pid);
		if (user->vm)
			g_string_append_printf(out, " (%s)", user->vm);
	}
	return g_string_free(out, FALSE);
}

/* ---- texts ---- */

typedef struct {
	const char *name;
	const char *value;
} Word;

static const char *reading_words(TextReading reading)
{
	if (reading.state == READ_VALUE)
		return reading.s;
	return reading.state == READ_UNREADABLE ? "unreadable" : "none";
}

/* Appends what {name} or {name:8} stands for; the text after the closing brace. */
static const char *expand_word(GString *out, const char *at, const Word *words, guint count)
{
	const char *end = strchr(at, '}');
	gsize name = strcspn(at, ":}");
	gssize cut = at[name] == ':' ? g_ascii_strtoll(at + name + 1, NULL, 10) : -1;

	for (guint i = 0; i < count; i++) {
		if (strlen(words[i].name) != name || strncmp(words[i].name, at, name) != 0)
			continue;
		const char *value = words[i].value ? words[i].value : "?";
		g_string_append_len(out, value, cut >= 0 ? (gssize)strnlen(value, (gsize)cut) : -1);
	}
	return end + 1;
}

static char *expand(const char *text, const Word *words, guint count)
{
	GString *out = g_string_sized_new(96);

	while (*text) {
		gsize plain = strcspn(text, "{");
		g_string_append_len(out, text, (gssize)plain);
		text += plain;
		if (*text)
			text = expand_word(out, text + 1, words, count);
	}
	return g_string_free(out, FALSE);
}

static void add_result(Judging *j, const Outcome *outcome, RuleLevel level, bool decides,
                       TextReading here, TextReading there, const char *const *extras)
{
	const Case *c = j->c;
	const Word words[] = {
		{ "src", c->source.host },
		{ "dst", c->target.host },
		{ "type", c->type_id },
		{ "parent", c->parent ? c->parent->name : NULL },
		{ "here", reading_words(here) },
		{ "there", reading_words(there) },
		{ "1", extras[0] },
		{ "2", extras[1] },
		{ "3", extras[2] },
		{ "4", extras[3] },
	};
	RuleResult *result = g_new0(RuleResult, 1);

	result->id = j->rule->id;
	result->decisive = decides;
	result->level = level;
	result->text = expand(outcome->text, words, G_N_ELEMENTS(words));
	result->source_state = here.state;
	result->source = has_value(here) ? g_strdup(here.s) : NULL;
	result->target_state = there.state;
	result->target = has_value(there) ? g_strdup(there.s) : NULL;
	g_ptr_array_add(j->verdict->rules, result);
}

/* ---- levels ---- */

/* How bad a deciding level is; the worst one is the verdict. */
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

/* What the policy makes of a difference that a rule which is no fact has found. */
static void apply_policy(const Judging *j, RuleLevel *level, bool *decides)
{
	const CompatPolicy *policy = j->c->q->policy;

	if (!policy || *level != LEVEL_WARN || j->rule->certainty == CERTAIN_FACT || j->rule->fixed)
		return;
	Strictness strictness = policy->rule[j->rule - compat_rules];
	if (strictness == STRICTNESS_DEFAULT && j->rule->certainty == CERTAIN_HEURISTIC)
		strictness = policy->heuristics;
	if (strictness == STRICTNESS_STRICT) {
		*level = LEVEL_INCOMPATIBLE;
		*decides = true;
	} else if (strictness == STRICTNESS_RELAXED) {
		*level = LEVEL_INFO;
	}
}

static void count(Judging *j, RuleLevel level, bool decides)
{
	Score *score = &j->score;

	if (decides && level_means[level].rank > score->worst)
		score->worst = level_means[level].rank;
	if (level == LEVEL_INFO || level == LEVEL_WARN)
		score->differs++;
	if (level == LEVEL_WARN || (level == LEVEL_UNKNOWN && !decides) ||
	    (level == LEVEL_INFO && !j->rule->info_is_equal))
		score->not_equal = true;
}

void say(Judging *j, guint nth, TextReading here, TextReading there, ...)
{
	const Outcome *outcome = &j->rule->outcomes[nth];
	RuleLevel level = outcome->level;
	bool decides = outcome->decides;
	const char *extras[EXTRAS_MAX] = { NULL };
	va_list args;

	apply_policy(j, &level, &decides);
	count(j, level, decides);
	if (!j->verdict)
		return;
	va_start(args, there);
	for (guint i = 0; i < EXTRAS_MAX; i++)
		if (!(extras[i] = va_arg(args, const char *)))
			break;
	va_end(args);
	add_result(j, outcome, level, decides, here, there, extras);
}

bool wants_todo(Judging *j)
{
	j->score.todos++;
	return j->verdict != NULL;
}

void add_todo(Judging *j, TodoKind kind, const char *host, const char *uuid, const char *key,
              const char *value, char *text)
{
	Todo *todo = g_new0(Todo, 1);

	todo->kind = kind;
	todo->host = g_strdup(host);
	todo->parent = g_strdup(j->c->parent ? j->c->parent->name : NULL);
	todo->type = g_strdup(j->c->type_id);
	todo->uuid = g_strdup(uuid);
	todo->key = g_strdup(key);
	todo->value = g_strdup(value);
	todo->text = text;
	g_ptr_array_add(j->verdict->todos, todo);
}

/* ---- the run ---- */

static void run_rules(Judging *j)
{
	const CompatPolicy *policy = j->c->q->policy;

	for (guint i = 0; i < compat_rule_count; i++) {
		j->rule = &compat_rules[i];
		if (!j->rule->judge || (policy && policy->off[i]))
			continue;
		if (!j->rule->judge(j))
			break;
	}
}

VerdictKind score_verdict(const Score *score)
{
	static const VerdictKind of_rank[] = { VERDICT_READY, VERDICT_ACTION, VERDICT_UNKNOWN,
		                               VERDICT_BLOCKED, VERDICT_INCOMPATIBLE };
	VerdictKind kind = of_rank[score->worst];

	return kind == VERDICT_READY && score->todos > 0 ? VERDICT_ACTION : kind;
}

/*
 * A: the vendor's oracle says live. B: same type, same driver build, same settings. C: something
 * differs or could not be compared. D: essential evidence is missing.
 */
char score_assurance(const Score *score)
{
	if (score_verdict(score) == VERDICT_UNKNOWN || (score->open && !score->same_build))
		return 'D';
	if (score->oracle)
		return 'A';
	return score->same_build && !score->not_equal && !score->open ? 'B' : 'C';
}

Score judge_score(const Case *c)
{
	Judging j = { .c = c };

	run_rules(&j);
	return j.score;
}

static void rule_result_free(RuleResult *result)
{
	g_free(result->text);
	g_free(result->source);
	g_free(result->target);
	g_free(result);
}

static void todo_free(Todo *todo)
{
	g_free(todo->host);
	g_free(todo->text);
	g_free(todo->parent);
	g_free(todo->type);
	g_free(todo->uuid);
	g_free(todo->key);
	g_free(todo->value);
	g_free(todo);
}

/* Insertion sort by kind: stable, and there are a handful. */
static void sort_todos(GPtrArray *todos)
{
	for (guint i = 1; i < todos->len; i++) {
		for (guint k = i; k > 0; k--) {
			Todo **at = (Todo **)&todos->pdata[k - 1];
			if (at[0]->kind <= at[1]->kind)
				break;
			Todo *swap = at[0];
			at[0] = at[1];
			at[1] = swap;
		}
	}
}

/* The first result that made the verdict what it is. */
static char *deciding_text(const Verdict *verdict, int worst)
{
	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *rule = g_ptr_array_index(verdict->rules, i);
		if (rule->decisive && level_means[rule->level].rank == worst)
			return g_strdup(rule->text);
	}
	return NULL;
}

static char *summary_of(const Verdict *verdict, const Score *score)
{
	static const struct {
		char assurance;
		const char *text;
	} texts[] = {
		{ 'A', "the vendor's tool says live" },
		{ 'B', "same type, same driver build, same settings" },
		{ 'D', "essential evidence is missing" },
	};

	if (verdict->verdict == VERDICT_BLOCKED || verdict->verdict == VERDICT_INCOMPATIBLE)
		return g_strdup(verdict->why);
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i].assurance == verdict->assurance)
			return g_strdup(texts[i].text);
	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *rule = g_ptr_array_index(verdict->rules, i);
		if (rule->level == LEVEL_WARN)
			return g_strdup("same type, but something differs");
	}
	return g_strdup(score->open ? "same type, but does its driver migrate?"
	                            : "same type, not all comparable");
}

Verdict *judge_verdict(const Case *c)
{
	Verdict *verdict = g_new0(Verdict, 1);
	Judging j = { .c = c, .verdict = verdict };

	verdict->rules = g_ptr_array_new_with_free_func((GDestroyNotify)rule_result_free);
	verdict->todos = g_ptr_array_new_with_free_func((GDestroyNotify)todo_free);
	verdict->source = c->source.host;
	verdict->target = c->target.host;
	verdict->parent = g_strdup(c->parent ? c->parent->name : NULL);
	run_rules(&j);
	verdict->verdict = score_verdict(&j.score);
	verdict->assurance = score_assurance(&j.score);
	verdict->instance = g_strdup(j.chosen);
	verdict->why = deciding_text(verdict, j.score.worst);
	verdict->summary = summary_of(verdict, &j.score);
	if (verdict->verdict != VERDICT_ACTION && !j.score.offers_plan)
		g_ptr_array_set_size(verdict->todos, 0);
	sort_todos(verdict->todos);
	return verdict;
}

/* ---- the case ---- */

/* What debugfs shows of this driver: of the instance, else of any other on the same parent. */
static Tri migrates_as_seen(const Instance *instance, const Parent *parent)
{
	if (instance && instance->migration != TRI_UNKNOWN)
		return instance->migration;
	for (guint i = 0; parent && i < parent->types->len; i++) {
		const Type *type = g_ptr_array_index(parent->types, i);
		for (guint k = 0; k < type->instances->len; k++) {
			const Instance *other = g_ptr_array_index(type->instances, k);
			if (other->migration != TRI_UNKNOWN)
				return other->migration;
		}
	}
	return TRI_UNKNOWN;
}

/* The named instance of exactly that uuid, or function of that address; NULL: not seen. */
static const Instance *named_instance(const CompatQuestion *q)
{
	for (guint i = 0;
	     q->named && q->target.inventory && i < q->target.inventory->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(q->target.inventory->instances, i);
		if (g_ascii_strcasecmp(instance->id, q->named) == 0)
			return instance;
	}
	return NULL;
}

Case case_new(const CompatQuestion *q, const Parent *parent)
{
	Case c = { .q = q,
		   .source = q->source,
		   .target = q->target,
		   .type = q->type,
		   .instance = q->instance,
		   .parent = parent };

	if (!c.type && q->instance)
		c.type = q->instance->type_ref;
	c.type_id = c.type ? c.type->id : q->instance ? q->instance->type.s : NULL;
	c.there = parent && c.type_id ? parent_type(parent, c.type_id) : NULL;
	c.named = named_instance(q);
	if (c.named && parent && c.named->parent != parent)
		c.named = NULL;
	if (q->named && !c.named && parent)
		c.named_definition =
			inventory_definition(q->target.inventory, parent->name, q->named);
	c.migrates_here = migrates_as_seen(q->instance, c.type ? c.type->parent : NULL);
	c.migrates_there = migrates_as_seen(c.named, parent);
	return c;
}
