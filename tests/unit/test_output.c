// SPDX-License-Identifier: GPL-2.0-or-later
/* What goes to stdout: tables and JSON, made from inventories that are built by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cards.h"
#include "core/output/json.h"
#include "core/output/listing.h"

#define UUID "8f3c1c77-0000-4000-8000-000000000001"
#define HOSTILE "a\033[31mb\x9b\xff\u202e"
#define HOSTILE_VISIBLE "a\\x1b[31mb\\x9b\\xff\\u{202e}"

static const TextStyle plain;

static TextReading value(const char *s)
{
	return (TextReading){ READ_VALUE, 0, s };
}

static TextReading unreadable(int err)
{
	return (TextReading){ READ_UNREADABLE, err, NULL };
}

static NumReading number(gint64 n)
{
	return (NumReading){ READ_VALUE, 0, n };
}

/* One host with one of everything; freed by sample_free. */
typedef struct {
	Inventory inventory;
	Parent parent;
	Type type;
	Instance instance;
	Definition definition;
	ScanError error;
	HostAddress address;
} Sample;

static void fill_instance(Sample *s)
{
	InstanceUser user = { 4711, "web-7" };
	Attr attr = { "order", "1" };

	s->instance = (Instance){
		.id = UUID,
		.uuid = UUID,
		.parent = &s->parent,
		.parent_name = "mtty",
		.type = value("mtty-2"),
		.type_ref = &s->type,
		.driver = "vfio_mdev",
		.iommu_group = number(0),
		.in_use = TRI_YES,
		.actionable = true,
		.defined = true,
		.migration_state = { READ_ABSENT, 0, NULL },
	};
	s->instance.users = g_array_new(FALSE, FALSE, sizeof(InstanceUser));
	g_array_append_val(s->instance.users, user);
	s->instance.attrs = g_array_new(FALSE, FALSE, sizeof(Attr));
	g_array_append_val(s->instance.attrs, attr);
}

static Sample *sample_new(void)
{
	Sample *s = g_new0(Sample, 1);

	s->address = (HostAddress){ .kind = HOST_LOCAL,
		                    .label = (char *)"a",
		                    .address = (char *)"local" };
	s->type = (Type){ .parent = &s->parent,
		          .id = "mtty-2",
		          .name = value("Dual " HOSTILE),
		          .device_api = value("vfio-pci"),
		          .description = { READ_ABSENT, 0, NULL },
		          .available = { READ_UNREADABLE, EIO, 0 },
		          .instances = g_ptr_array_new() };
	s->parent = (Parent){ .name = "mtty",
		              .path = "/sys/devices/virtual/mtty/mtty",
		              .kind = PARENT_VIRTUAL,
		              .module = "mtty",
		              .numa_node = number(-1),
		              .module_version = unreadable(EACCES),
		              .label = "mtty",
		              .actionable = true,
		              .types = g_ptr_array_new() };
	fill_instance(s);
	s->definition = (Definition){ .uuid = UUID,
		                      .parent = "mtty",
		                      .file = "/etc/mdevctl.d/mtty/" UUID,
		                      .error = "not JSON" };
	s->error = (ScanError){ "EIO", EIO, "field", "/sys/x", "Input/output error", NULL };
	g_ptr_array_add(s->type.instances, &s->instance);
	g_ptr_array_add(s->parent.types, &s->type);
	s->inventory = (Inventory){
		.taken_at = 1000,
		.live = true,
		.euid = 0,
		.user = "root",
		.arch = value("x86_64"),
		.kernel = value("6.12.8"),
		.machine_id = unreadable(EACCES),
		.has_mdev_bus = true,
		.parents = g_ptr_array_new(),
		.instances = g_ptr_array_new(),
		.definitions = g_ptr_array_new(),
		.errors = g_ptr_array_new(),
	};
	g_ptr_array_add(s->inventory.parents, &s->parent);
	g_ptr_array_add(s->inventory.instances, &s->instance);
	g_ptr_array_add(s->inventory.definitions, &s->definition);
	s->inventory.functions = g_ptr_array_new();
	s->inventory.cards = cards_new(&s->inventory);
	g_ptr_array_add(s->inventory.errors, &s->error);
	return s;
}

static void sample_free(Sample *s)
{
	g_ptr_array_unref(s->type.instances);
	g_ptr_array_unref(s->parent.types);
	g_array_unref(s->instance.users);
	g_array_unref(s->instance.attrs);
	g_ptr_array_unref(s->inventory.cards);
	g_ptr_array_unref(s->inventory.functions);
	g_ptr_array_unref(s->inventory.parents);
	g_ptr_array_unref(s->inventory.instances);
	g_ptr_array_unref(s->inventory.definitions);
	g_ptr_array_unref(s->inventory.errors);
	g_free(s);
}

static HostRow sample_row(const Sample *s)
{
	return (HostRow){ .address = &s->address,
		          .state = "up",
		          .inventory = &s->inventory,
		          .latency_ms = 3,
		          .now = 1007 };
}

/* --- columns ------------------------------------------------------------------------------- */

typedef struct {
	const char *left, *right;
} Pair;

static char *left_cell(const void *row)
{
	return g_strdup(((const Pair *)row)->left);
}

static char *right_cell(const void *row)
{
	return g_strdup(((const Pair *)row)->right);
}

static const Column pair_columns[] = {
	{ "left", "left", "LEFT", ALIGN_LEFT, WIDTH_CUT, left_cell },
	{ "right", "right", "RIGHT", ALIGN_RIGHT, WIDTH_WHOLE, right_cell },
};

static char *print_pairs(const Pair *pairs, guint n, guint indent, const TextStyle *style)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(rows, (gpointer)&pairs[i]);
	columns_print(out, pair_columns, G_N_ELEMENTS(pair_columns), rows, indent, style);
	return g_string_free(out, FALSE);
}

static void test_columns_align(void **state)
{
	const Pair pairs[] = { { "a", "1" }, { "longer", "1234567" }, { NULL, "" } };
	g_autofree char *text = print_pairs(pairs, 3, 2, &plain);

	(void)state;
	assert_string_equal(text, "  LEFT      RIGHT\n"
	                          "  a             1\n"
	                          "  longer  1234567\n"
	                          "  -             -\n");
}

static void test_columns_wide_and_combining(void **state)
{
	const Pair pairs[] = { { "日本", "1" }, { "e\u0301abc", "2" } };
	g_autofree char *text = print_pairs(pairs, 2, 0, &plain);

	(void)state;
	assert_string_equal(text, "LEFT  RIGHT\n日本      1\ne\u0301abc      2\n");
	assert_int_equal(text_width("日本e\u0301"), 5);
}

static void test_columns_hostile(void **state)
{
	const Pair pairs[] = { { HOSTILE "\n\t\x7f", "x" } };
	g_autofree char *text = print_pairs(pairs, 1, 0, &plain);
	guint lines = 0;

	(void)state;
	assert_non_null(strstr(text, HOSTILE_VISIBLE "\\x0a\\x09\\x7f"));
	assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++) {
		lines += *p == '\n';
		assert_true((guchar)*p >= 0x20 || *p == '\n');
	}
	assert_int_equal(lines, 2);
}

static void test_columns_cut_to_width(void **state)
{
	const Pair pairs[] = { { "a very long name of a thing", "whole" } };
	const TextStyle narrow = { .width = 20 }, ascii = { .width = 20, .ascii = true };
	g_autofree char *text = print_pairs(pairs, 1, 0, &narrow);
	g_autofree char *in_ascii = print_pairs(pairs, 1, 0, &ascii);
	g_autofree char *whole = print_pairs(pairs, 1, 0, &plain);

	(void)state;
	assert_non_null(strstr(text, "a very long …  whole\n"));
	assert_non_null(strstr(in_ascii, "a very long ~  whole\n"));
	assert_non_null(strstr(whole, "a very long name of a thing  whole\n"));
}

static void test_style(void **state)
{
	const Pair pairs[] = { { "é", "1" } };
	const TextStyle color = { .color = true }, ascii = { .ascii = true };
	g_autofree char *colored = print_pairs(pairs, 1, 0, &color);
	g_autofree char *in_ascii = print_pairs(pairs, 1, 0, &ascii);
	g_autofree char *none = print_pairs(pairs, 0, 0, &plain);

	(void)state;
	assert_string_equal(colored, "\033[1mLEFT  RIGHT\033[0m\né         1\n");
	assert_non_null(strstr(in_ascii, "\\u{00e9}"));
	assert_string_equal(none, "");
}

/* --- JSON ---------------------------------------------------------------------------------- */

static void assert_keys(const json_t *object, const char *const *keys)
{
	json_t *o = (json_t *)object;
	void *iter = json_object_iter(o);

	for (guint i = 0; keys[i]; i++, iter = json_object_iter_next(o, iter)) {
		assert_non_null(iter);
		assert_string_equal(json_object_iter_key(iter), keys[i]);
	}
	assert_null(iter);
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool is_null(const json_t *object, const char *key)
{
	const json_t *got = json_object_get(object, key);
	return got && json_is_null(got);
}

static json_t *first_of(const json_t *object, const char *key)
{
	return json_array_get(json_object_get(object, key), 0);
}

static const char *const host_keys[] = {
	"name",   "address",   "state",      "taken_at", "age_s",      "user",        "privilege",
	"arch",   "hostname",  "latency_ms", "kernel",   "machine_id", "boot_id",     "host_uuid",
	"qemu",   "libvirt",   "mdevctl",    "parents",  "instances",  "definitions", "guests",
	"errors", "empty_why", "notes",      NULL,
};
static const char *const parent_keys[] = {
	"name",
	"path",
	"kind",
	"physfn",
	"driver",
	"module",
	"module_version",
	"module_srcversion",
	"numa_node",
	"vendor",
	"device",
	"subsystem_vendor",
	"subsystem_device",
	"label",
	"types",
	"empty_why",
	NULL,
};
static const char *const type_keys[] = {
	"id",          "name",      "device_api",    "available_instances",
	"description", "instances", "available_why", NULL,
};
static const char *const instance_keys[] = {
	"id",    "uuid", "kind",    "parent",    "type",  "driver",    "iommu_group", "in_use",
	"users", "ours", "defined", "autostart", "attrs", "migration", "differs",     NULL,
};
static const char *const definition_keys[] = {
	"uuid", "parent", "type", "start", "attrs", "active", "file", "error", NULL,
};
static const char *const error_keys[] = {
	"host", "code", "errno", "scope", "path", "text", "hint", NULL,
};

static void test_json_keys(void **state)
{
	Sample *s = sample_new();
	HostRow row = sample_row(s);
	json_t *host = json_host(&row);

	(void)state;
	assert_keys(host, host_keys);
	assert_keys(first_of(host, "parents"), parent_keys);
	assert_keys(first_of(first_of(host, "parents"), "types"), type_keys);
	assert_keys(first_of(host, "instances"), instance_keys);
	assert_keys(first_of(host, "definitions"), definition_keys);
	assert_keys(first_of(host, "errors"), error_keys);
	json_decref(host);
	sample_free(s);
}

static void test_json_readings(void **state)
{
	Sample *s = sample_new();
	HostRow row = sample_row(s);
	json_t *host = json_host(&row);
	const json_t *parent = first_of(host, "parents"), *type = first_of(parent, "types");
	const json_t *instance = first_of(host, "instances");

	(void)state;
	assert_string_equal(text_of(host, "privilege"), "root");
	assert_int_equal(json_integer_value(json_object_get(host, "age_s")), 7);
	assert_true(is_null(host, "machine_id"));          /* unreadable */
	assert_true(is_null(host, "hostname"));            /* never read */
	assert_true(is_null(type, "available_instances")); /* never 0 */
	assert_true(is_null(type, "description"));
	assert_string_equal(text_of(type, "name"), "Dual " HOSTILE_VISIBLE);
	assert_string_equal(json_string_value(first_of(type, "instances")), UUID);
	assert_string_equal(text_of(parent, "kind"), "virtual");
	assert_int_equal(json_integer_value(json_object_get(parent, "numa_node")), -1);
	/* group 0 is a number like any other */
	assert_true(json_is_integer(json_object_get(instance, "iommu_group")));
	assert_string_equal(text_of(instance, "in_use"), "yes");
	assert_int_equal(json_integer_value(json_object_get(first_of(instance, "users"), "pid")),
	                 4711);
	assert_string_equal(json_string_value(json_array_get(first_of(instance, "attrs"), 1)), "1");
	assert_true(is_null(json_object_get(instance, "migration"), "state"));
	assert_true(is_null(first_of(host, "definitions"), "type"));
	assert_string_equal(text_of(first_of(host, "definitions"), "start"), "manual");
	assert_string_equal(text_of(first_of(host, "errors"), "host"), "a");
	assert_int_equal(json_integer_value(json_object_get(first_of(host, "errors"), "errno")),
	                 EIO);
	json_decref(host);
	sample_free(s);
}

/* A host that did not answer has no lists at all: an empty one would say "none". */
static void test_json_down(void **state)
{
	HostAddress address = { .kind = HOST_SSH,
		                .label = (char *)"b",
		                .address = (char *)"root@b",
		                .user = (char *)"root" };
	g_autoptr(Problem) problem =
		problem_new("b", "UNREACHABLE", 0, "host", NULL, "no route", NULL);
	HostRow row = {
		.address = &address, .state = "down", .problem = problem, .latency_ms = -1
	};
	json_t *host = json_host(&row);

	(void)state;
	assert_keys(host, host_keys);
	assert_true(is_null(host, "parents"));
	assert_true(is_null(host, "instances"));
	assert_true(is_null(host, "latency_ms"));
	assert_true(is_null(host, "privilege"));
	assert_string_equal(text_of(host, "user"), "root");
	assert_string_equal(text_of(first_of(host, "errors"), "code"), "UNREACHABLE");
	assert_true(is_null(first_of(host, "errors"), "errno"));
	json_decref(host);
}

/* Each column of a text table is a field of the JSON, so that both faces name things alike. */
static void test_columns_are_json(void **state)
{
	Sample *s = sample_new();
	HostRow row = sample_row(s);
	json_t *host = json_host(&row), *parent = first_of(host, "parents");
	const struct {
		const char *table;
		const json_t *object;
	} objects[] = {
		{ "hosts", host },
		{ "parents", parent },
		{ "types", first_of(parent, "types") },
		{ "instances", first_of(host, "instances") },
		{ "definitions", first_of(host, "definitions") },
	};
	guint seen = 0;

	(void)state;
	for (guint t = 0; t < column_table_count; t++)
		for (guint o = 0; o < G_N_ELEMENTS(objects); o++) {
			if (strcmp(column_tables[t].name, objects[o].table) != 0)
				continue;
			seen++;
			for (guint c = 0; c < column_tables[t].n; c++) {
				const char *key = column_tables[t].columns[c].json;
				assert_true(!key || json_object_get(objects[o].object, key));
			}
		}
	assert_int_equal(seen, column_table_count);
	json_decref(host);
	sample_free(s);
}

static void test_document(void **state)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func((GDestroyNotify)problem_free);
	static const char *const keys[] = { "schema", "time", "command", "hosts", "errors", NULL };

	(void)state;
	g_ptr_array_add(errors, problem_new("a", "EACCES", EACCES, "field", "/x", HOSTILE, NULL));
	char *text = json_document("list", "hosts", json_array(), errors);
	json_t *document = json_loads(text, 0, NULL);
	assert_keys(document, keys);
	assert_string_equal(text_of(document, "schema"), "mdevcon/1");
	assert_string_equal(text_of(first_of(document, "errors"), "text"), HOSTILE_VISIBLE);
	json_decref(document);
	free(text);

	text = json_document("create", "plan", NULL, errors);
	document = json_loads(text, 0, NULL);
	assert_true(is_null(document, "plan"));
	json_decref(document);
	free(text);
}

static Plan *hand_plan(const char *host, Step *step)
{
	Plan *plan = g_new0(Plan, 1);
	plan->id = (char *)UUID;
	plan->purpose = (char *)"remove 1 instance";
	plan->host = (char *)host;
	plan->machine_id = (char *)"m";
	plan->steps = g_ptr_array_new();
	g_ptr_array_add(plan->steps, step);
	return plan;
}

static void test_plan(void **state)
{
	char *must[] = { (char *)"the instance is not in use", NULL };
	Step undo = { .kind = STEP_CREATE,
		      .host = (char *)"a",
		      .text = (char *)"back",
		      .path = (char *)"/c",
		      .value = (char *)UUID };
	Step step = { .kind = STEP_REMOVE,
		      .host = (char *)"a",
		      .text = (char *)"remove it",
		      .path = (char *)"/r",
		      .value = (char *)"1",
		      .preconditions = must,
		      .undo = &undo };
	static const char *const plan_keys[] = { "id",    "purpose",   "made_at",   "hosts",
		                                 "steps", "if_exists", "roll_back", NULL };
	static const char *const step_keys[] = { "n",      "kind",   "host",         "text",
		                                 "write",  "argv",   "precondition", "undo",
		                                 "input",  "parent", "type",         "uuid",
		                                 "key",    "before", "after",        "chained",
		                                 "picked", NULL };
	Plan *one = hand_plan("a", &step), *two = hand_plan("b", &step);
	g_autoptr(GPtrArray) plans = g_ptr_array_new();

	(void)state;
	json_t *none = json_plan(plans);
	assert_true(json_is_null(none));
	g_ptr_array_add(plans, one);
	g_ptr_array_add(plans, two);
	json_t *plan = json_plan(plans);
	json_t *steps = json_object_get(plan, "steps"), *first = json_array_get(steps, 0);
	assert_keys(plan, plan_keys);
	assert_keys(first, step_keys);
	assert_int_equal(json_array_size(steps), 2);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(steps, 1), "n")), 2);
	assert_string_equal(text_of(first, "kind"), "remove");
	assert_string_equal(text_of(json_object_get(first, "write"), "value"), "1");
	assert_string_equal(text_of(json_object_get(first, "undo"), "kind"), "create");
	assert_true(is_null(json_object_get(first, "undo"), "undo"));
	assert_int_equal(json_object_size(json_object_get(plan, "hosts")), 2);
	json_decref(plan);
	json_decref(none);
	g_ptr_array_unref(one->steps);
	g_ptr_array_unref(two->steps);
	g_free(one);
	g_free(two);
}

static void test_listing(void **state)
{
	Sample *s = sample_new();
	HostRow row = sample_row(s);
	GString *out = g_string_new(NULL);

	(void)state;
	listing_host(out, &row, &plain);
	assert_true(g_str_has_prefix(out->str, "a: up, kernel 6.12.8, x86_64, as root\n"));
	assert_non_null(strstr(out->str, "web-7 (4711)"));
	assert_non_null(strstr(out->str, "not JSON"));
	assert_null(strchr(out->str, '\033'));
	assert_non_null(strstr(out->str, "vfio-pci          ?")); /* unreadable, not 0 */

	s->inventory.empty_why = "no mdev module is loaded";
	g_ptr_array_set_size(s->inventory.parents, 0);
	g_string_truncate(out, 0);
	listing_host(out, &row, &plain);
	assert_non_null(strstr(out->str, "no parents: no mdev module is loaded\n"));
	g_string_free(out, TRUE);
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_align),
		cmocka_unit_test(test_columns_wide_and_combining),
		cmocka_unit_test(test_columns_hostile),
		cmocka_unit_test(test_columns_cut_to_width),
		cmocka_unit_test(test_style),
		cmocka_unit_test(test_json_keys),
		cmocka_unit_test(test_json_readings),
		cmocka_unit_test(test_json_down),
		cmocka_unit_test(test_columns_are_json),
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_listing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
