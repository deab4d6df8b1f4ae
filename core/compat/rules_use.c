// SPDX-License-Identifier: GPL-2.0-or-later

/* Who uses the source, and what on the target is used, reserved or shared. */

#include "core/compat/rules.h"

#include <string.h>

#define UUID_LENGTH 36

/* R60: without a running guest there is nothing to migrate live. */
bool rule_source_use(Judging *j)
{
	const Instance *instance = j->c->instance;

	if (!instance || j->c->of_kind)
		return true;
	TextReading id = reading_of(instance->id), none = reading_of(NULL);
	if (instance->in_use == TRI_YES) {
		g_autofree char *users = wants_text(j) ? users_words(instance) : NULL;
		say(j, SOURCE_USED, id, none, users, NULL);
	} else if (instance->in_use == TRI_UNKNOWN) {
		say(j, SOURCE_UNREAD, id, none,
		    instance->in_use_why ? instance->in_use_why : "not looked for", NULL);
	} else {
		say(j, SOURCE_IDLE, id, none, NULL);
		if (j->score.todos == 0 && wants_todo(j))
			add_todo(j, TODO_REUSE, j->c->target.host, j->chosen, NULL, NULL,
			         g_strdup_printf("use %s on %s: no guest runs with the source",
			                         j->chosen ? j->chosen : j->c->type_id,
			                         j->c->target.host));
	}
	return true;
}

static void say_used(Judging *j, const Instance *instance, guint unread)
{
	TextReading none = reading_of(NULL), id = reading_of(instance->id);

	if (instance->in_use == TRI_YES) {
		g_autofree char *users = wants_text(j) ? users_words(instance) : NULL;
		say(j, TARGET_USED, none, id, users, NULL);
	} else if (instance->in_use == TRI_UNKNOWN) {
		say(j, unread, none, id, instance->in_use_why ? instance->in_use_why : "", NULL);
	}
}

/* R61: the target that was named must be proved idle; else it matters where none can be made. */
bool rule_target_idle(Judging *j)
{
	const Case *c = j->c;
	bool full = c->there->available.state == READ_VALUE && c->there->available.n <= 0;

	if (c->named) {
		say_used(j, c->named, TARGET_UNREAD);
		return true;
	}
	for (guint i = 0; full && !j->chosen && i < c->there->instances->len; i++)
		say_used(j, g_ptr_array_index(c->there->instances, i), TARGET_PERHAPS);
	return true;
}

/* Digits in groups of 8-4-4-4-12, zeroes in the middle: Proxmox makes it of index and guest id. */
static bool is_proxmox_uuid(const char *uuid)
{
	if (strlen(uuid) != UUID_LENGTH || strncmp(uuid + 8, "-0000-0000-0000-", 16) != 0)
		return false;
	return strspn(uuid, "0123456789") == 8 && strspn(uuid + 24, "0123456789") == 12;
}

/* Nova's default template for names of guests. */
static bool is_nova_name(const char *name)
{
	return g_str_has_prefix(name, "instance-") && strlen(name) == strlen("instance-") + 8 &&
	       strspn(name + strlen("instance-"), "0123456789abcdef") == 8;
}

/* Who owns the guest of an instance, by what its names show; `*sign` is that name. NULL: nobody. */
const char *instance_owner(const Instance *instance, const char **sign)
{
	for (guint i = 0; i < instance->users->len; i++) {
		*sign = g_array_index(instance->users, InstanceUser, i).vm;
		if (*sign && is_nova_name(*sign))
			return "OpenStack Nova";
	}
	*sign = instance->id;
	return is_proxmox_uuid(instance->id) ? "Proxmox VE" : NULL;
}

bool instance_owner_hidden(const Instance *instance, const Inventory *inventory)
{
	if (inventory->users_known == TRI_YES)
		return false;
	for (guint i = 0; i < instance->users->len; i++)
		if (!g_array_index(instance->users, InstanceUser, i).vm)
			return true;
	return false;
}

static void judge_hosts_managers(Judging *j, const Side *side)
{
	TextReading none = reading_of(NULL);

	for (const char **manager = side->inventory->managers; *manager; manager++)
		say(j, MANAGED_HOST, none, none, *manager, side->host, NULL);
	if (side->inventory->managers_state == READ_UNREADABLE)
		say(j, MANAGED_UNREAD, none, none, side->host, NULL);
}

/* R62: a manager that finds its guest elsewhere, or its device taken, has every right to be upset.
 */
bool rule_managed(Judging *j)
{
	const Case *c = j->c;
	TextReading none = reading_of(NULL);
	const char *sign = NULL;
	const char *owner = c->instance && !c->of_kind ? instance_owner(c->instance, &sign) : NULL;

	if (owner)
		say(j, c->q->foreign ? MANAGED_FOREIGN : MANAGED_SOURCE, reading_of(sign), none,
		    owner, sign, NULL);
	else if (c->instance && !c->of_kind &&
	         instance_owner_hidden(c->instance, c->source.inventory))
		say(j, MANAGED_HIDDEN, reading_of(c->instance->id), none, c->instance->id, NULL);
	if (!owner && c->instance && c->instance->in_use == TRI_YES)
		judge_hosts_managers(j, &c->source);
	judge_hosts_managers(j, &c->target);
	if (!c->named)
		return true;
	owner = instance_owner(c->named, &sign);
	if (owner)
		say(j, MANAGED_TARGET, none, reading_of(c->named->id), owner, NULL);
	else if (c->named->autostart)
		say(j, MANAGED_AUTOSTART, none, reading_of(c->named->id), NULL);
	return true;
}

static void judge_group(Judging *j, const Instance *instance)
{
	char buf[24];

	if (instance->group_members.state == READ_UNREADABLE)
		say(j, GROUP_UNREAD, reading_of(NULL), reading_of(NULL), instance->id, NULL);
	else if (instance->group_members.state == READ_VALUE && instance->group_members.n > 1)
		say(j, GROUP_SHARED, reading_of(NULL), reading_of(NULL),
		    reading_of_number(instance->group_members, buf).s, instance->id, NULL);
}

/* R63: an mdev is alone in its group. */
bool rule_group(Judging *j)
{
	if (j->c->instance)
		judge_group(j, j->c->instance);
	if (j->c->named)
		judge_group(j, j->c->named);
	return true;
}
