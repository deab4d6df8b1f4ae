// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the tests of the lab. Names given as arguments select: test_lab '*frozen*'. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lab/guests.h"
#include "tests/lab/tests.h"

static int clean(void **state)
{
	(void)state;
	guest_clean("a");
	guest_clean("b");
	return 0;
}

static int clean_b(void **state)
{
	(void)state;
	guest_clean("b");
	return 0;
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, clean, stop_console)
#define TEST_B(name) cmocka_unit_test_setup(name, clean_b)
#define VERDICT(name) cmocka_unit_test_setup_teardown(name, clean_verdicts, clean_verdicts)
#define EVENTS(name) cmocka_unit_test_setup_teardown(name, clean, stop_consoles)
	const struct CMUnitTest tests[] = {
		TEST(test_agrees_with_mdevctl),
		TEST(test_create_and_remove),
		TEST(test_refusals_of_the_kernel),
		TEST(test_held_instance_is_not_removed),
		TEST(test_unprivileged),
		TEST(test_same_inside_as_over_ssh),
		TEST(test_recording),
		TEST(test_operations),
		TEST_B(test_definition_by_mdevctl),
		TEST_B(test_start_and_stop),
		TEST_B(test_callout_refuses),
		TEST_B(test_own_files_are_mdevctls),
		TEST_B(test_doctor_of_the_guest),
		VERDICT(test_verdicts_of_all_pairs),
		VERDICT(test_verdict_exhausted),
		VERDICT(test_verdict_held),
		VERDICT(test_verdict_reuses_ours),
		TEST(test_console_create_and_remove),
		TEST(test_console_sees_changes_by_hand),
		TEST(test_console_exhaustion),
		TEST(test_console_duplicate_uuid),
		TEST(test_console_held_instance),
		TEST(test_console_sshd_killed),
		TEST(test_console_guest_frozen),
		TEST(test_console_guest_rebooted),
		EVENTS(test_events_storm),
		EVENTS(test_events_are_prompt),
		EVENTS(test_events_none_left_behind),
		EVENTS(test_events_with_busybox),
		EVENTS(test_events_inside),
	};
	/* What is changed here is nothing for the operator's own journal. */
	g_autofree char *state = g_build_filename(lab_run_dir(), "state", NULL);
	g_setenv("XDG_STATE_HOME", state, TRUE);
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
