// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/output/json.h"
#include "core/output/listing.h"
#include "tests/clean.h"

void fuzz_fail(const char *file, int line, const char *text)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, text);
	abort();
}

void fuzz_check_clean(const char *text, const char *allowed)
{
	g_autofree char *unclean = unclean_at(text, strlen(text), allowed);
	if (unclean)
		fuzz_fail(__FILE__, __LINE__, unclean);
}

char *fuzz_file(const uint8_t *data, size_t size, int *fd)
{
	*fd = memfd_create("input", MFD_CLOEXEC);
	CHECK(*fd >= 0 && write(*fd, data, size) == (ssize_t)size);
	return g_strdup_printf("/proc/self/fd/%d", *fd);
}

void fuzz_file_drop(char *name, int fd)
{
	close(fd);
	g_free(name);
}

char *fuzz_check_facts(const Facts *facts)
{
	g_autoptr(GError) error = NULL;
	GString *text = facts_write(facts);
	g_autoptr(Facts) again = facts_parse(text->str, text->len, &error);
	if (!again)
		fuzz_fail(__FILE__, __LINE__, error->message);
	g_autoptr(GString) second = facts_write(again);
	CHECK(facts_count(again) == facts_count(facts));
	CHECK(g_string_equal(text, second));
	return g_string_free(text, FALSE);
}

/* ---- inventories ---- */

/* Every text of a JSON value, and every key, is clean. */
static void check_json(const json_t *value)
{
	void *at;
	size_t i;
	json_t *item;

	if (json_is_string(value)) {
		fuzz_check_clean(json_string_value(value), "");
		CHECK(strlen(json_string_value(value)) == json_string_length(value));
	}
	json_array_foreach(value, i, item) check_json(item);
	for (at = json_object_iter((json_t *)value); at;
	     at = json_object_iter_next((json_t *)value, at)) {
		fuzz_check_clean(json_object_iter_key(at), "");
		check_json(json_object_iter_value(at));
	}
}

static void check_output(const HostRow *row)
{
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	json_t *hosts = json_array();
	json_array_append_new(hosts, json_host(row));
	char *document = json_document("list", "hosts", hosts, none);
	CHECK(document);
	fuzz_check_clean(document, "\n");
	json_t *parsed = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
	CHECK(parsed);
	check_json(parsed);
	json_decref(parsed);
	free(document);

	for (guint ascii = 0; ascii < 2; ascii++) {
		TextStyle style = { .ascii = ascii, .width = ascii ? 40 : 0 };
		g_autoptr(GString) text = g_string_new(NULL);
		listing_host(text, row, &style);
		fuzz_check_clean(text->str, "\n");
		CHECK(!ascii || g_str_is_ascii(text->str));
	}
}

static void check_instance(const Inventory *inventory, const Instance *instance)
{
	CHECK(instance->id && instance->path && instance->users && instance->attrs);
	/* "Not in use" is said only where it is proved. */
	CHECK(instance->in_use != TRI_NO || inventory->users_known == TRI_YES);
	CHECK(instance->in_use != TRI_UNKNOWN || instance->in_use_why);
	CHECK((instance->in_use == TRI_YES) == (instance->users->len > 0));
	CHECK(!instance->type_ref || instance->parent);
	CHECK(inventory_instance(inventory, instance->id, NULL) || !*instance->id);
}

static void check_parent(const Inventory *inventory, const Parent *parent)
{
	CHECK(inventory_parent(inventory, parent->name) == parent);
	CHECK(parent->label && parent->path[0] == '/');
	for (guint i = 0; i < parent->types->len; i++) {
		Type *type = g_ptr_array_index(parent->types, i);
		CHECK(parent_type(parent, type->id) == type && type->parent == parent);
		CHECK(type->available.state != READ_VALUE || type->available.n >= 0);
	}
}

void fuzz_check_inventory(const Inventory *inventory)
{
	CHECK(inventory);
	HostAddress address = { .kind = HOST_RECORDED,
		                .label = (char *)"h",
		                .address = (char *)"recorded:x" };
	HostRow row = { .address = &address,
		        .state = "recorded",
		        .inventory = inventory,
		        .latency_ms = -1,
		        .now = 1700000000 };
	for (guint i = 0; i < inventory->parents->len; i++)
		check_parent(inventory, g_ptr_array_index(inventory->parents, i));
	for (guint i = 0; i < inventory->instances->len; i++)
		check_instance(inventory, g_ptr_array_index(inventory->instances, i));
	for (guint i = 0; i < inventory->definitions->len; i++) {
		const Definition *definition = g_ptr_array_index(inventory->definitions, i);
		CHECK(definition->error || definition->type);
		CHECK(inventory_definition(inventory, definition->parent, definition->uuid));
	}
	for (guint i = 0; i < inventory->errors->len; i++) {
		const ScanError *error = g_ptr_array_index(inventory->errors, i);
		CHECK(error->code && *error->code && error->scope && error->path && error->text);
	}
	CHECK(inventory->parents->len > 0 || inventory->empty_why);
	check_output(&row);
}
