// SPDX-License-Identifier: GPL-2.0-or-later

/* Questions: which parents are judged, in which order they are offered, and the words of it. */

#include "core/compat/ranking.h"

/* ---- the best parent, and all ---- */

/* The parents that a question is about: those that offer the type, else all. */
static GPtrArray *parents_asked(const CompatQuestion *q, const char *type_id)
{
	GPtrArray *parents = g_ptr_array_new();
	const Inventory *target = q->target.inventory;

	for (guint i = 0; target && i < target->parents->len; i++) {
		Parent *parent = g_ptr_array_index(target->parents, i);
		if (type_id && parent_type(parent, type_id))
			g_ptr_array_add(parents, parent);
	}
	for (guint i = 0; target && parents->len == 0 && i < target->parents->len; i++)
		g_ptr_array_add(parents, g_ptr_array_index(target->parents, i));
	return parents;
}

/* Where a target is named it decides the parent. */
static const Parent *parent_named(const CompatQuestion *q)
{
	if (!q->named || !q->target.inventory)
		return NULL;
	const Inventory *target = q->target.inventory;
	const Instance *instance = inventory_instance(target, q->named, NULL);
	if (instance && g_ascii_strcasecmp(instance->id, q->named) == 0)
		return instance->parent;
	for (guint i = 0; i < target->definitions->len; i++) {
		const Definition *definition = g_ptr_array_index(target->definitions, i);
		if (g_ascii_strcasecmp(definition->uuid, q->named) == 0)
			return inventory_parent(target, definition->parent);
	}
	return NULL;
}

/* Ranked, best first: Ranked, new. */
static GArray *rank_parents(const CompatQuestion *q)
{
	Case c = case_new(q, NULL);
	g_autoptr(GPtrArray) parents = parents_asked(q, c.type_id);
	GArray *ranked = g_array_sized_new(FALSE, FALSE, sizeof(Ranked), parents->len);

	for (guint i = 0; i < parents->len; i++) {
		Ranked one = ranked_new(q, g_ptr_array_index(parents, i));
		g_array_append_val(ranked, one);
	}
	g_array_sort(ranked, ranked_compare);
	return ranked;
}

/* R23: what else of the host could take it. Counters of functions of one card do not add up. */
static void add_others(Verdict *verdict, const GArray *ranked)
{
	guint others = 0;
	gint64 sum = 0;
	char count[24], total[24];

	for (guint i = 0; i < ranked->len; i++) {
		const Ranked *one = &g_array_index(ranked, Ranked, i);
		if (one->verdict > VERDICT_ACTION)
			continue;
		others += i > 0;
		sum += MAX(one->available, 0);
	}
	if (others == 0)
		return;
	g_snprintf(count, sizeof count, "%u", others);
	g_snprintf(total, sizeof total, "%" G_GINT64_FORMAT, sum);
	verdict_remark(verdict, "R23", OTHERS_TOO, count, others == 1 ? "" : "s", total);
}

Verdict *verdict_answer(const CompatQuestion *q)
{
	const Parent *parent = q->parent ? q->parent : parent_named(q);

	/* Functions under vendor VFIO are no parents: their host is judged as a whole. */
	if (parent || (q->instance && q->instance->kind == INSTANCE_NVIDIA_VF)) {
		Case c = case_new(q, parent);
		return judge_verdict(&c);
	}
	Case c = case_new(q, NULL);
	g_autoptr(GArray) ranked = rank_parents(q);
	const Ranked *best = ranked->len ? &g_array_index(ranked, Ranked, 0) : NULL;
	/* Where no parent offers the type the host as a whole is what is judged. */
	if (!best || !c.type_id || !parent_type(best->parent, c.type_id))
		return judge_verdict(&c);
	c = case_new(q, best->parent);
	Verdict *verdict = judge_verdict(&c);
	add_others(verdict, ranked);
	return verdict;
}

GPtrArray *verdict_per_parent(const CompatQuestion *q)
{
	GPtrArray *verdicts = g_ptr_array_new_with_free_func((GDestroyNotify)verdict_free);

	if (q->parent || parent_named(q) ||
	    (q->instance && q->instance->kind == INSTANCE_NVIDIA_VF)) {
		g_ptr_array_add(verdicts, verdict_answer(q));
		return verdicts;
	}
	g_autoptr(GArray) ranked = rank_parents(q);
	for (guint i = 0; i < ranked->len; i++) {
		Case c = case_new(q, g_array_index(ranked, Ranked, i).parent);
		g_ptr_array_add(verdicts, judge_verdict(&c));
	}
	if (ranked->len == 0)
		g_ptr_array_add(verdicts, verdict_answer(q));
	return verdicts;
}

Verdict *verdict_new(Side source, const Type *type, const Instance *instance, Side target,
                     const Parent *parent)
{
	CompatQuestion q = { .source = source,
		             .type = type,
		             .instance = instance,
		             .target = target,
		             .parent = parent };
	return verdict_answer(&q);
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
	g_ptr_array_unref(verdict->todos);
	g_free(verdict);
}

/* ---- words ---- */

const char *verdict_todo(const Verdict *verdict, guint i)
{
	return ((const Todo *)g_ptr_array_index(verdict->todos, i))->text;
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
	guint n = verdict->todos->len;

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

const char *todo_kind_name(TodoKind kind)
{
	static const char *const names[] = {
		[TODO_UNPLUG] = "unplug",   [TODO_CREATE] = "create", [TODO_START] = "start",
		[TODO_REUSE] = "reuse",     [TODO_SET] = "set",       [TODO_BY_HAND] = "by-hand",
		[TODO_MIGRATE] = "migrate", [TODO_PLUG] = "plug",
	};
	return names[kind];
}
