// SPDX-License-Identifier: GPL-2.0-or-later
/* The simulated kernel answers the table of operations as a real one did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/ops/golden.h"
#include "tests/ops/ground_sim.h"

static void test_simulation_is_a_kernel(void **state)
{
	SimKernel *kernel = sim_kernel_new(sim_profile_find("samples"), "lab-a");
	Ground *ground = ground_sim_new(kernel);
	g_autofree char *log = ground_run(ground);

	ground_free(ground);
	sim_kernel_unref(kernel);
	expect_kernel_log(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_simulation_is_a_kernel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
