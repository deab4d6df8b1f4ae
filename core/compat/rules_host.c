// SPDX-License-Identifier: GPL-2.0-or-later

/* The hosts as wholes: is enough known of them, are they two, do they speak one machine language.
 */

#include "core/compat/rules.h"

#define MAX_AGE_S 60

/* The seconds since the side was read, where that matters: 0 where it does not. */
static gint64 age_of(const CompatQuestion *q, const Inventory *inventory)
{
	guint max = q->policy && q->policy->max_age_s ? q->policy->max_age_s : MAX_AGE_S;
	gint64 age = q->now - inventory->taken_at;

	return q->now > 0 && inventory->live && age > (gint64)max ? age : 0;
}

static bool is_incomplete(Judging *j, const Side *side)
{
	const Inventory *inv = side->inventory;
	const char *missing = inv->parents_state == READ_UNREADABLE     ? "/sys/class/mdev_bus"
	                      : inv->instances_state == READ_UNREADABLE ? "/sys/bus/mdev/devices"
	                                                                : NULL;
	if (missing)
		say(j, SNAPSHOT_PARTIAL, reading_of(NULL), reading_of(NULL), side->host, missing,
		    NULL);
	return missing != NULL;
}

/* R00: nothing can be said of a host that was not seen, or seen in part, or long ago. */
bool rule_snapshot(Judging *j)
{
	const Case *c = j->c;
	const Side *sides[] = { &c->source, &c->target };

	if (!c->target.inventory) {
		say(j, SNAPSHOT_NONE, reading_of(NULL), reading_of(NULL), NULL);
		return false;
	}
	if (is_incomplete(j, &c->target))
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
		gint64 age = age_of(c->q, sides[i]->inventory);
		char text[24];
		if (age == 0)
			continue;
		g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, age);
		say(j, SNAPSHOT_OLD, reading_of(NULL), reading_of(NULL), sides[i]->host, text,
		    NULL);
	}
	return true;
}

/* The same uuid was named as target: on one host it is the source itself. */
static bool is_same_uuid(const Case *c)
{
	return c->instance && c->named && g_ascii_strcasecmp(c->instance->id, c->named->id) == 0;
}

/* R01: machine id, and boot id where the machine id is shared by clones. */
bool rule_distinct(Judging *j)
{
	const Case *c = j->c;
	TextReading s = c->source.inventory->machine_id, t = c->target.inventory->machine_id;
	TextReading sb = c->source.inventory->boot_id, tb = c->target.inventory->boot_id;

	if (is_unread(s) || is_unread(t)) {
		if (is_same_uuid(c))
			say(j, DEVICE_PERHAPS_SAME, s, t, c->named->id, NULL);
		else
			say(j, HOST_UNREAD, s, t, NULL);
		return true;
	}
	if (!has_value(s) || g_strcmp0(s.s, t.s) != 0)
		return true;
	if (has_value(sb) && has_value(tb) && !g_str_equal(sb.s, tb.s)) {
		say(j, HOST_CLONE, s, t, NULL);
		return true;
	}
	if (is_same_uuid(c)) {
		say(j, DEVICE_SAME, s, t, c->named->id, NULL);
		return false;
	}
	say(j, HOST_SAME, s, t, NULL);
	return true;
}

/* R02: a guest cannot be live-migrated across architectures. */
bool rule_arch(Judging *j)
{
	TextReading s = j->c->source.inventory->arch, t = j->c->target.inventory->arch;

	if (!has_value(s) || !has_value(t)) {
		say(j, ARCH_UNREAD, s, t, !has_value(s) ? j->c->source.host : j->c->target.host,
		    NULL);
		return true;
	}
	if (g_str_equal(s.s, t.s)) {
		say(j, ARCH_SAME, s, t, NULL);
		return true;
	}
	say(j, ARCH_DIFFERS, s, t, NULL);
	return false;
}
