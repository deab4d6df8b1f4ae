// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/ranking.h"

#include <string.h>

static bool is_same_node(const Type *source, const Parent *target)
{
	NumReading a = source ? source->parent->numa_node : (NumReading){ 0 };

	return a.state == READ_VALUE && a.n >= 0 && target->numa_node.state == READ_VALUE &&
	       a.n == target->numa_node.n;
}

Ranked ranked_new(const CompatQuestion *q, const Parent *parent)
{
	Case c = case_new(q, parent);
	Score score = judge_score(&c);
	NumReading available = c.there ? c.there->available : (NumReading){ 0 };

	return (Ranked){
		.verdict = score_verdict(&score),
		.assurance = score_assurance(&score),
		.differs = score.differs,
		.same_node = parent && is_same_node(c.type, parent),
		.available = available.state == READ_VALUE ? available.n : -1,
		.host = q->target.host,
		.parent = parent,
	};
}

/*
 * Order of offering, the same in which results make a verdict: of two parents, one that could not
 * be read may do yet, one that is blocked is known not to do now.
 */
static const int offer_rank[] = {
	[VERDICT_READY] = 0,   [VERDICT_ACTION] = 1,       [VERDICT_UNKNOWN] = 2,
	[VERDICT_BLOCKED] = 3, [VERDICT_INCOMPATIBLE] = 4,
};

int verdict_offer_rank(VerdictKind kind)
{
	return offer_rank[kind];
}

gint ranked_compare(gconstpointer first, gconstpointer second)
{
	const Ranked *a = first, *b = second;

	if (a->verdict != b->verdict)
		return offer_rank[a->verdict] - offer_rank[b->verdict];
	if (a->assurance != b->assurance)
		return a->assurance - b->assurance;
	if (a->differs != b->differs)
		return a->differs < b->differs ? -1 : 1;
	if (a->same_node != b->same_node)
		return a->same_node ? -1 : 1;
	if (a->available != b->available)
		return a->available > b->available ? -1 : 1;
	int order = strcmp(a->host, b->host);
	if (order != 0 || !a->parent || !b->parent)
		return order;
	return strcmp(a->parent->name, b->parent->name);
}

void verdict_remark(Verdict *verdict, const char *rule, guint outcome, const char *first,
                    const char *second, const char *third)
{
	CompatQuestion q = { .target.host = verdict->target };
	Case c = { .q = &q, .target = q.target, .source.host = verdict->source };
	Judging j = { .c = &c, .rule = &compat_rules[rule_find(rule)], .verdict = verdict };

	say(&j, outcome, reading_of(NULL), reading_of(NULL), first, second, third, NULL);
}
