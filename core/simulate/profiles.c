// SPDX-License-Identifier: GPL-2.0-or-later

/* Simulated hosts: which cards, which modules, and how they are reached. */

#include "core/simulate/profile.h"

#include <string.h>

#include "core/simulate/drivers.h"

/* ---- modules ---- */

static const SimModule mdev = { "mdev", "0.1", "0D6D9D46D0E87F28A663BBF", 20480, NULL };
static const SimModule mtty = { "mtty", "0.1", "0CFBC3668084E605BBD06DA", 36864, "mdev" };
static const SimModule mdpy = { "mdpy", NULL, NULL, 20480, "mdev" };
static const SimModule mbochs = { "mbochs", NULL, NULL, 24576, "mdev" };
static const SimModule nvidia = { "nvidia", "550.90.05", "4F1B3E0A5C7D2986A1E4B7C", 8761344, NULL };
static const SimModule nvidia_vfio = { "nvidia_vgpu_vfio", "550.90.05", "91C27DA03B5E64F8D20A9B1",
	                               86016, "mdev" };
static const SimModule nvidia_old = { "nvidia", "535.183.04", "D08A66B1F3924C5E7A10BB3", 8421376,
	                              NULL };
static const SimModule nvidia_vfio_old = { "nvidia_vgpu_vfio", "535.183.04",
	                                   "6B40F1D7C2A85E93047F1CA", 81920, "mdev" };
static const SimModule nvidia_new = { "nvidia", "570.133.10", "A7731C0EF2B64D985E30F21", 9109504,
	                              NULL };
static const SimModule nvidia_vfio_new = { "nvidia_vgpu_vfio", "570.133.10",
	                                   "0E95B6A2D1478CF3B9A6D40", 94208, NULL };
static const SimModule i915 = { "i915", NULL, NULL, 3395584, NULL };
static const SimModule kvmgt = { "kvmgt", NULL, NULL, 397312, "mdev" };
static const SimModule vfio_ap = { "vfio_ap", NULL, NULL, 77824, "mdev" };
static const SimModule vfio_ccw = { "vfio_ccw", NULL, NULL, 65536, "mdev" };

/* ---- hosts ---- */

#define CARDS(...) \
	(const SimCard *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}
#define MODULES(...) \
	(const SimModule *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}
static const SimCard *const no_cards[] = { NULL };
static const SimModule *const no_modules[] = { NULL };

#define DEBIAN_12 "6.1.0-28-amd64"
#define MAINLINE "6.12.95+deb12-cloud-amd64"
#define RHEL_9 "5.14.0-427.13.1.el9_4.x86_64"
#define PVE_8 "6.8.12-4-pve"
#define S390 "6.12.0-55.9.1.el10_0.s390x"

#define MTTY_HOST \
	.release = MAINLINE, .arch = "x86_64", .cards = CARDS(&sim_card_mtty), \
	.modules = MODULES(&mdev, &mtty)

static const SimProfile profiles[] = {
	{ .name = "mtty",
	  .summary = "the kernel's serial sample",
	  .features = SIM_MDEV | SIM_MDEVCTL | SIM_DEBUGFS,
	  MTTY_HOST },
	{ .name = "samples",
	  .summary = "three samples of the kernel, as in a lab",
	  .release = MAINLINE,
	  .arch = "x86_64",
	  .features = SIM_MDEV | SIM_MDEVCTL,
	  .cards = CARDS(&sim_card_mtty, &sim_card_mdpy, &sim_card_mbochs),
	  .modules = MODULES(&mdev, &mtty, &mdpy, &mbochs) },
	{ .name = "crowd",
	  .summary = "a hundred instances of three samples and of Intel graphics",
	  .release = MAINLINE,
	  .arch = "x86_64",
	  .features = SIM_MDEV,
	  .cards = CARDS(&sim_card_mtty, &sim_card_mdpy, &sim_card_mbochs, &sim_card_gvt),
	  .modules = MODULES(&mdev, &mtty, &mdpy, &mbochs, &i915, &kvmgt),
	  .instances = 100 },
	{ .name = "nvidia",
	  .summary = "two NVIDIA A40, mdev on their virtual functions",
	  .release = RHEL_9,
	  .arch = "x86_64",
	  .features = SIM_MDEV | SIM_MDEVCTL,
	  .cards = CARDS(&sim_card_a40_first, &sim_card_a40_second),
	  .modules = MODULES(&mdev, &nvidia, &nvidia_vfio) },
	{ .name = "nvidia-old",
	  .summary = "an NVIDIA A40 with an older driver",
	  .release = RHEL_9,
	  .arch = "x86_64",
	  .features = SIM_MDEV | SIM_MDEVCTL,
	  .cards = CARDS(&sim_card_a40_first),
	  .modules = MODULES(&mdev, &nvidia_old, &nvidia_vfio_old) },
	{ .name = "nvidia-novf",
	  .summary = "an NVIDIA A40 whose virtual functions are off",
	  .release = RHEL_9,
	  .arch = "x86_64",
	  .features = SIM_MDEV | SIM_MDEVCTL,
	  .cards = CARDS(&sim_card_a40_without),
	  .modules = MODULES(&mdev, &nvidia, &nvidia_vfio) },
	{ .name = "nvidia-vendor",
	  .summary = "two NVIDIA L40S with vendor VFIO, without mdev",
	  .release = PVE_8,
	  .arch = "x86_64",
	  .features = SIM_CDEV,
	  .cards = CARDS(&sim_card_l40s_first, &sim_card_l40s_second),
	  .modules = MODULES(&nvidia_new, &nvidia_vfio_new) },
	{ .name = "gvt",
	  .summary = "Intel graphics with GVT-g",
	  .release = DEBIAN_12,
	  .arch = "x86_64",
	  .features = SIM_MDEV | SIM_MDEVCTL,
	  .cards = CARDS(&sim_card_gvt),
	  .modules = MODULES(&mdev, &i915, &kvmgt) },
	{ .name = "ap",
	  .summary = "crypto cards of a mainframe",
	  .release = S390,
	  .arch = "s390x",
	  .features = SIM_MDEV | SIM_MDEVCTL | SIM_AP,
	  .cards = CARDS(&sim_card_matrix),
	  .modules = MODULES(&mdev, &vfio_ap) },
	{ .name = "ccw",
	  .summary = "a subchannel of a mainframe",
	  .release = S390,
	  .arch = "s390x",
	  .features = SIM_MDEV | SIM_MDEVCTL,
	  .cards = CARDS(&sim_card_subchannel),
	  .modules = MODULES(&mdev, &vfio_ccw) },
	{ .name = "empty",
	  .summary = "no mdev bus",
	  .release = DEBIAN_12,
	  .arch = "x86_64",
	  .cards = no_cards,
	  .modules = no_modules },
	{ .name = "lively",
	  .summary = "instances and guests come and go by themselves",
	  .features = SIM_MDEV | SIM_LIVELY,
	  MTTY_HOST },
	{ .name = "refused",
	  .summary = "no way there: connection refused",
	  .features = SIM_MDEV,
	  .line = SIM_LINE_REFUSED,
	  MTTY_HOST },
	{ .name = "auth",
	  .summary = "nobody may log in",
	  .features = SIM_MDEV,
	  .line = SIM_LINE_AUTH,
	  MTTY_HOST },
	{ .name = "hostkey",
	  .summary = "a host that is not known yet",
	  .features = SIM_MDEV,
	  .line = SIM_LINE_HOSTKEY,
	  MTTY_HOST },
	{ .name = "hang",
	  .summary = "answers nothing",
	  .features = SIM_MDEV,
	  .line = SIM_LINE_HANG,
	  MTTY_HOST },
	{ .name = "slow",
	  .summary = "takes two seconds for everything",
	  .features = SIM_MDEV,
	  .line = SIM_LINE_SLOW,
	  MTTY_HOST },
	{ .name = "flapping",
	  .summary = "every third request finds the line down",
	  .features = SIM_MDEV,
	  .line = SIM_LINE_FLAPPING,
	  MTTY_HOST },
};

const SimProfile *sim_profile_nth(guint i)
{
	return i < G_N_ELEMENTS(profiles) ? &profiles[i] : NULL;
}

const SimProfile *sim_profile_find(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(profiles); i++)
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	return NULL;
}
