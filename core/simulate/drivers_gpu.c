// SPDX-License-Identifier: GPL-2.0-or-later

/* Graphics: NVIDIA's mdev and vendor VFIO, Intel's GVT-g. */

#include "core/simulate/drivers.h"

#include <errno.h>

#define NVIDIA 0x10de
#define INTEL 0x8086
#define CONTROLLER_3D 0x030200
#define CONTROLLER_VGA 0x030000

/*
 * Wording and numbers of displays as NVIDIA's driver prints them; the pool is the card's
 * framebuffer in MB. The numbers in the ids are those of another card's catalogue.
 */
#define VWS(n, size, mb, most, pixels) \
	{ \
		"nvidia-" #n, "NVIDIA A40-" size "Q", \
			"num_heads=4, frl_config=60, framebuffer=" #mb "M, max_resolution=" pixels \
			", max_instance=" #most, \
			mb, NULL \
	}
#define VPC(n, size, mb, most) \
	{ \
		"nvidia-" #n, "NVIDIA A40-" size "B", \
			"num_heads=4, frl_config=45, framebuffer=" #mb \
			"M, max_resolution=5120x2880, max_instance=" #most, \
			mb, NULL \
	}
#define VAPPS(n, size, mb, most) \
	{ \
		"nvidia-" #n, "NVIDIA A40-" size "A", \
			"num_heads=1, frl_config=60, framebuffer=" #mb \
			"M, max_resolution=1280x1024, max_instance=" #most, \
			mb, NULL \
	}

static const SimType a40_types[] = {
	VPC(557, "1", 1024, 32),
	VPC(558, "2", 2048, 24),
	VWS(559, "1", 1024, 32, "5120x2880"),
	VWS(560, "2", 2048, 24, "7680x4320"),
	VWS(561, "3", 3072, 16, "7680x4320"),
	VWS(562, "4", 4096, 12, "7680x4320"),
	VWS(563, "6", 6144, 8, "7680x4320"),
	VWS(564, "8", 8192, 6, "7680x4320"),
	VWS(565, "12", 12288, 4, "7680x4320"),
	VWS(566, "16", 16384, 3, "7680x4320"),
	VWS(567, "24", 24576, 2, "7680x4320"),
	VWS(568, "48", 49152, 1, "7680x4320"),
	VAPPS(569, "1", 1024, 32),
	VAPPS(570, "2", 2048, 24),
	VAPPS(571, "3", 3072, 16),
	VAPPS(572, "4", 4096, 12),
	VAPPS(573, "6", 6144, 8),
	VAPPS(574, "8", 8192, 6),
	VAPPS(575, "12", 12288, 4),
	VAPPS(576, "16", 16384, 3),
};

/* A create without room is refused with "Invalid argument" (reports of users; not from source). */
static const SimDriver nvidia_mdev = {
	.name = "nvidia-vgpu-vfio",
	.module = "nvidia_vgpu_vfio",
	.device_api = "vfio-pci",
	.types = a40_types,
	.n_types = G_N_ELEMENTS(a40_types),
	.pool = 49152,
	.pool_of_card = true,
	.uniform = true,
	.full = EINVAL,
	.migrates = true,
};

#define A40(at, node, functions) \
	{ \
		.path = at, .subsystem = "bus/pci", .bus_driver = "nvidia", \
		.bus_module = "nvidia", .driver = &nvidia_mdev, .is_pci = true, .vendor = NVIDIA, \
		.device = 0x2235, .subsystem_vendor = NVIDIA, .subsystem_device = 0x145a, \
		.class = CONTROLLER_3D, .numa_node = node, .vfs = functions, .vfs_total = 16 \
	}
const SimCard sim_card_a40_first = A40("pci0000:3a/0000:3a:00.0/0000:3b:00.0", 0, 16);
const SimCard sim_card_a40_second = A40("pci0000:ae/0000:ae:00.0/0000:af:00.0", 1, 16);
const SimCard sim_card_a40_without = A40("pci0000:3a/0000:3a:00.0/0000:3b:00.0", 0, 0);

#define L40S_TYPE(n, size, mb) \
	{ \
		"nvidia-" #n, "NVIDIA L40S-" size, NULL, mb, NULL \
	}
static const SimType l40s_types[] = {
	L40S_TYPE(1145, "1B", 1024),   L40S_TYPE(1146, "2B", 2048),   L40S_TYPE(1147, "1Q", 1024),
	L40S_TYPE(1148, "2Q", 2048),   L40S_TYPE(1149, "3Q", 3072),   L40S_TYPE(1150, "4Q", 4096),
	L40S_TYPE(1151, "6Q", 6144),   L40S_TYPE(1152, "8Q", 8192),   L40S_TYPE(1153, "12Q", 12288),
	L40S_TYPE(1154, "16Q", 16384), L40S_TYPE(1155, "24Q", 24576), L40S_TYPE(1156, "48Q", 49152),
};
static const SimDriver nvidia_vendor = {
	.name = "nvidia-vgpu-vfio",
	.module = "nvidia_vgpu_vfio",
	.device_api = "vfio-pci",
	.types = l40s_types,
	.n_types = G_N_ELEMENTS(l40s_types),
	.pool = 49152,
	.pool_of_card = true,
	.uniform = true,
	.migrates = true,
};

#define L40S(at, node) \
	{ \
		.path = at, .subsystem = "bus/pci", .bus_driver = "nvidia", \
		.bus_module = "nvidia", .driver = &nvidia_vendor, .vendor_vfio = true, \
		.is_pci = true, .vendor = NVIDIA, .device = 0x26b9, .subsystem_vendor = NVIDIA, \
		.subsystem_device = 0x1851, .class = CONTROLLER_3D, .numa_node = node, .vfs = 16, \
		.vfs_total = 32 \
	}
const SimCard sim_card_l40s_first = L40S("pci0000:40/0000:40:01.1/0000:41:00.0", 0);
const SimCard sim_card_l40s_second = L40S("pci0000:c0/0000:c0:01.1/0000:c1:00.0", 1);

/* drivers/gpu/drm/i915/gvt: an aperture of 1 GB, of which the host keeps 128 MB. */
#define GVT(part, low, high, fences, pixels, weight) \
	{ \
		"i915-GVTg_V5_" part, "GVTg_V5_" part, \
			"low_gm_size: " #low "MB\nhigh_gm_size: " #high "MB\nfence: " #fences \
			"\nresolution: " pixels "\nweight: " #weight, \
			low, NULL \
	}
static const SimType gvt_types[] = {
	GVT("1", 512, 2048, 4, "1920x1200", 16),
	GVT("2", 256, 1024, 4, "1920x1200", 8),
	GVT("4", 128, 512, 4, "1920x1200", 4),
	GVT("8", 64, 384, 4, "1024x768", 2),
};
static const SimDriver gvt = {
	.name = "intel_vgpu_mdev",
	.module = "kvmgt",
	.device_api = "vfio-pci",
	.types = gvt_types,
	.n_types = G_N_ELEMENTS(gvt_types),
	.pool = 896,
	.full = ENOSPC,
};
const SimCard sim_card_gvt = {
	.path = "pci0000:00/0000:00:02.0",
	.subsystem = "bus/pci",
	.bus_driver = "i915",
	.bus_module = "i915",
	.driver = &gvt,
	.is_pci = true,
	.vendor = INTEL,
	.device = 0x5912,
	.subsystem_vendor = INTEL,
	.subsystem_device = 0x2212,
	.class = CONTROLLER_VGA,
	.numa_node = -1,
};
