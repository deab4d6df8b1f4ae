// SPDX-License-Identifier: GPL-2.0-or-later

/* Driver and software of both sides: the stream's format is private to the driver. */

#include "core/compat/driver.h"
#include "core/compat/rules.h"

#include <string.h>

static const Parent *source_parent(const Case *c)
{
	return c->type ? c->type->parent : NULL;
}

/* R30: equal type ids come from equal driver names; modules may still differ. */
bool rule_module(Judging *j)
{
	const Case *c = j->c;
	const char *s = source_parent(c) ? source_parent(c)->module : NULL, *t = c->parent->module;

	if (!s || !t)
		say(j, MODULE_UNREAD, reading_of(s), reading_of(t),
		    !s ? c->source.host : c->target.host, NULL);
	else if (!g_str_equal(s, t))
		say(j, MODULE_DIFFERS, reading_of(s), reading_of(t), NULL);
	return true;
}

/* True if both sides are driven by the same module: only then are its versions compared. */
static bool is_same_module(const Case *c)
{
	const Parent *source = source_parent(c);

	return source && source->module && g_strcmp0(source->module, c->parent->module) == 0;
}

/* True where a policy or a platform's rules demand equal versions of NVIDIA's driver. */
static const char *equality_demanded(const Case *c)
{
	const CompatPolicy *policy = c->q->policy;
	TextReading s = c->source.inventory->kernel, t = c->target.inventory->kernel;

	if (!is_nvidia(c->parent) || (policy && policy->nvidia_driver == STRICTNESS_RELAXED))
		return NULL;
	if (policy && policy->nvidia_driver == STRICTNESS_STRICT)
		return "policy";
	/* Red Hat documents failure on 9.4 where versions differ; from 9.6 NVIDIA allows it. */
	return (has_value(s) && strstr(s.s, ".el9_4")) || (has_value(t) && strstr(t.s, ".el9_4"))
	               ? "RHEL 9.4"
	               : NULL;
}

/* R31. Two readable versions that are equal need no words: R32 names the build. */
bool rule_module_version(Judging *j)
{
	const Case *c = j->c;

	if (!is_same_module(c))
		return true;
	const char *module = c->parent->module;
	TextReading s = source_parent(c)->module_version, t = c->parent->module_version;
	if (is_unread(s) || is_unread(t)) {
		say(j, VERSION_UNREAD, s, t, module, is_unread(s) ? c->source.host : c->target.host,
		    NULL);
		return true;
	}
	if (!has_value(s) || !has_value(t) || g_str_equal(s.s, t.s))
		return true;
	const char *demanded = equality_demanded(c);
	if (demanded)
		say(j, VERSION_STRICT, s, t, module, demanded, NULL);
	else
		say(j, version_compare(t.s, s.s) < 0 ? VERSION_OLDER : VERSION_DIFFERS, s, t,
		    module, NULL);
	return true;
}

/* R32: the same source makes the same srcversion, whatever the version says. */
bool rule_srcversion(Judging *j)
{
	const Case *c = j->c;

	if (!is_same_module(c))
		return true;
	TextReading version = source_parent(c)->module_version;
	TextReading s = source_parent(c)->module_srcversion, t = c->parent->module_srcversion;
	g_autofree char *what = NULL;

	/* Of unequal versions R31 has told, and they are other builds of course. */
	if (has_value(version) && has_value(c->parent->module_version) &&
	    !g_str_equal(version.s, c->parent->module_version.s))
		return true;
	if (!has_value(s) || !has_value(t)) {
		say(j, BUILD_UNREAD, s, t, c->parent->module, NULL);
	} else if (!g_str_equal(s.s, t.s)) {
		say(j, BUILD_DIFFERS, s, t, c->parent->module, NULL);
	} else {
		if (wants_text(j))
			what = has_value(version) ? g_strconcat(version.s, " ", NULL)
			                          : g_strdup("build ");
		say(j, BUILD_SAME, s, t, c->parent->module, what, NULL);
		/* Unequal versions were told above; one that cannot be read proves nothing. */
		j->score.same_build = !is_unread(version) && !is_unread(c->parent->module_version);
	}
	return true;
}

/* R33, one side. True if there is nothing to say of it. */
static bool judge_kernel(Judging *j, const Side *side, const Parent *parent, Tri migrates)
{
	TextReading kernel = side->inventory->kernel;
	TextReading taint = parent ? parent->module_taint : reading_of(NULL);
	TextReading none = reading_of(NULL);

	if (!has_value(kernel)) {
		say(j, KERNEL_UNREAD, kernel, none, side->host, NULL);
		return false;
	}
	if (kernel_at_least(kernel.s, 5, 18) || migrates == TRI_YES)
		return true;
	if (has_value(taint) && strchr(taint.s, 'O')) {
		say(j, KERNEL_OLD_MODULE, kernel, none, kernel.s, side->host, NULL);
		return true;
	}
	if (!has_value(taint))
		say(j, KERNEL_OLD_UNSURE, kernel, none, kernel.s, side->host,
		    "its taint cannot be read", NULL);
	else if (kernel_is_enterprise(kernel.s))
		say(j, KERNEL_OLD_UNSURE, kernel, none, kernel.s, side->host,
		    "distributors carry it back", NULL);
	else
		say(j, KERNEL_OLD, kernel, none, kernel.s, side->host, NULL);
	return false;
}

/* R33: VFIO migration v2 came with 5.18; drivers from elsewhere may carry the interface. */
bool rule_kernel(Judging *j)
{
	const Case *c = j->c;
	const Parent *source = source_parent(c);
	bool fine = judge_kernel(j, &c->source, source, c->migrates_here);

	fine = judge_kernel(j, &c->target, c->parent, c->migrates_there) && fine;
	TextReading s = c->source.inventory->kernel, t = c->target.inventory->kernel;
	bool in_tree =
		source && !(has_value(source->module_taint) && strchr(source->module_taint.s, 'O'));
	if (fine && in_tree && !g_str_equal(s.s, t.s))
		say(j, KERNEL_DIFFERS, s, t, NULL);
	return true;
}

/* Where the drivers of the proposals put it: with the type, or with the instance. */
static TextReading software_version_of(const Type *type, const Instance *instance)
{
	static const char *const names[] = { "migration/self/software_version",
		                             "software_version" };

	if (type && type->rare && type->rare->software_version.state != READ_ABSENT)
		return type->rare->software_version;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		TextReading reading = setting_of(instance, names[i]);
		if (reading.state != READ_ABSENT)
			return reading;
	}
	return reading_of(NULL);
}

/* R34: MAJOR.MINOR[.BUGFIX]: equal major, minor not older; bugfix does not matter. */
bool rule_software_version(Judging *j)
{
	const Case *c = j->c;
	TextReading s = software_version_of(c->type, c->instance);
	TextReading t = software_version_of(c->there, c->named);
	guint a[2], b[2];

	if (s.state == READ_ABSENT && t.state == READ_ABSENT)
		return true;
	if (is_unread(s) || is_unread(t)) {
		say(j, SOFTWARE_UNREAD, s, t, is_unread(s) ? c->source.host : c->target.host, NULL);
	} else if (!has_value(s) || !has_value(t)) {
		say(j, SOFTWARE_ONE, s, t, has_value(s) ? c->source.host : c->target.host,
		    has_value(s) ? s.s : t.s, NULL);
	} else if (!version_parse(s.s, a) || !version_parse(t.s, b)) {
		say(j, SOFTWARE_ODD, s, t, NULL);
	} else if (a[0] != b[0]) {
		say(j, SOFTWARE_MAJOR, s, t, NULL);
	} else {
		say(j, b[1] < a[1] ? SOFTWARE_OLDER : SOFTWARE_FITS, s, t, NULL);
	}
	return true;
}

/* R35: only that the file is there is told; a write to an unknown driver may have effects. */
bool rule_migration_version(Judging *j)
{
	const Case *c = j->c;
	TextReading s = reading_of(NULL), t = reading_of(NULL);

	if (c->type && c->type->rare)
		s = c->type->rare->migration_version;
	if (s.state == READ_ABSENT)
		s = setting_of(c->instance, "migration_version");
	if (c->there->rare)
		t = c->there->rare->migration_version;
	if (t.state == READ_ABSENT)
		t = setting_of(c->named, "migration_version");
	if (is_unread(s) || is_unread(t))
		say(j, ASKABLE_UNREAD, s, t, is_unread(s) ? c->source.host : c->target.host, NULL);
	else if (has_value(s) && has_value(t))
		say(j, ASKABLE_BOTH, s, t, NULL);
	else if (has_value(s) || has_value(t))
		say(j, ASKABLE_ONE, s, t, has_value(s) ? c->source.host : c->target.host, NULL);
	return true;
}
