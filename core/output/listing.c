// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/listing.h"

#include "core/explain.h"
#include "core/output/names.h"
#include "core/text.h"

/* "?" could not be read, "-" is not there: never the same sign, and never 0. */
#define UNREADABLE "?"

static char *text_cell(TextReading reading)
{
	if (reading.state == READ_UNREADABLE)
		return g_strdup(UNREADABLE);
	return reading.state == READ_VALUE ? g_strdup(reading.s) : NULL;
}

static char *number_cell(NumReading reading)
{
	if (reading.state == READ_UNREADABLE)
		return g_strdup(UNREADABLE);
	return reading.state == READ_VALUE ? g_strdup_printf("%" G_GINT64_FORMAT, reading.n) : NULL;
}

/* --- cards: parents, folded where they are functions of one ---------------------------------- */

static const Parent *first_parent(const Card *card)
{
	return card->parents->len > 0 ? g_ptr_array_index(card->parents, 0) : NULL;
}

/* As another command names it: `create HOST/card:BDF`, or the parent itself. */
static char *operand_of(const Card *card)
{
	bool folded = card->has_functions && card->parents->len > 0;
	return g_strconcat(folded ? "card:" : "", card->name, NULL);
}

static char *card_name_cell(const void *row)
{
	return operand_of(row);
}

static char *card_kind_cell(const void *row)
{
	const Parent *parent = first_parent(row);
	return g_strdup(parent_kind_name(parent ? parent->kind : PARENT_PCI));
}

static char *card_functions_cell(const void *row)
{
	const Card *card = row;
	return card->has_functions
	               ? g_strdup_printf("%u", card->parents->len + card->functions->len)
	               : NULL;
}

static char *card_driver_cell(const void *row)
{
	const Card *card = row;
	const Parent *parent = first_parent(card);
	return g_strdup(parent ? parent->driver : card->function ? card->function->driver : NULL);
}

static char *card_module_cell(const void *row)
{
	const Parent *parent = first_parent(row);
	return parent ? g_strdup(parent->module) : NULL;
}

static char *card_version_cell(const void *row)
{
	const Parent *parent = first_parent(row);
	return parent ? text_cell(parent->module_version) : NULL;
}

static char *card_label_cell(const void *row)
{
	return g_strdup(((const Card *)row)->label);
}

static const Column card_columns[] = {
	{ "parent", NULL, "PARENT", ALIGN_LEFT, WIDTH_WHOLE, card_name_cell },
	{ "kind", "kind", "KIND", ALIGN_LEFT, WIDTH_WHOLE, card_kind_cell },
	{ "functions", NULL, "FUNCTIONS", ALIGN_RIGHT, WIDTH_WHOLE, card_functions_cell },
	{ "driver", "driver", "DRIVER", ALIGN_LEFT, WIDTH_WHOLE, card_driver_cell },
	{ "module", "module", "MODULE", ALIGN_LEFT, WIDTH_WHOLE, card_module_cell },
	{ "version", "module_version", "VERSION", ALIGN_LEFT, WIDTH_CUT, card_version_cell },
	{ "label", "label", "DEVICE", ALIGN_LEFT, WIDTH_CUT, card_label_cell },
};

/* --- types --------------------------------------------------------------------------------- */

static const Type *first_offer(const CardType *type)
{
	return type->offers->len > 0 ? g_ptr_array_index(type->offers, 0) : NULL;
}

static char *type_parent_cell(const void *row)
{
	return operand_of(((const CardType *)row)->card);
}

static char *type_id_cell(const void *row)
{
	return g_strdup(((const CardType *)row)->id);
}

static char *type_name_cell(const void *row)
{
	const Type *type = first_offer(row);
	return type ? text_cell(type->name) : g_strdup(card_type_name(row));
}

static char *type_api_cell(const void *row)
{
	const Type *type = first_offer(row);
	return type ? text_cell(type->device_api) : NULL;
}

/* Functions share their card: what they say together is an upper bound, not capacity. */
static char *type_available_cell(const void *row)
{
	const CardType *type = row;
	guint n = type->offers->len;

	if (n == 0)
		return NULL;
	if (n == 1)
		return number_cell(first_offer(type)->available);
	if (type->unreadable == n)
		return g_strdup(UNREADABLE);
	return g_strdup_printf("%s%" G_GINT64_FORMAT "%s",
	                       type->available || type->unreadable ? "up to " : "", type->available,
	                       type->unreadable ? "+" UNREADABLE : "");
}

static char *type_instances_cell(const void *row)
{
	return g_strdup_printf("%u", ((const CardType *)row)->instances);
}

static char *type_used_cell(const void *row)
{
	const CardType *type = row;
	return type->use_unknown ? g_strdup(UNREADABLE) : g_strdup_printf("%u", type->used);
}

static char *type_why_cell(const void *row)
{
	char *why = NULL;
	explain_card_zero(row, &why);
	return why;
}

static const Column type_columns[] = {
	{ "parent", NULL, "PARENT", ALIGN_LEFT, WIDTH_WHOLE, type_parent_cell },
	{ "type", "id", "TYPE", ALIGN_LEFT, WIDTH_WHOLE, type_id_cell },
	{ "name", "name", "NAME", ALIGN_LEFT, WIDTH_CUT, type_name_cell },
	{ "api", "device_api", "API", ALIGN_LEFT, WIDTH_WHOLE, type_api_cell },
	{ "available", "available_instances", "AVAILABLE", ALIGN_RIGHT, WIDTH_WHOLE,
	  type_available_cell },
	{ "instances", "instances", "INSTANCES", ALIGN_RIGHT, WIDTH_WHOLE, type_instances_cell },
	{ "used", NULL, "USED", ALIGN_RIGHT, WIDTH_WHOLE, type_used_cell },
	{ "why", "available_why", "WHY 0", ALIGN_LEFT, WIDTH_CUT, type_why_cell },
};

/* --- instances ----------------------------------------------------------------------------- */

static char *instance_id_cell(const void *row)
{
	return g_strdup(((const Instance *)row)->id);
}

static char *instance_parent_cell(const void *row)
{
	return g_strdup(((const Instance *)row)->parent_name);
}

static char *instance_type_cell(const void *row)
{
	return text_cell(((const Instance *)row)->type);
}

static char *instance_group_cell(const void *row)
{
	return number_cell(((const Instance *)row)->iommu_group);
}

static char *instance_use_cell(const void *row)
{
	return g_strdup(tri_name(((const Instance *)row)->in_use));
}

/* The VM's name where it is known, with the pid; why nothing is known where that is so. */
static char *instance_users_cell(const void *row)
{
	const Instance *instance = row;
	GString *out = g_string_new(NULL);

	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		const InstanceUser *user = &g_array_index(instance->users, InstanceUser, i);
		g_string_append(out, i ? ", " : "");
		if (user->vm)
			g_string_append_printf(out, "%s (%" G_GINT64_FORMAT ")", user->vm,
			                       user->pid);
		else
			g_string_append_printf(out, "pid %" G_GINT64_FORMAT, user->pid);
	}
	if (out->len == 0 && instance->in_use == TRI_UNKNOWN && instance->in_use_why)
		g_string_append_printf(out, "(%s)", instance->in_use_why);
	return g_string_free(out, FALSE);
}

static char *instance_defined_cell(const void *row)
{
	const Instance *instance = row;
	if (!instance->defined)
		return NULL;
	return g_strdup_printf(
		"%s%s%s%s", start_name(instance->autostart), instance->differs ? " (" : "",
		instance->differs ? instance->differs : "", instance->differs ? ")" : "");
}

static const Column instance_columns[] = {
	{ "instance", "id", "INSTANCE", ALIGN_LEFT, WIDTH_WHOLE, instance_id_cell },
	{ "parent", "parent", "PARENT", ALIGN_LEFT, WIDTH_WHOLE, instance_parent_cell },
	{ "type", "type", "TYPE", ALIGN_LEFT, WIDTH_WHOLE, instance_type_cell },
	{ "group", "iommu_group", "GROUP", ALIGN_RIGHT, WIDTH_WHOLE, instance_group_cell },
	{ "defined", "defined", "DEFINED", ALIGN_LEFT, WIDTH_WHOLE, instance_defined_cell },
	{ "in_use", "in_use", "IN USE", ALIGN_LEFT, WIDTH_WHOLE, instance_use_cell },
	{ "users", "users", "USERS", ALIGN_LEFT, WIDTH_CUT, instance_users_cell },
};

/* --- definitions that are not active ------------------------------------------------------- */

static char *definition_uuid_cell(const void *row)
{
	return g_strdup(((const Definition *)row)->uuid);
}

static char *definition_parent_cell(const void *row)
{
	return g_strdup(((const Definition *)row)->parent);
}

static char *definition_type_cell(const void *row)
{
	return g_strdup(((const Definition *)row)->type);
}

static char *definition_start_cell(const void *row)
{
	return g_strdup(start_name(((const Definition *)row)->autostart));
}

static char *definition_error_cell(const void *row)
{
	return g_strdup(((const Definition *)row)->error);
}

static const Column definition_columns[] = {
	{ "definition", "uuid", "DEFINITION", ALIGN_LEFT, WIDTH_WHOLE, definition_uuid_cell },
	{ "parent", "parent", "PARENT", ALIGN_LEFT, WIDTH_WHOLE, definition_parent_cell },
	{ "type", "type", "TYPE", ALIGN_LEFT, WIDTH_WHOLE, definition_type_cell },
	{ "start", "start", "START", ALIGN_LEFT, WIDTH_WHOLE, definition_start_cell },
	{ "error", "error", "ERROR", ALIGN_LEFT, WIDTH_CUT, definition_error_cell },
};

/* --- hosts --------------------------------------------------------------------------------- */

static char *host_name_cell(const void *row)
{
	return g_strdup(((const HostRow *)row)->address->label);
}

static char *host_address_cell(const void *row)
{
	return g_strdup(((const HostRow *)row)->address->address);
}

static char *host_state_cell(const void *row)
{
	return g_strdup(((const HostRow *)row)->state);
}

static char *host_user_cell(const void *row)
{
	const HostRow *host = row;
	return g_strdup(host->inventory ? host->inventory->user : host->address->user);
}

static char *host_privilege_cell(const void *row)
{
	return g_strdup(host_row_privilege(row));
}

static char *host_kernel_cell(const void *row)
{
	const HostRow *host = row;
	return host->inventory ? text_cell(host->inventory->kernel) : NULL;
}

static char *host_arch_cell(const void *row)
{
	const HostRow *host = row;
	return host->inventory ? text_cell(host->inventory->arch) : NULL;
}

static char *host_latency_cell(const void *row)
{
	const HostRow *host = row;
	return host->latency_ms >= 0 ? g_strdup_printf("%d ms", host->latency_ms) : NULL;
}

static char *host_age_cell(const void *row)
{
	gint64 age = host_row_age_s(row);
	return age >= 0 ? age_text(age * G_USEC_PER_SEC) : NULL;
}

static char *host_parents_cell(const void *row)
{
	const HostRow *host = row;
	return host->inventory ? g_strdup_printf("%u", host->inventory->parents->len) : NULL;
}

static char *host_instances_cell(const void *row)
{
	const HostRow *host = row;
	return host->inventory ? g_strdup_printf("%u", host->inventory->instances->len) : NULL;
}

static int host_by_age(const void *a, const void *b)
{
	gint64 left = host_row_age_s(a), right = host_row_age_s(b);
	return left < right ? -1 : left > right;
}

static const Column host_columns[] = {
	{ "host", "name", "HOST", ALIGN_LEFT, WIDTH_WHOLE, host_name_cell },
	{ "address", "address", "ADDRESS", ALIGN_LEFT, WIDTH_WHOLE, host_address_cell, .drop = 7 },
	{ "state", "state", "STATE", ALIGN_LEFT, WIDTH_WHOLE, host_state_cell },
	{ "user", "user", "USER", ALIGN_LEFT, WIDTH_WHOLE, host_user_cell, .drop = 6 },
	{ "privilege", "privilege", "PRIVILEGE", ALIGN_LEFT, WIDTH_WHOLE, host_privilege_cell,
	  .drop = 5 },
	{ "kernel", "kernel", "KERNEL", ALIGN_LEFT, WIDTH_CUT, host_kernel_cell, .drop = 4 },
	{ "arch", "arch", "ARCH", ALIGN_LEFT, WIDTH_WHOLE, host_arch_cell, .drop = 8 },
	{ "latency", "latency_ms", "LATENCY", ALIGN_RIGHT, WIDTH_WHOLE, host_latency_cell,
	  .drop = 3 },
	{ "age", "age_s", "READ", ALIGN_LEFT, WIDTH_WHOLE, host_age_cell, .compare = host_by_age,
	  .drop = 1 },
	{ "parents", "parents", "PARENTS", ALIGN_RIGHT, WIDTH_WHOLE, host_parents_cell, .drop = 5 },
	{ "instances", "instances", "INSTANCES", ALIGN_RIGHT, WIDTH_WHOLE, host_instances_cell },
};

const ColumnTable column_tables[] = {
	{ "parents", card_columns, G_N_ELEMENTS(card_columns) },
	{ "types", type_columns, G_N_ELEMENTS(type_columns) },
	{ "instances", instance_columns, G_N_ELEMENTS(instance_columns) },
	{ "definitions", definition_columns, G_N_ELEMENTS(definition_columns) },
	{ "hosts", host_columns, G_N_ELEMENTS(host_columns) },
};
const guint column_table_count = G_N_ELEMENTS(column_tables);

const Column *listing_column(const char *table, const char *name)
{
	for (guint t = 0; t < column_table_count; t++) {
		const ColumnTable *at = &column_tables[t];
		for (guint c = 0; g_str_equal(at->name, table) && c < at->n; c++)
			if (g_str_equal(at->columns[c].name, name))
				return &at->columns[c];
	}
	return NULL;
}

/* --- a host as a whole --------------------------------------------------------------------- */

#define INDENT 2
#define PRINT(out, columns, rows, style) \
	columns_print(out, columns, G_N_ELEMENTS(columns), rows, INDENT, style)

static char *host_headline(const HostRow *row)
{
	const Inventory *inv = row->inventory;
	GString *out = g_string_new(row->address->label);
	gint64 age = host_row_age_s(row);

	g_string_append_printf(out, ": %s", row->state);
	if (!inv)
		return g_string_free(out, FALSE);
	if (age > 0 && !g_str_equal(row->state, "up")) {
		g_autofree char *ago = age_text(age * G_USEC_PER_SEC);
		g_string_append_printf(out, " %s", ago);
	}
	g_autofree char *kernel = text_cell(inv->kernel);
	g_autofree char *arch = text_cell(inv->arch);
	g_string_append_printf(out, ", kernel %s, %s", kernel ? kernel : "-", arch ? arch : "-");
	if (inv->user)
		g_string_append_printf(out, ", as %s", inv->user);
	return g_string_free(out, FALSE);
}

static GPtrArray *all_types(const Inventory *inv)
{
	GPtrArray *types = g_ptr_array_new();
	for (guint i = 0; i < inv->cards->len; i++) {
		const Card *card = g_ptr_array_index(inv->cards, i);
		g_ptr_array_extend(types, card->types, NULL, NULL);
	}
	return types;
}

/* Active definitions stand beside their instance; the others, and broken ones, stand here. */
static GPtrArray *resting_definitions(const Inventory *inv)
{
	GPtrArray *resting = g_ptr_array_new();
	for (guint i = 0; i < inv->definitions->len; i++) {
		Definition *definition = g_ptr_array_index(inv->definitions, i);
		if (!definition->active || definition->error)
			g_ptr_array_add(resting, definition);
	}
	return resting;
}

/* What is missing, and why: a line each. */
static void print_why(GString *out, const Inventory *inv, const TextStyle *style)
{
	bool noted = inv->notes && inv->notes[0];

	if (inv->empty_why && !noted) {
		g_autofree char *why = text_printable(inv->empty_why, style);
		g_string_append_printf(out, "  no parents: %s\n", why);
	}
	for (char **note = inv->notes; note && *note; note++) {
		g_autofree char *text = text_printable(*note, style);
		g_string_append_printf(out, "  %s%s\n",
		                       inv->empty_why ? "no parents: " : "note: ", text);
	}
}

void listing_host(GString *out, const HostRow *row, const TextStyle *style)
{
	g_autofree char *headline = host_headline(row);
	const Inventory *inv = row->inventory;

	heading_print(out, headline, style);
	if (!inv)
		return;
	print_why(out, inv, style);

	g_autoptr(GPtrArray) types = all_types(inv);
	g_autoptr(GPtrArray) resting = resting_definitions(inv);
	PRINT(out, card_columns, inv->cards, style);
	PRINT(out, type_columns, types, style);
	PRINT(out, instance_columns, inv->instances, style);
	PRINT(out, definition_columns, resting, style);
}

void listing_hosts(GString *out, const GPtrArray *rows, const TextStyle *style)
{
	columns_print(out, host_columns, G_N_ELEMENTS(host_columns), rows, 0, style);
}

void listing_plan(GString *out, const Plan *plan, const TextStyle *style)
{
	heading_print(out, plan->purpose, style);
	for (guint i = 0; i < plan->steps->len; i++) {
		const Step *step = g_ptr_array_index(plan->steps, i);
		g_autofree char *command = step_command(step);
		g_autofree char *text = text_printable(step->text, style);
		g_autofree char *line = text_printable(command, style);
		g_string_append_printf(out, "  %u. %s\n     %s\n", i + 1, text, line);
		for (guint p = 0; step->preconditions && step->preconditions[p]; p++) {
			g_autofree char *must = text_printable(step->preconditions[p], style);
			g_string_append_printf(out, "     only if %s\n", must);
		}
	}
}
