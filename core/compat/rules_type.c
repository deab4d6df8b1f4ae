// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/rules.h"

#include <string.h>

/* Device APIs a kernel knows (include/uapi/linux/vfio.h, VFIO_DEVICE_API_*_STRING). */
static const char *const device_apis[] = {
	"vfio-pci", "vfio-platform", "vfio-amba", "vfio-ccw", "vfio-ap", NULL,
};

static bool has_vendor_vfio(const Inventory *inventory)
{
	for (guint i = 0; inventory && i < inventory->functions->len; i++)
		if (((const Function *)g_ptr_array_index(inventory->functions, i))
		            ->vgpu_type.state == READ_VALUE)
			return true;
	return false;
}

/* A function under vendor VFIO and a mediated device are different devices to a guest. */
static bool judge_vf(const Case *c, Verdict *verdict)
{
	bool both = has_vendor_vfio(c->target.inventory);
	const char *end = both ? "as on the target: such pairs are not compared"
	                       : "and no mediated device can take over from it";

	verdict_add(verdict, "R10", true, both ? LEVEL_UNKNOWN : LEVEL_INCOMPATIBLE,
	            c->instance->type, reading_of(NULL),
	            g_strdup_printf("%s is a function under NVIDIA's vendor VFIO, %s",
	                            bdf_short(c->instance->id), end));
	return false;
}

/* R10, source-is-mdev: the type link of the instance is the authority. */
bool rule_is_mdev(const Case *c, Verdict *verdict)
{
	if (c->instance && c->instance->kind == INSTANCE_NVIDIA_VF)
		return judge_vf(c, verdict);
	if (!c->instance || c->instance->type.state == READ_VALUE)
		return true;
	if (c->instance->type.state == READ_UNREADABLE) {
		verdict_add(verdict, "R10", true, LEVEL_UNKNOWN, c->instance->type,
		            reading_of(NULL),
		            g_strdup_printf("the type of %s could not be read", c->instance->id));
		return false;
	}
	verdict_add(verdict, "R10", true, LEVEL_INCOMPATIBLE, c->instance->type, reading_of(NULL),
	            g_strdup_printf("%s is not a mediated device: it has no mdev_type",
	                            c->instance->id));
	return false;
}

/* The driver's own name of a type: what follows the driver's name and a dash (mdev_sysfs.c). */
static const char *type_suffix(const char *id, const Parent *parent)
{
	const char *driver = parent ? parent->driver : NULL;

	if (!driver && parent)
		driver = parent->module ? parent->module : parent->name;
	if (driver && g_str_has_prefix(id, driver) && id[strlen(driver)] == '-')
		return id + strlen(driver) + 1;
	const char *dash = strrchr(id, '-');
	return dash ? dash + 1 : id;
}

/* The nearest miss of one target type, or NULL. New text. */
static char *near_miss(const Case *c, const Parent *parent, const Type *type)
{
	const char *mine = type_suffix(c->type_id, c->type ? c->type->parent : NULL);

	if (g_str_equal(type_suffix(type->id, parent), mine) && strlen(mine) > 1)
		return g_strdup_printf(
			"'%s' exists there as %s: types are per driver, streams are not "
			"interchangeable",
			mine, type->id);
	if (c->type && c->type->name.state == READ_VALUE && type->name.state == READ_VALUE &&
	    g_str_equal(c->type->name.s, type->name.s))
		return g_strdup_printf(
			"'%s' is the display name of %s too: a name is not an identity",
			type->name.s, type->id);
	return NULL;
}

/* R12, namespace-near-miss: explains a miss, never softens it. */
static void add_near_misses(const Case *c, Verdict *verdict)
{
	const GPtrArray *parents = c->target.inventory->parents;

	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		if (c->parent && parent != c->parent)
			continue;
		for (guint k = 0; k < parent->types->len; k++) {
			const Type *type = g_ptr_array_index(parent->types, k);
			char *text = near_miss(c, parent, type);
			if (!text)
				continue;
			verdict_add(verdict, "R12", true, LEVEL_INCOMPATIBLE,
			            reading_of(c->type_id), reading_of(type->id), text);
			return;
		}
	}
}

static char *offers(const Case *c)
{
	GString *out = g_string_new(NULL);
	const GPtrArray *parents = c->target.inventory->parents;
	guint more = 0, named = 0;

	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		if (c->parent && parent != c->parent)
			continue;
		for (guint k = 0; k < parent->types->len; k++) {
			const Type *type = g_ptr_array_index(parent->types, k);
			if (strstr(out->str, type->id))
				continue;
			if (named++ < 4)
				g_string_append_printf(out, "%s%s", out->len ? ", " : "", type->id);
			else
				more++;
		}
	}
	if (more)
		g_string_append_printf(out, " and %u more", more);
	if (out->len == 0)
		g_string_append(out, "none");
	return g_string_free(out, FALSE);
}

/* R11, type-id-equal: byte for byte, or nothing. */
bool rule_type_equal(const Case *c, Verdict *verdict)
{
	TextReading id = reading_of(c->type_id);

	if (c->there) {
		verdict_add(verdict, "R11", true, LEVEL_OK, id, id,
		            g_strdup_printf("%s/%s offers %s", c->target.host, c->parent->name,
		                            c->type_id));
		return true;
	}

	const char *why = c->target.inventory->empty_why;
	if (why) {
		verdict_add(verdict, "R11", true, LEVEL_INCOMPATIBLE, id, reading_of(NULL),
		            g_strdup_printf("%s: %s", c->target.host, why));
		return false;
	}
	g_autofree char *list = offers(c);
	verdict_add(verdict, "R11", true, LEVEL_INCOMPATIBLE, id, reading_of(NULL),
	            g_strdup_printf("%s%s%s does not offer %s (offers: %s)", c->target.host,
	                            c->parent ? "/" : "", c->parent ? c->parent->name : "",
	                            c->type_id, list));
	add_near_misses(c, verdict);
	return false;
}

/* R13, device-api-equal: the guest sees the API. */
bool rule_device_api(const Case *c, Verdict *verdict)
{
	TextReading s = c->type ? c->type->device_api : reading_of(NULL);
	TextReading t = c->there->device_api;

	if (s.state != READ_VALUE || t.state != READ_VALUE) {
		verdict_add(
			verdict, "R13", true, LEVEL_UNKNOWN, s, t,
			g_strdup_printf("device_api of %s could not be read on %s", c->type_id,
		                        s.state != READ_VALUE ? c->source.host : c->target.host));
		return true;
	}
	if (!g_str_equal(s.s, t.s)) {
		verdict_add(verdict, "R13", true, LEVEL_INCOMPATIBLE, s, t,
		            g_strdup_printf(
				    "device API differs: %s here, %s there: the guest would see "
				    "another device",
				    s.s, t.s));
		return false;
	}
	if (!g_strv_contains(device_apis, s.s))
		verdict_add(verdict, "R13", true, LEVEL_UNKNOWN, s, t,
		            g_strdup_printf("device API %s is not one that VFIO knows", s.s));
	else
		verdict_add(verdict, "R13", true, LEVEL_OK, s, t, g_strdup_printf("API %s", s.s));
	return true;
}
