// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * The sets that segments of path patterns name. Each function gives the name of the nth thing and
 * notes the thing in the place; "" leaves one out, NULL ends.
 */

#include "core/simulate/layout.h"

#include <string.h>

#include "core/simulate/matrix.h"

static SimDevice *nth_device(const SimPlace *place, guint i)
{
	const GPtrArray *devices = place->kernel->devices;
	return i < devices->len ? g_ptr_array_index(devices, i) : NULL;
}

static SimInstance *nth_instance(const SimPlace *place, guint i)
{
	const GPtrArray *instances = place->kernel->instances;
	return i < instances->len ? g_ptr_array_index(instances, i) : NULL;
}

/* ---- devices ---- */

static const char *any_device(SimPlace *place, guint i)
{
	SimDevice *device = nth_device(place, i);
	place->device = device;
	return !device ? NULL : device->present ? device->path : "";
}

static const char *parent(SimPlace *place, guint i)
{
	SimDevice *device = nth_device(place, i);
	place->device = device;
	if (!device)
		return NULL;
	return device_is_parent(place->kernel, device) ? device->name : "";
}

static const char *on_bus(SimPlace *place, guint i, const char *bus)
{
	SimDevice *device = nth_device(place, i);
	place->device = device;
	if (!device)
		return NULL;
	return device->present && strcmp(device->card->subsystem, bus) == 0 ? device->name : "";
}

static const char *pci_device(SimPlace *place, guint i)
{
	return on_bus(place, i, "bus/pci");
}

static const char *css_device(SimPlace *place, guint i)
{
	return on_bus(place, i, "bus/css");
}

static const char *class_of_device(SimPlace *place, guint i)
{
	SimDevice *device = nth_device(place, i);
	place->device = device;
	if (!device)
		return NULL;
	const char *subsystem = device->card->subsystem;
	return g_str_has_prefix(subsystem, "class/") ? subsystem + strlen("class/") : "";
}

static const char *member_of_class(SimPlace *place, guint i)
{
	return i == 0 ? place->device->name : NULL;
}

static const char *virtual_function(SimPlace *place, guint i)
{
	SimDevice *device = nth_device(place, i);
	if (!device)
		return NULL;
	if (device->card != place->device->card || device->function == 0 || !device->present ||
	    place->device->function > 0)
		return "";
	place->device = device;
	g_snprintf(place->text, sizeof place->text, "virtfn%u", device->function - 1);
	return place->text;
}

/* ---- types and instances ---- */

static const char *type(SimPlace *place, guint i)
{
	const SimDriver *driver = place->device->card->driver;
	if (!device_is_parent(place->kernel, place->device) || i >= driver->n_types)
		return NULL;
	place->type = &driver->types[i];
	return place->type->id;
}

/* All of a parent, one that waits for its guest too. */
static const char *instance(SimPlace *place, guint i)
{
	SimInstance *found = nth_instance(place, i);
	if (!found)
		return NULL;
	if (found->parent != place->device)
		return "";
	place->instance = found;
	place->type = found->type;
	return found->uuid;
}

/* Those on the bus, narrowed by what was named before: a parent and its type, or a driver. */
static const char *listed_instance(SimPlace *place, guint i)
{
	SimInstance *found = nth_instance(place, i);
	if (!found)
		return NULL;
	const SimDriver *driver = found->parent->card->driver;
	if (found->removing || (place->device && found->parent != place->device) ||
	    (place->type && found->type != place->type) ||
	    (place->driver && driver != place->driver))
		return "";
	place->instance = found;
	place->device = found->parent;
	place->type = found->type;
	return found->uuid;
}

static const char *attribute(SimPlace *place, guint i)
{
	const char *name = place->instance->parent->card->driver->attribute;
	return i == 0 ? name : NULL;
}

/* ---- drivers and modules ---- */

static const char *mdev_driver(SimPlace *place, guint i)
{
	const SimCard *const *cards = place->kernel->profile->cards;
	const SimCard *card = cards[i];
	if (!card)
		return NULL;
	if (!card->driver || card->vendor_vfio)
		return "";
	for (guint k = 0; k < i; k++)
		if (cards[k]->driver == card->driver)
			return "";
	place->driver = card->driver;
	return card->driver->name;
}

static const char *bus_driver(SimPlace *place, guint i, const char *bus)
{
	SimDevice *device = nth_device(place, i);
	if (!device)
		return NULL;
	const SimCard *card = device->card;
	/* The first device of a driver stands for the driver. */
	if (device->function > 0 || !card->bus_driver || strcmp(card->subsystem, bus) != 0)
		return "";
	for (guint k = 0; k < i; k++)
		if (g_strcmp0(nth_device(place, k)->card->bus_driver, card->bus_driver) == 0)
			return "";
	place->device = device;
	return card->bus_driver;
}

static const char *pci_driver(SimPlace *place, guint i)
{
	return bus_driver(place, i, "bus/pci");
}

static const char *css_driver(SimPlace *place, guint i)
{
	return bus_driver(place, i, "bus/css");
}

/* Devices that the driver named before drives. */
static const char *driven(SimPlace *place, guint i)
{
	const char *driver = place->device->card->bus_driver;
	SimDevice *device = nth_device(place, i);
	if (!device)
		return NULL;
	if (!device->present || g_strcmp0(device->card->bus_driver, driver) != 0)
		return "";
	place->device = device;
	return device->name;
}

static const char *module(SimPlace *place, guint i)
{
	place->module = place->kernel->profile->modules[i];
	return place->module ? place->module->name : NULL;
}

static const char *holder(SimPlace *place, guint i)
{
	const SimModule *other = place->kernel->profile->modules[i];
	if (!other)
		return NULL;
	if (g_strcmp0(other->uses, place->module->name) != 0)
		return "";
	place->module = other;
	return other->name;
}

static const char *driver_of_module(SimPlace *place, guint i)
{
	const char *name = mdev_driver(place, i);
	if (!name || !*name)
		return name;
	if (strcmp(place->driver->module, place->module->name) != 0)
		return "";
	g_snprintf(place->text, sizeof place->text, "mdev:%s", name);
	return place->text;
}

/* ---- groups and their nodes ---- */

static const char *number_name(SimPlace *place, const char *format, guint n)
{
	place->number = n;
	if (*format)
		g_snprintf(place->text, sizeof place->text, "%s%u", format, n);
	else
		g_snprintf(place->text, sizeof place->text, "%u", n);
	return place->text;
}

static const char *group(SimPlace *place, guint i)
{
	SimDevice *device = nth_device(place, i);
	if (device) {
		place->device = device;
		return device->present && device->group >= 0
		               ? number_name(place, "", (guint)device->group)
		               : "";
	}
	place->instance = nth_instance(place, i - place->kernel->devices->len);
	return place->instance ? number_name(place, "", place->instance->group) : NULL;
}

/* Groups that have a node in /dev/vfio. */
static const char *vfio_group(SimPlace *place, guint i)
{
	SimDevice *device = nth_device(place, i);
	return device && !device_is_vendor_function(device) ? "" : group(place, i);
}

static const char *member_of_group(SimPlace *place, guint i)
{
	if (i > 0)
		return NULL;
	return place->instance ? place->instance->uuid : place->device->name;
}

/* vfioN, of what was named before or of all. */
static const char *vfio_device(SimPlace *place, guint i)
{
	SimDevice *device = nth_device(place, i);
	if (device) {
		if (!device_is_vendor_function(device) || place->instance ||
		    (place->device && place->device != device))
			return "";
		place->device = device;
		return number_name(place, "vfio", device_slot(place->kernel, device));
	}
	SimInstance *found = nth_instance(place, i - place->kernel->devices->len);
	if (!found)
		return NULL;
	if (found->removing || (place->device && place->instance != found))
		return "";
	place->instance = found;
	return number_name(place, "vfio", found->slot);
}

/* ---- processes ---- */

static const char *process(SimPlace *place, guint i)
{
	const GPtrArray *guests = place->kernel->guests;
	if (i == 0)
		return "1";
	if (i > guests->len)
		return NULL;
	place->guest = g_ptr_array_index(guests, i - 1);
	g_snprintf(place->text, sizeof place->text, "%" G_GINT64_FORMAT, place->guest->pid);
	return place->text;
}

#define FIRST_DEVICE_FD 4 /* 0, 1, 2 and the container */

static const char *descriptor(SimPlace *place, guint i)
{
	guint n = place->guest ? FIRST_DEVICE_FD + g_strv_length(place->guest->devices) : 1;
	return i < n ? number_name(place, "", i) : NULL;
}

/* ---- crypto cards ---- */

static const char *ap_card(SimPlace *place, guint i)
{
	if (!(place->kernel->profile->features & SIM_AP) || i >= sim_ap_card_count)
		return NULL;
	place->number = sim_ap_cards[i];
	g_snprintf(place->text, sizeof place->text, "card%02x", place->number);
	return place->text;
}

static const char *ap_queue(SimPlace *place, guint i)
{
	if (i >= sim_ap_domain_count)
		return NULL;
	place->second = sim_ap_domains[i];
	g_snprintf(place->text, sizeof place->text, "%02x.%04x", place->number, place->second);
	return place->text;
}

static const char *any_ap_queue(SimPlace *place, guint i)
{
	if (i >= sim_ap_card_count * sim_ap_domain_count)
		return NULL;
	place->number = sim_ap_cards[i / sim_ap_domain_count];
	return ap_queue(place, i % sim_ap_domain_count);
}

/* ---- stored files ---- */

/* The tree is small and sorted: counting is all the order that is needed. */
static const char *stored(SimPlace *place, guint i, bool folders)
{
	GTreeNode *node = g_tree_node_first(place->kernel->files);
	for (; node && i > 0; i--)
		node = g_tree_node_next(node);
	if (!node)
		return NULL;
	place->path = g_tree_node_key(node);
	bool folder = !g_tree_node_value(node);
	const char *below = place->path + strlen(SIM_DEFINITIONS);
	return folder == folders && *below ? below + 1 : "";
}

static const char *folder(SimPlace *place, guint i)
{
	return stored(place, i, true);
}

static const char *definition(SimPlace *place, guint i)
{
	return stored(place, i, false);
}

const SimSet sim_sets[] = {
	{ "<device>", any_device },
	{ "<parent>", parent },
	{ "<pci>", pci_device },
	{ "<css>", css_device },
	{ "<class>", class_of_device },
	{ "<member>", member_of_class },
	{ "<virtfn>", virtual_function },
	{ "<type>", type },
	{ "<instance>", instance },
	{ "<listed>", listed_instance },
	{ "<attribute>", attribute },
	{ "<driver>", mdev_driver },
	{ "<pci-driver>", pci_driver },
	{ "<css-driver>", css_driver },
	{ "<driven>", driven },
	{ "<module>", module },
	{ "<holder>", holder },
	{ "<drives>", driver_of_module },
	{ "<group>", group },
	{ "<vfio-group>", vfio_group },
	{ "<group-member>", member_of_group },
	{ "<vfio>", vfio_device },
	{ "<pid>", process },
	{ "<fd>", descriptor },
	{ "<ap-card>", ap_card },
	{ "<ap-queue>", ap_queue },
	{ "<ap-any-queue>", any_ap_queue },
	{ "<folder>", folder },
	{ "<definition>", definition },
};
const guint sim_set_count = G_N_ELEMENTS(sim_sets);
