// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cards.h"

#include <string.h>

#include "core/text.h"

static void type_free(gpointer data)
{
	CardType *type = data;
	g_ptr_array_unref(type->offers);
	g_free(type);
}

static void card_free(gpointer data)
{
	Card *card = data;
	g_ptr_array_unref(card->parents);
	g_ptr_array_unref(card->functions);
	g_ptr_array_unref(card->types);
	g_ptr_array_unref(card->instances);
	g_free(card->label);
	g_free(card);
}

/* While cards are made they are found by name; the table borrows, the array owns. */
typedef struct {
	GPtrArray *cards;
	GHashTable *by_name;
} Making;

static Card *get_card(Making *making, const char *name)
{
	Card *card = g_hash_table_lookup(making->by_name, name);
	if (card)
		return card;
	card = g_new0(Card, 1);
	card->name = name;
	card->parents = g_ptr_array_new();
	card->functions = g_ptr_array_new();
	card->types = g_ptr_array_new_with_free_func(type_free);
	card->instances = g_ptr_array_new();
	g_ptr_array_add(making->cards, card);
	g_hash_table_insert(making->by_name, (char *)name, card);
	return card;
}

static void add_parent(Making *making, Parent *parent)
{
	Card *card = get_card(making, parent->physfn ? parent->physfn : parent->name);
	card->has_functions = card->has_functions || parent->physfn;
	parent->card = card;
	g_ptr_array_add(card->parents, parent);
}

/* A function that can be split, or that vendor VFIO drives, is worth a card without a parent. */
static void add_function(Making *making, const Function *function)
{
	bool vendor = function->vgpu_type.state != READ_ABSENT;
	bool splits = function->totalvfs.state == READ_VALUE && function->totalvfs.n > 0;
	const char *name = function->physfn ? function->physfn : function->name;

	if (!vendor && !splits && !g_hash_table_contains(making->by_name, name))
		return;
	Card *card = get_card(making, name);
	if (!function->physfn)
		card->function = function;
	if (vendor) {
		card->has_functions = card->has_functions || function->physfn;
		g_ptr_array_add(card->functions, (gpointer)function);
	}
}

static const char *device_name_of(const Card *card)
{
	if (card->function && card->function->device_name)
		return card->function->device_name;
	if (card->parents->len > 0)
		return ((const Parent *)g_ptr_array_index(card->parents, 0))->device_name;
	return card->functions->len > 0
	               ? ((const Function *)g_ptr_array_index(card->functions, 0))->device_name
	               : NULL;
}

static void name_card(Card *card)
{
	const char *device = device_name_of(card);
	card->label = g_strdup_printf("%s%s%s", device ? device : "", device ? " " : "",
	                              bdf_short(card->name));
}

/* ---- types -------------------------------------------------------------------------------- */

static CardType *get_type(Card *card, const char *id)
{
	CardType *type = card_type(card, id);
	if (type)
		return type;
	type = g_new0(CardType, 1);
	type->card = card;
	type->id = id;
	type->offers = g_ptr_array_new();
	g_ptr_array_add(card->types, type);
	return type;
}

static void add_offer(CardType *sum, Type *type)
{
	g_ptr_array_add(sum->offers, type);
	if (type->available.state == READ_VALUE)
		sum->available += type->available.n;
	else
		sum->unreadable++;
}

static void add_types(Card *card)
{
	for (guint p = 0; p < card->parents->len; p++) {
		const Parent *parent = g_ptr_array_index(card->parents, p);
		for (guint t = 0; t < parent->types->len; t++) {
			Type *type = g_ptr_array_index(parent->types, t);
			add_offer(get_type(card, type->id), type);
		}
	}
}

static void add_instance(Making *making, Instance *instance)
{
	const char *name = instance->parent ? instance->parent->card->name : instance->parent_name;
	Card *card = name ? g_hash_table_lookup(making->by_name, name) : NULL;
	if (!card)
		return;
	g_ptr_array_add(card->instances, instance);
	if (instance->type.state != READ_VALUE)
		return;
	CardType *type = get_type(card, instance->type.s);
	type->instances++;
	type->used += instance->in_use == TRI_YES;
	type->use_unknown += instance->in_use == TRI_UNKNOWN;
}

static int compare_types(gconstpointer a, gconstpointer b)
{
	const CardType *ta = *(CardType *const *)a, *tb = *(CardType *const *)b;
	int order = natural_compare(ta->id, tb->id);
	return order ? order : strcmp(ta->id, tb->id);
}

static int compare_cards(gconstpointer a, gconstpointer b)
{
	return strcmp((*(Card *const *)a)->name, (*(Card *const *)b)->name);
}

GPtrArray *cards_new(Inventory *inventory)
{
	Making making = { g_ptr_array_new_with_free_func(card_free),
		          g_hash_table_new(g_str_hash, g_str_equal) };

	for (guint i = 0; i < inventory->parents->len; i++)
		add_parent(&making, g_ptr_array_index(inventory->parents, i));
	for (guint i = 0; i < inventory->functions->len; i++)
		add_function(&making, g_ptr_array_index(inventory->functions, i));
	for (guint i = 0; i < making.cards->len; i++)
		add_types(g_ptr_array_index(making.cards, i));
	for (guint i = 0; i < inventory->instances->len; i++)
		add_instance(&making, g_ptr_array_index(inventory->instances, i));
	for (guint i = 0; i < making.cards->len; i++) {
		Card *card = g_ptr_array_index(making.cards, i);
		name_card(card);
		g_ptr_array_sort(card->types, compare_types);
	}
	g_ptr_array_sort(making.cards, compare_cards);
	g_hash_table_destroy(making.by_name);
	return making.cards;
}

/* ---- look-ups ----------------------------------------------------------------------------- */

const Card *inventory_card(const Inventory *inventory, const char *name)
{
	for (guint i = 0; i < inventory->cards->len; i++) {
		const Card *card = g_ptr_array_index(inventory->cards, i);
		if (g_ascii_strcasecmp(card->name, name) == 0 ||
		    g_ascii_strcasecmp(bdf_short(card->name), name) == 0)
			return card;
	}
	return NULL;
}

CardType *card_type(const Card *card, const char *type_id)
{
	for (guint i = 0; i < card->types->len; i++) {
		CardType *type = g_ptr_array_index(card->types, i);
		if (strcmp(type->id, type_id) == 0)
			return type;
	}
	return NULL;
}

const char *card_type_name(const CardType *type)
{
	if (type->offers->len > 0)
		return ((const Type *)g_ptr_array_index(type->offers, 0))->name.s;
	for (guint i = 0; i < type->card->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(type->card->instances, i);
		if (g_strcmp0(instance->type.s, type->id) == 0)
			return instance->type_name;
	}
	return NULL;
}

const Card *instance_card(const Inventory *inventory, const Instance *instance)
{
	if (instance->parent)
		return instance->parent->card;
	return instance->parent_name ? inventory_card(inventory, instance->parent_name) : NULL;
}
