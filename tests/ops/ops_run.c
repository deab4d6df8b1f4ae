// SPDX-License-Identifier: GPL-2.0-or-later
/* ops_run ROOT: the table of operations on the tree below ROOT ("/": this machine); the log goes to
 * standard output. */
#include "tests/ops/ground.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: ops_run ROOT\n");
		return 2;
	}
	Ground *ground = ground_files_new(argv[1]);
	g_autofree char *log = ground_run(ground);
	ground_free(ground);
	return fputs(log, stdout) < 0 || fflush(stdout) < 0;
}
