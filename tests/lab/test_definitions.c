// SPDX-License-Identifier: GPL-2.0-or-later
/* Definitions on a real kernel with the real mdevctl, over SSH: it and we agree on every file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab/guests.h"
#include "tests/lab/tests.h"

#define U1 "d0d0d0d0-1111-4111-8111-111111111111"
#define B_U1 "b/" U1
#define CALLOUT "/etc/mdevctl.d/scripts.d/callouts/d0.sh"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Runs mdevcon, which must end with `wanted`; returns both streams. */
static char *must_end(int wanted, const char *const args[])
{
	int status;
	g_autofree char *messages = NULL, *out = mdevcon_run(&status, &messages, args);

	if (status != wanted)
		fail_msg("%s %s ended with %d:\n%s%s", args[0], args[1], status, out, messages);
	return g_strconcat(out, messages, NULL);
}

#define MUST(wanted, ...) g_free(must_end(wanted, ARGS(__VA_ARGS__)))

/* What mdevctl says of U1, defined. */
static char *mdevctl_says(void)
{
	return guest_must("b", "mdevctl list -d -u " U1 " --dumpjson");
}

static void drop_all(void)
{
	g_free(guest_must("b", "rm -f " CALLOUT "; rm -rf /etc/mdevctl.d/mtty; true"));
}

void test_definition_by_mdevctl(void **state)
{
	(void)state;
	drop_all();
	MUST(0, "define", "b/mtty", "mtty-2", "--uuid", U1, "--autostart", "--attr", "x=1",
	     "--attr", "y=2");
	g_autofree char *defined = mdevctl_says();
	assert_non_null(strstr(defined, "\"start\": \"auto\""));
	assert_true(strstr(defined, "\"x\"") &&
	            strstr(defined, "\"x\"") < strstr(defined, "\"y\""));
	MUST(0, "attr", "delete", B_U1, "x");
	MUST(0, "attr", "add", B_U1, "z=-3", "--index", "0");
	MUST(0, "autostart", "off", B_U1);
	g_autofree char *edited = mdevctl_says();
	assert_null(strstr(edited, "\"x\""));
	assert_true(strstr(edited, "\"z\": \"-3\"") < strstr(edited, "\"y\""));
	assert_non_null(strstr(edited, "\"start\": \"manual\""));
	MUST(0, "undefine", B_U1, "--yes");
	g_autofree char *gone = mdevctl_says();
	assert_null(strstr(gone, "mtty-2"));
}

void test_start_and_stop(void **state)
{
	(void)state;
	drop_all();
	int before = guest_available("b", "mtty", "mtty-1");
	MUST(0, "create", "b/mtty", "mtty-1", "--uuid", U1, "--define");
	assert_int_equal(guest_available("b", "mtty", "mtty-1"), before - 1);
	g_autofree char *again = must_end(0, ARGS("start", B_U1));
	assert_non_null(strstr(again, "is there already"));
	g_free(guest_hold("b", U1));
	MUST(4, "stop", B_U1); /* never while somebody holds it */
	assert_int_equal(guest_available("b", "mtty", "mtty-1"), before - 1);
	g_free(guest_must("b", "killall hold; true"));
	assert_true(guest_eventually("b", "gone", "pidof hold || echo gone"));
	MUST(0, "stop", B_U1);
	assert_int_equal(guest_available("b", "mtty", "mtty-1"), before);
	/* mtty has no attribute "x": mdevctl's own words, and nothing is left behind */
	MUST(0, "attr", "add", B_U1, "x=1");
	g_autofree char *refused = must_end(1, ARGS("start", B_U1));
	assert_non_null(strstr(refused, "Invalid attribute 'x'"));
	assert_int_equal(guest_available("b", "mtty", "mtty-1"), before);
	MUST(0, "undefine", B_U1, "--yes");
}

void test_callout_refuses(void **state)
{
	(void)state;
	drop_all();
	g_free(guest_must("b",
	                  "printf '#!/bin/sh\\necho not in this rack >&2; exit 1\\n' > " CALLOUT
	                  "; chmod 755 " CALLOUT));
	g_autofree char *refused = must_end(1, ARGS("define", "b/mtty", "mtty-1", "--uuid", U1));
	drop_all();
	assert_non_null(strstr(refused, "d0.sh: not in this rack"));
	assert_non_null(strstr(refused, "callout script"));
}

/* Without mdevctl the same files come out, byte for byte. */
void test_own_files_are_mdevctls(void **state)
{
	static const char show[] = "cat /etc/mdevctl.d/mtty/" U1;
	(void)state;
	drop_all();
	MUST(0, "define", "b/mtty", "mtty-1", "--uuid", U1, "--attr", "x=1", "--attr", "x=2");
	g_autofree char *theirs = guest_must("b", "%s", show);
	drop_all();
	g_free(guest_must("b", "mv /usr/bin/mdevctl /usr/bin/mdevctl.away"));
	int status;
	g_autofree char *messages = NULL;
	g_autofree char *out = mdevcon_run(
		&status, &messages,
		ARGS("define", "b/mtty", "mtty-1", "--uuid", U1, "--attr", "x=1", "--attr", "x=2"));
	g_autofree char *ours = guest_must("b", "%s; stat -c %%a /etc/mdevctl.d/mtty/" U1, show);
	g_free(guest_must("b", "mv /usr/bin/mdevctl.away /usr/bin/mdevctl"));
	assert_int_equal(status, 0);
	assert_non_null(strstr(out, "no mdevctl there"));
	g_autofree char *wanted = g_strconcat(theirs, "644\n", NULL);
	assert_string_equal(ours, wanted);
	drop_all();
}

void test_doctor_of_the_guest(void **state)
{
	(void)state;
	drop_all();
	MUST(0, "define", "b/mtty", "mtty-1", "--uuid", U1, "--autostart");
	int status;
	json_t *json = mdevcon_json(&status, ARGS("doctor", "b"));
	const json_t *findings = json_object_get(json, "findings");
	char *text = json_dumps(findings, 0);
	/* This guest has no udev at all, so mdevctl's rule is not there. */
	assert_non_null(strstr(text, "\"boot-rule\""));
	assert_non_null(strstr(text, "\"definition-inactive\""));
	free(text);
	json_decref(json);
	MUST(0, "undefine", B_U1, "--yes");
}
