// SPDX-License-Identifier: GPL-2.0-or-later

/* Cases of the rules on the hosts and the type. */

#include "tests/unit/rule_cases.h"

const RuleCase type_cases[] = {
	{ "R00", CASE_PASS, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, NULL },
	{ "R00", CASE_FAIL, WORLD_MTTY, "+ m source live\n+ m taken 1000", ASK_OLD, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "what is known of a is 100 s old: read it again" },
	{ "R00", CASE_ABSENT, WORLD_MTTY, NULL, ASK_NO_HOST, VERDICT_UNKNOWN, LEVEL_UNKNOWN,
	  "nothing is known of b: it has not answered" },
	{ "R00", CASE_UNREAD, WORLD_MTTY, "b e /sys/class/mdev_bus EACCES", 0, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "what is known of b is incomplete: /sys/class/mdev_bus cannot be read" },
	{ "R00", CASE_MORE, WORLD_MTTY, "b e /sys/bus/mdev/devices EIO", 0, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "what is known of b is incomplete: /sys/bus/mdev/devices cannot be read" },
	{ "R00", CASE_MORE, WORLD_MTTY, "+ m taken 1000", ASK_OLD, VERDICT_ACTION, LEVEL_OK, NULL },
	{ "R01", CASE_PASS, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, NULL },
	{ "R01", CASE_FAIL, WORLD_MTTY,
	  "b v /etc/machine-id aaaaaaaaaaaaaaaa\nb v /proc/sys/kernel/random/boot_id boot-a", 0,
	  VERDICT_ACTION, LEVEL_WARN, "both sides are the same host: a local test only" },
	{ "R01", CASE_MORE, WORLD_MTTY, "b v /etc/machine-id aaaaaaaaaaaaaaaa", 0, VERDICT_ACTION,
	  LEVEL_WARN, "both hosts have the machine id aaaaaaaa: clones?" },
	{ "R01", CASE_MORE, WORLD_MTTY,
	  "b v /etc/machine-id aaaaaaaaaaaaaaaa\nb v /proc/sys/kernel/random/boot_id boot-a\nb n "
	  "/sys/bus/mdev/devices $u\nb l $I ../../../devices/$w/$p/$u\nb l $I/mdev_type "
	  "../mdev_supported_types/$t",
	  ASK_SELF, VERDICT_INCOMPATIBLE, LEVEL_INCOMPATIBLE,
	  "source and target are the same device: $u" },
	{ "R01", CASE_MORE, WORLD_MTTY,
	  "b e /etc/machine-id EACCES\nb n /sys/bus/mdev/devices $u\nb l $I "
	  "../../../devices/$w/$p/$u\nb l $I/mdev_type ../mdev_supported_types/$t",
	  ASK_SELF, VERDICT_UNKNOWN, LEVEL_UNKNOWN,
	  "$u may be the source itself: a machine-id is unreadable" },
	{ "R01", CASE_ABSENT, WORLD_MTTY, "+ x /etc/machine-id", 0, VERDICT_ACTION, LEVEL_OK,
	  NULL },
	{ "R01", CASE_UNREAD, WORLD_MTTY, "b e /etc/machine-id EACCES", 0, VERDICT_ACTION,
	  LEVEL_UNKNOWN, "cannot tell a and b apart: a machine-id is unreadable" },
	{ "R02", CASE_PASS, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, "x86_64" },
	{ "R02", CASE_FAIL, WORLD_MTTY, "b v /proc/sys/kernel/arch aarch64", 0,
	  VERDICT_INCOMPATIBLE, LEVEL_INCOMPATIBLE,
	  "x86_64 -> aarch64: guests cannot be live migrated across architectures" },
	{ "R02", CASE_ABSENT, WORLD_MTTY, "b x /proc/sys/kernel/arch", 0, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "the architecture of b could not be read" },
	{ "R02", CASE_MORE, WORLD_MTTY, "b x /proc/sys/kernel/arch\nb m arch x86_64", 0,
	  VERDICT_ACTION, LEVEL_OK, "x86_64" },
	{ "R02", CASE_UNREAD, WORLD_MTTY, "a e /proc/sys/kernel/arch EIO", 0, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "the architecture of a could not be read" },
	{ "R10", CASE_PASS, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, NULL },
	{ "R10", CASE_FAIL, WORLD_MTTY, "a x $I/mdev_type", 0, VERDICT_INCOMPATIBLE,
	  LEVEL_INCOMPATIBLE, "$u is not a mediated device: it has no mdev_type" },
	{ "R10", CASE_UNREAD, WORLD_MTTY, "a e $I/mdev_type EIO", 0, VERDICT_UNKNOWN, LEVEL_UNKNOWN,
	  "the type of $u could not be read" },
	{ "R15", CASE_PASS, WORLD_MTTY,
	  "a l /sys/bus/pci/drivers/nvidia/0000:65:00.4 ../../../devices/x\na v "
	  "$V/current_vgpu_type 1152\na v $V/creatable_vgpu_types \na l "
	  "/sys/bus/pci/drivers/nvidia/0000:65:00.4/iommu_group ../../0\nb l "
	  "/sys/bus/pci/drivers/nvidia/0000:65:00.4 ../../../devices/x\nb v $V/current_vgpu_type "
	  "0\nb v $V/creatable_vgpu_types 1151 : L40S-3Q\\n1152 : L40S-6Q",
	  ASK_VF, VERDICT_ACTION, LEVEL_ACTION, "write 1152 to current_vgpu_type of 0000:65:00.4" },
	{ "R15", CASE_FAIL, WORLD_MTTY,
	  "a l /sys/bus/pci/drivers/nvidia/0000:65:00.4 ../../../devices/x\na v "
	  "$V/current_vgpu_type 1152\na v $V/creatable_vgpu_types \na l "
	  "/sys/bus/pci/drivers/nvidia/0000:65:00.4/iommu_group ../../0\nb l "
	  "/sys/bus/pci/drivers/nvidia/0000:65:00.4 ../../../devices/x\nb v $V/current_vgpu_type "
	  "0\nb v $V/creatable_vgpu_types 1151 : L40S-3Q",
	  ASK_VF, VERDICT_BLOCKED, LEVEL_BLOCKED,
	  "vGPU type 1152 is not creatable now on b: a full card lists nothing" },
	{ "R15", CASE_ABSENT, WORLD_MTTY,
	  "a l /sys/bus/pci/drivers/nvidia/0000:65:00.4 ../../../devices/x\na v "
	  "$V/current_vgpu_type 1152\na v $V/creatable_vgpu_types \na l "
	  "/sys/bus/pci/drivers/nvidia/0000:65:00.4/iommu_group ../../0\n",
	  ASK_VF, VERDICT_INCOMPATIBLE, LEVEL_INCOMPATIBLE,
	  "different framework on each side: vendor VFIO here, none there" },
	{ "R15", CASE_UNREAD, WORLD_MTTY,
	  "a l /sys/bus/pci/drivers/nvidia/0000:65:00.4 ../../../devices/x\na v "
	  "$V/current_vgpu_type 1152\na v $V/creatable_vgpu_types \na l "
	  "/sys/bus/pci/drivers/nvidia/0000:65:00.4/iommu_group ../../0\nb l "
	  "/sys/bus/pci/drivers/nvidia/0000:65:00.4 ../../../devices/x\nb v $V/current_vgpu_type "
	  "0\nb v $V/creatable_vgpu_types 1152 : x\nb e $V/creatable_vgpu_types EACCES",
	  ASK_VF, VERDICT_UNKNOWN, LEVEL_UNKNOWN,
	  "what 0000:65:00.4 on b can take could not be read" },
	{ "R15", CASE_MORE, WORLD_MTTY,
	  "b x $P\nb n /sys/class/mdev_bus \nb l /sys/bus/pci/drivers/nvidia/0000:65:00.4 "
	  "../../../devices/x\nb v $V/current_vgpu_type 0",
	  0, VERDICT_INCOMPATIBLE, LEVEL_INCOMPATIBLE,
	  "different framework on each side: a mediated device here, vendor VFIO there" },
	{ "R11", CASE_PASS, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, "b/mtty offers mtty-2" },
	{ "R11", CASE_FAIL, WORLD_MTTY, "b n $P/mdev_supported_types mtty-1", 0,
	  VERDICT_INCOMPATIBLE, LEVEL_INCOMPATIBLE, "b does not offer mtty-2 (offers: mtty-1)" },
	{ "R11", CASE_ABSENT, WORLD_MTTY, "b x /sys/class/mdev_bus", 0, VERDICT_INCOMPATIBLE,
	  LEVEL_INCOMPATIBLE, "b: the mdev module is not loaded (no /sys/class/mdev_bus)" },
	{ "R11", CASE_UNREAD, WORLD_MTTY, "b e $P/mdev_supported_types EACCES", 0, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "the types of b/mtty could not be read: does it offer mtty-2?" },
	{ "R12", CASE_PASS, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, NULL },
	{ "R12", CASE_FAIL, WORLD_STRANGE,
	  "b n $P/mdev_supported_types acme2-a1\nb l $P/driver ../../bus/pci/drivers/acme2", 0,
	  VERDICT_INCOMPATIBLE, LEVEL_INCOMPATIBLE,
	  "'a1' exists there as acme2-a1: types are per driver, streams are not interchangeable" },
	{ "R12", CASE_MORE, WORLD_MTTY,
	  "b n $P/mdev_supported_types mtty-1\nb v $P/mdev_supported_types/mtty-1/name Dual port "
	  "serial",
	  0, VERDICT_INCOMPATIBLE, LEVEL_INCOMPATIBLE,
	  "'Dual port serial' is the display name of mtty-1 too: a name is not an identity" },
	{ "R12", CASE_ABSENT, WORLD_MTTY,
	  "b n $P/mdev_supported_types mtty-1\nb x $P/mdev_supported_types/mtty-1/name", 0,
	  VERDICT_INCOMPATIBLE, LEVEL_OK, NULL },
	{ "R12", CASE_UNREAD, WORLD_MTTY,
	  "b n $P/mdev_supported_types mtty-1\nb e $P/mdev_supported_types/mtty-1/name EIO", 0,
	  VERDICT_INCOMPATIBLE, LEVEL_OK, NULL },
	{ "R13", CASE_PASS, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, "API vfio-pci" },
	{ "R13", CASE_FAIL, WORLD_MTTY, "b v $T/device_api vfio-ccw", 0, VERDICT_INCOMPATIBLE,
	  LEVEL_INCOMPATIBLE,
	  "device API differs: vfio-pci here, vfio-ccw there: the guest would see another device" },
	{ "R13", CASE_ABSENT, WORLD_MTTY, "b x $T/device_api", 0, VERDICT_UNKNOWN, LEVEL_UNKNOWN,
	  "device_api of mtty-2 could not be read on b" },
	{ "R13", CASE_UNREAD, WORLD_MTTY, "a e $T/device_api EIO", 0, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "device_api of mtty-2 could not be read on a" },
	{ "R13", CASE_MORE, WORLD_MTTY, "+ v $T/device_api vfio-xyz", 0, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "device API vfio-xyz is not one that VFIO knows" },
	{ "R14", CASE_PASS, WORLD_MTTY, "b j $t", ASK_NAMED, VERDICT_READY, LEVEL_OK, NULL },
	{ "R14", CASE_FAIL, WORLD_MTTY, "b j mtty-1", ASK_NAMED, VERDICT_INCOMPATIBLE,
	  LEVEL_INCOMPATIBLE,
	  "$j is a mtty-1: create mtty-2, the source's type, instead of using it" },
	{ "R14", CASE_MORE, WORLD_STRANGE, "b n $P/mdev_supported_types acme-a1/acme-a2", 0,
	  VERDICT_ACTION, LEVEL_INFO,
	  "create acme-a1, the source's type; not acme-a2, expecting it to adapt" },
	{ "R14", CASE_ABSENT, WORLD_MTTY, "b j $t\nb x $J/mdev_type", ASK_NAMED, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "the type of $j could not be read" },
	{ "R14", CASE_UNREAD, WORLD_MTTY, "b j $t\nb e $J/mdev_type EIO", ASK_NAMED,
	  VERDICT_UNKNOWN, LEVEL_UNKNOWN, "the type of $j could not be read" },
};
const guint type_case_count = G_N_ELEMENTS(type_cases);
