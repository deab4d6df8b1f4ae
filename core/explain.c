// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/explain.h"

#include <errno.h>
#include <string.h>

#define NVIDIA "nvidia"

/* ---- counting instances by type ------------------------------------------------------------ */

typedef struct {
	const char *type;
	guint n;
} Held;

static GArray *held_by(const GPtrArray *instances)
{
	GArray *held = g_array_new(FALSE, TRUE, sizeof(Held));
	for (guint i = 0; i < instances->len; i++) {
		const Instance *instance = g_ptr_array_index(instances, i);
		Held one = { instance->type.state == READ_VALUE ? instance->type.s : "?", 1 };
		guint k = 0;
		while (k < held->len && strcmp(g_array_index(held, Held, k).type, one.type) != 0)
			k++;
		if (k < held->len)
			g_array_index(held, Held, k).n++;
		else
			g_array_append_val(held, one);
	}
	return held;
}

/* "2 mtty-2, 20 mtty-1" */
static char *held_words(const GArray *held)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < held->len; i++) {
		const Held *one = &g_array_index(held, Held, i);
		g_string_append_printf(out, "%s%u %s", i ? ", " : "", one->n, one->type);
	}
	return g_string_free(out, FALSE);
}

static GPtrArray *instances_on(const Card *card, const Parent *parent)
{
	GPtrArray *on = g_ptr_array_new();
	for (guint i = 0; i < card->instances->len; i++) {
		Instance *instance = g_ptr_array_index(card->instances, i);
		if (instance->parent == parent)
			g_ptr_array_add(on, instance);
	}
	return on;
}

/* ---- a type with no room ------------------------------------------------------------------- */

static ZeroWhy say(ZeroWhy why, char **text, char *words)
{
	if (text)
		*text = words;
	else
		g_free(words);
	return why;
}

/*
 * On an NVIDIA card in equal-size mode the first instance decides the size of all: the others read
 * 0 while that one still has room (NVIDIA's vGPU user guide, "mixed-size mode").
 */
static bool takes_one_size(const Card *card, const GArray *held, const char *type_id)
{
	const Parent *first = card->parents->len ? g_ptr_array_index(card->parents, 0) : NULL;
	if (held->len != 1 || !first || g_strcmp0(first->driver, NVIDIA) != 0)
		return false;
	const char *other = g_array_index(held, Held, 0).type;
	const CardType *sum = card_type(card, other);
	return strcmp(other, type_id) != 0 && sum && sum->available > 0;
}

static ZeroWhy explain_pool(const Card *card, const char *type_id, char **text)
{
	g_autoptr(GArray) held = held_by(card->instances);
	g_autofree char *words = held_words(held);
	bool only_own = held->len == 1 && strcmp(g_array_index(held, Held, 0).type, type_id) == 0;

	if (held->len == 0)
		return say(ZERO_UNSAID, text,
		           g_strdup("nothing seen holds it: the driver does not say why"));
	if (only_own)
		return say(ZERO_USED_UP, text,
		           g_strdup_printf("used up: %s %s", words,
		                           card->instances->len == 1 ? "exists" : "exist"));
	if (takes_one_size(card, held, type_id))
		return say(ZERO_ONE_SIZE, text,
		           g_strdup_printf("the card holds %s: only that size fits beside", words));
	return say(ZERO_OTHERS, text, g_strdup_printf("the hardware is held by %s", words));
}

ZeroWhy explain_zero(const Type *type, char **text)
{
	const Parent *parent = type->parent;

	if (text)
		*text = NULL;
	if (type->available.state != READ_VALUE || type->available.n > 0 || !parent->card)
		return ZERO_NOT;
	g_autoptr(GPtrArray) here = instances_on(parent->card, parent);
	if (parent->physfn && here->len == 1) {
		const Instance *instance = g_ptr_array_index(here, 0);
		return say(ZERO_FUNCTION, text,
		           g_strdup_printf("function %s has its one instance: %s",
		                           bdf_short(parent->name),
		                           instance->type.s ? instance->type.s : "?"));
	}
	return explain_pool(parent->card, type->id, text);
}

/* True if each function that offers the type has an instance. */
static bool every_function_taken(const CardType *type)
{
	for (guint i = 0; i < type->offers->len; i++) {
		const Parent *parent = ((const Type *)g_ptr_array_index(type->offers, i))->parent;
		g_autoptr(GPtrArray) here = instances_on(type->card, parent);
		if (!parent->physfn || here->len == 0)
			return false;
	}
	return true;
}

ZeroWhy explain_card_zero(const CardType *type, char **text)
{
	guint n = type->offers->len;

	if (text)
		*text = NULL;
	if (n == 0 || type->available > 0 || type->unreadable == n)
		return ZERO_NOT;
	if (n > 1 && every_function_taken(type)) {
		g_autoptr(GArray) held = held_by(type->card->instances);
		g_autofree char *words = held_words(held);
		return say(ZERO_FUNCTION, text,
		           g_strdup_printf("each of its %u functions has its one instance: %s", n,
		                           words));
	}
	return explain_pool(type->card, type->id, text);
}

char *explain_host_zero(const Inventory *inventory, const char *type_id)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < inventory->cards->len; i++) {
		const Card *card = g_ptr_array_index(inventory->cards, i);
		const CardType *type = card_type(card, type_id);
		g_autofree char *why = NULL;
		if (!type || type->offers->len == 0)
			continue;
		if (explain_card_zero(type, &why) == ZERO_NOT)
			return NULL;
		g_string_append_printf(out, "%s%s: %s", out->len ? "; " : "", card->label, why);
	}
	return out->len ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* ---- no types at all ----------------------------------------------------------------------- */

char *explain_parent(const Parent *parent)
{
	if (parent->types->len > 0)
		return NULL;
	if (parent->types_err == EACCES || parent->types_err == EPERM)
		return g_strdup("its types cannot be read: not permitted; read as root");
	if (parent->types_err && parent->types_err != ENOENT)
		return g_strdup_printf("its types cannot be read: %s",
		                       g_strerror(parent->types_err));
	return g_strdup("its driver offers no type now");
}

/* The types in use under vendor VFIO, with their numbers. */
static char *explain_vendor(const Card *card)
{
	g_autoptr(GArray) held = held_by(card->instances);
	g_autofree char *words = held_words(held);
	guint n = 0;

	/* The physical function has the folder too; it takes no type. */
	for (guint i = 0; i < card->functions->len; i++)
		n += ((const Function *)g_ptr_array_index(card->functions, i))->physfn != NULL;
	return g_strdup_printf("NVIDIA's vendor VFIO is in use instead of mdev: %u virtual "
	                       "function%s, %u with a type%s%s",
	                       n, n == 1 ? "" : "s", card->instances->len, *words ? ": " : "",
	                       words);
}

static char *explain_sriov(const Inventory *inventory, const Function *function)
{
	const char *vgpu = inventory->switches.vgpu_module
	                           ? ""
	                           : "; nvidia_vgpu_vfio is not loaded either: is this the driver "
	                             "with vGPU?";

	if (function->totalvfs.state != READ_VALUE || function->totalvfs.n == 0)
		return NULL;
	if (function->numvfs.state != READ_VALUE)
		return g_strdup("whether its virtual functions are enabled could not be read");
	if (function->numvfs.n == 0)
		return g_strdup_printf(
			"its virtual functions are not enabled (0 of %" G_GINT64_FORMAT
			"), and types appear on them: /usr/lib/nvidia/sriov-manage "
			"-e %s enables them%s",
			function->totalvfs.n, function->name, vgpu);
	return g_strdup_printf("%" G_GINT64_FORMAT " virtual functions are enabled but offer no "
	                       "types: does nvidia-vgpud run?%s",
	                       function->numvfs.n, vgpu);
}

char *explain_card(const Inventory *inventory, const Card *card)
{
	for (guint i = 0; i < card->types->len; i++)
		if (((const CardType *)g_ptr_array_index(card->types, i))->offers->len > 0)
			return NULL;
	if (card->functions->len > 0)
		return explain_vendor(card);
	if (card->parents->len > 0)
		return explain_parent(g_ptr_array_index(card->parents, 0));
	return card->function ? explain_sriov(inventory, card->function) : NULL;
}

/* ---- the host ------------------------------------------------------------------------------ */

static void add_note(GPtrArray *notes, const char *subject, char *why)
{
	if (why)
		g_ptr_array_add(notes, g_strdup_printf("%s: %s", subject, why));
	g_free(why);
}

/* Kernel parameters of type bool read "Y" or "N", those of type int a number. */
static bool is_off(TextReading parameter)
{
	return parameter.state == READ_VALUE && (*parameter.s == 'N' || *parameter.s == '0');
}

static char *explain_gvt(const Inventory *inventory)
{
	const Switches *switches = &inventory->switches;

	if (is_off(switches->enable_gvt))
		return g_strdup("GVT-g is off: it needs i915.enable_gvt=1 on the kernel's command "
		                "line, and the module kvmgt");
	if (switches->enable_gvt.state == READ_VALUE && !switches->kvmgt)
		return g_strdup("GVT-g is on, but kvmgt is not loaded: modprobe kvmgt");
	return NULL;
}

static bool is_parent(const Inventory *inventory, const char *name)
{
	return inventory_parent(inventory, name) != NULL;
}

static void add_intel(GPtrArray *notes, const Inventory *inventory)
{
	for (guint i = 0; i < inventory->functions->len; i++) {
		const Function *function = g_ptr_array_index(inventory->functions, i);
		if (strcmp(function->driver, "i915") == 0 && !is_parent(inventory, function->name))
			add_note(notes, function->label, explain_gvt(inventory));
	}
}

static void add_ap(GPtrArray *notes, const Switches *switches)
{
	if (switches->ap_bus && !switches->vfio_ap)
		add_note(notes, "AP bus",
		         g_strdup("its queues can be passed on, but vfio_ap is not loaded: "
		                  "modprobe vfio_ap"));
	else if (switches->vfio_ap && switches->ap_queues == 0)
		add_note(notes, "vfio_ap",
		         g_strdup("it drives no queue: free some from the host's own drivers "
		                  "first (apmask, aqmask; chzdev --type ap apmask=-N)"));
}

char **explain_notes(const Inventory *inventory)
{
	GPtrArray *notes = g_ptr_array_new();

	for (guint i = 0; i < inventory->cards->len; i++) {
		const Card *card = g_ptr_array_index(inventory->cards, i);
		add_note(notes, card->label, explain_card(inventory, card));
	}
	add_intel(notes, inventory);
	add_ap(notes, &inventory->switches);
	g_ptr_array_add(notes, NULL);
	return (char **)g_ptr_array_free(notes, FALSE);
}

char *explain_empty(const Inventory *inventory, int bus_err)
{
	if (inventory->parents->len > 0)
		return NULL;
	if (bus_err && bus_err != ENOENT)
		return g_strdup_printf("cannot read /sys/class/mdev_bus: %s", g_strerror(bus_err));
	if (inventory->notes[0])
		return g_strjoinv("; ", inventory->notes);
	if (bus_err)
		return g_strdup("the mdev module is not loaded (no /sys/class/mdev_bus)");
	return g_strdup("no driver offers mdev types on this host");
}
