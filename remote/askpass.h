// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Questions of the ssh program. It starts us as its askpass; that process has no terminal and
 * nothing in common with us but standard error, a socket. Over it it sends a private socket, on
 * which the question comes and the answer goes: no secret stands in a file, an argument or the
 * environment.
 */

#include <stdbool.h>

#include "remote/transport.h"

/* The environment for ssh: new, for g_strfreev. */
char **askpass_environment(void);

/* First thing in main: was this process started by ssh to ask? Then its exit status. */
bool askpass_wanted(void);
int askpass_main(int argc, char **argv);

/*
 * Reads from an ssh's standard error: bytes as from read(2). *question becomes the socket of a
 * question that came with them (the caller's), or -1.
 */
gssize askpass_read(int fd, char *buffer, gsize size, int *question);
/* Puts the question to the operator and answers; closes `question`. */
void askpass_answer(int question, SessionPlan *plan);
