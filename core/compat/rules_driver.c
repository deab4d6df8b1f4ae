// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/rules.h"

/* R30, module-equal: equal type ids come from equal driver names; modules may still differ. */
bool rule_module(const Case *c, Verdict *verdict)
{
	const char *s = c->type ? c->type->parent->module : NULL, *t = c->parent->module;

	if (!s || !t) {
		verdict_add(verdict, "R30", false, LEVEL_UNKNOWN, reading_of(s), reading_of(t),
		            g_strdup_printf("which module drives %s is not known on %s", c->type_id,
		                            !s ? c->source.host : c->target.host));
		return true;
	}
	if (!g_str_equal(s, t))
		verdict_add(verdict, "R30", false, LEVEL_WARN, reading_of(s), reading_of(t),
		            g_strdup_printf("type names match but module %s here, %s there", s, t));
	return true;
}

/* R31 module-version and R32 srcversion: the stream's format is private to the driver. */
bool rule_module_build(const Case *c, Verdict *verdict)
{
	const Parent *sp = c->type ? c->type->parent : NULL, *tp = c->parent;

	if (!sp || g_strcmp0(sp->module, tp->module) != 0 || !sp->module)
		return true;
	TextReading sv = sp->module_version, tv = tp->module_version;
	TextReading ss = sp->module_srcversion, ts = tp->module_srcversion;

	if (sv.state == READ_VALUE && tv.state == READ_VALUE && !g_str_equal(sv.s, tv.s)) {
		verdict_add(verdict, "R31", false, LEVEL_WARN, sv, tv,
		            g_strdup_printf("driver %s %s here, %s there: its stream is its own",
		                            sp->module, sv.s, tv.s));
		return true;
	}
	if (ss.state != READ_VALUE || ts.state != READ_VALUE)
		verdict_add(verdict, "R32", false, LEVEL_UNKNOWN, ss, ts,
		            g_strdup_printf("builds of driver %s cannot be compared: no srcversion",
		                            sp->module));
	else if (!g_str_equal(ss.s, ts.s))
		verdict_add(
			verdict, "R32", false, LEVEL_INFO, ss, ts,
			g_strdup_printf("driver %s: another build there (%.8s here, %.8s there)",
		                        sp->module, ss.s, ts.s));
	else
		verdict_add(verdict, "R32", false, LEVEL_OK, ss, ts,
		            g_strdup_printf("driver %s %s%s%.8s", sp->module,
		                            sv.state == READ_VALUE ? sv.s : "",
		                            sv.state == READ_VALUE ? " " : "build ", ss.s));
	return true;
}

/*
 * R49, known drivers. Sources: samples/vfio-mdev/mtty.c (migration since v6.7; mdpy.c and mbochs.c
 * set no mig_ops), hw/vfio/ap.c and ccw.c (unmigratable), NVIDIA's vGPU documentation, and
 * intel/gvt-linux issues 166, 207, 209 (GVT-g migration was never merged).
 */
static const struct {
	const char *module;
	bool migrates;
} known_drivers[] = {
	{ "mtty", true },     { "nvidia", true },  { "nvidia_vgpu_vfio", true },
	{ "mdpy", false },    { "mbochs", false }, { "vfio_ccw", false },
	{ "vfio_ap", false }, { "kvmgt", false },  { "i915", false },
};

bool rule_driver_migrates(const Case *c, Verdict *verdict)
{
	const char *module = c->parent->module ? c->parent->module : c->parent->driver;

	for (guint i = 0; i < G_N_ELEMENTS(known_drivers); i++) {
		if (g_strcmp0(known_drivers[i].module, module) != 0)
			continue;
		if (known_drivers[i].migrates)
			verdict_add(verdict, "R49", true, LEVEL_OK, reading_of(module),
			            reading_of(module),
			            g_strdup_printf("driver %s is known to migrate", module));
		else
			verdict_add(verdict, "R49", true, LEVEL_INCOMPATIBLE, reading_of(module),
			            reading_of(module),
			            g_strdup_printf("driver %s is known not to migrate", module));
		return true;
	}
	verdict_add(verdict, "R49", false, LEVEL_UNKNOWN, reading_of(module), reading_of(module),
	            g_strdup("does this driver migrate? not known"));
	return true;
}
