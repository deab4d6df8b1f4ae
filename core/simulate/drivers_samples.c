// SPDX-License-Identifier: GPL-2.0-or-later

/* The kernel's samples (samples/vfio-mdev), as transcripts of Linux 6.12 show them. */

#include "core/simulate/drivers.h"

#include <errno.h>

/* 24 ports, which the types take one or two of. */
static const SimType mtty_types[] = {
	{ "mtty-1", "Single port serial", NULL, 1, NULL },
	{ "mtty-2", "Dual port serial", NULL, 2, NULL },
};
static const SimDriver mtty = {
	.name = "mtty",
	.module = "mtty",
	.device_api = "vfio-pci",
	.types = mtty_types,
	.n_types = G_N_ELEMENTS(mtty_types),
	.pool = 24,
	.full = ENOSPC,
	.attribute = "sample_mdev_dev",
	.migrates = true,
};
const SimCard sim_card_mtty = { .path = "virtual/mtty/mtty",
	                        .subsystem = "class/mtty",
	                        .driver = &mtty };

/* Four devices, of whatever type. */
static const SimType mdpy_types[] = {
	{ "mdpy-hd", NULL, "virtual display, 1920x1080 framebuffer", 1, "1920x1080" },
	{ "mdpy-vga", NULL, "virtual display, 640x480 framebuffer", 1, "640x480" },
	{ "mdpy-xga", NULL, "virtual display, 1024x768 framebuffer", 1, "1024x768" },
};
static const SimDriver mdpy = {
	.name = "mdpy",
	.module = "mdpy",
	.device_api = "vfio-pci",
	.types = mdpy_types,
	.n_types = G_N_ELEMENTS(mdpy_types),
	.most = 4,
	.attribute = "resolution",
};
const SimCard sim_card_mdpy = { .path = "virtual/mdpy/mdpy",
	                        .subsystem = "class/mdpy",
	                        .driver = &mdpy };

/* 256 MB of video memory. */
static const SimType mbochs_types[] = {
	{ "mbochs-large", NULL, "virtual display, 64 MB video memory", 64, "64 MB" },
	{ "mbochs-medium", NULL, "virtual display, 16 MB video memory", 16, "16 MB" },
	{ "mbochs-small", NULL, "virtual display, 4 MB video memory", 4, "4 MB" },
};
static const SimDriver mbochs = {
	.name = "mbochs",
	.module = "mbochs",
	.device_api = "vfio-pci",
	.types = mbochs_types,
	.n_types = G_N_ELEMENTS(mbochs_types),
	.pool = 256,
	.full = ENOSPC,
	.attribute = "memory",
};
const SimCard sim_card_mbochs = { .path = "virtual/mbochs/mbochs",
	                          .subsystem = "class/mbochs",
	                          .driver = &mbochs };
