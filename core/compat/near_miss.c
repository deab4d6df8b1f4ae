// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/near_miss.h"

#include <string.h>

/*
 * Type ids are the driver's name, a dash and the driver's own name for the type (mdev_sysfs.c);
 * all parts may hold dashes.
 */
const char *type_suffix(const char *id, const Parent *parent)
{
	const char *driver = parent ? parent->driver : NULL;

	if (!driver && parent)
		driver = parent->module ? parent->module : parent->name;
	if (driver && g_str_has_prefix(id, driver) && id[strlen(driver)] == '-')
		return id + strlen(driver) + 1;
	const char *dash = strrchr(id, '-');
	return dash ? dash + 1 : id;
}

NearMiss near_miss(const Type *mine, const char *my_id, const Type *other)
{
	const char *suffix = type_suffix(my_id, mine ? mine->parent : NULL);

	if (g_str_equal(my_id, other->id))
		return MISS_FAR;
	if (strlen(suffix) > 1 && g_str_equal(type_suffix(other->id, other->parent), suffix))
		return MISS_SUFFIX;
	if (mine && mine->name.state == READ_VALUE && other->name.state == READ_VALUE &&
	    g_str_equal(mine->name.s, other->name.s))
		return MISS_NAME;
	return MISS_FAR;
}
