// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/item.h"

#include <string.h>

#include "cli/change.h"
#include "cli/naming.h"

void item_free(Item *item)
{
	if (!item)
		return;
	g_free(item->parent);
	g_free(item->uuid);
	g_free(item);
}

Item *item_parse(Cli *cli, const char *operand)
{
	const char *rest = NULL;
	HostAddress *host = naming_split(cli, operand, &rest);
	const char *slash = rest ? strrchr(rest, '/') : NULL;
	const char *uuid = slash ? slash + 1 : rest;

	if (!host)
		return NULL;
	if (!uuid || !naming_is_uuid_prefix(uuid) || slash == rest) {
		report_usage(&cli->report, "'%s' names no instance: HOST/UUID is wanted", operand);
		return NULL;
	}
	Item *item = g_new0(Item, 1);
	item->target = operand;
	item->host = host;
	item->parent = slash ? g_strndup(rest, slash - rest) : NULL;
	item->uuid = g_ascii_strdown(uuid, -1);
	return item;
}

GPtrArray *items_parse(Cli *cli, char **operands)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);

	for (; *operands; operands++) {
		Item *item = item_parse(cli, *operands);
		if (!item)
			return NULL;
		g_ptr_array_add(items, item);
	}
	return g_steal_pointer(&items);
}

GPtrArray *items_hosts(const Cli *cli, const GPtrArray *items)
{
	GPtrArray *hosts = g_ptr_array_new();

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		if (change_allowed(cli, item->host) && !g_ptr_array_find(hosts, item->host, NULL))
			g_ptr_array_add(hosts, item->host);
	}
	return hosts;
}

void items_refuse(Cli *cli, const GPtrArray *items, GArray *statuses)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		if (!change_allowed(cli, item->host))
			change_failed(cli, item->target, STATUS_REFUSED,
			              change_refusal(cli, item->host), statuses);
	}
}
