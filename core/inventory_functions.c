// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * What explains hosts without types: functions of drivers that offer devices by another way than
 * the mdev bus, or only after something was switched on. With it the virtual functions to which
 * NVIDIA's vendor VFIO gave a type (documented by NVIDIA's vGPU user guide for SR-IOV on kernels
 * without mdev): a function's nvidia/current_vgpu_type holds the type's number, 0 for none.
 */

#include "core/inventory_build.h"

#include <errno.h>
#include <string.h>

#define DRIVERS "/sys/bus/pci/drivers"
#define VFIO_AP "/sys/bus/ap/drivers/vfio_ap"

/* "pci:v000010DEd00002235sv000010DEsd0000145Abc03..." → "10de" after "v", and so on. */
static bool modalias_id(const char *modalias, const char *key, char id[static 5])
{
	const char *at = strstr(modalias, key);
	if (!at || strlen(at) < strlen(key) + 8)
		return false;
	at += strlen(key) + 4; /* eight digits, of which a PCI id fills the last four */
	for (int i = 0; i < 4; i++) {
		if (!g_ascii_isxdigit(at[i]))
			return false;
		id[i] = g_ascii_tolower(at[i]);
	}
	id[4] = '\0';
	return true;
}

static void name_function(Builder *b, Function *function, const char *path)
{
	char vendor[5], device[5], sub_vendor[5], sub_device[5];
	TextReading modalias = facts_text(b->facts, path);

	function->label = bdf_short(function->name);
	if (modalias.state != READ_VALUE || !modalias_id(modalias.s, ":v", vendor) ||
	    !modalias_id(modalias.s + strlen("pci:v"), "d", device))
		return;
	bool sub = modalias_id(modalias.s, "sv", sub_vendor) &&
	           modalias_id(modalias.s, "sd", sub_device);
	function->device_name = build_device_name(b, vendor, device, sub ? sub_vendor : NULL,
	                                          sub ? sub_device : NULL);
	function->label = build_device_label(b, function->device_name, function->name);
}

static Function *build_function(Builder *b, const char *driver, const char *name)
{
	Function *function = g_new0(Function, 1);
	function->name = build_shared(b, name);
	function->driver = driver;
	g_autofree char *folder = g_strdup_printf(DRIVERS "/%s", driver);
	gsize base = build_base(b, folder, name);
	function->physfn = build_link_name(b, build_path(b, base, "physfn"));
	function->totalvfs = build_number(b, build_path(b, base, "sriov_totalvfs"), 0, G_MAXUINT16);
	function->numvfs = build_number(b, build_path(b, base, "sriov_numvfs"), 0, G_MAXUINT16);
	function->vgpu_type =
		build_number(b, build_path(b, base, "nvidia/current_vgpu_type"), 0, G_MAXUINT32);
	function->creatable = build_text(b, build_path(b, base, "nvidia/creatable_vgpu_types"));
	name_function(b, function, build_path(b, base, "modalias"));
	return function;
}

/* Functions stand in the facts as links of their driver's folder. */
static void add_functions(Builder *b, const char *driver)
{
	g_autofree char *folder = g_strdup_printf(DRIVERS "/%s/", driver);
	for (guint i = 0; i < facts_count(b->facts); i++) {
		const Fact *fact = facts_nth(b->facts, i);
		if (fact->kind != FACT_LINK || !g_str_has_prefix(fact->path, folder))
			continue;
		const char *name = fact->path + strlen(folder);
		if (!strchr(name, '/') && name_is_bdf(name))
			g_ptr_array_add(b->inventory->functions, build_function(b, driver, name));
	}
}

static int compare_functions(gconstpointer a, gconstpointer b)
{
	const Function *fa = *(Function *const *)a, *fb = *(Function *const *)b;
	int order = strcmp(fa->driver, fb->driver);
	return order ? order : strcmp(fa->name, fb->name);
}

static void build_switches(Builder *b)
{
	Switches *switches = &b->inventory->switches;
	char **names = facts_names(b->facts, VFIO_AP);

	switches->enable_gvt = build_text(b, "/sys/module/i915/parameters/enable_gvt");
	switches->kvmgt = facts_names(b->facts, "/sys/module/kvmgt") != NULL;
	switches->vgpu_module = facts_names(b->facts, "/sys/module/nvidia_vgpu_vfio") != NULL;
	switches->ap_bus = facts_get(b->facts, "/sys/bus/ap/apmask") != NULL;
	switches->vfio_ap = names != NULL;
	/* A queue is CARD.DOMAIN in hex: "05.0047"; the other names are attributes. */
	for (; names && *names; names++)
		switches->ap_queues += g_ascii_isxdigit((*names)[0]) && (*names)[1] &&
		                       (*names)[2] == '.' && strlen(*names) == 7;
}

void build_functions(Builder *b)
{
	add_functions(b, "i915");
	add_functions(b, "nvidia");
	g_ptr_array_sort(b->inventory->functions, compare_functions);
	build_switches(b);
}

/* ---- virtual functions as instances ---- */

/* A type's name, from the functions that could still take it: lines "1152 : NVIDIA L40S-6Q". */
static const char *vgpu_name(Builder *b, gint64 number)
{
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, number);
	for (guint i = 0; i < b->inventory->functions->len; i++) {
		const Function *function = g_ptr_array_index(b->inventory->functions, i);
		if (function->creatable.state != READ_VALUE)
			continue;
		g_auto(GStrv) lines = g_strsplit(function->creatable.s, "\n", -1);
		for (char **line = lines; *line; line++) {
			g_auto(GStrv) parts = g_strsplit(*line, ":", 2);
			if (parts[0] && parts[1] && strcmp(g_strstrip(parts[0]), key) == 0)
				return build_shared(b, g_strstrip(parts[1]));
		}
	}
	return NULL;
}

static Instance *build_vf(Builder *b, const Function *function)
{
	Instance *vf = build_instance_new(b, INSTANCE_NVIDIA_VF, function->name);
	g_autofree char *type = g_strdup_printf("nvidia-%" G_GINT64_FORMAT, function->vgpu_type.n);
	gsize base = build_base(b, DRIVERS "/nvidia", function->name);
	g_autofree char *path = build_resolve(b, b->path->str);

	vf->path = build_string(b, path);
	vf->parent_name = function->physfn ? function->physfn : function->name;
	vf->type = (TextReading){ .state = READ_VALUE, .s = build_shared(b, type) };
	vf->type_name = vgpu_name(b, function->vgpu_type.n);
	vf->driver = function->driver;
	build_vfio(b, vf, base);
	return vf;
}

void build_vfs(Builder *b)
{
	for (guint i = 0; i < b->inventory->functions->len; i++) {
		const Function *function = g_ptr_array_index(b->inventory->functions, i);
		if (function->vgpu_type.state == READ_VALUE && function->vgpu_type.n > 0)
			g_ptr_array_add(b->inventory->instances, build_vf(b, function));
	}
}
