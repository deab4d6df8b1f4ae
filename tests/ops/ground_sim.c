// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ops/ground_sim.h"

#include <errno.h>

#define GUEST_PID 4711

typedef struct {
	Ground ground;
	SimKernel *kernel;
} Simulated;

static SimKernel *kernel_of(Ground *ground)
{
	return ((Simulated *)ground)->kernel;
}

/* The simulation is always root; of another user its modes tell what it may not. */
static int check_other(Ground *ground, const char *path, guint bit, bool other)
{
	SimStat stat;
	int err = other ? sim_stat(kernel_of(ground), path, true, &stat) : 0;
	return err < 0 ? err : other && !(stat.mode & bit) ? -EACCES : 0;
}

static gssize simulated_write(Ground *ground, const char *path, const char *bytes, gsize len,
                              bool other)
{
	int err = check_other(ground, path, 0002, other);
	return err < 0 ? err : sim_write(kernel_of(ground), path, bytes, len, NULL);
}

static gssize simulated_read(Ground *ground, const char *path, char **bytes, bool other)
{
	int err = check_other(ground, path, 0004, other);
	return err < 0 ? err : sim_read(kernel_of(ground), path, bytes);
}

static int simulated_list(Ground *ground, const char *path, char ***names)
{
	return sim_list(kernel_of(ground), path, names);
}

static int simulated_link(Ground *ground, const char *path, char **target)
{
	return sim_readlink(kernel_of(ground), path, target);
}

static int simulated_open(Ground *ground, const char *devnode)
{
	return sim_open_device(kernel_of(ground), devnode);
}

static int simulated_hold(Ground *ground, const char *devnode, const char *uuid)
{
	const char *const uuids[] = { uuid, NULL };
	return sim_guest_start(kernel_of(ground), GUEST_PID, "holder", uuids);
}

static int simulated_let_go(Ground *ground)
{
	return sim_guest_stop(kernel_of(ground), GUEST_PID);
}

static void simulated_free(Ground *ground)
{
	sim_kernel_unref(kernel_of(ground));
	g_free(ground);
}

static const GroundOps simulated_ops = {
	.write = simulated_write,
	.read = simulated_read,
	.list = simulated_list,
	.link = simulated_link,
	.open = simulated_open,
	.hold = simulated_hold,
	.let_go = simulated_let_go,
	.free = simulated_free,
};

Ground *ground_sim_new(SimKernel *kernel)
{
	Simulated *simulated = g_new0(Simulated, 1);
	simulated->ground.ops = &simulated_ops;
	simulated->kernel = sim_kernel_ref(kernel);
	return &simulated->ground;
}
