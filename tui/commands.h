// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The command line's language: any action by its name, or one of these with an operand. UI thread.
 */

#include "tui/view.h"

typedef enum { OPERAND_HOST, OPERAND_ADDRESS, OPERAND_NONE } OperandKind;

/* Identifier, name, operand, help. A name that an action has too means the action without one. */
#define COMMANDS(X) \
	X(HOST, "host", HOST, "go to that host on the fleet screen") \
	X(SOURCE, "source", HOST, "make that host the source") \
	X(TARGET, "target", HOST, "make that host the target") \
	X(ADD_HOST, "add-host", ADDRESS, "add a host") \
	X(QUIT, "quit", NONE, "end the console, from wherever one is")

/* Runs a line; what is wrong with it is said in the message row. */
void command_run(Ui *ui, const char *line);
/* What the last word of `line` may become in `place`: whole lines. char * array. */
GPtrArray *command_complete(const Ui *ui, Context place, const char *line);
