// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/place.h"

#include <string.h>

#include "core/cards.h"
#include "core/explain.h"

#define MAX_INSTANCE "max_instance=" /* NVIDIA's description of a type: the limit of a card */

/* What a card offers of the type, and how many of it are known to fit. */
typedef struct {
	const CardType *type;
	guint room;
	guint order; /* by name */
} Candidate;

static guint room_of(const Type *type)
{
	bool known = type->available.state == READ_VALUE && type->available.n > 0;
	return known && type->parent->actionable ? (guint)MIN(type->available.n, G_MAXINT16) : 0;
}

/* Each function says that it takes one, until the card is full: a stated limit is the truth. */
static guint limit_of(const CardType *type)
{
	const Type *first = g_ptr_array_index(type->offers, 0);
	const char *text = first->description.state == READ_VALUE ? first->description.s : "";
	const char *at = strstr(text, MAX_INSTANCE);
	guint64 n = at ? g_ascii_strtoull(at + strlen(MAX_INSTANCE), NULL, 10) : 0;

	if (n == 0 || n > G_MAXINT)
		return G_MAXUINT;
	return n > type->instances ? (guint)n - type->instances : 0;
}

static Candidate candidate_of(const CardType *type, guint order)
{
	Candidate candidate = { .type = type, .order = order };

	for (guint i = 0; i < type->offers->len; i++)
		candidate.room += room_of(g_ptr_array_index(type->offers, i));
	candidate.room = MIN(candidate.room, limit_of(type));
	return candidate;
}

static GArray *candidates(const Inventory *inventory, const Card *only, const char *type_id)
{
	GArray *found = g_array_new(FALSE, TRUE, sizeof(Candidate));

	for (guint i = 0; i < inventory->cards->len; i++) {
		const Card *card = g_ptr_array_index(inventory->cards, i);
		const CardType *type = card_type(card, type_id);
		if ((only && card != only) || !type || type->offers->len == 0)
			continue;
		Candidate candidate = candidate_of(type, i);
		g_array_append_val(found, candidate);
	}
	return found;
}

/* Cards that can take all come first, then those that hold the type; else by name. */
static int compare_candidates(gconstpointer a, gconstpointer b, gpointer count)
{
	const Candidate *ca = a, *cb = b;
	guint wanted = GPOINTER_TO_UINT(count);
	int all = (cb->room >= wanted) - (ca->room >= wanted);
	int holds = (cb->type->instances > 0) - (ca->type->instances > 0);

	if (all || holds)
		return all ? all : holds;
	return ca->order < cb->order ? -1 : 1;
}

/* Takes up to `count` on one card; returns how many it took. */
static guint take(GPtrArray *parents, const Candidate *candidate, guint count)
{
	guint left = MIN(count, candidate->room), taken = left;

	for (guint i = 0; i < candidate->type->offers->len && left > 0; i++) {
		const Type *type = g_ptr_array_index(candidate->type->offers, i);
		for (guint n = MIN(room_of(type), left); n > 0; n--, left--)
			g_ptr_array_add(parents, type->parent);
	}
	return taken;
}

static GPtrArray *spread(GArray *found, guint count)
{
	GPtrArray *parents = g_ptr_array_new();
	Candidate first = g_array_index(found, Candidate, 0); /* by name */

	g_array_sort_with_data(found, compare_candidates, GUINT_TO_POINTER(count));
	for (guint i = 0; i < found->len && count > 0; i++)
		count -= take(parents, &g_array_index(found, Candidate, i), count);
	/* What is left over: functions that were not asked yet, then the same one again. */
	for (guint i = 0; i < first.type->offers->len && count > 0; i++) {
		Parent *parent = ((Type *)g_ptr_array_index(first.type->offers, i))->parent;
		if (!g_ptr_array_find(parents, parent, NULL)) {
			g_ptr_array_add(parents, parent);
			count--;
		}
	}
	for (gpointer last = parents->pdata[parents->len - 1]; count > 0; count--)
		g_ptr_array_add(parents, last);
	return parents;
}

/* The parent in question on which `uuid` is that type already, or NULL. */
static Parent *parent_of_existing(const Inventory *inventory, const Card *only, const char *type_id,
                                  const char *uuid)
{
	const Instance *instance = uuid ? inventory_instance(inventory, uuid, NULL) : NULL;

	if (!instance || g_strcmp0(instance->uuid, uuid) != 0 || !instance->parent ||
	    g_strcmp0(instance->type.s, type_id) != 0 || (only && instance->parent->card != only))
		return NULL;
	return instance->parent;
}

static Problem *nothing_offers(const Inventory *inventory, const char *host, const char *name,
                               const Card *card, const char *type_id)
{
	g_autofree char *text = NULL, *why = card ? explain_card(inventory, card) : NULL;

	if (name && !card)
		text = g_strdup_printf("%s has no card %s with a parent", host, name);
	else if (card)
		text = g_strdup_printf("no parent of %s, card %s offers type %s", host, card->name,
		                       type_id);
	else
		text = g_strdup_printf("no parent of %s offers type %s", host, type_id);
	if (!why && !name)
		why = g_strdup(inventory->empty_why);
	return problem_new(host, "ENOENT", 0, "device", NULL, text,
	                   why ? why : "`mdevcon list` shows parents and types");
}

GPtrArray *place_instances(const Inventory *inventory, const char *host, const char *where,
                           const char *type_id, const char *uuid, guint count, Status *status,
                           Problem **problem)
{
	const char *name = where ? where + strlen(PLACE_CARD) : NULL;
	const Card *card = name ? inventory_card(inventory, name) : NULL;
	g_autoptr(GArray) found = name && !card ? g_array_new(FALSE, TRUE, sizeof(Candidate))
	                                        : candidates(inventory, card, type_id);

	if (found->len == 0) {
		*status = STATUS_NOT_FOUND;
		*problem = nothing_offers(inventory, host, name, card, type_id);
		return NULL;
	}
	Parent *existing = parent_of_existing(inventory, card, type_id, uuid);
	if (!existing)
		return spread(found, count);
	GPtrArray *parents = g_ptr_array_new();
	for (guint i = 0; i < count; i++)
		g_ptr_array_add(parents, existing);
	return parents;
}
