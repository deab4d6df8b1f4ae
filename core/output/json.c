// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/json.h"

#include "core/explain.h"
#include "core/output/names.h"
#include "core/text.h"

json_t *json_text(const char *text)
{
	if (!text)
		return json_null();
	g_autofree char *visible = text_visible(text, -1);
	return json_string(visible);
}

static json_t *json_reading(TextReading reading)
{
	return json_text(reading.state == READ_VALUE ? reading.s : NULL);
}

static json_t *json_number(NumReading reading)
{
	return reading.state == READ_VALUE ? json_integer(reading.n) : json_null();
}

/* A number that is only meaningful from `least` on. */
static json_t *json_number_from(gint64 n, gint64 least)
{
	return n >= least ? json_integer(n) : json_null();
}

/* Sets a key and takes the value; keys are ours, so nothing can fail but memory. */
static void put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new_nocheck(object, key, value);
}

json_t *json_problem(const Problem *problem)
{
	json_t *o = json_object();
	put(o, "host", json_text(problem->host));
	put(o, "code", json_text(problem->code));
	put(o, "errno", json_number_from(problem->err, 1));
	put(o, "scope", json_text(problem->scope));
	put(o, "path", json_text(problem->path));
	put(o, "text", json_text(problem->text));
	put(o, "hint", json_text(problem->hint));
	return o;
}

static json_t *json_problems(const GPtrArray *problems)
{
	json_t *array = json_array();
	for (guint i = 0; i < problems->len; i++)
		json_array_append_new(array, json_problem(g_ptr_array_index(problems, i)));
	return array;
}

GPtrArray *host_problems(const HostRow *row)
{
	GPtrArray *problems = g_ptr_array_new_with_free_func((GDestroyNotify)problem_free);
	const GPtrArray *errors = row->inventory ? row->inventory->errors : NULL;

	if (row->problem)
		g_ptr_array_add(problems, problem_copy(row->problem));
	for (guint i = 0; errors && i < errors->len; i++) {
		const ScanError *e = g_ptr_array_index(errors, i);
		g_ptr_array_add(problems, problem_new(row->address->label, e->code, e->err,
		                                      e->scope, e->path, e->text, e->hint));
	}
	return problems;
}

json_t *json_attrs(const GArray *attrs)
{
	json_t *array = json_array();
	for (guint i = 0; attrs && i < attrs->len; i++) {
		const Attr *attr = &g_array_index(attrs, Attr, i);
		json_t *pair = json_array();
		json_array_append_new(pair, json_text(attr->key));
		json_array_append_new(pair, json_text(attr->value));
		json_array_append_new(array, pair);
	}
	return array;
}

static json_t *json_users(const GArray *users)
{
	json_t *array = json_array();
	for (guint i = 0; users && i < users->len; i++) {
		const InstanceUser *user = &g_array_index(users, InstanceUser, i);
		json_t *o = json_object();
		put(o, "pid", json_integer(user->pid));
		put(o, "vm", json_text(user->vm));
		json_array_append_new(array, o);
	}
	return array;
}

json_t *json_mdev_type(const Type *type)
{
	json_t *o = json_object(), *instances = json_array();

	for (guint i = 0; type->instances && i < type->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(type->instances, i);
		json_array_append_new(instances,
		                      json_text(instance->uuid ? instance->uuid : instance->id));
	}
	put(o, "id", json_text(type->id));
	put(o, "name", json_reading(type->name));
	put(o, "device_api", json_reading(type->device_api));
	put(o, "available_instances", json_number(type->available));
	put(o, "description", json_reading(type->description));
	put(o, "instances", instances);
	g_autofree char *why = NULL;
	explain_zero(type, &why);
	put(o, "available_why", json_text(why));
	return o;
}

json_t *json_parent(const Parent *parent)
{
	json_t *o = json_object(), *types = json_array();

	for (guint i = 0; i < parent->types->len; i++)
		json_array_append_new(types, json_mdev_type(g_ptr_array_index(parent->types, i)));
	put(o, "name", json_text(parent->name));
	put(o, "path", json_text(parent->path));
	put(o, "kind", json_text(parent_kind_name(parent->kind)));
	put(o, "physfn", json_text(parent->physfn));
	put(o, "driver", json_text(parent->driver));
	put(o, "module", json_text(parent->module));
	put(o, "module_version", json_reading(parent->module_version));
	put(o, "module_srcversion", json_reading(parent->module_srcversion));
	put(o, "numa_node", json_number(parent->numa_node));
	put(o, "vendor", json_reading(parent->vendor));
	put(o, "device", json_reading(parent->device));
	put(o, "subsystem_vendor", json_reading(parent->subsystem_vendor));
	put(o, "subsystem_device", json_reading(parent->subsystem_device));
	put(o, "label", json_text(parent->label));
	put(o, "types", types);
	g_autofree char *why = explain_parent(parent);
	put(o, "empty_why", json_text(why));
	return o;
}

/* As debugfs shows it: sysfs does not tell whether a driver migrates. */
static json_t *json_migration(const Instance *instance)
{
	json_t *o = json_object(), *features = json_array();
	g_auto(GStrv) words = g_strsplit_set(
		instance->migration_features.s ? instance->migration_features.s : "", " \n\t", -1);
	for (char **word = words; *word; word++)
		if (**word)
			json_array_append_new(features, json_text(*word));
	put(o, "supported", json_text(tri_name(instance->migration)));
	put(o, "state", json_reading(instance->migration_state));
	put(o, "features", features);
	return o;
}

json_t *json_instance(const Instance *instance)
{
	json_t *o = json_object();
	put(o, "id", json_text(instance->id));
	put(o, "uuid", json_text(instance->uuid));
	put(o, "kind", json_text(instance_kind_name(instance->kind)));
	put(o, "parent", json_text(instance->parent_name));
	put(o, "type", json_reading(instance->type));
	put(o, "driver", json_text(instance->driver));
	put(o, "iommu_group", json_number(instance->iommu_group));
	put(o, "in_use", json_text(tri_name(instance->in_use)));
	put(o, "users", json_users(instance->users));
	put(o, "ours", json_boolean(instance->ours));
	put(o, "defined", json_boolean(instance->defined));
	put(o, "autostart", json_boolean(instance->autostart));
	put(o, "attrs", json_attrs(instance->attrs));
	put(o, "migration", json_migration(instance));
	put(o, "differs", json_text(instance->differs));
	return o;
}

json_t *json_definition(const Definition *definition)
{
	json_t *o = json_object();
	put(o, "uuid", json_text(definition->uuid));
	put(o, "parent", json_text(definition->parent));
	put(o, "type", json_text(definition->type));
	put(o, "start", json_text(start_name(definition->autostart)));
	put(o, "attrs", json_attrs(definition->attrs));
	put(o, "active", json_boolean(definition->active));
	put(o, "file", json_text(definition->file));
	put(o, "error", json_text(definition->error));
	return o;
}

typedef json_t *(*ItemToJson)(gconstpointer item);

/* A list of things of an inventory; null where the host did not answer: it is not "none". */
static json_t *json_items(const GPtrArray *items, ItemToJson to_json)
{
	if (!items)
		return json_null();
	json_t *array = json_array();
	for (guint i = 0; i < items->len; i++)
		json_array_append_new(array, to_json(g_ptr_array_index(items, i)));
	return array;
}

static json_t *parent_item(gconstpointer item)
{
	return json_parent(item);
}

static json_t *instance_item(gconstpointer item)
{
	return json_instance(item);
}

static json_t *definition_item(gconstpointer item)
{
	return json_definition(item);
}

static json_t *json_notes(const Inventory *inv)
{
	json_t *array = json_array();
	for (char **note = inv ? inv->notes : NULL; note && *note; note++)
		json_array_append_new(array, json_text(*note));
	return array;
}

json_t *json_host(const HostRow *row)
{
	static const TextReading none = { 0 };
	const Inventory *inv = row->inventory;
	g_autoptr(GPtrArray) problems = host_problems(row);
	json_t *o = json_object();

	put(o, "name", json_text(row->address->label));
	put(o, "address", json_text(row->address->address));
	put(o, "state", json_text(row->state));
	put(o, "taken_at", json_number_from(inv ? inv->taken_at : 0, 1));
	put(o, "age_s", json_number_from(host_row_age_s(row), 0));
	put(o, "user", json_text(inv && inv->user ? inv->user : row->address->user));
	put(o, "privilege", json_text(host_row_privilege(row)));
	put(o, "arch", json_reading(inv ? inv->arch : none));
	put(o, "hostname", json_reading(inv ? inv->hostname : none));
	put(o, "latency_ms", json_number_from(row->latency_ms, 0));
	put(o, "kernel", json_reading(inv ? inv->kernel : none));
	put(o, "machine_id", json_reading(inv ? inv->machine_id : none));
	put(o, "boot_id", json_reading(inv ? inv->boot_id : none));
	/* What nothing on this side reads is null, never a guess. */
	put(o, "host_uuid", json_null());
	put(o, "qemu", json_null());
	put(o, "libvirt", json_null());
	put(o, "mdevctl", json_null());
	put(o, "parents", json_items(inv ? inv->parents : NULL, parent_item));
	put(o, "instances", json_items(inv ? inv->instances : NULL, instance_item));
	put(o, "definitions", json_items(inv ? inv->definitions : NULL, definition_item));
	put(o, "guests", inv ? json_array() : json_null());
	put(o, "errors", json_problems(problems));
	put(o, "empty_why", json_text(inv ? inv->empty_why : NULL));
	put(o, "notes", json_notes(inv));
	return o;
}

json_t *json_result(const StepResult *result)
{
	json_t *o = json_object();
	put(o, "target", json_text(result->target));
	put(o, "ok", json_boolean(result->ok));
	put(o, "changed", json_boolean(result->changed));
	put(o, "text", json_text(result->text));
	put(o, "error", result->problem ? json_problem(result->problem) : json_null());
	return o;
}

char *json_document(const char *command, const char *payload_key, json_t *payload,
                    const GPtrArray *errors)
{
	json_t *document = json_object();

	put(document, "schema", json_text("mdevcon/1"));
	put(document, "time", json_integer(g_get_real_time() / G_USEC_PER_SEC));
	put(document, "command", json_text(command));
	put(document, payload_key, payload ? payload : json_null());
	put(document, "errors", json_problems(errors));

	char *text = json_dumps(document, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	json_decref(document);
	return text;
}
