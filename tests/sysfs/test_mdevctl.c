// SPDX-License-Identifier: GPL-2.0-or-later
/* mdevctl, unmodified, finds and does on the mounted kernel what mdevcon does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "tests/sysfs/tests.h"
#include "tests/unit/cli_run.h"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* mdevctl insists on the folders of its call-outs; making them is a test of its own. */
static void make_call_outs(const Mounted *mounted)
{
	g_autofree char *callouts = mounted_path(mounted, "/etc/mdevctl.d/scripts.d/callouts");
	g_autofree char *notifiers = mounted_path(mounted, "/etc/mdevctl.d/scripts.d/notifiers");
	assert_int_equal(g_mkdir_with_parents(callouts, 0755), 0);
	assert_int_equal(g_mkdir_with_parents(notifiers, 0755), 0);
}

/* Its standard output; fails with its messages when it does not end with 0. New. */
static char *mdevctl(const Mounted *mounted, const char *const args[])
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *messages = NULL;
	char *out = NULL;
	int status = -1;

	g_ptr_array_add(argv, (char *)g_getenv("MDEVCON_MDEVCTL_ON_TREE"));
	g_ptr_array_add(argv, mounted->root);
	for (const char *const *arg = args; *arg; arg++)
		g_ptr_array_add(argv, (char *)*arg);
	g_ptr_array_add(argv, NULL);
	if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out,
	                  &messages, &status, &error))
		fail_msg("%s", error->message);
	if (status != 0)
		fail_msg("mdevctl %s: %s", args[0], messages);
	return out;
}

static json_t *mdevctl_json(const Mounted *mounted, const char *const args[])
{
	g_autofree char *out = mdevctl(mounted, args);
	json_error_t error;
	json_t *json = json_loads(out, 0, &error);
	if (!json)
		fail_msg("not JSON (%s): %s", error.text, out);
	return json;
}

/* The member of an array of objects whose `key` is `value`; must be there. */
static const json_t *find(const json_t *array, const char *key, const char *value)
{
	size_t i;
	json_t *item;

	json_array_foreach(array, i, item)
	{
		if (g_strcmp0(text(item, key), value) == 0)
			return item;
	}
	fail_msg("nothing with %s %s", key, value);
	return NULL;
}

static Ran list(const Mounted *mounted)
{
	Ran ran = run("--root", mounted->root, "list", "--json", NULL);
	assert_int_equal(ran.exit, 0);
	return ran;
}

static const json_t *part(const Ran *ran, const char *key)
{
	return field(at(payload(ran, "list", "hosts"), 0), key);
}

static void expect_type(const json_t *ours, const char *id, const json_t *theirs)
{
	const json_t *mine = find(ours, "id", id);
	assert_int_equal(json_integer_value(field(mine, "available_instances")),
	                 json_integer_value(field(theirs, "available_instances")));
	assert_string_equal(text(mine, "device_api"), text(theirs, "device_api"));
	assert_string_equal(text(mine, "name"), text(theirs, "name"));
}

/* [ { TYPE: {...} }, ... ] of one parent against ours. */
static void expect_types_of(const json_t *ours, const json_t *theirs)
{
	const char *id;
	json_t *one, *type;
	size_t i;

	assert_int_equal(json_array_size(ours), json_array_size(theirs));
	json_array_foreach(theirs, i, one)
	{
		json_object_foreach(one, id, type) expect_type(ours, id, type);
	}
}

/* [ { PARENT: types, ... } ] */
static void expect_parents(const json_t *ours, const json_t *theirs)
{
	const char *name;
	json_t *types;

	assert_int_equal(json_array_size(ours), json_object_size(at(theirs, 0)));
	json_object_foreach(json_array_get(theirs, 0), name, types)
		expect_types_of(field(find(ours, "name", name), "types"), types);
}

void test_mdevctl_types(void **state)
{
	const Mounted *mounted = *state;
	make_call_outs(mounted);
	create_instance(mounted, "mtty-2", U1); /* counters that differ from the beginning's */
	g_auto(Ran) ours = list(mounted);
	json_t *theirs = mdevctl_json(mounted, ARGS("types", "--dumpjson"));

	assert_int_equal(json_array_size(theirs), 1);
	expect_parents(part(&ours, "parents"), theirs);
	json_decref(theirs);
}

static void expect_definition(const Mounted *mounted, const char *start)
{
	g_auto(Ran) ours = list(mounted);
	const json_t *mine = find(part(&ours, "definitions"), "uuid", U1);

	assert_string_equal(text(mine, "parent"), "mtty");
	assert_string_equal(text(mine, "type"), "mtty-2");
	assert_string_equal(text(mine, "start"), start);
}

static gsize count_of(const Mounted *mounted, const char *key)
{
	g_auto(Ran) ours = list(mounted);
	return json_array_size(part(&ours, key));
}

void test_mdevctl_life_of_a_device(void **state)
{
	const Mounted *mounted = *state;
	make_call_outs(mounted);

	g_free(mdevctl(mounted, ARGS("define", "-u", U1, "-p", "mtty", "-t", "mtty-2")));
	expect_definition(mounted, "manual");
	assert_int_equal(count_of(mounted, "instances"), 0);
	g_free(mdevctl(mounted, ARGS("modify", "-u", U1, "--auto")));
	expect_definition(mounted, "auto");

	g_free(mdevctl(mounted, ARGS("start", "-u", U1)));
	g_auto(Ran) started = list(mounted);
	const json_t *mine = find(part(&started, "instances"), "uuid", U1);
	assert_string_equal(text(mine, "type"), "mtty-2");
	g_autofree char *left = mounted_value(mounted, MTTY_TYPES "/mtty-1/available_instances");
	assert_string_equal(left, "22");

	g_free(mdevctl(mounted, ARGS("stop", "-u", U1)));
	assert_int_equal(count_of(mounted, "instances"), 0);
	expect_definition(mounted, "auto");
	g_free(mdevctl(mounted, ARGS("undefine", "-u", U1)));
	assert_int_equal(count_of(mounted, "definitions"), 0);
}

void test_mdevctl_sees_what_mdevcon_made(void **state)
{
	const Mounted *mounted = *state;
	make_call_outs(mounted);
	g_auto(Ran) made =
		run("--root", mounted->root, "create", "local/mtty", "mtty-1", "--uuid", U2, NULL);
	assert_int_equal(made.exit, 0);
	g_autofree char *active = mdevctl(mounted, ARGS("list"));
	assert_string_equal(g_strchomp(active), U2 " mtty mtty-1 manual");
	g_auto(Ran) gone = run("--root", mounted->root, "remove", "local/" U2, "--yes", NULL);
	assert_int_equal(gone.exit, 0);
	g_autofree char *none = mdevctl(mounted, ARGS("list"));
	assert_string_equal(g_strchomp(none), "");
}
