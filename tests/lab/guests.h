// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The lab's guests, for tests: commands inside them, and mdevcon beside them. */

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* The run directory of the lab that is up; the tests end with a message if there is none. */
const char *lab_run_dir(void);
/* RUN_DIR/hosts.ini */
const char *lab_hosts(void);

/* Runs a shell command in a guest, as root. Returns its output (both streams). */
char *guest_run(const char *guest, int *status, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The same, must end with 0. */
char *guest_must(const char *guest, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Removes every instance and lets go of all that is held, so that each test starts from nothing. */
void guest_clean(const char *guest);
/* Starts a process in the guest that holds the instance open as a virtual machine does. */
char *guest_hold(const char *guest, const char *uuid);
/* Puts the plain binary ($MDEVCON_PLAIN_BIN) into the guest's PATH. */
void guest_install(const char *guest);
/* available_instances of a type of a parent. */
int guest_available(const char *guest, const char *parent, const char *type);
/* Eventually (20 s) the command's output contains `needle`. */
bool guest_eventually(const char *guest, const char *needle, const char *command);

/* `tests/lab/lab VERB GUEST` */
void lab_verb(const char *verb, const char *guest);

/* Runs the binary under test with --hosts; NULL-terminated arguments. stdout, status. */
char *mdevcon_run(int *status, char **messages, const char *const args[]);
/* The same with --json, parsed. The caller decrefs. */
json_t *mdevcon_json(int *status, const char *const args[]);
