// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verdicts against the truth of two real kernels: what `check` says of every pair of the samples'
 * types, and what the target's kernel does when the steps are carried out. Whether a guest then
 * migrates is QEMU's truth, which is not tried here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab/guests.h"
#include "tests/lab/tests.h"

/* Uuids of this file alone: others may work in the same guests. */
#define OURS "5eedc0de-0000-4000-8000-"
#define FILLER "5eedc0de-0000-4000-9000-"

static const struct {
	const char *parent, *type;
} kinds[] = {
	{ "mtty", "mtty-1" },
	{ "mtty", "mtty-2" },
	{ "mdpy", "mdpy-vga" },
	{ "mbochs", "mbochs-small" },
};
#define KINDS G_N_ELEMENTS(kinds)

static char *uuid_of(const char *guest, gsize kind)
{
	return g_strdup_printf(OURS "0000000%c000%" G_GSIZE_FORMAT, *guest, kind);
}

/* Removes what is ours, and nothing else. */
int clean_verdicts(void **state)
{
	static const char *const guests[] = { "a", "b" };

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(guests); i++)
		g_free(guest_must(guests[i],
		                  "for p in $(pidof hold); do "
		                  "grep -q 5eedc0de /proc/$p/cmdline && kill $p; done; sleep 1; "
		                  "for r in /sys/bus/mdev/devices/5eedc0de-*/remove; do "
		                  "[ -e $r ] && echo 1 > $r; done; true"));
	return 0;
}

static int create(const char *guest, const char *parent, const char *type, const char *uuid)
{
	int status = 0;

	g_free(guest_run(guest, &status,
	                 "echo %s > /sys/class/mdev_bus/%s/mdev_supported_types/%s/create", uuid,
	                 parent, type));
	return status;
}

static void create_all(const char *guest)
{
	for (gsize k = 0; k < KINDS; k++) {
		g_autofree char *uuid = uuid_of(guest, k);
		assert_int_equal(create(guest, kinds[k].parent, kinds[k].type, uuid), 0);
	}
}

/* The first pair of `check SOURCE TARGET`; the caller decrefs. */
static json_t *check(const char *source, const char *target, int *status)
{
	json_t *json = mdevcon_json(status, (const char *const[]){ "check", source, target, NULL });
	json_t *pair = json_incref(json_array_get(json_object_get(json, "pairs"), 0));

	if (!pair)
		fail_msg("check %s %s: no pair, status %d", source, target, *status);
	json_decref(json);
	return pair;
}

static const char *text_of(const json_t *pair, const char *key)
{
	return json_string_value(json_object_get(pair, key));
}

static bool goes(const json_t *pair)
{
	const char *verdict = text_of(pair, "verdict");

	return g_str_equal(verdict, "ready") || g_str_equal(verdict, "action");
}

/* The rule that decided: its text. */
static const char *rule_text(const json_t *pair, const char *level)
{
	const json_t *rules = json_object_get(pair, "rules");

	for (gsize i = 0; i < json_array_size(rules); i++) {
		const json_t *rule = json_array_get(rules, i);
		if (json_is_true(json_object_get(rule, "decisive")) &&
		    g_strcmp0(text_of(rule, "level"), level) == 0)
			return text_of(rule, "text");
	}
	return "";
}

/*
 * One source against the parent of another type's instance: what goes after a create must be
 * creatable there, and what the kernel refuses must not go.
 */
static void try_pair(const char *from, gsize source, const char *to, gsize target)
{
	g_autofree char *id = uuid_of(from, source), *idle = uuid_of(to, target);
	g_autofree char *operand = g_strdup_printf("%s/%s", from, id);
	g_autofree char *parent = g_strdup_printf("%s/%s", to, kinds[target].parent);
	g_autofree char *named = g_strdup_printf("%s/%s", to, idle);
	const char *made = OURS "0000000000ff";
	int status = 0;
	json_t *pair = check(operand, parent, &status);
	int refused = create(to, kinds[target].parent, kinds[source].type, made);

	if (goes(pair) == (refused != 0) && goes(pair))
		fail_msg("%s to %s: %s, but the kernel refuses", operand, parent,
		         text_of(pair, "verdict"));
	if (goes(pair))
		assert_int_equal(status, 0);
	/* Only what can migrate at all goes: of these drivers, mtty. */
	assert_int_equal(goes(pair), refused == 0 && g_str_equal(kinds[source].parent, "mtty"));
	json_decref(pair);
	if (refused == 0)
		g_free(guest_must(to, "echo 1 > /sys/bus/mdev/devices/%s/remove", made));

	/* The very instance: only one of the same type may be taken. */
	pair = check(operand, named, &status);
	if (goes(pair) && source != target)
		fail_msg("%s to %s: another type is %s", operand, named, text_of(pair, "verdict"));
	if (source == target && g_str_equal(kinds[source].parent, "mtty"))
		assert_true(goes(pair)); /* the source is idle: what to do with it is a step */
	json_decref(pair);
}

void test_verdicts_of_all_pairs(void **state)
{
	(void)state;
	create_all("a");
	create_all("b");
	for (gsize source = 0; source < KINDS; source++) {
		for (gsize target = 0; target < KINDS; target++) {
			try_pair("a", source, "b", target);
			try_pair("b", source, "a", target);
		}
	}
}

/* Creates mtty-1 by hand until `left` are left. */
static void fill(const char *guest, int left)
{
	int n = guest_available(guest, "mtty", "mtty-1") - left;

	g_free(guest_must(guest,
	                  "i=0; while [ $i -lt %d ]; do printf '" FILLER "%%012d\\n' $i > "
	                  "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create || exit 1; "
	                  "i=$((i+1)); done",
	                  n));
}

/* Until nothing is left: the kernel refuses, and the verdict says for now. */
void test_verdict_exhausted(void **state)
{
	g_autofree char *id = uuid_of("a", 0);
	int status = 0;

	(void)state;
	assert_int_equal(create("a", "mtty", "mtty-1", id), 0);
	fill("b", 0);
	json_t *pair = check("a/5eedc0de", "b", &status);
	assert_int_equal(status, 9);
	assert_string_equal(text_of(pair, "verdict"), "blocked");
	json_decref(pair);
	assert_int_not_equal(create("b", "mtty", "mtty-1", OURS "0000000000ff"), 0);
}

/* Held open like a guest does: blocked, and by whom. */
void test_verdict_held(void **state)
{
	g_autofree char *id = uuid_of("a", 0), *there = uuid_of("b", 0);
	g_autofree char *target = g_strdup_printf("b/%s", there);
	int status = 0;

	(void)state;
	assert_int_equal(create("a", "mtty", "mtty-1", id), 0);
	assert_int_equal(create("b", "mtty", "mtty-1", there), 0);
	g_free(guest_hold("b", there));
	g_autofree char *pid = g_strchomp(
		guest_must("b",
	                   "for p in $(pidof hold); do grep -q %s /proc/$p/cmdline && echo $p; "
	                   "done; true",
	                   there));
	g_autofree char *words = g_strdup_printf("in use by pid %s", pid);
	json_t *pair = check("a/5eedc0de", target, &status);
	assert_int_equal(status, 9);
	assert_string_equal(text_of(pair, "verdict"), "blocked");
	assert_non_null(strstr(rule_text(pair, "blocked"), words));
	json_decref(pair);
}

/* Where nothing can be created an idle one that mdevcon made is used; others' are not. */
void test_verdict_reuses_ours(void **state)
{
	g_autofree char *id = uuid_of("a", 0), *made = uuid_of("b", 0);
	int status = 0;

	(void)state;
	assert_int_equal(create("a", "mtty", "mtty-1", id), 0);
	fill("b", 1);
	json_decref(mdevcon_json(&status, (const char *const[]){ "create", "b/mtty", "mtty-1",
	                                                         "--uuid", made, NULL }));
	assert_int_equal(status, 0);
	json_t *pair = check("a/5eedc0de", "b/mtty", &status);
	assert_int_equal(status, 0);
	assert_true(goes(pair));
	assert_string_equal(text_of(pair, "instance"), made);
	json_decref(pair);
}
