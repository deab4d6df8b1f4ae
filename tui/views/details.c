// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/details.h"

#include <string.h>

#include "core/explain.h"
#include "core/guests.h"
#include "core/output/names.h"
#include "core/text.h"
#include "tui/views/pair.h"
#include "tui/views/reasons.h"
#include "tui/views/text_view.h"

/* ---- readings as text --------------------------------------------------------------------- */

static char *state_text(ReadState state, int err)
{
	char name[16];
	switch (state) {
	case READ_ABSENT:
		return g_strdup("absent");
	case READ_UNREADABLE:
		return g_strdup_printf("unreadable: %s (%s)", g_strerror(err),
		                       errno_name(err, name));
	default:
		return g_strdup("not read");
	}
}

static void text_field(Viewer *viewer, const char *name, TextReading reading)
{
	g_autofree char *other = NULL;
	if (reading.state == READ_NONE)
		return;
	if (reading.state != READ_VALUE)
		other = state_text(reading.state, reading.err);
	viewer_field(viewer, name, other ? other : reading.s);
}

static void num_field(Viewer *viewer, const char *name, NumReading reading)
{
	if (reading.state == READ_NONE)
		return;
	g_autofree char *text = reading.state == READ_VALUE
	                                ? g_strdup_printf("%" G_GINT64_FORMAT, reading.n)
	                                : state_text(reading.state, reading.err);
	viewer_field(viewer, name, text);
}

static void heading(Viewer *viewer, const char *text)
{
	if (viewer_count(viewer))
		viewer_add(viewer, ROLE_NORMAL, 0, "");
	viewer_add(viewer, ROLE_HEADING, 0, text);
}

/* ---- sections ----------------------------------------------------------------------------- */

/* One line: a function under vendor VFIO and the type in use on it. */
static void add_use(Viewer *viewer, const Function *function)
{
	NumReading type = function->vgpu_type;
	g_autofree char *words = type.state != READ_VALUE ? state_text(type.state, type.err)
	                         : type.n == 0
	                                 ? g_strdup("no type set")
	                                 : g_strdup_printf("nvidia-%" G_GINT64_FORMAT, type.n);
	if (function->physfn)
		viewer_field(viewer, bdf_short(function->name), words);
}

/* A card: what it is, its functions, and what each type can still have of it. */
static void add_card(Viewer *viewer, const Inventory *inventory, const Card *card)
{
	g_autofree char *why = explain_card(inventory, card);
	g_autofree char *functions = g_strdup_printf(
		"%u", card->has_functions ? card->parents->len + card->functions->len : 0);
	heading(viewer, "Card");
	viewer_field(viewer, "label", card->label);
	viewer_field(viewer, "name", card->name);
	viewer_field(viewer, "functions", card->has_functions ? functions : NULL);
	if (card->function)
		num_field(viewer, "could have", card->function->totalvfs);
	viewer_field(viewer, "no types", why);
	for (guint i = 0; i < card->functions->len; i++)
		add_use(viewer, g_ptr_array_index(card->functions, i));
	for (guint i = 0; i < card->types->len; i++) {
		const CardType *type = g_ptr_array_index(card->types, i);
		g_autofree char *zero = NULL;
		explain_card_zero(type, &zero);
		viewer_addf(viewer, ROLE_NORMAL, 17, "%-17s%u here, %s%" G_GINT64_FORMAT "%s%s%s",
		            type->id, type->instances, type->offers->len > 1 ? "up to " : "",
		            type->available, type->unreadable ? "+?" : "", zero ? ": " : "",
		            zero ? zero : "");
	}
}

/* A virtual function under NVIDIA's vendor VFIO says itself what could be set on it. */
static void add_function(Viewer *viewer, const Inventory *inventory, const char *name)
{
	for (guint i = 0; i < inventory->functions->len; i++) {
		const Function *function = g_ptr_array_index(inventory->functions, i);
		if (strcmp(function->name, name) != 0)
			continue;
		heading(viewer, "Function");
		viewer_field(viewer, "label", function->label);
		viewer_field(viewer, "function of", function->physfn);
		num_field(viewer, "vGPU type", function->vgpu_type);
		text_field(viewer, "creatable", function->creatable);
	}
}

static void add_parent(Viewer *viewer, const Parent *parent)
{
	g_autofree char *why = explain_parent(parent);
	heading(viewer, "Parent");
	viewer_field(viewer, "name", parent->name);
	viewer_field(viewer, "label", parent->label);
	viewer_field(viewer, "kind", parent_kind_name(parent->kind));
	viewer_field(viewer, "function of", parent->physfn);
	viewer_field(viewer, "no types", why);
	viewer_field(viewer, "driver", parent->driver ? parent->driver : "no driver link");
	viewer_field(viewer, "module", parent->module);
	text_field(viewer, "version", parent->module_version);
	text_field(viewer, "srcversion", parent->module_srcversion);
	num_field(viewer, "numa node", parent->numa_node);
	text_field(viewer, "vendor", parent->vendor);
	text_field(viewer, "device", parent->device);
	text_field(viewer, "subsystem vendor", parent->subsystem_vendor);
	text_field(viewer, "subsystem device", parent->subsystem_device);
	viewer_field(viewer, "path", parent->path);
}

static void add_type(Viewer *viewer, const Type *type)
{
	g_autofree char *path =
		g_strdup_printf("%s/mdev_supported_types/%s",
	                        type->parent->path ? type->parent->path : "", type->id);
	heading(viewer, "Type");
	viewer_field(viewer, "id", type->id);
	text_field(viewer, "name", type->name);
	text_field(viewer, "device API", type->device_api);
	text_field(viewer, "description", type->description);
	num_field(viewer, "available", type->available);
	g_autofree char *why = NULL;
	explain_zero(type, &why);
	viewer_field(viewer, "why 0", why);
	viewer_field(viewer, "path", path);
}

/* Where else the host offers the type, with each counter. */
static void add_offers(Viewer *viewer, const Inventory *inventory, const char *type_id)
{
	heading(viewer, "Offered by");
	for (guint i = 0; i < inventory->parents->len; i++) {
		const Parent *parent = g_ptr_array_index(inventory->parents, i);
		const Type *type = parent_type(parent, type_id);
		if (!type)
			continue;
		g_autofree char *room =
			type->available.state == READ_VALUE
				? g_strdup_printf("%" G_GINT64_FORMAT " available",
		                                  type->available.n)
				: state_text(type->available.state, type->available.err);
		viewer_addf(viewer, ROLE_NORMAL, 17, "%-17s%s, %u here   %s", parent->name, room,
		            type->instances->len, parent->label);
	}
}

static void add_attrs(Viewer *viewer, const GArray *attrs)
{
	for (guint i = 0; attrs && i < attrs->len; i++) {
		const Attr *attr = &g_array_index(attrs, Attr, i);
		g_autofree char *text = g_strdup_printf("%s = %s", attr->key, attr->value);
		viewer_field(viewer, i ? "" : "attributes", text);
	}
}

static void add_instance(Viewer *viewer, const Instance *instance)
{
	heading(viewer, "Instance");
	viewer_field(viewer, instance->kind == INSTANCE_MDEV ? "uuid" : "function", instance->id);
	text_field(viewer, "type", instance->type);
	viewer_field(viewer, "parent",
	             instance->parent_name ? instance->parent_name : "could not be read");
	viewer_field(viewer, "use", instance_use(instance));
	viewer_field(viewer, "", instance->in_use_why);
	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		const InstanceUser *user = &g_array_index(instance->users, InstanceUser, i);
		g_autofree char *text =
			g_strdup_printf("pid %" G_GINT64_FORMAT "%s%s", user->pid,
		                        user->vm ? "  guest " : "", user->vm ? user->vm : "");
		viewer_field(viewer, i ? "" : "used by", text);
	}
	viewer_field(viewer, "driver", instance->driver);
	num_field(viewer, "IOMMU group", instance->iommu_group);
	viewer_field(viewer, "vfio device", instance->vfio_dev);
	viewer_field(viewer, "defined",
	             instance->kind != INSTANCE_MDEV ? NULL
	             : !instance->defined            ? "no: gone after a reboot"
	             : instance->autostart           ? "yes, started at boot"
	                                             : "yes, started by hand");
	add_attrs(viewer, instance->attrs);
	text_field(viewer, "migration state", instance->migration_state);
	viewer_field(viewer, "path", instance->path);
}

static char *side_value(ReadState state, const char *value)
{
	return state == READ_VALUE && value ? g_strdup(value)
	       : state == READ_UNREADABLE   ? g_strdup("unreadable")
	       : state == READ_ABSENT       ? g_strdup("absent")
	                                    : NULL;
}

static void add_rules(Viewer *viewer, const Verdict *verdict, bool ascii)
{
	g_autofree char *words = verdict_words(verdict);
	heading(viewer, "Verdict");
	viewer_addf(viewer, verdict_role(verdict->verdict), 2, "%s %s   assurance %c: %s",
	            verdict_sign(verdict->verdict, ascii), words, verdict->assurance,
	            verdict->summary ? verdict->summary : "");
	viewer_field(viewer, "on parent", verdict->parent);
	viewer_field(viewer, "on instance", verdict->instance);
	for (guint i = 0; i < verdict->todos->len; i++)
		viewer_field(viewer, i ? "" : "to do", verdict_todo(verdict, i));
	heading(viewer, "Rules (source against target)");
	for (guint i = 0; i < verdict->rules->len; i++) {
		const RuleResult *rule = g_ptr_array_index(verdict->rules, i);
		g_autofree char *source = side_value(rule->source_state, rule->source);
		g_autofree char *target = side_value(rule->target_state, rule->target);
		viewer_addf(viewer, level_role(rule->level), 17, "%-4s %-12s%s", rule->id,
		            rule_level_name(rule->level), rule->text);
		if (source || target)
			viewer_addf(viewer, ROLE_DIM, 17, "%-17s%s | %s", "", source ? source : "-",
			            target ? target : "-");
	}
}

static void add_errors(Viewer *viewer, const Inventory *inventory)
{
	if (inventory->errors->len == 0)
		return;
	heading(viewer, "Unreadable");
	for (guint i = 0; i < inventory->errors->len; i++) {
		const ScanError *error = g_ptr_array_index(inventory->errors, i);
		viewer_addf(viewer, ROLE_WARNING, 2, "%s  %s: %s", error->code,
		            error->path ? error->path : error->scope, error->text);
		if (error->hint)
			viewer_addf(viewer, ROLE_NORMAL, 2, "  %s", error->hint);
	}
}

static void add_host(Viewer *viewer, const HostView *host)
{
	static const char *const states[] = { [HOST_CONNECTING] = "connecting",
		                              [HOST_UP] = "up",
		                              [HOST_STALE] = "stale: it does not answer",
		                              [HOST_DOWN] = "down",
		                              [HOST_RECORDING] = "recorded",
		                              [HOST_PAUSED] = "disconnected",
		                              [HOST_FORGOTTEN] = "forgotten" };
	const Inventory *inventory = host->inventory;
	heading(viewer, "Host");
	viewer_field(viewer, "name", host->address->label);
	viewer_field(viewer, "address", host->address->address);
	viewer_field(viewer, "state", states[host->state]);
	viewer_field(viewer, "error", host->error);
	if (host->age_us >= 0) {
		g_autofree char *age = age_text(host->age_us);
		viewer_field(viewer, "read", age);
	}
	if (!inventory)
		return;
	viewer_field(viewer, "as user", inventory->user);
	text_field(viewer, "host name", inventory->hostname);
	text_field(viewer, "kernel", inventory->kernel);
	text_field(viewer, "architecture", inventory->arch);
	text_field(viewer, "machine id", inventory->machine_id);
	viewer_field(viewer, "no devices", inventory->notes[0] ? NULL : inventory->empty_why);
	for (char **note = inventory->notes; *note; note++)
		viewer_field(viewer, note == inventory->notes ? "notes" : "", *note);
	add_errors(viewer, inventory);
}

static void fill(Viewer *viewer, Ui *ui, void *data)
{
	const View *pair = data;
	Selection selection = pair_selection(pair);
	const HostView *host = snapshot_host(ui->hosts, selection.host[selection.focus]);
	const PairRow *row = selection.row[selection.focus];
	const Instance *instance = row ? row->instance[selection.focus] : NULL;
	const Type *type = instance && instance->type_ref ? instance->type_ref
	                   : row                          ? row->type[selection.focus].type
	                                                  : NULL;
	if (instance)
		add_instance(viewer, instance);
	if (instance && instance->kind == INSTANCE_NVIDIA_VF)
		add_function(viewer, host->inventory, instance->id);
	if (row && row->kind == ROW_CARD && row->card[selection.focus])
		add_card(viewer, host->inventory, row->card[selection.focus]);
	if (type)
		add_type(viewer, type);
	if (instance && instance->parent)
		add_parent(viewer, instance->parent);
	else if (type)
		add_parent(viewer, type->parent);
	if (type && host && host->inventory)
		add_offers(viewer, host->inventory, type->id);
	if (selection.verdict)
		add_rules(viewer, selection.verdict, ui->ascii);
	if (host)
		add_host(viewer, host);
	if (viewer_count(viewer) == 0)
		viewer_add(viewer, ROLE_NORMAL, 0, "Nothing is selected here.");
}

typedef struct {
	int host;
	char *id; /* of the instance */
} Device;

static void device_free(gpointer data)
{
	g_free(((Device *)data)->id);
	g_free(data);
}

static bool holds(const Guest *guest, const char *id)
{
	for (guint i = 0; i < guest->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(guest->instances, i);
		if (strcmp(instance->id, id) == 0)
			return true;
	}
	return false;
}

static void add_guest(Viewer *viewer, const Guest *guest)
{
	g_autofree char *pid = g_strdup_printf("%" G_GINT64_FORMAT, guest->pid);
	heading(viewer, "Guest");
	viewer_field(viewer, "name", guest->vm ? guest->vm : "not known");
	viewer_field(viewer, "process", pid);
	for (guint i = 0; i < guest->instances->len; i++)
		add_instance(viewer, g_ptr_array_index(guest->instances, i));
}

static void fill_guest(Viewer *viewer, Ui *ui, void *data)
{
	const Device *device = data;
	const HostView *host = snapshot_host(ui->hosts, device->host);
	const Inventory *inventory = host->inventory;
	g_autoptr(GPtrArray) guests = inventory ? guests_new(inventory) : g_ptr_array_new();
	for (guint i = 0; i < guests->len; i++) {
		if (holds(g_ptr_array_index(guests, i), device->id))
			add_guest(viewer, g_ptr_array_index(guests, i));
	}
	const Instance *instance =
		inventory ? inventory_instance(inventory, device->id, NULL) : NULL;
	if (viewer_count(viewer) == 0 && instance)
		add_instance(viewer, instance);
	else if (viewer_count(viewer) == 0)
		viewer_addf(viewer, ROLE_NORMAL, 0, "%s has gone.", device->id);
	add_host(viewer, host);
}

void details_open_guest(Ui *ui, int host, const Instance *instance)
{
	Device *device = g_new(Device, 1);
	*device = (Device){ host, g_strdup(instance->id) };
	g_autofree char *title =
		g_strdup_printf("Details: %s", snapshot_host(ui->hosts, host)->address->label);
	text_view_open(ui, title, fill_guest, device, device_free, false);
}

static void fill_host(Viewer *viewer, Ui *ui, void *data)
{
	const HostView *host = snapshot_host(ui->hosts, GPOINTER_TO_INT(data));
	add_host(viewer, host);
	for (guint i = 0; host->inventory && i < host->inventory->cards->len; i++)
		add_card(viewer, host->inventory, g_ptr_array_index(host->inventory->cards, i));
}

void details_open_host(Ui *ui, int host)
{
	g_autofree char *title =
		g_strdup_printf("Details: %s", snapshot_host(ui->hosts, host)->address->label);
	text_view_open(ui, title, fill_host, GINT_TO_POINTER(host), NULL, false);
}

void details_open(Ui *ui, View *pair)
{
	Selection selection = pair_selection(pair);
	const HostView *host = snapshot_host(ui->hosts, selection.host[selection.focus]);
	g_autofree char *title =
		g_strdup_printf("Details: %s", host ? host->address->label : "none");
	text_view_open(ui, title, fill, pair, NULL, false);
}
