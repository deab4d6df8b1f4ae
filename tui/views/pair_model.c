// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/pair_model.h"

#include <string.h>

#include "core/text.h"
#include "tui/filter.h"

#define FOLD_FROM 9 /* so many unused types are worth folding */

/* One type id, of a card in the view by hardware, with what both sides have of it. */
typedef struct {
	char *card; /* name, or NULL: the view by type */
	char *id;   /* NULL: the card itself */
	PairType type[SIDE_COUNT];
	const Card *cards[SIDE_COUNT];
	GPtrArray *instances[SIDE_COUNT];   /* Instance * */
	GPtrArray *definitions[SIDE_COUNT]; /* Definition *, those that are not active */
} Group;

const char *instance_vm(const Instance *instance)
{
	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		const InstanceUser *user = &g_array_index(instance->users, InstanceUser, i);
		if (user->vm)
			return user->vm;
	}
	return NULL;
}

const char *instance_use(const Instance *instance)
{
	static const char *const words[] = {
		[TRI_UNKNOWN] = "use unknown", [TRI_NO] = "idle", [TRI_YES] = "in use"
	};
	return words[instance->in_use];
}

/* ---- grouping by type --------------------------------------------------------------------- */

static void group_free(gpointer data)
{
	Group *group = data;
	for (int s = 0; s < SIDE_COUNT; s++)
		g_ptr_array_unref(group->instances[s]), g_ptr_array_unref(group->definitions[s]);
	g_free(group->card);
	g_free(group->id);
	g_free(group);
}

static Group *group_get(GHashTable *groups, const char *card, const char *id)
{
	g_autofree char *key =
		g_strdup_printf("%s\n%s%s", card ? card : "", id ? "t" : "", id ? id : "");
	Group *group = g_hash_table_lookup(groups, key);
	if (group)
		return group;
	group = g_new0(Group, 1);
	group->card = g_strdup(card);
	group->id = g_strdup(id);
	for (int s = 0; s < SIDE_COUNT; s++)
		group->instances[s] = g_ptr_array_new(), group->definitions[s] = g_ptr_array_new();
	g_hash_table_insert(groups, g_steal_pointer(&key), group);
	return group;
}

static void add_type(Group *group, PairSide side, const Type *type)
{
	PairType *sum = &group->type[side];
	if (!sum->type)
		sum->type = type;
	sum->parents++;
	if (type->available.state == READ_VALUE)
		sum->available += type->available.n;
	else
		sum->unreadable++;
}

static void count_instance(PairType *sum, const Instance *instance)
{
	sum->instances++;
	sum->used += instance->in_use == TRI_YES;
	sum->use_unknown += instance->in_use == TRI_UNKNOWN;
}

static void add_instance(Group *group, PairSide side, Instance *instance)
{
	count_instance(&group->type[side], instance);
	g_ptr_array_add(group->instances[side], instance);
}

static const char *type_id_of(const Instance *instance)
{
	return instance->type.state == READ_VALUE ? instance->type.s : "";
}

static void add_by_type(GHashTable *groups, PairSide side, const Inventory *inventory)
{
	for (guint p = 0; p < inventory->parents->len; p++) {
		const Parent *parent = g_ptr_array_index(inventory->parents, p);
		for (guint t = 0; t < parent->types->len; t++) {
			const Type *type = g_ptr_array_index(parent->types, t);
			add_type(group_get(groups, NULL, type->id), side, type);
		}
	}
	for (guint i = 0; i < inventory->instances->len; i++) {
		Instance *instance = g_ptr_array_index(inventory->instances, i);
		add_instance(group_get(groups, NULL, type_id_of(instance)), side, instance);
	}
}

/* What is defined and not there: below its type, on the card that has the parent. */
static void add_definitions(GHashTable *groups, PairSide side, const Inventory *inventory,
                            bool hardware)
{
	for (guint i = 0; i < inventory->definitions->len; i++) {
		Definition *definition = g_ptr_array_index(inventory->definitions, i);
		const Parent *parent = inventory_parent(inventory, definition->parent);
		const Card *card = hardware && parent ? parent->card : NULL;
		const char *place = card ? card->name : definition->parent;
		if (definition->active)
			continue;
		if (card)
			group_get(groups, place, NULL)->cards[side] = card;
		Group *group = group_get(groups, hardware ? place : NULL,
		                         definition->type ? definition->type : "");
		if (card)
			group->cards[side] = card;
		g_ptr_array_add(group->definitions[side], definition);
	}
}

static void add_card(GHashTable *groups, PairSide side, const Card *card)
{
	Group *top = group_get(groups, card->name, NULL);
	PairType *sum = &top->type[side];
	top->cards[side] = card;
	sum->parents = card->parents->len;
	for (guint t = 0; t < card->types->len; t++) {
		const CardType *type = g_ptr_array_index(card->types, t);
		Group *group = group_get(groups, card->name, type->id);
		group->cards[side] = card;
		sum->available = MAX(sum->available, type->available);
		sum->unreadable = MAX(sum->unreadable, type->unreadable);
		for (guint i = 0; i < type->offers->len; i++)
			add_type(group, side, g_ptr_array_index(type->offers, i));
	}
}

static void add_by_hardware(GHashTable *groups, PairSide side, const Inventory *inventory)
{
	for (guint i = 0; i < inventory->cards->len; i++)
		add_card(groups, side, g_ptr_array_index(inventory->cards, i));
	for (guint i = 0; i < inventory->instances->len; i++) {
		Instance *instance = g_ptr_array_index(inventory->instances, i);
		const Card *card = instance_card(inventory, instance);
		const char *name = card ? card->name : instance->parent_name;
		const char *place = name ? name : "";
		Group *group = group_get(groups, place, type_id_of(instance));
		group->cards[side] = card;
		add_instance(group, side, instance);
		count_instance(&group_get(groups, place, NULL)->type[side], instance);
	}
}

/* By card, where there are any; the card before its types; what has no type last. */
static int compare_groups(gconstpointer a, gconstpointer b)
{
	const Group *ga = *(Group *const *)a, *gb = *(Group *const *)b;
	int card = g_strcmp0(ga->card, gb->card);
	if (card)
		return card;
	if (!ga->id || !gb->id)
		return !!ga->id - !!gb->id;
	if (!*ga->id || !*gb->id)
		return !*ga->id - !*gb->id;
	int order = natural_compare(ga->id, gb->id);
	return order ? order : strcmp(ga->id, gb->id);
}

/* ---- filter ------------------------------------------------------------------------------- */

static bool type_matches(const Filter *filter, const Group *group)
{
	if (filter_contains(filter, group->id))
		return true;
	for (int s = 0; s < SIDE_COUNT; s++)
		if (group->cards[s] && filter_contains(filter, group->cards[s]->label))
			return true;
	for (int s = 0; s < SIDE_COUNT; s++) {
		const Type *type = group->type[s].type;
		if (type && (filter_contains(filter, type->name.s) ||
		             filter_contains(filter, type->description.s) ||
		             filter_contains(filter, type->device_api.s)))
			return true;
	}
	return false;
}

static bool instance_matches(const Filter *filter, const Instance *instance)
{
	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		if (filter_contains(filter, g_array_index(instance->users, InstanceUser, i).vm))
			return true;
	}
	return filter_contains(filter, instance->id) ||
	       filter_contains(filter, instance->parent_name) ||
	       filter_contains(filter, instance_use(instance));
}

static bool definition_matches(const Filter *filter, const Definition *definition)
{
	return filter_contains(filter, definition->uuid) ||
	       filter_contains(filter, definition->parent) ||
	       filter_contains(filter, "defined, not active");
}

/* ---- rows --------------------------------------------------------------------------------- */

/* "NVIDIA A40-2Q" beside "nvidia-558" says NVIDIA twice: the name need not. */
static const char *short_name(const char *name, const char *id)
{
	gsize word = strcspn(name, " ");
	bool said = word == strcspn(id, "-") && g_ascii_strncasecmp(name, id, word) == 0;
	return said && name[word] && name[word + 1] ? name + word + 1 : name;
}

static const char *type_name(const Group *group)
{
	if (!group->id)
		return NULL;
	for (int s = 0; s < SIDE_COUNT; s++) {
		const Type *type = group->type[s].type;
		if (type && type->name.state == READ_VALUE && strcmp(type->name.s, group->id) != 0)
			return short_name(type->name.s, group->id);
		if (!type && group->instances[s]->len > 0) {
			const Instance *first = g_ptr_array_index(group->instances[s], 0);
			if (first->type_name)
				return short_name(first->type_name, group->id);
		}
	}
	return NULL;
}

static PairRow new_row(PairModel *model, const Group *group, PairRowKind kind)
{
	PairRow row = { .kind = kind, .name = type_name(group) };
	row.type_id = g_string_chunk_insert_const(model->strings, group->id ? group->id : "");
	if (group->card)
		row.card_name = g_string_chunk_insert_const(model->strings, group->card);
	memcpy(row.card, group->cards, sizeof row.card);
	memcpy(row.type, group->type, sizeof row.type);
	return row;
}

static const char *short_id(PairModel *model, const PairInput *input, const char *id, bool uuid)
{
	g_autofree char *text = uuid ? uuid_short(id, input->uuids, input->n_uuids, input->ascii)
	                             : g_strdup(bdf_short(id));
	return g_string_chunk_insert(model->strings, text);
}

/* What a side shows of a group: its instances, and below them what is only defined. */
typedef struct {
	GPtrArray *instances, *definitions;
} Shown;

static void put_thing(PairModel *model, const PairInput *input, PairRow *row, PairSide side,
                      const Shown *shown, guint i)
{
	if (i < shown->instances->len) {
		const Instance *instance = g_ptr_array_index(shown->instances, i);
		row->instance[side] = instance;
		row->short_id[side] = short_id(model, input, instance->id, instance->uuid != NULL);
	} else if (i - shown->instances->len < shown->definitions->len) {
		const Definition *definition =
			g_ptr_array_index(shown->definitions, i - shown->instances->len);
		row->definition[side] = definition;
		row->short_id[side] = short_id(model, input, definition->uuid, true);
	}
}

static void add_thing_rows(PairModel *model, const PairInput *input, const Group *group,
                           const Shown shown[SIDE_COUNT])
{
	guint n = 0;
	for (int s = 0; s < SIDE_COUNT; s++)
		n = MAX(n, shown[s].instances->len + shown[s].definitions->len);
	for (guint i = 0; i < n; i++) {
		PairRow row = new_row(model, group, ROW_INSTANCE);
		for (int s = 0; s < SIDE_COUNT; s++)
			put_thing(model, input, &row, (PairSide)s, &shown[s], i);
		g_array_append_val(model->rows, row);
	}
}

static Shown shown_of(const Group *group, PairSide side, const Filter *filter, bool type_match)
{
	Shown shown = { g_ptr_array_new(), g_ptr_array_new() };
	for (guint i = 0; i < group->instances[side]->len; i++) {
		Instance *instance = g_ptr_array_index(group->instances[side], i);
		bool match = type_match || instance_matches(filter, instance);
		if (!filter->needle || match != filter->invert)
			g_ptr_array_add(shown.instances, instance);
	}
	for (guint i = 0; i < group->definitions[side]->len; i++) {
		Definition *definition = g_ptr_array_index(group->definitions[side], i);
		bool match = type_match || definition_matches(filter, definition);
		if (!filter->needle || match != filter->invert)
			g_ptr_array_add(shown.definitions, definition);
	}
	return shown;
}

static void add_group(PairModel *model, const PairInput *input, const Filter *filter,
                      const Group *group)
{
	bool type_match = !filter->needle || type_matches(filter, group);
	bool show = type_match != filter->invert || !filter->needle;
	guint matches = show, things = 1;
	Shown shown[SIDE_COUNT];
	for (int s = 0; s < SIDE_COUNT; s++) {
		shown[s] = shown_of(group, (PairSide)s, filter, type_match);
		matches += shown[s].instances->len + shown[s].definitions->len;
		things += group->instances[s]->len + group->definitions[s]->len;
	}
	model->matches += matches;
	model->things += things;
	if (matches > 0) {
		PairRow row = new_row(model, group, ROW_TYPE);
		g_array_append_val(model->rows, row);
		add_thing_rows(model, input, group, shown);
	}
	for (int s = 0; s < SIDE_COUNT; s++) {
		g_ptr_array_unref(shown[s].instances);
		g_ptr_array_unref(shown[s].definitions);
	}
}

static bool is_used(const Group *group)
{
	guint n = 0;
	for (int s = 0; s < SIDE_COUNT; s++)
		n += group->type[s].instances + group->definitions[s]->len;
	return n > 0;
}

/* Unused types are folded only where that leaves something to see and saves enough rows. */
static bool wants_fold(const PairModel *model, const PairInput *input, const Filter *filter,
                       guint groups)
{
	return !input->unfold && !filter->needle && model->unused >= FOLD_FROM &&
	       model->unused < groups;
}

static bool is_kept(const PairInput *input, const Group *group)
{
	return g_strcmp0(group->id, input->keep_type) == 0 &&
	       (!group->card || !input->keep_card || g_strcmp0(group->card, input->keep_card) == 0);
}

/* A filter that leaves nothing of a card leaves out the card too. */
static void drop_bare_card(PairModel *model, const Filter *filter)
{
	const PairRow *last = pair_model_row(model, (int)model->rows->len - 1);
	if (filter->needle && last && last->kind == ROW_CARD)
		g_array_set_size(model->rows, model->rows->len - 1);
}

static void add_rows(PairModel *model, const PairInput *input, const GPtrArray *sorted)
{
	Filter filter = filter_new(input->filter);
	bool fold = wants_fold(model, input, &filter, sorted->len), closed = false;
	for (guint i = 0; i < sorted->len; i++) {
		const Group *group = g_ptr_array_index(sorted, i);
		if (!group->id) {
			PairRow row = new_row(model, group, ROW_CARD);
			closed = !filter.needle && input->closed &&
			         g_hash_table_contains(input->closed, group->card);
			row.closed = closed;
			drop_bare_card(model, &filter);
			g_array_append_val(model->rows, row);
		} else if (fold && !is_used(group) && !is_kept(input, group)) {
			model->folded++;
		} else if (!closed) {
			add_group(model, input, &filter, group);
		}
	}
	drop_bare_card(model, &filter);
	filter_clear(&filter);
}

PairModel *pair_model_new(const PairInput *input)
{
	PairModel *model = g_new0(PairModel, 1);
	model->rows = g_array_new(FALSE, TRUE, sizeof(PairRow));
	model->strings = g_string_chunk_new(1024);
	g_autoptr(GHashTable) groups =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, group_free);
	for (int s = 0; s < SIDE_COUNT; s++) {
		if (!input->inventory[s])
			continue;
		model->inventory[s] = inventory_ref(input->inventory[s]);
		if (input->hardware)
			add_by_hardware(groups, (PairSide)s, input->inventory[s]);
		else
			add_by_type(groups, (PairSide)s, input->inventory[s]);
		add_definitions(groups, (PairSide)s, input->inventory[s], input->hardware);
	}

	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, groups);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Group *group = value;
		g_ptr_array_add(sorted, value);
		model->unused += group->id && !is_used(group);
	}
	g_ptr_array_sort(sorted, compare_groups);
	add_rows(model, input, sorted);
	return model;
}

void pair_model_free(PairModel *model)
{
	if (!model)
		return;
	g_array_unref(model->rows);
	g_string_chunk_free(model->strings);
	for (int s = 0; s < SIDE_COUNT; s++)
		g_clear_pointer(&model->inventory[s], inventory_unref);
	g_free(model);
}

const PairRow *pair_model_row(const PairModel *model, int row)
{
	return row >= 0 && (guint)row < model->rows->len ? &g_array_index(model->rows, PairRow, row)
	                                                 : NULL;
}

const char *pair_row_id(const PairRow *row, PairSide side)
{
	return row->instance[side]     ? row->instance[side]->id
	       : row->definition[side] ? row->definition[side]->uuid
	                               : NULL;
}

int pair_model_find(const PairModel *model, PairSide side, const char *card, const char *type,
                    const char *instance)
{
	int of_type = -1, of_card = -1;
	for (guint i = 0; i < model->rows->len; i++) {
		const PairRow *row = &g_array_index(model->rows, PairRow, i);
		bool here = !card || !row->card_name || strcmp(row->card_name, card) == 0;
		const char *id = pair_row_id(row, side);
		if (instance && id && strcmp(id, instance) == 0)
			return (int)i;
		if (of_type < 0 && here && type && row->kind == ROW_TYPE &&
		    strcmp(row->type_id, type) == 0)
			of_type = (int)i;
		if (of_card < 0 && here && card && row->kind == ROW_CARD)
			of_card = (int)i;
	}
	return of_type >= 0 ? of_type : of_card;
}

bool pair_row_has(const PairRow *row, PairSide side)
{
	return row && (row->kind != ROW_INSTANCE || pair_row_id(row, side));
}
