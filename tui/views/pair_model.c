// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/pair_model.h"

#include <string.h>

#include "core/text.h"

#define FOLD_FROM 9 /* so many unused types are worth folding */

/* One type id with what both sides have of it. */
typedef struct {
	char *id;
	PairType type[SIDE_COUNT];
	GPtrArray *instances[SIDE_COUNT]; /* Instance * */
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
		g_ptr_array_unref(group->instances[s]);
	g_free(group->id);
	g_free(group);
}

static Group *group_get(GHashTable *groups, const char *id)
{
	Group *group = g_hash_table_lookup(groups, id);
	if (group)
		return group;
	group = g_new0(Group, 1);
	group->id = g_strdup(id);
	for (int s = 0; s < SIDE_COUNT; s++)
		group->instances[s] = g_ptr_array_new();
	g_hash_table_insert(groups, group->id, group);
	return group;
}

static void add_type(GHashTable *groups, PairSide side, const Type *type)
{
	PairType *sum = &group_get(groups, type->id)->type[side];
	if (!sum->type)
		sum->type = type;
	sum->parents++;
	if (type->available.state == READ_VALUE)
		sum->available += type->available.n;
	else
		sum->unreadable++;
}

static void add_instance(GHashTable *groups, PairSide side, Instance *instance)
{
	const char *id = instance->type.state == READ_VALUE ? instance->type.s : "";
	Group *group = group_get(groups, id);
	group->type[side].instances++;
	group->type[side].used += instance->in_use == TRI_YES;
	group->type[side].use_unknown += instance->in_use == TRI_UNKNOWN;
	g_ptr_array_add(group->instances[side], instance);
}

static void add_inventory(GHashTable *groups, PairSide side, const Inventory *inventory)
{
	for (guint p = 0; p < inventory->parents->len; p++) {
		const Parent *parent = g_ptr_array_index(inventory->parents, p);
		for (guint t = 0; t < parent->types->len; t++)
			add_type(groups, side, g_ptr_array_index(parent->types, t));
	}
	for (guint i = 0; i < inventory->instances->len; i++)
		add_instance(groups, side, g_ptr_array_index(inventory->instances, i));
}

static int compare_groups(gconstpointer a, gconstpointer b)
{
	const Group *ga = *(Group *const *)a, *gb = *(Group *const *)b;
	if (!*ga->id || !*gb->id) /* what has no type stands last */
		return !*ga->id - !*gb->id;
	int order = natural_compare(ga->id, gb->id);
	return order ? order : strcmp(ga->id, gb->id);
}

/* ---- filter ------------------------------------------------------------------------------- */

typedef struct {
	char *needle; /* folded; NULL: no filter */
	bool invert;
} Filter;

static Filter filter_new(const char *text)
{
	Filter filter = { 0 };
	if (text && *text == '!') {
		filter.invert = true;
		text++;
	}
	if (text && *text)
		filter.needle = g_utf8_casefold(text, -1);
	return filter;
}

static bool contains(const Filter *filter, const char *text)
{
	if (!text)
		return false;
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *folded = g_utf8_casefold(valid, -1);
	return strstr(folded, filter->needle) != NULL;
}

static bool type_matches(const Filter *filter, const Group *group)
{
	if (contains(filter, group->id))
		return true;
	for (int s = 0; s < SIDE_COUNT; s++) {
		const Type *type = group->type[s].type;
		if (type &&
		    (contains(filter, type->name.s) || contains(filter, type->description.s) ||
		     contains(filter, type->device_api.s)))
			return true;
	}
	return false;
}

static bool instance_matches(const Filter *filter, const Instance *instance)
{
	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		if (contains(filter, g_array_index(instance->users, InstanceUser, i).vm))
			return true;
	}
	return contains(filter, instance->id) || contains(filter, instance->parent_name) ||
	       contains(filter, instance_use(instance));
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
	for (int s = 0; s < SIDE_COUNT; s++) {
		const Type *type = group->type[s].type;
		if (type && type->name.state == READ_VALUE && strcmp(type->name.s, group->id) != 0)
			return short_name(type->name.s, group->id);
	}
	return NULL;
}

static PairRow new_row(PairModel *model, const Group *group, PairRowKind kind)
{
	PairRow row = { .kind = kind, .name = type_name(group) };
	row.type_id = g_string_chunk_insert_const(model->strings, group->id);
	memcpy(row.type, group->type, sizeof row.type);
	return row;
}

static const char *short_id(PairModel *model, const PairInput *input, const Instance *instance)
{
	g_autofree char *text = instance->uuid ? uuid_short(instance->id, input->uuids,
	                                                    input->n_uuids, input->ascii)
	                                       : g_strdup(instance->id);
	return g_string_chunk_insert(model->strings, text);
}

static void add_instance_rows(PairModel *model, const PairInput *input, const Group *group,
                              GPtrArray *const shown[SIDE_COUNT])
{
	guint n = MAX(shown[SIDE_SOURCE]->len, shown[SIDE_TARGET]->len);
	for (guint i = 0; i < n; i++) {
		PairRow row = new_row(model, group, ROW_INSTANCE);
		for (int s = 0; s < SIDE_COUNT; s++) {
			if (i >= shown[s]->len)
				continue;
			row.instance[s] = g_ptr_array_index(shown[s], i);
			row.short_id[s] = short_id(model, input, row.instance[s]);
		}
		g_array_append_val(model->rows, row);
	}
}

static void add_group(PairModel *model, const PairInput *input, const Filter *filter,
                      const Group *group)
{
	bool type_match = !filter->needle || type_matches(filter, group);
	bool show = type_match != filter->invert || !filter->needle;
	guint matches = show, things = 1;
	GPtrArray *shown[SIDE_COUNT];
	for (int s = 0; s < SIDE_COUNT; s++) {
		shown[s] = g_ptr_array_new();
		for (guint i = 0; i < group->instances[s]->len; i++) {
			Instance *instance = g_ptr_array_index(group->instances[s], i);
			bool match = type_match || instance_matches(filter, instance);
			if (!filter->needle || match != filter->invert)
				g_ptr_array_add(shown[s], instance);
		}
		matches += shown[s]->len;
		things += group->instances[s]->len;
	}
	model->matches += matches;
	model->things += things;
	if (matches > 0) {
		PairRow row = new_row(model, group, ROW_TYPE);
		g_array_append_val(model->rows, row);
		add_instance_rows(model, input, group, shown);
	}
	for (int s = 0; s < SIDE_COUNT; s++)
		g_ptr_array_unref(shown[s]);
}

static bool is_used(const Group *group)
{
	return group->type[SIDE_SOURCE].instances + group->type[SIDE_TARGET].instances > 0;
}

/* Unused types are folded only where that leaves something to see and saves enough rows. */
static bool wants_fold(const PairModel *model, const PairInput *input, const Filter *filter,
                       guint groups)
{
	return !input->unfold && !filter->needle && model->unused >= FOLD_FROM &&
	       model->unused < groups;
}

PairModel *pair_model_new(const PairInput *input)
{
	PairModel *model = g_new0(PairModel, 1);
	model->rows = g_array_new(FALSE, TRUE, sizeof(PairRow));
	model->strings = g_string_chunk_new(1024);
	g_autoptr(GHashTable) groups =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, group_free);
	for (int s = 0; s < SIDE_COUNT; s++) {
		if (!input->inventory[s])
			continue;
		model->inventory[s] = inventory_ref(input->inventory[s]);
		add_inventory(groups, (PairSide)s, input->inventory[s]);
	}

	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	GHashTableIter iter;
	gpointer group;
	g_hash_table_iter_init(&iter, groups);
	while (g_hash_table_iter_next(&iter, NULL, &group)) {
		g_ptr_array_add(sorted, group);
		model->unused += !is_used(group);
	}
	g_ptr_array_sort(sorted, compare_groups);

	Filter filter = filter_new(input->filter);
	bool fold = wants_fold(model, input, &filter, sorted->len);
	for (guint i = 0; i < sorted->len; i++) {
		const Group *g = g_ptr_array_index(sorted, i);
		if (fold && !is_used(g) && g_strcmp0(g->id, input->keep_type) != 0)
			model->folded++;
		else
			add_group(model, input, &filter, g);
	}
	g_free(filter.needle);
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

int pair_model_find(const PairModel *model, PairSide side, const char *type, const char *instance)
{
	int found = -1;
	for (guint i = 0; i < model->rows->len; i++) {
		const PairRow *row = &g_array_index(model->rows, PairRow, i);
		if (row->kind == ROW_TYPE && g_strcmp0(row->type_id, type) == 0)
			found = (int)i;
		if (instance && row->instance[side] &&
		    strcmp(row->instance[side]->id, instance) == 0)
			return (int)i;
	}
	return found;
}

bool pair_row_has(const PairRow *row, PairSide side)
{
	return row && (row->kind == ROW_TYPE || row->instance[side]);
}
