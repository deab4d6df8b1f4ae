// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/mapping.h"

#include <string.h>

#include "core/compat/ranking.h"

#define NOBODY G_MAXUINT
/* Looking for a mapping that is proved ends here; what was found without proof is kept. */
#define PROOF_TRIES 20000

/* Room for one device of one type: a unit of a parent's counter, or an idle instance of ours. */
typedef struct {
	const Type *type;
	const Instance *instance; /* or NULL: it is created */
	guint holder;             /* source, or NOBODY */
} Slot;

typedef struct {
	const CompatQuestion *q;
	const MappingSource *sources;
	guint count;
	GArray *slots;        /* Slot, in the order in which they are offered */
	GArray **fits;        /* by source: guint slots */
	gboolean *seen;       /* by slot, for one augmenting path */
	guint *chosen, *best; /* by source: slots, while a proof is looked for */
	guint tries;
} Search;

static const Type *type_of(const MappingSource *source)
{
	return source->type ? source->type : source->instance ? source->instance->type_ref : NULL;
}

static const char *type_id_of(const MappingSource *source)
{
	const Type *type = type_of(source);
	return type ? type->id : source->instance ? source->instance->type.s : NULL;
}

static CompatQuestion ask(const Search *s, guint source)
{
	CompatQuestion q = *s->q;
	q.type = s->sources[source].type;
	q.instance = s->sources[source].instance;
	q.parent = NULL;
	q.named = NULL;
	return q;
}

/* ---- slots ---- */

static void add_slots(Search *s, const Type *type)
{
	gint64 left = type->available.state == READ_VALUE ? type->available.n : 0;

	for (gint64 i = 0; i < MIN(left, (gint64)s->count); i++) {
		Slot slot = { type, NULL, NOBODY };
		g_array_append_val(s->slots, slot);
	}
	for (guint i = 0; i < type->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(type->instances, i);
		Slot slot = { type, instance, NOBODY };
		if (instance_is_free(instance) && instance_is_ours(s->q, instance))
			g_array_append_val(s->slots, slot);
	}
}

/* True if the source may go to that parent, apart from room: an idle one of ours is room too. */
static bool may_go(const Search *s, guint source, const Type *type)
{
	CompatQuestion q = ask(s, source);
	Case c = case_new(&q, type->parent);
	Score score = judge_score(&c);

	return score_verdict(&score) <= VERDICT_ACTION;
}

static bool is_wanted(const Search *s, const Type *type)
{
	for (guint i = 0; i < s->count; i++)
		if (g_strcmp0(type_id_of(&s->sources[i]), type->id) == 0)
			return true;
	return false;
}

static void find_slots(Search *s)
{
	const GPtrArray *parents = s->q->target.inventory->parents;

	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		for (guint k = 0; k < parent->types->len; k++)
			if (is_wanted(s, g_ptr_array_index(parent->types, k)))
				add_slots(s, g_ptr_array_index(parent->types, k));
	}
}

static void find_fits(Search *s)
{
	for (guint i = 0; i < s->count; i++) {
		const Type *last = NULL;
		bool fits = false;
		s->fits[i] = g_array_new(FALSE, FALSE, sizeof(guint));
		for (guint k = 0; k < s->slots->len; k++) {
			const Slot *slot = &g_array_index(s->slots, Slot, k);
			if (g_strcmp0(slot->type->id, type_id_of(&s->sources[i])) != 0)
				continue;
			if (slot->type != last)
				fits = may_go(s, i, slot->type);
			last = slot->type;
			if (fits)
				g_array_append_val(s->fits[i], k);
		}
	}
}

/* ---- any mapping: augmenting paths ---- */

static bool augment(Search *s, guint source)
{
	for (guint i = 0; i < s->fits[source]->len; i++) {
		guint k = g_array_index(s->fits[source], guint, i);
		Slot *slot = &g_array_index(s->slots, Slot, k);
		if (s->seen[k])
			continue;
		s->seen[k] = TRUE;
		if (slot->holder != NOBODY && !augment(s, slot->holder))
			continue;
		slot->holder = source;
		return true;
	}
	return false;
}

/* The first source that finds no slot of its own; NOBODY: all have one. */
static guint match_all(Search *s)
{
	s->seen = g_new(gboolean, s->slots->len + 1);
	for (guint i = 0; i < s->count; i++) {
		memset(s->seen, 0, s->slots->len * sizeof(gboolean));
		if (!augment(s, i))
			return i;
	}
	for (guint k = 0; k < s->slots->len; k++) {
		guint holder = g_array_index(s->slots, Slot, k).holder;
		if (holder != NOBODY)
			s->best[holder] = k;
	}
	return NOBODY;
}

/* ---- a mapping that the counters prove ---- */

/* What shares hardware: the functions of a card, or all types of a parent. */
static bool is_coupled(const Parent *a, const Parent *b)
{
	return a == b || (a->physfn && b->physfn && g_str_equal(a->physfn, b->physfn)) ||
	       (a->physfn && g_str_equal(a->physfn, b->name)) ||
	       (b->physfn && g_str_equal(b->physfn, a->name));
}

/* Two creations are proved together by one counter, or by hardware of their own. */
static bool is_proved_beside(const Slot *a, const Slot *b)
{
	if (a->instance || b->instance)
		return true; /* it exists already */
	return a->type == b->type || !is_coupled(a->type->parent, b->type->parent);
}

static bool is_proved(const Search *s, guint source, guint k)
{
	const Slot *slot = &g_array_index(s->slots, Slot, k);

	for (guint i = 0; i < source; i++) {
		const Slot *other = &g_array_index(s->slots, Slot, s->chosen[i]);
		if (other == slot || !is_proved_beside(slot, other))
			return false;
	}
	return true;
}

/* Units of one counter are alike: trying the first free one is enough. */
static bool is_tried(const Search *s, guint source, guint nth)
{
	const Slot *slot =
		&g_array_index(s->slots, Slot, g_array_index(s->fits[source], guint, nth));

	for (guint i = nth; !slot->instance && i-- > 0;) {
		guint k = g_array_index(s->fits[source], guint, i);
		const Slot *before = &g_array_index(s->slots, Slot, k);
		bool taken = false;
		if (before->type != slot->type)
			return false;
		for (guint n = 0; n < source; n++)
			taken = taken || s->chosen[n] == k;
		if (!before->instance && !taken)
			return true;
	}
	return false;
}

static bool prove(Search *s, guint source)
{
	if (source == s->count)
		return true;
	for (guint i = 0; i < s->fits[source]->len && s->tries < PROOF_TRIES; i++) {
		s->chosen[source] = g_array_index(s->fits[source], guint, i);
		if (is_tried(s, source, i))
			continue;
		s->tries++;
		if (is_proved(s, source, s->chosen[source]) && prove(s, source + 1))
			return true;
	}
	return false;
}

/* ---- the result ---- */

/* Why a source has no target: what stands on the whole host, or that others took the room. */
static void explain(Mapping *mapping, const Search *s, guint source)
{
	CompatQuestion q = ask(s, source);
	g_autoptr(Verdict) alone = verdict_answer(&q);
	const char *id = type_id_of(&s->sources[source]);

	mapping->without = source;
	if (alone->verdict > VERDICT_ACTION) {
		mapping->verdict = alone->verdict;
		mapping->text = g_strdup_printf("no target for the %s: %s", id ? id : "device",
		                                alone->why ? alone->why : alone->summary);
		return;
	}
	mapping->verdict = VERDICT_BLOCKED;
	mapping->text = g_strdup_printf("%s has no room for all %u devices: one %s too many",
	                                s->q->target.host, s->count, id);
}

static void take(Mapping *mapping, const Search *s)
{
	const guint *slots = mapping->proved ? s->chosen : s->best;

	for (guint i = 0; i < s->count; i++) {
		const Slot *slot = &g_array_index(s->slots, Slot, slots[i]);
		mapping->targets[i] = (MappingTarget){ slot->type->parent, slot->instance };
	}
	mapping->verdict = VERDICT_ACTION;
	if (s->count == 1)
		mapping->text = g_strdup("the device has a target");
	else if (mapping->proved)
		mapping->text =
			g_strdup_printf("all %u devices have a target of their own", s->count);
	else
		mapping->text = g_strdup_printf(
			"each of the %u devices fits alone; together they are proved only by "
			"creating all: they share hardware",
			s->count);
}

/* The verdict of each source where it goes, or of the host where there is no mapping. */
static void add_verdicts(Mapping *mapping, const Search *s)
{
	for (guint i = 0; i < s->count; i++) {
		CompatQuestion q = ask(s, i);
		q.parent = mapping->targets[i].parent;
		q.named = mapping->targets[i].instance ? mapping->targets[i].instance->id : NULL;
		g_ptr_array_add(mapping->verdicts, verdict_answer(&q));
	}
}

static void search_free(Search *s)
{
	for (guint i = 0; i < s->count; i++)
		if (s->fits[i])
			g_array_unref(s->fits[i]);
	g_array_unref(s->slots);
	g_free(s->fits);
	g_free(s->seen);
	g_free(s->chosen);
	g_free(s->best);
}

Mapping *mapping_new(const CompatQuestion *question, const MappingSource *sources, guint count)
{
	Mapping *mapping = g_new0(Mapping, 1);
	Search s = { .q = question,
		     .sources = sources,
		     .count = count,
		     .slots = g_array_new(FALSE, FALSE, sizeof(Slot)),
		     .fits = g_new0(GArray *, count + 1),
		     .chosen = g_new0(guint, count + 1),
		     .best = g_new0(guint, count + 1) };
	guint without = count ? 0 : NOBODY;

	mapping->targets = g_new0(MappingTarget, count + 1);
	mapping->verdicts = g_ptr_array_new_with_free_func((GDestroyNotify)verdict_free);
	if (question->target.inventory) {
		find_slots(&s);
		find_fits(&s);
		without = match_all(&s);
	}
	mapping->found = without == NOBODY;
	if (mapping->found) {
		mapping->proved = prove(&s, 0);
		take(mapping, &s);
	} else {
		explain(mapping, &s, without);
	}
	add_verdicts(mapping, &s);
	search_free(&s);
	return mapping;
}

void mapping_free(Mapping *mapping)
{
	if (!mapping)
		return;
	g_ptr_array_unref(mapping->verdicts);
	g_free(mapping->targets);
	g_free(mapping->text);
	g_free(mapping);
}
