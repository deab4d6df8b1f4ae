// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/thing.h"

#include <string.h>

ThingName thing_name(int host, const char *id, const char *parent)
{
	return (ThingName){ host, g_strdup(id), g_strdup(parent) };
}

void thing_name_clear(ThingName *name)
{
	g_clear_pointer(&name->id, g_free);
	g_clear_pointer(&name->parent, g_free);
}

const Function *vendor_function(const Inventory *inventory, const char *address)
{
	for (guint i = 0; i < inventory->functions->len; i++) {
		const Function *function = g_ptr_array_index(inventory->functions, i);
		if (strcmp(function->name, address) == 0 && function->vgpu_type.state == READ_VALUE)
			return function;
	}
	return NULL;
}

/* By its whole name: a prefix may mean another one by now. */
static const Instance *find_instance(const Inventory *inventory, const char *id)
{
	for (guint i = 0; i < inventory->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(inventory->instances, i);
		if (strcmp(instance->id, id) == 0)
			return instance;
	}
	return NULL;
}

Thing thing_find(const Ui *ui, const ThingName *name)
{
	const HostView *host = snapshot_host(ui->hosts, name->host);
	Thing thing = { .inventory = host->inventory, .label = host->address->label };
	if (!thing.inventory)
		return thing;
	thing.instance = find_instance(thing.inventory, name->id);
	thing.function = vendor_function(thing.inventory, name->id);
	const char *parent = name->parent     ? name->parent
	                     : thing.instance ? thing.instance->parent_name
	                                      : NULL;
	if (parent)
		thing.definition = inventory_definition(thing.inventory, parent, name->id);
	return thing;
}
