// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/step_checks.h"

#include <errno.h>
#include <string.h>

#include "core/compat/driver.h"

/* The instance of exactly that name, or NULL. */
static const Instance *find_exact(const Inventory *now, const char *uuid)
{
	const Instance *instance = inventory_instance(now, uuid, NULL);
	return instance && g_ascii_strcasecmp(instance->id, uuid) == 0 ? instance : NULL;
}

CreateError check_create_errno(int err)
{
	if (err == EEXIST)
		return CREATE_OTHER_UUID;
	return err == ENODEV || err == ENOENT ? CREATE_TYPE_GONE : CREATE_BLOCKED;
}

char *check_created(const Inventory *now, const char *uuid, const char *parent, const char *type)
{
	const Instance *instance = find_exact(now, uuid);

	if (!instance)
		return g_strdup_printf("%s is not there", uuid);
	if (instance->type.state == READ_UNREADABLE)
		return g_strdup_printf("the type of %s could not be read", uuid);
	if (g_strcmp0(instance->type.s, type) != 0)
		return g_strdup_printf("%s is a %s, not a %s", uuid,
		                       instance->type.s ? instance->type.s : "device", type);
	if (g_strcmp0(instance->parent_name, parent) != 0)
		return g_strdup_printf("%s is on %s, not on %s", uuid,
		                       instance->parent_name ? instance->parent_name
		                                             : "an unknown parent",
		                       parent);
	return NULL;
}

UuidState check_uuid(const Inventory *now, const char *uuid, const char *parent, const char *type)
{
	const Instance *instance = find_exact(now, uuid);

	if (!instance)
		return UUID_FREE;
	return g_strcmp0(instance->type.s, type) == 0 &&
	                       g_strcmp0(instance->parent_name, parent) == 0
	               ? UUID_THERE
	               : UUID_TAKEN;
}

CleanUp check_clean_up(const Inventory *now, const char *uuid, guint waited_s)
{
	const Instance *instance = find_exact(now, uuid);

	if (!instance)
		return CLEAN_GONE;
	if (instance->in_use != TRI_NO)
		return waited_s < CLEAN_UP_WAIT_S ? CLEAN_WAIT : CLEAN_KEEP;
	if (instance->parent && is_nvidia(instance->parent) && waited_s < CLEAN_UP_WAIT_S)
		return CLEAN_WAIT;
	return CLEAN_NOW;
}
