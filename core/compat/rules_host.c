// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/rules.h"

/* R00, snapshot-valid: nothing can be said of a host that was not seen. */
bool rule_snapshot(const Case *c, Verdict *verdict)
{
	if (c->target.inventory)
		return true;
	verdict_add(verdict, "R00", true, LEVEL_UNKNOWN, reading_of(NULL), reading_of(NULL),
	            g_strdup_printf("nothing is known of %s: it has not answered", c->target.host));
	return false;
}

/* R01, distinct-host: machine id, and boot id where the machine id is shared by clones. */
bool rule_distinct(const Case *c, Verdict *verdict)
{
	TextReading s = c->source.inventory->machine_id, t = c->target.inventory->machine_id;
	TextReading sb = c->source.inventory->boot_id, tb = c->target.inventory->boot_id;

	if (s.state != READ_VALUE || g_strcmp0(s.s, t.s) != 0)
		return true;
	if (sb.state == READ_VALUE && tb.state == READ_VALUE && g_strcmp0(sb.s, tb.s) != 0)
		verdict_add(verdict, "R01", false, LEVEL_WARN, s, t,
		            g_strdup_printf("both hosts have the machine id %.8s: clones?", s.s));
	else
		verdict_add(verdict, "R01", false, LEVEL_WARN, s, t,
		            g_strdup("both sides are the same host"));
	return true;
}

/* R02, arch: a guest cannot be live-migrated across architectures. */
bool rule_arch(const Case *c, Verdict *verdict)
{
	TextReading s = c->source.inventory->arch, t = c->target.inventory->arch;

	if (s.state != READ_VALUE || t.state != READ_VALUE) {
		verdict_add(
			verdict, "R02", true, LEVEL_UNKNOWN, s, t,
			g_strdup_printf("the architecture of %s could not be read",
		                        s.state != READ_VALUE ? c->source.host : c->target.host));
		return true;
	}
	if (g_str_equal(s.s, t.s)) {
		verdict_add(verdict, "R02", true, LEVEL_OK, s, t, g_strdup(s.s));
		return true;
	}
	verdict_add(verdict, "R02", true, LEVEL_INCOMPATIBLE, s, t,
	            g_strdup_printf("%s -> %s: guests cannot be live migrated across architectures",
	                            s.s, t.s));
	return false;
}
