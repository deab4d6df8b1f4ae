// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/bench/console.h"

#define START_MS 30000

GPtrArray *console_arguments(void)
{
	GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(arguments, g_strdup(g_getenv("MDEVCON_BIN")));
	return arguments;
}

void console_add_host(GPtrArray *arguments, const char *address)
{
	g_ptr_array_add(arguments, g_strdup("--host"));
	g_ptr_array_add(arguments, g_strdup(address));
}

void console_add_recorded(GPtrArray *arguments, const char *label, const char *recording)
{
	g_autofree char *address = g_strdup_printf("%s=recorded:%s/%s.facts", label,
	                                           g_getenv("MDEVCON_DATA"), recording);

	console_add_host(arguments, address);
}

Term *console_start(GPtrArray *arguments, const char *text)
{
	g_ptr_array_add(arguments, NULL);
	Term *term = term_start(24, 80, (const char *const *)arguments->pdata, NULL);
	if (!term || (text && !term_wait_text(term, text, START_MS)))
		g_error("the console does not start");
	g_ptr_array_unref(arguments);
	return term;
}
