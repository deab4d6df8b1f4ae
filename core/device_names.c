// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/device_names.h"

#include <glib.h>
#include <libudev.h>
#include <string.h>

static GMutex lock;
static GHashTable *known;      /* modalias → name; NULL values: the database has none */
static struct udev_hwdb *hwdb; /* libudev's objects are not for several threads at once */

/* "GA102GL [A40]" → "A40": the last name in brackets; NULL if there is none. */
static char *bracketed(const char *text)
{
	const char *open = strrchr(text, '[');
	const char *close = open ? strchr(open, ']') : NULL;
	return close && close > open + 1 ? g_strndup(open + 1, (gsize)(close - open - 1)) : NULL;
}

/* "Intel Corporation" → "Intel" */
static char *short_vendor(const char *vendor)
{
	static const char *const tails[] = { ",", " Corporation", " Corp", " Inc", " Ltd", " Co." };
	char *name = bracketed(vendor);
	if (name)
		return name;
	name = g_strdup(vendor);
	for (gsize i = 0; i < G_N_ELEMENTS(tails); i++) {
		char *tail = strstr(name, tails[i]);
		if (tail && tail > name)
			*tail = '\0';
	}
	return name;
}

static char *name_of(const char *vendor, const char *model)
{
	char *name = bracketed(model);
	if (name)
		return name;
	g_autofree char *company = vendor ? short_vendor(vendor) : NULL;
	return company ? g_strdup_printf("%s %s", company, model) : g_strdup(model);
}

static char *look_up(const char *modalias)
{
	const char *vendor = NULL, *model = NULL;
	struct udev_list_entry *entry, *first;

	if (!hwdb) {
		struct udev *udev = udev_new();
		hwdb = udev ? udev_hwdb_new(udev) : NULL;
		udev_unref(udev); /* the database keeps nothing of it */
	}
	first = hwdb ? udev_hwdb_get_properties_list_entry(hwdb, modalias, 0) : NULL;
	udev_list_entry_foreach(entry, first)
	{
		const char *key = udev_list_entry_get_name(entry);
		if (strcmp(key, "ID_VENDOR_FROM_DATABASE") == 0)
			vendor = udev_list_entry_get_value(entry);
		else if (strcmp(key, "ID_MODEL_FROM_DATABASE") == 0)
			model = udev_list_entry_get_value(entry);
	}
	return model ? name_of(vendor, model) : NULL;
}

char *device_name(const char *vendor, const char *device, const char *subsystem_vendor,
                  const char *subsystem_device)
{
	/* The database writes hexadecimal digits in capitals. */
	const char *const given[] = { vendor, device, subsystem_vendor, subsystem_device };
	char id[4][9];
	for (gsize i = 0; i < G_N_ELEMENTS(given); i++) {
		g_autofree char *upper = g_ascii_strup(given[i] ? given[i] : "0", -1);
		g_snprintf(id[i], sizeof id[i], "%8s", upper);
		g_strdelimit(id[i], " ", '0');
	}
	g_autofree char *ids =
		g_strdup_printf("pci:v%sd%ssv%ssd%sbc00sc00i00", id[0], id[1], id[2], id[3]);
	g_mutex_lock(&lock);
	if (!known)
		known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	gpointer name = NULL;
	if (!g_hash_table_lookup_extended(known, ids, NULL, &name)) {
		name = look_up(ids);
		g_hash_table_insert(known, g_strdup(ids), name);
	}
	char *copy = g_strdup(name);
	g_mutex_unlock(&lock);
	return copy;
}
