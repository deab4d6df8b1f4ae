// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The tests of the lab, one function a promise; test_lab.c runs them all, each from clean guests.
 */

typedef enum { NOT_CHANGED, CHANGED } Outcome;

/* test_commands.c */
void test_agrees_with_mdevctl(void **state);
void test_create_and_remove(void **state);
void test_refusals_of_the_kernel(void **state);
void test_held_instance_is_not_removed(void **state);
void test_unprivileged(void **state);
void test_same_inside_as_over_ssh(void **state);
void test_recording(void **state);

/* test_operations.c */
void test_operations(void **state);

/* test_definitions.c: of guest b alone */
void test_definition_by_mdevctl(void **state);
void test_start_and_stop(void **state);
void test_callout_refuses(void **state);
void test_own_files_are_mdevctls(void **state);
void test_doctor_of_the_guest(void **state);

/* test_verdicts.c: with uuids of their own, beside whatever else is there */
int clean_verdicts(void **state);
void test_verdicts_of_all_pairs(void **state);
void test_verdict_exhausted(void **state);
void test_verdict_held(void **state);
void test_verdict_reuses_ours(void **state);

/* test_console.c */
int stop_console(void **state);
void test_console_create_and_remove(void **state);
void test_console_sees_changes_by_hand(void **state);
void test_console_exhaustion(void **state);
void test_console_duplicate_uuid(void **state);
void test_console_held_instance(void **state);
void test_console_sshd_killed(void **state);
void test_console_guest_frozen(void **state);
void test_console_guest_rebooted(void **state);

/* test_events.c */
int stop_consoles(void **state);
void test_events_storm(void **state);
void test_events_are_prompt(void **state);
void test_events_none_left_behind(void **state);
void test_events_with_busybox(void **state);
void test_events_inside(void **state);
