// SPDX-License-Identifier: GPL-2.0-or-later
/* attr list, set, add, delete: the ordered attributes of a definition. */
#include <string.h>

#include "cli/definitions.h"
#include "cli/wish.h"
#include "core/output/json.h"

/* ---- the list that is wanted ---- */

/* One K=V of the operands; refused if it is none. */
static bool operand_attr(const Cli *cli, guint i, Attr *attr, Status *status, Problem **problem)
{
	if (attr_parse(cli->operands[i], attr))
		return true;
	g_autofree char *text = g_strdup_printf("attr: '%s' is not K=V", cli->operands[i]);
	*status = STATUS_USAGE;
	*problem = problem_new(NULL, "USAGE", 0, "application", NULL, text, NULL);
	return false;
}

static bool edit_set(const Cli *cli, GArray *attrs, Status *status, Problem **problem)
{
	g_array_set_size(attrs, 0);
	for (guint i = 2; i < cli->n_operands; i++) {
		Attr attr;
		if (!operand_attr(cli, i, &attr, status, problem))
			return false;
		g_array_append_val(attrs, attr);
	}
	return true;
}

static bool no_such(Status *status, Problem **problem, Status means, char *text, const char *hint)
{
	*status = means;
	*problem = problem_new(NULL, "EINVAL", 0, "application", NULL, text, hint);
	g_free(text);
	return false;
}

static bool edit_add(const Cli *cli, GArray *attrs, Status *status, Problem **problem)
{
	guint at = cli->options.index >= 0 ? (guint)cli->options.index : attrs->len;

	if (at > attrs->len)
		return no_such(status, problem, STATUS_NOT_FOUND,
		               g_strdup_printf("there are %u attributes: --index %u is behind them",
		                               attrs->len, at),
		               NULL);
	for (guint i = 2; i < cli->n_operands; i++, at++) {
		Attr attr;
		if (!operand_attr(cli, i, &attr, status, problem))
			return false;
		g_array_insert_val(attrs, at, attr);
	}
	return true;
}

/* "K" or "K=V" means that attribute. */
static bool is_named(const Attr *attr, const char *name)
{
	gsize len = strlen(attr->key);

	return g_str_has_prefix(name, attr->key) &&
	       (name[len] == '\0' ||
	        (name[len] == '=' && g_str_equal(name + len + 1, attr->value)));
}

static bool drop_named(GArray *attrs, const char *name, Status *status, Problem **problem)
{
	guint matches = 0, at = 0;

	for (guint i = 0; i < attrs->len; i++) {
		if (!is_named(&g_array_index(attrs, Attr, i), name))
			continue;
		matches++;
		at = i;
	}
	if (matches != 1)
		return no_such(status, problem, matches ? STATUS_USAGE : STATUS_NOT_FOUND,
		               g_strdup_printf(matches ? "attribute %s is there more than once"
		                                       : "there is no attribute %s",
		                               name),
		               matches ? "name it K=V, or by --index" : "`mdevcon attr list`");
	g_array_remove_index(attrs, at);
	return true;
}

static bool edit_delete(const Cli *cli, GArray *attrs, Status *status, Problem **problem)
{
	guint at = (guint)cli->options.index;

	if (cli->options.index >= 0 && at >= attrs->len)
		return no_such(status, problem, STATUS_NOT_FOUND,
		               g_strdup_printf("there are %u attributes: none at --index %u",
		                               attrs->len, at),
		               NULL);
	if (cli->options.index >= 0)
		g_array_remove_index(attrs, at);
	for (guint i = 2; i < cli->n_operands; i++)
		if (!drop_named(attrs, cli->operands[i], status, problem))
			return false;
	return true;
}

/* ---- the verbs ---- */

static const struct {
	const char *name;
	bool takes_index, wants_more; /* operands behind HOST/UUID, or an index instead */
	bool (*edit)(const Cli *cli, GArray *attrs, Status *status, Problem **problem);
} verbs[] = {
	{ "list", false, false, NULL },
	{ "set", false, false, edit_set },
	{ "add", true, true, edit_add },
	{ "delete", true, true, edit_delete },
};

static int verb_of(const Cli *cli)
{
	for (guint i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (g_str_equal(verbs[i].name, cli->operands[0]))
			return (int)i;
	return -1;
}

static Plan *edit(const Cli *cli, const Inventory *inventory, const char *host,
                  const Definition *definition, Status *status, Problem **problem)
{
	g_autoptr(GArray) attrs = g_array_copy(definition->attrs);

	if (!verbs[verb_of(cli)].edit(cli, attrs, status, problem))
		return NULL;
	return plan_attrs(inventory, host, definition, attrs, status, problem);
}

static void print_attrs(Cli *cli, const Item *item, const Definition *definition)
{
	GString *out = cli->report.text;

	if (cli->report.json) {
		g_autofree char *start = g_strdup_printf("%u attributes", definition->attrs->len);
		StepResult result = { .target = (char *)item->target, .ok = true, .text = start };
		report_result(&cli->report, &result);
		json_t *row = json_array_get(cli->report.payload,
		                             json_array_size(cli->report.payload) - 1);
		json_object_set_new(row, "attrs", json_attrs(definition->attrs));
		return;
	}
	for (guint i = 0; i < definition->attrs->len; i++) {
		const Attr *attr = &g_array_index(definition->attrs, Attr, i);
		g_autofree char *line = g_strdup_printf("%s=%s", attr->key, attr->value);
		g_autofree char *visible = text_printable(line, &cli->report.style);
		g_string_append_printf(out, "%u  %s\n", i, visible);
	}
}

static Status list(Cli *cli)
{
	g_autoptr(Item) item = item_parse(cli, cli->operands[1]);
	Problem *problem = NULL;

	if (!item)
		return STATUS_USAGE;
	cli->report.payload_key = "results";
	g_autoptr(Visit) visit = gather_one(cli, item->host, 0);
	Status status = visit->status;
	const Definition *definition =
		visit->inventory ? definition_find(visit->inventory, item, &status, &problem)
				 : NULL;
	if (definition)
		print_attrs(cli, item, definition);
	else
		report_problem(&cli->report, problem ? problem : problem_copy(visit->problem));
	return definition ? STATUS_DONE : status;
}

Status run_attr(Cli *cli)
{
	static const DefinitionChange change = { NULL, 0, edit };
	int verb = verb_of(cli);
	bool indexed = cli->options.index >= 0;

	if (verb < 0)
		return report_usage(&cli->report, "attr: '%s' is none of list, set, add, delete",
		                    cli->operands[0]);
	if (indexed && !verbs[verb].takes_index)
		return report_usage(&cli->report, "attr %s knows no option --index",
		                    verbs[verb].name);
	bool more = cli->n_operands > 2;
	bool by_index = indexed && verbs[verb].edit == edit_delete;
	if (verbs[verb].wants_more ? more == by_index : more && !verbs[verb].edit)
		return report_usage(&cli->report, "usage: mdevcon attr %s HOST/UUID%s",
		                    verbs[verb].name, verbs[verb].wants_more ? " K=V..." : "");
	if (!verbs[verb].edit)
		return list(cli);
	char *one[] = { cli->operands[1], NULL };
	return definitions_change(cli, one, &change);
}
