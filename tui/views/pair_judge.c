// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/pair_private.h"

#include <string.h>

#include "core/explain.h"

static Side side_of(const HostView *host)
{
	return (Side){ host->address->label, host->inventory };
}

/* What is to be said of a card on its own. New text. */
static char *card_words(const HostView *source, const PairRow *row)
{
	const Card *card = row->card[SIDE_SOURCE];
	if (!card)
		return g_strdup_printf("%s has no %s.", source->address->label,
		                       *row->card_name ? row->card_name : "such place");
	g_autofree char *why = explain_card(source->inventory, card);
	if (why)
		return g_strdup_printf("%s: %s.", card->label, why);
	return g_strdup_printf("%s: %u type%s, %u instance%s%s. Select a type or an instance to "
	                       "compare it.",
	                       card->label, card->types->len, card->types->len == 1 ? "" : "s",
	                       card->instances->len, card->instances->len == 1 ? "" : "s",
	                       card->has_functions ? "; its functions are picked by the program"
	                                           : "");
}

/* Words for "there is no verdict", or NULL if there can be one. New text. */
static char *why_no_verdict(const PairView *pair, const PairRow *row)
{
	const HostView *source = pair_host(pair, SIDE_SOURCE),
		       *target = pair_host(pair, SIDE_TARGET);
	if (!target)
		return g_strdup("No target: t chooses one.");
	if (!row)
		return g_strdup_printf("Nothing is selected on %s.",
		                       source ? source->address->label : "the source");
	if (row->kind == ROW_CARD)
		return card_words(source, row);
	if (row->kind == ROW_TYPE && !row->type[SIDE_SOURCE].type &&
	    !row->type[SIDE_SOURCE].instances)
		return g_strdup_printf("%s does not offer %s. For the other direction: x swaps.",
		                       source->address->label, row->type_id);
	if (row->definition[SIDE_SOURCE] && !row->type[SIDE_SOURCE].type)
		return g_strdup_printf("%s is defined, and its parent does not offer its type now.",
		                       row->short_id[SIDE_SOURCE]);
	if (row->kind == ROW_TYPE && !row->type[SIDE_SOURCE].type)
		return g_strdup("Select an instance to compare it.");
	return NULL;
}

static Verdict *verdict_on(PairView *pair, GHashTable *by_parent, const Parent *parent)
{
	const PairRow *selected = pair_cursor_row(pair, SIDE_SOURCE);
	Verdict *verdict = g_hash_table_lookup(by_parent, parent);
	if (!verdict) {
		verdict = verdict_new(side_of(pair_host(pair, SIDE_SOURCE)),
		                      selected->type[SIDE_SOURCE].type,
		                      selected->instance[SIDE_SOURCE],
		                      side_of(pair_host(pair, SIDE_TARGET)), parent);
		g_hash_table_insert(by_parent, (gpointer)parent, verdict);
	}
	return verdict;
}

/* The best that a card's functions can do for the selected type; -1: they do not offer it. */
static int best_on_card(PairView *pair, GHashTable *by_parent, const Card *card)
{
	const PairRow *selected = pair_cursor_row(pair, SIDE_SOURCE);
	const CardType *type = card ? card_type(card, selected->type_id) : NULL;
	int best = -1;
	for (guint i = 0; type && i < type->offers->len; i++) {
		const Type *offer = g_ptr_array_index(type->offers, i);
		int kind = (int)verdict_on(pair, by_parent, offer->parent)->verdict;
		best = best < 0 ? kind : MIN(best, kind);
	}
	return best;
}

static int kind_of_row(PairView *pair, const PairRow *row, GHashTable *by_parent)
{
	const PairRow *selected = pair_cursor_row(pair, SIDE_SOURCE);
	const Instance *there = row->instance[SIDE_TARGET];
	if (!pair->verdict)
		return -1;
	if (row->kind == ROW_CARD)
		return row->closed ? best_on_card(pair, by_parent, row->card[SIDE_TARGET]) : -1;
	if (strcmp(row->type_id, selected->type_id) != 0)
		return -1;
	if (row->kind == ROW_TYPE)
		return row->card_name ? best_on_card(pair, by_parent, row->card[SIDE_TARGET])
		                      : (int)pair->verdict->verdict;
	if (!there)
		return -1;
	if (there->in_use != TRI_NO)
		return there->in_use == TRI_YES ? VERDICT_BLOCKED : VERDICT_UNKNOWN;
	if (!there->parent)
		return VERDICT_UNKNOWN;
	int kind = (int)verdict_on(pair, by_parent, there->parent)->verdict;
	/* It exists and is idle, so nothing needs to be created for it. */
	return kind == VERDICT_ACTION ? VERDICT_READY : kind;
}

/* Why no more of the focused type can be made there. New text, or NULL. */
static char *why_zero(const PairView *pair)
{
	const HostView *host = pair_host(pair, pair->focus);
	const PairRow *row = pair_cursor_row(pair, pair->focus);
	const Card *card = row ? row->card[pair->focus] : NULL;
	char *why = NULL;
	if (!host || !host->inventory || !row || row->kind != ROW_TYPE)
		return NULL;
	if (card && card_type(card, row->type_id))
		explain_card_zero(card_type(card, row->type_id), &why);
	else if (!card)
		why = explain_host_zero(host->inventory, row->type_id);
	g_autofree char *text = why;
	return why ? g_strdup_printf("%s can make no %s: %s", host->address->label, row->type_id,
	                             why)
	           : NULL;
}

static Verdict *verdict_of_pair(const PairView *pair)
{
	CompatQuestion q;
	if (!pair_question(pair, &q))
		return NULL;
	q.target = side_of(pair_host(pair, SIDE_TARGET));
	return verdict_answer(&q);
}

void pair_judge(PairView *pair)
{
	const PairRow *row = pair_cursor_row(pair, SIDE_SOURCE);
	g_clear_pointer(&pair->verdict, verdict_free);
	g_clear_pointer(&pair->no_verdict, g_free);
	g_free(pair->zero);
	pair->zero = why_zero(pair);
	g_free(pair->whole);
	pair->whole = pair_answer(pair);
	g_array_set_size(pair->row_signs, 0);
	pair->no_verdict = why_no_verdict(pair, row);
	if (!pair->no_verdict)
		pair->verdict = verdict_of_pair(pair);
	g_autoptr(GHashTable) by_parent =
		g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)verdict_free);
	for (guint i = 0; i < pair->model->rows->len; i++) {
		int kind = kind_of_row(pair, pair_model_row(pair->model, (int)i), by_parent);
		g_array_append_val(pair->row_signs, kind);
	}
}
