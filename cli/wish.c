// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/wish.h"

#include <string.h>

#include "cli/change.h"
#include "cli/naming.h"

bool attr_parse(char *text, Attr *attr)
{
	char *equals = strchr(text, '=');

	if (!equals || equals == text)
		return false;
	*equals = '\0';
	*attr = (Attr){ text, equals + 1 };
	return true;
}

static Status read_attrs(Cli *cli, Wish *wish)
{
	const GPtrArray *given = cli->options.attrs;

	wish->attrs = g_array_new(FALSE, FALSE, sizeof(Attr));
	for (guint i = 0; i < given->len; i++) {
		Attr attr;
		if (!attr_parse(g_ptr_array_index(given, i), &attr))
			return report_usage(&cli->report, "--attr: '%s' is not K=V",
			                    (char *)g_ptr_array_index(given, i));
		g_array_append_val(wish->attrs, attr);
	}
	return STATUS_DONE;
}

static Status read_options(Cli *cli, Wish *wish)
{
	const Options *options = &cli->options;

	wish->count = options->count > 0 ? (guint)options->count : 1;
	wish->autostart = options->autostart;
	if (options->uuid && !naming_is_uuid(options->uuid))
		return report_usage(&cli->report, "--uuid: '%s' is not a uuid", options->uuid);
	if (options->uuid && wish->count > 1)
		return report_usage(&cli->report,
		                    "--uuid names one instance: --count %u does not fit",
		                    wish->count);
	wish->uuid = options->uuid ? g_ascii_strdown(options->uuid, -1) : NULL;
	return read_attrs(cli, wish);
}

Status wish_read(Cli *cli, const char *target, const char *type, Wish *wish)
{
	*wish = (Wish){ .target = target, .type = type };
	Status status = read_options(cli, wish);
	if (status != STATUS_DONE)
		return status;
	if (*type == '\0')
		return report_usage(&cli->report, "TYPE is empty");
	wish->host = naming_split(cli, target, &wish->where);
	if (!wish->host)
		return STATUS_USAGE;
	if (wish->where && (*wish->where == '\0' || strchr(wish->where, '/')))
		return report_usage(&cli->report, "'%s' names no parent: HOST/PARENT is wanted",
		                    target);
	return STATUS_DONE;
}

void wish_clear(Wish *wish)
{
	g_clear_pointer(&wish->uuid, g_free);
	g_clear_pointer(&wish->attrs, g_array_unref);
}

static Plan *plan_wish(const Inventory *inventory, const Wish *wish, Status *status,
                       Problem **problem)
{
	const char *host = wish->host->label;
	DefineWish definition = { .where = wish->where,
		                  .type = wish->type,
		                  .uuid = wish->uuid,
		                  .autostart = wish->autostart,
		                  .attrs = wish->attrs,
		                  .count = wish->count,
		                  .start = wish->start };

	if (wish->define)
		return plan_define(inventory, host, &definition, status, problem);
	if (wish->attrs->len > 0)
		return plan_create_with_attrs(inventory, host, &definition, status, problem);
	return plan_create(inventory, host, wish->where, wish->type, wish->uuid, wish->count,
	                   status, problem);
}

static void make(Cli *cli, const Wish *wish, GArray *statuses)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	Problem *problem = NULL;

	g_ptr_array_add(hosts, wish->host);
	g_autoptr(GPtrArray) visits = gather(cli, hosts, 0);
	const Visit *visit = g_ptr_array_index(visits, 0);
	Status status = visit->status;
	if (!visit->inventory) {
		change_failed(cli, wish->target, status, problem_copy(visit->problem), statuses);
		return;
	}
	Plan *plan = plan_wish(visit->inventory, wish, &status, &problem);
	if (!plan) {
		change_failed(cli, wish->target, status, problem, statuses);
		return;
	}
	g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);
	g_ptr_array_add(plans, plan);
	change_plans(cli, visits, plans, NULL, statuses);
}

Status wish_run(Cli *cli, const Wish *wish)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));

	if (change_allowed(cli, wish->host))
		make(cli, wish, statuses);
	else
		change_failed(cli, wish->target, STATUS_REFUSED, change_refusal(cli, wish->host),
		              statuses);
	return cli_status(cli, statuses);
}
