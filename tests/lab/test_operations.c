// SPDX-License-Identifier: GPL-2.0-or-later
/* The real kernel answers the table of operations as the golden log has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/lab/guests.h"
#include "tests/lab/tests.h"
#include "tests/ops/golden.h"

void test_operations(void **state)
{
	(void)state;
	g_autofree char *config = g_build_filename(lab_run_dir(), "ssh_config", NULL);
	g_autofree char *copy = g_strdup_printf(
		"ssh -F '%s' a 'cat > /tmp/ops_run && chmod 755 /tmp/ops_run' < '%s'", config,
		g_getenv("MDEVCON_OPS_RUN"));

	assert_int_equal(system(copy), 0); // NOLINT(cert-env33-c): the shell redirects
	g_autofree char *log = guest_must("a", "/tmp/ops_run /");
	if (g_strcmp0(g_getenv("MDEVCON_UPDATE_GOLDEN"), "1") == 0)
		update_kernel_log(log);
	expect_kernel_log(log);
}
