// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the script that the probe sends, for shellcheck. */
#include <stdio.h>

#include "remote/probe_script.h"

int main(void)
{
	g_autofree char *script = probe_script("token", "");
	const char *end = g_strrstr(script, "@END");

	printf("#!/bin/sh\n%.*s", (int)(end - script), script);
	return 0;
}
