// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/place.h"

#include <string.h>

/* "41:00.0" is "0000:41:00.0"; letters may be of either case. New text. */
static char *normal_bdf(const char *bdf)
{
	const char *colon = strchr(bdf, ':');
	bool has_domain = colon && strchr(colon + 1, ':');
	g_autofree char *lower = g_ascii_strdown(bdf, -1);

	return has_domain ? g_steal_pointer(&lower) : g_strconcat("0000:", lower, NULL);
}

static bool is_on_card(const Parent *parent, const char *bdf)
{
	return g_strcmp0(parent->physfn, bdf) == 0 || g_str_equal(parent->name, bdf);
}

/* The parents in question, and of these the ones that offer the type. */
static GPtrArray *candidates(const Inventory *inventory, const char *bdf, const char *type_id,
                             guint *seen)
{
	GPtrArray *offers = g_ptr_array_new();

	*seen = 0;
	for (guint i = 0; i < inventory->parents->len; i++) {
		Parent *parent = g_ptr_array_index(inventory->parents, i);
		if (bdf && !is_on_card(parent, bdf))
			continue;
		++*seen;
		if (parent_type(parent, type_id))
			g_ptr_array_add(offers, parent);
	}
	return offers;
}

static guint room(const Parent *parent, const char *type_id)
{
	const Type *type = parent_type(parent, type_id);
	bool known = type->available.state == READ_VALUE && type->available.n > 0;

	return known && parent->actionable ? (guint)MIN(type->available.n, G_MAXINT) : 0;
}

/* The candidate on which `uuid` is that type already, or NULL. */
static const Parent *parent_of_existing(const Inventory *inventory, GPtrArray *offers,
                                        const char *type_id, const char *uuid)
{
	const Instance *instance = uuid ? inventory_instance(inventory, uuid, NULL) : NULL;

	if (!instance || g_strcmp0(instance->uuid, uuid) != 0 ||
	    g_strcmp0(instance->type.s, type_id) != 0 || !instance->parent)
		return NULL;
	return g_ptr_array_find(offers, instance->parent, NULL) ? instance->parent : NULL;
}

static void add_placement(GArray *placements, const Parent *parent, guint count)
{
	Placement placement = { parent->name, count };
	g_array_append_val(placements, placement);
}

static GArray *spread(const GPtrArray *offers, const char *type_id, guint count)
{
	GArray *placements = g_array_new(FALSE, TRUE, sizeof(Placement));

	for (guint i = 0; i < offers->len && count > 0; i++) {
		const Parent *parent = g_ptr_array_index(offers, i);
		guint n = MIN(room(parent, type_id), count);
		if (n == 0)
			continue;
		add_placement(placements, parent, n);
		count -= n;
	}
	if (count > 0 && placements->len > 0)
		g_array_index(placements, Placement, placements->len - 1).count += count;
	else if (count > 0)
		add_placement(placements, g_ptr_array_index(offers, 0), count);
	return placements;
}

GArray *place_instances(const Inventory *inventory, const char *host, const char *bdf,
                        const char *type_id, const char *uuid, guint count, Status *status,
                        Problem **problem)
{
	g_autofree char *card = bdf ? normal_bdf(bdf) : NULL;
	guint seen = 0;
	g_autoptr(GPtrArray) offers = candidates(inventory, card, type_id, &seen);

	if (offers->len == 0) {
		g_autofree char *text =
			card && seen == 0
				? g_strdup_printf("%s has no card %s with a parent", host, card)
				: g_strdup_printf("no parent of %s%s%s offers type %s", host,
		                                  card ? ", card " : "", card ? card : "", type_id);
		*status = STATUS_NOT_FOUND;
		*problem =
			problem_new(host, "ENOENT", 0, "device", NULL, text,
		                    seen == 0 && !card ? inventory->empty_why
		                                       : "`mdevcon list` shows parents and types");
		return NULL;
	}

	const Parent *existing = parent_of_existing(inventory, offers, type_id, uuid);
	if (!existing)
		return spread(offers, type_id, count);
	GArray *placements = g_array_new(FALSE, TRUE, sizeof(Placement));
	add_placement(placements, existing, count);
	return placements;
}
