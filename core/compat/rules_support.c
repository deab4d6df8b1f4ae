// SPDX-License-Identifier: GPL-2.0-or-later

/* Does this driver migrate at all: what is known of it, what debugfs shows, and the GPU's board. */

#include "core/compat/driver.h"
#include "core/compat/rules.h"

#include <string.h>

/* Debugfs shows on both sides that the driver migrates: stronger than any table. */
static bool is_proved(const Case *c)
{
	return c->migrates_here == TRI_YES && c->migrates_there == TRI_YES;
}

/*
 * R49. Sources: samples/vfio-mdev/mtty.c (migration since v6.7; mdpy.c and mbochs.c set no
 * mig_ops), NVIDIA's vGPU documentation. vfio_ap, vfio_ccw and GVT-g have rules of their own.
 */
static const struct {
	const char *module;
	bool migrates;
	guint major, minor; /* the first kernel whose own driver does; 0: any */
} known_drivers[] = {
	{ "mtty", true, 6, 7 },  { "nvidia", true, 0, 0 },  { "nvidia_vgpu_vfio", true, 0, 0 },
	{ "mdpy", false, 0, 0 }, { "mbochs", false, 0, 0 },
};

static const char *const own_rules[] = { "vfio_ap", "vfio_ccw", "kvmgt", "i915", NULL };

/* One side's kernel may be older than its own driver's migration. True if it is new enough. */
static bool judge_since(Judging *j, guint known, const Side *side, const Parent *parent,
                        Tri migrates)
{
	TextReading kernel = side->inventory->kernel;
	TextReading taint = parent ? parent->module_taint : reading_of(NULL);
	char since[24];

	if (known_drivers[known].major == 0 || migrates == TRI_YES || !has_value(kernel) ||
	    kernel_at_least(kernel.s, known_drivers[known].major, known_drivers[known].minor))
		return true;
	g_snprintf(since, sizeof since, "%u.%u", known_drivers[known].major,
	           known_drivers[known].minor);
	if (!has_value(taint))
		say(j, KNOWN_UNSURE, taint, taint, known_drivers[known].module, since, side->host,
		    kernel.s, NULL);
	else if (!strchr(taint.s, 'O'))
		say(j, KNOWN_NOT_YET, kernel, kernel, known_drivers[known].module, since,
		    side->host, kernel.s, NULL);
	else {
		say(j, KNOWN_OPEN, reading_of(known_drivers[known].module),
		    reading_of(known_drivers[known].module), NULL);
		j->score.open = true;
	}
	return false;
}

static void judge_known(Judging *j, guint known, TextReading name)
{
	const Case *c = j->c;

	if (!known_drivers[known].migrates) {
		/* One side's proof alone leaves the other open. */
		bool half = c->migrates_here == TRI_YES || c->migrates_there == TRI_YES;
		say(j, half ? KNOWN_OPEN : KNOWN_NO, name, name, NULL);
		j->score.open = half;
		return;
	}
	bool fine = judge_since(j, known, &c->source, c->type ? c->type->parent : NULL,
	                        c->migrates_here);
	if (fine && judge_since(j, known, &c->target, c->parent, c->migrates_there))
		say(j, KNOWN_YES, name, name, NULL);
}

static int find_known(const char *module)
{
	for (guint i = 0; module && i < G_N_ELEMENTS(known_drivers); i++)
		if (g_str_equal(known_drivers[i].module, module))
			return (int)i;
	return -1;
}

static const char *driver_of(const Parent *parent)
{
	return parent && parent->module ? parent->module : parent ? parent->driver : NULL;
}

/* Equal type ids come of drivers of one name: one side's will do, and one that cannot is enough. */
bool rule_driver_migrates(Judging *j)
{
	const Case *c = j->c;
	const char *there = driver_of(c->parent);
	const char *here = driver_of(c->type ? c->type->parent : NULL);
	int known = find_known(there), source = find_known(here);

	if (known < 0 || (source >= 0 && !known_drivers[source].migrates))
		known = source;
	if (is_proved(c) || (there && g_strv_contains(own_rules, there)))
		return true;
	if (known >= 0) {
		judge_known(j, (guint)known, reading_of(known_drivers[known].module));
		return true;
	}
	say(j, KNOWN_OPEN, reading_of(here), reading_of(there), NULL);
	j->score.open = true;
	return true;
}

/* R46: QEMU marks it so (hw/vfio/ccw.c: unmigratable). */
bool rule_vfio_ccw(Judging *j)
{
	const Case *c = j->c;
	const char *module = c->parent->module;
	bool is_ccw = g_strcmp0(module, "vfio_ccw") == 0 ||
	              g_strcmp0(c->there->device_api.s, "vfio-ccw") == 0;

	if (is_ccw && !is_proved(c))
		say(j, CCW_NEVER, reading_of(module), reading_of(module), NULL);
	return true;
}

/* R47: intel/gvt-linux issues 166, 207, 209. */
bool rule_gvt(Judging *j)
{
	const Case *c = j->c;

	if (strstr(c->type_id, "-GVTg") && !is_proved(c))
		say(j, GVT_NEVER, reading_of(c->type_id), reading_of(c->type_id), NULL);
	return true;
}

/* True if something on that parent hides behind a closed debugfs. */
static bool is_hidden(const Instance *instance, const Parent *parent)
{
	if (instance)
		return instance->migration == TRI_UNKNOWN && is_unread(instance->migration_state);
	for (guint i = 0; parent && i < parent->types->len; i++) {
		const Type *type = g_ptr_array_index(parent->types, i);
		if (type->instances->len > 0)
			return is_hidden(g_ptr_array_index(type->instances, 0), NULL);
	}
	return false;
}

static void judge_debugfs(Judging *j, const Side *side, Tri migrates, const Instance *instance,
                          const Parent *parent)
{
	TextReading none = reading_of(NULL);

	if (migrates == TRI_YES)
		say(j, DEBUGFS_YES, none, none, side->host, NULL);
	else if (migrates == TRI_NO)
		say(j, DEBUGFS_NO, none, none, side->host,
		    instance ? instance->id
		    : parent ? parent->name
		             : NULL,
		    NULL);
	else if (is_hidden(instance, parent))
		say(j, DEBUGFS_UNREAD, none, none, side->host, NULL);
}

/* R50: that there is no debugfs (many kernels are built without it) is no evidence. */
bool rule_debugfs(Judging *j)
{
	const Case *c = j->c;
	TextReading state = c->instance ? c->instance->migration_state : reading_of(NULL);

	judge_debugfs(j, &c->source, c->migrates_here, c->instance,
	              c->type ? c->type->parent : NULL);
	judge_debugfs(j, &c->target, c->migrates_there, c->named, c->parent);
	if (!has_value(state) || c->of_kind || g_str_equal(state.s, "RUNNING"))
		return true;
	say(j, g_str_equal(state.s, "ERROR") ? DEBUGFS_ERROR : DEBUGFS_BUSY, state,
	    reading_of(NULL), c->instance->id, NULL);
	return true;
}

/* ---- R48: the board ---- */

/* "10de:2235"; new text. */
static char *ids_words(TextReading vendor, TextReading device)
{
	return g_strdup_printf("%s:%s", vendor.s, device.s);
}

/* -1: one cannot be read; else whether they are equal. */
static int ids_equal(TextReading a, TextReading b)
{
	return has_value(a) && has_value(b) ? g_str_equal(a.s, b.s) : -1;
}

static void say_board(Judging *j, guint outcome, TextReading sv, TextReading sd, TextReading tv,
                      TextReading td)
{
	g_autofree char *s = wants_text(j) ? ids_words(sv, sd) : NULL;
	g_autofree char *t = wants_text(j) ? ids_words(tv, td) : NULL;

	say(j, outcome, reading_of(s), reading_of(t), NULL);
}

static void judge_nvidia_board(Judging *j, const Parent *s, const Parent *t)
{
	int subsystem = ids_equal(s->board_subsystem_device, t->board_subsystem_device);
	int vendor = ids_equal(s->board_subsystem_vendor, t->board_subsystem_vendor);

	if (!ids_equal(s->board_device, t->board_device))
		say_board(j, BOARD_DIFFERS, s->board_vendor, s->board_device, t->board_vendor,
		          t->board_device);
	else if (subsystem < 0 || vendor < 0)
		say(j, BOARD_UNREAD, s->board_subsystem_device, t->board_subsystem_device,
		    has_value(s->board_subsystem_device) ? j->c->target.host : j->c->source.host,
		    NULL);
	else if (!subsystem || !vendor)
		say_board(j, BOARD_SUBSYSTEM, s->board_subsystem_vendor, s->board_subsystem_device,
		          t->board_subsystem_vendor, t->board_subsystem_device);
	else
		say_board(j, BOARD_SAME, s->board_vendor, s->board_device, t->board_vendor,
		          t->board_device);
}

/* NVIDIA publishes that boards must be equal; of others the type decides, not the hardware. */
bool rule_board(Judging *j)
{
	const Case *c = j->c;
	const Parent *s = c->type ? c->type->parent : NULL, *t = c->parent;

	if (!s || s->kind != PARENT_PCI || t->kind != PARENT_PCI)
		return true;
	bool nvidia = is_nvidia(s) || is_nvidia(t);
	int equal = ids_equal(s->board_device, t->board_device);
	int vendors = ids_equal(s->board_vendor, t->board_vendor);
	if (equal < 0 || vendors < 0)
		say(j, nvidia ? BOARD_UNREAD : BOARD_OTHER_UNREAD, s->board_device, t->board_device,
		    has_value(s->board_device) && has_value(s->board_vendor) ? c->target.host
		                                                             : c->source.host,
		    NULL);
	else if (nvidia)
		judge_nvidia_board(j, s, t);
	else if (!equal || !vendors)
		say_board(j, BOARD_OTHER_VENDOR, s->board_vendor, s->board_device, t->board_vendor,
		          t->board_device);
	return true;
}
