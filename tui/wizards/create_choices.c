// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/create_private.h"

#include <string.h>

#include "core/cards.h"
#include "core/text.h"

const Inventory *create_inventory(const Create *create)
{
	return snapshot_host(create->ui->hosts, create->host)->inventory;
}

static int compare_ids(gconstpointer a, gconstpointer b)
{
	return natural_compare(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *create_type_ids(const Inventory *inventory)
{
	GPtrArray *ids = g_ptr_array_new();
	for (guint p = 0; inventory && p < inventory->parents->len; p++) {
		const Parent *parent = g_ptr_array_index(inventory->parents, p);
		for (guint t = 0; t < parent->types->len; t++) {
			const Type *type = g_ptr_array_index(parent->types, t);
			if (!g_ptr_array_find_with_equal_func(ids, type->id, g_str_equal, NULL))
				g_ptr_array_add(ids, (char *)type->id);
		}
	}
	g_ptr_array_sort(ids, compare_ids);
	return ids;
}

GPtrArray *create_card_names(const Create *create)
{
	const Inventory *inventory = create_inventory(create);
	GPtrArray *names = g_ptr_array_new();
	g_ptr_array_add(names, NULL);
	for (guint i = 0; inventory && create->type && i < inventory->cards->len; i++) {
		const Card *card = g_ptr_array_index(inventory->cards, i);
		const CardType *type = card_type(card, create->type);
		if (type && type->offers->len > 0)
			g_ptr_array_add(names, (char *)card->name);
	}
	return names;
}

const Type *create_type(const Create *create)
{
	const Inventory *inventory = create_inventory(create);
	for (guint p = 0; inventory && create->type && p < inventory->parents->len; p++) {
		const Type *type =
			parent_type(g_ptr_array_index(inventory->parents, p), create->type);
		if (type)
			return type;
	}
	return NULL;
}

void create_find_type(Create *create)
{
	const Inventory *inventory = create_inventory(create);
	g_autofree char *needle = g_utf8_casefold(create->find.text, -1);
	g_autoptr(GPtrArray) ids = create_type_ids(inventory);
	for (guint i = 0; i < ids->len; i++) {
		g_autofree char *old = create->type;
		create->type = g_strdup(g_ptr_array_index(ids, i));
		const Type *type = create_type(create);
		g_autofree char *text = g_strdup_printf("%s %s", create->type,
		                                        type && type->name.s ? type->name.s : "");
		g_autofree char *valid = g_utf8_make_valid(text, -1);
		g_autofree char *folded = g_utf8_casefold(valid, -1);
		if (strstr(folded, needle)) {
			g_clear_pointer(&create->card, g_free);
			return;
		}
		g_free(create->type);
		create->type = g_steal_pointer(&old);
	}
}
