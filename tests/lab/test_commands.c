// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands against the lab's real kernels: what they say is what the kernel and mdevctl say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab/guests.h"
#include "tests/lab/tests.h"

#define U1 "11111111-1111-4111-8111-111111111111"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static json_t *host_of(json_t *list, gsize i)
{
	return json_array_get(json_object_get(list, "hosts"), i);
}

static const char *text_of(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* The member of an array of objects whose `key` is `value`. */
static json_t *find(json_t *array, const char *key, const char *value)
{
	size_t i;
	json_t *item;

	json_array_foreach(array, i,
	                   item) if (g_strcmp0(text_of(item, key), value) == 0) return item;
	return NULL;
}

static char *guest_mdevctl(const char *guest, const char *args)
{
	return guest_must(guest, "mdevctl %s --dumpjson", args);
}

/* mdevctl's [ { parent: [ { id: {...} } ] } ], as parent → id → object. */
static json_t *mdevctl_flat(const char *text)
{
	json_t *flat = json_object(), *outer, *list, *item, *value;
	json_t *parsed = json_loads(text, 0, NULL);
	const char *parent, *id;
	size_t i, k;

	assert_non_null(parsed);
	json_array_foreach(parsed, i, outer)
	{
		json_object_foreach(outer, parent, list)
		{
			json_t *of_parent = json_object();
			json_array_foreach(list, k, item) json_object_foreach(item, id, value)
				json_object_set(of_parent, id, value);
			json_object_set_new(flat, parent, of_parent);
		}
	}
	json_decref(parsed);
	return flat;
}

void test_agrees_with_mdevctl(void **state)
{
	int status;
	(void)state;
	g_free(guest_must("a", "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create %s",
	                  U1));
	json_t *list = mdevcon_json(&status, ARGS("list", "a"));
	g_autofree char *types_text = guest_mdevctl("a", "types");
	g_autofree char *list_text = guest_mdevctl("a", "list");
	json_t *types = mdevctl_flat(types_text), *devices = mdevctl_flat(list_text);
	json_t *parents = json_object_get(host_of(list, 0), "parents");
	const char *name, *id;
	json_t *of_parent, *type;

	assert_int_equal(status, 0);
	assert_int_equal(json_array_size(parents), json_object_size(types));
	json_object_foreach(types, name, of_parent)
	{
		json_t *ours = json_object_get(find(parents, "name", name), "types");
		assert_int_equal(json_array_size(ours), json_object_size(of_parent));
		json_object_foreach(of_parent, id, type)
		{
			json_t *mine = find(ours, "id", id);
			assert_non_null(mine);
			assert_int_equal(
				json_integer_value(json_object_get(mine, "available_instances")),
				json_integer_value(json_object_get(type, "available_instances")));
			assert_string_equal(text_of(mine, "device_api"),
			                    text_of(type, "device_api"));
			assert_string_equal(text_of(mine, "name"), text_of(type, "name"));
		}
	}
	json_t *instances = json_object_get(host_of(list, 0), "instances");
	assert_int_equal(json_array_size(instances), 1);
	json_t *theirs = json_object_get(json_object_get(devices, "mtty"), U1);
	json_t *mine = find(instances, "uuid", U1);
	assert_string_equal(text_of(mine, "type"), text_of(theirs, "mdev_type"));
	assert_string_equal(text_of(mine, "parent"), "mtty");
	assert_string_equal(text_of(mine, "in_use"), "no");
	json_decref(list), json_decref(types), json_decref(devices);
}

static Outcome outcome(json_t *results, const char **code)
{
	json_t *first = json_array_get(json_object_get(results, "results"), 0);
	if (code)
		*code = text_of(json_object_get(first, "error"), "code");
	return json_is_true(json_object_get(first, "changed")) ? CHANGED : NOT_CHANGED;
}

void test_create_and_remove(void **state)
{
	int status;
	(void)state;
	int one = guest_available("b", "mtty", "mtty-1"),
	    two = guest_available("b", "mtty", "mtty-2");

	json_t *made = mdevcon_json(&status, ARGS("create", "b/mtty", "mtty-2", "--uuid", U1));
	assert_int_equal(status, 0);
	assert_int_equal(outcome(made, NULL), CHANGED);
	g_autofree char *devices = guest_must("b", "mdevctl list");
	assert_non_null(strstr(devices, U1 " mtty mtty-2"));
	assert_int_equal(guest_available("b", "mtty", "mtty-1"), one - 2);
	assert_int_equal(guest_available("b", "mtty", "mtty-2"), two - 1);

	json_t *again = mdevcon_json(&status, ARGS("create", "b/mtty", "mtty-2", "--uuid", U1));
	assert_int_equal(status, 0); /* repeating is safe */
	assert_int_equal(outcome(again, NULL), NOT_CHANGED);

	json_t *gone = mdevcon_json(&status, ARGS("remove", "b/1111", "--yes"));
	assert_int_equal(status, 0);
	assert_int_equal(outcome(gone, NULL), CHANGED);
	assert_int_equal(guest_available("b", "mtty", "mtty-2"), two);
	json_t *absent = mdevcon_json(&status, ARGS("remove", "b/" U1, "--yes", "--if-exists"));
	assert_int_equal(status, 0);
	json_decref(made), json_decref(again), json_decref(gone), json_decref(absent);
}

/* Both errnos of an exhausted parent, and a uuid that is taken, in words and as codes. */
void test_refusals_of_the_kernel(void **state)
{
	int status;
	const char *code;
	(void)state;

	json_t *full = mdevcon_json(&status, ARGS("create", "a/mtty", "mtty-2", "--count", "12"));
	assert_int_equal(status, 0);
	json_decref(full);
	json_t *nospace = mdevcon_json(&status, ARGS("create", "a/mtty", "mtty-1"));
	assert_int_equal(status, 1);
	outcome(nospace, &code);
	assert_string_equal(code, "ENOSPC");
	json_t *four = mdevcon_json(&status, ARGS("create", "a/mdpy", "mdpy-hd", "--count", "4"));
	assert_int_equal(status, 0);
	json_t *users = mdevcon_json(&status, ARGS("create", "a/mdpy", "mdpy-hd"));
	assert_int_equal(status, 1);
	outcome(users, &code);
	assert_string_equal(code, "EUSERS");
	g_free(guest_must(
		"a", "wr /sys/class/mdev_bus/mbochs/mdev_supported_types/mbochs-small/create %s",
		U1));
	json_t *taken =
		mdevcon_json(&status, ARGS("create", "a/mbochs", "mbochs-large", "--uuid", U1));
	assert_int_equal(status, 1);
	outcome(taken, &code);
	assert_string_equal(code, "EEXIST");
	json_decref(nospace), json_decref(four), json_decref(users), json_decref(taken);
}

void test_held_instance_is_not_removed(void **state)
{
	int status;
	(void)state;
	g_free(guest_must("a", "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create %s",
	                  U1));
	g_free(guest_hold("a", U1));
	json_t *refused = mdevcon_json(&status, ARGS("remove", "a/" U1, "--yes", "--force"));
	assert_int_equal(status, 4);
	json_t *list = mdevcon_json(&status, ARGS("list", "a"));
	json_t *instance = find(json_object_get(host_of(list, 0), "instances"), "uuid", U1);
	assert_string_equal(text_of(instance, "in_use"), "yes");
	g_autofree char *pid = guest_must("a", "pidof hold");
	json_t *user = json_array_get(json_object_get(instance, "users"), 0);
	assert_int_equal(json_integer_value(json_object_get(user, "pid")), strtol(pid, NULL, 10));
	json_decref(refused), json_decref(list);
}

/* A user without privilege sees what it may, is told what not, and never gets a false "idle". */
void test_unprivileged(void **state)
{
	int status;
	(void)state;
	g_autofree char *address = g_strdup_printf("plain=op@a");
	g_autofree char *config = g_build_filename(lab_run_dir(), "ssh_config", NULL);

	g_free(guest_must("a", "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create %s",
	                  U1));
	json_t *list = mdevcon_json(
		&status, ARGS("list", "plain", "--host", address, "--ssh-config", config));
	json_t *instance = find(json_object_get(host_of(list, 0), "instances"), "uuid", U1);
	assert_string_equal(text_of(instance, "in_use"), "unknown");
	json_t *made = mdevcon_json(&status, ARGS("create", "plain/mtty", "mtty-1", "--host",
	                                          address, "--ssh-config", config));
	assert_int_equal(status, 5);
	json_decref(list), json_decref(made);
}

/* Takes out of a host object what may differ between here and there. */
static void strip(json_t *host)
{
	static const char *const differ[] = { "name",  "address",    "taken_at",
		                              "age_s", "latency_ms", NULL };
	for (const char *const *key = differ; *key; key++)
		json_object_del(host, *key);
}

void test_same_inside_as_over_ssh(void **state)
{
	int status;
	(void)state;
	guest_install("a");
	g_free(guest_must("a", "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create %s",
	                  U1));
	g_autofree char *inside_text = guest_must("a", "mdevcon list --json");
	json_t *inside = json_loads(inside_text, 0, NULL);
	json_t *outside = mdevcon_json(&status, ARGS("list", "a"));
	assert_non_null(inside);
	strip(host_of(inside, 0));
	strip(host_of(outside, 0));
	g_autofree char *here = json_dumps(host_of(inside, 0), JSON_INDENT(1) | JSON_SORT_KEYS);
	g_autofree char *there = json_dumps(host_of(outside, 0), JSON_INDENT(1) | JSON_SORT_KEYS);
	assert_string_equal(here, there);
	json_decref(inside), json_decref(outside);
}

/* A recording of a guest is a host that lists the same, and that nothing can change. */
void test_recording(void **state)
{
	int status;
	(void)state;
	g_autofree char *file = g_build_filename(g_get_tmp_dir(), "mdevcon-lab-test.facts", NULL);
	g_autofree char *address = g_strdup_printf("rec=recorded:%s", file);

	g_free(guest_must("a", "wr /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create %s",
	                  U1));
	json_t *recorded = mdevcon_json(&status, ARGS("record", "a", file));
	assert_int_equal(status, 0);
	json_t *live = mdevcon_json(&status, ARGS("list", "a"));
	json_t *list = mdevcon_json(&status, ARGS("list", "rec", "--host", address));
	assert_true(json_equal(json_object_get(host_of(live, 0), "parents"),
	                       json_object_get(host_of(list, 0), "parents")));
	assert_true(json_equal(json_object_get(host_of(live, 0), "instances"),
	                       json_object_get(host_of(list, 0), "instances")));
	json_t *refused =
		mdevcon_json(&status, ARGS("create", "rec/mtty", "mtty-1", "--host", address));
	assert_int_equal(status, 4);
	json_decref(recorded), json_decref(live), json_decref(list), json_decref(refused);
}
