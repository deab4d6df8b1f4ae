// SPDX-License-Identifier: GPL-2.0-or-later

/* Questions of the pair screen that go beyond one pair: a selection as a whole, and other hosts. */

#include "tui/views/pair_private.h"

#include <string.h>

#include "core/compat/mapping.h"
#include "core/guests.h"

static Side side_of(const HostView *host)
{
	return (Side){ host->address->label, host->inventory };
}

bool pair_question(const PairView *pair, CompatQuestion *question)
{
	const HostView *source = pair_host(pair, SIDE_SOURCE);
	const PairRow *row = pair_cursor_row(pair, SIDE_SOURCE);
	const Instance *instance = row ? row->instance[SIDE_SOURCE] : NULL;
	const Type *type = row && row->kind != ROW_CARD ? row->type[SIDE_SOURCE].type : NULL;
	if (instance && instance->type_ref)
		type = instance->type_ref;
	*question = (CompatQuestion){ .type = type, .instance = instance };
	if (source)
		question->source = side_of(source);
	return source && source->inventory && (type || instance);
}

/* ---- other hosts ---------------------------------------------------------------------------- */

int pair_possible(const PairView *pair, int step)
{
	int n = (int)snapshot_count(pair->ui->hosts), at = pair->host[SIDE_TARGET];
	CompatQuestion q;
	if (!pair_question(pair, &q))
		return -1;
	if (at < 0 && step < 0)
		at = 0;
	for (int i = 0; i < n; i++) {
		at = (at + step + n) % n;
		const HostView *host = snapshot_host(pair->ui->hosts, at);
		if (at == pair->host[SIDE_SOURCE] || at == pair->host[SIDE_TARGET] ||
		    host->state == HOST_FORGOTTEN)
			continue;
		q.target = side_of(host);
		g_autoptr(Verdict) verdict = verdict_answer(&q);
		if (verdict->verdict <= VERDICT_ACTION)
			return at;
	}
	return -1;
}

/* ---- a type --------------------------------------------------------------------------------- */

/* "5 here; up to 3 fit there": counters of parents that can take one, and what shares hardware. */
static char *type_answer(CompatQuestion *q, guint here)
{
	gint64 room = 0;
	guint parents = 0, unread = 0;
	for (guint i = 0; i < q->target.inventory->parents->len; i++) {
		const Parent *parent = g_ptr_array_index(q->target.inventory->parents, i);
		const Type *type = parent_type(parent, q->type->id);
		if (!type)
			continue;
		q->parent = parent;
		g_autoptr(Verdict) verdict = verdict_answer(q);
		if (verdict->verdict == VERDICT_UNKNOWN)
			unread++;
		if (verdict->verdict > VERDICT_ACTION)
			continue;
		parents++;
		room += type->available.state == READ_VALUE ? type->available.n : 0;
	}
	if (parents == 0)
		return g_strdup_printf(unread ? "%u here; what fits there cannot be told"
		                              : "%u here; none fits there now",
		                       here);
	return g_strdup_printf("%u here; %s%" G_GINT64_FORMAT " fit there%s", here,
	                       parents > 1 ? "up to " : "", room,
	                       unread ? ", as far as it can be told" : "");
}

/* ---- a guest -------------------------------------------------------------------------------- */

/* The guest of the instance, if it has other devices too; `*nth`: which of them this one is. */
static const Guest *guest_of(const GPtrArray *guests, const Instance *instance, guint *nth)
{
	for (guint i = 0; i < guests->len; i++) {
		const Guest *guest = g_ptr_array_index(guests, i);
		if (guest->instances->len > 1 && g_ptr_array_find(guest->instances, instance, nth))
			return guest;
	}
	return NULL;
}

static MappingSource *sources_of(const GPtrArray *instances)
{
	MappingSource *sources = g_new0(MappingSource, instances->len + 1);
	for (guint i = 0; i < instances->len; i++) {
		const Instance *instance = g_ptr_array_index(instances, i);
		sources[i] = (MappingSource){ instance->type_ref, instance };
	}
	return sources;
}

static char *guest_answer(const CompatQuestion *q)
{
	g_autoptr(GPtrArray) guests = guests_new(q->source.inventory);
	guint nth = 0;
	const Guest *guest = guest_of(guests, q->instance, &nth);
	if (!guest)
		return NULL;
	g_autofree MappingSource *sources = sources_of(guest->instances);
	g_autoptr(Mapping) mapping = mapping_new(q, sources, guest->instances->len);
	return g_strdup_printf("%s (%u of %u): %s", guest->vm ? guest->vm : "its guest", nth + 1,
	                       guest->instances->len, mapping->text);
}

/* ---- a card --------------------------------------------------------------------------------- */

static const char *name_of(const Instance *instance)
{
	const char *vm = instance_vm(instance);
	return vm ? vm : instance->id;
}

/* "3 of 4 can go; db-2: why": who has no target is taken out until the rest fits. */
static char *card_answer(CompatQuestion *q, const Card *card)
{
	g_autoptr(GPtrArray) left = g_ptr_array_new();
	g_autoptr(GString) why = g_string_new(NULL);
	for (guint i = 0; i < card->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(card->instances, i);
		if (instance->in_use != TRI_NO)
			g_ptr_array_add(left, (gpointer)instance);
	}
	guint n = left->len;
	while (left->len > 0) {
		g_autofree MappingSource *sources = sources_of(left);
		g_autoptr(Mapping) mapping = mapping_new(q, sources, left->len);
		if (mapping->found)
			break;
		if (why->len == 0)
			g_string_printf(why, "; %s: %s",
			                name_of(g_ptr_array_index(left, mapping->without)),
			                mapping->text);
		g_ptr_array_remove_index(left, mapping->without);
	}
	if (n == 0)
		return g_strdup("none of its instances is in use");
	return g_strdup_printf("%u of %u in use can go to %s%s", left->len, n, q->target.host,
	                       why->str);
}

char *pair_answer(const PairView *pair)
{
	const HostView *target = pair_host(pair, SIDE_TARGET);
	const PairRow *row = pair_cursor_row(pair, SIDE_SOURCE);
	CompatQuestion q;
	bool asked = pair_question(pair, &q);
	if (!row || !target || !target->inventory || !q.source.inventory)
		return NULL;
	q.target = side_of(target);
	if (row->kind == ROW_CARD)
		return row->card[SIDE_SOURCE] ? card_answer(&q, row->card[SIDE_SOURCE]) : NULL;
	if (!asked)
		return NULL;
	if (q.instance)
		return guest_answer(&q);
	return row->type[SIDE_SOURCE].instances > 0
	               ? type_answer(&q, row->type[SIDE_SOURCE].instances)
	               : NULL;
}
