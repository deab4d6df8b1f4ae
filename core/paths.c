// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * The table of what is read of a host. Order matters in two places: a process's descriptors stand
 * before its command line (which is kept only where it matters), and rows with <module> stand last
 * because the rows before them find the modules.
 */

#include "core/paths.h"

#define PARENT "/sys/class/mdev_bus/*"
#define TYPE PATH_TYPE
#define INSTANCE PATH_INSTANCE
#define SERVICES "/etc/systemd/system/multi-user.target.wants"
#define NVIDIA "/sys/bus/pci/drivers/nvidia/<pci>"
#define I915 "/sys/bus/pci/drivers/i915/<pci>"

const PathRow path_rows[] = {
	/* the host */
	{ FACT_VALUE, "/proc/sys/kernel/osrelease", PATH_PLAIN },
	{ FACT_VALUE, "/proc/sys/kernel/arch", PATH_PLAIN },
	{ FACT_VALUE, "/proc/sys/kernel/hostname", PATH_PLAIN },
	{ FACT_VALUE, "/proc/sys/kernel/random/boot_id", PATH_PLAIN },
	{ FACT_VALUE, "/etc/machine-id", PATH_PLAIN },

	/* parents */
	{ FACT_NAMES, "/sys/class/mdev_bus", PATH_PLAIN },
	{ FACT_LINK, PARENT, PATH_PLAIN },
	{ FACT_LINK, PARENT "/driver", PATH_PLAIN },
	{ FACT_LINK, PARENT "/driver/module", PATH_MODULE_LINK },
	{ FACT_LINK, PARENT "/physfn", PATH_PLAIN },
	{ FACT_VALUE, PARENT "/vendor", PATH_PLAIN },
	{ FACT_VALUE, PARENT "/device", PATH_PLAIN },
	{ FACT_VALUE, PARENT "/subsystem_vendor", PATH_PLAIN },
	{ FACT_VALUE, PARENT "/subsystem_device", PATH_PLAIN },
	{ FACT_VALUE, PARENT "/numa_node", PATH_PLAIN },
	/* of a function's card: which board it is */
	{ FACT_VALUE, PARENT "/physfn/vendor", PATH_PLAIN },
	{ FACT_VALUE, PARENT "/physfn/device", PATH_PLAIN },
	{ FACT_VALUE, PARENT "/physfn/subsystem_vendor", PATH_PLAIN },
	{ FACT_VALUE, PARENT "/physfn/subsystem_device", PATH_PLAIN },

	/* types */
	{ FACT_NAMES, PARENT "/mdev_supported_types", PATH_TYPES },
	{ FACT_VALUE, TYPE "/name", PATH_PLAIN },
	{ FACT_VALUE, TYPE "/device_api", PATH_PLAIN },
	{ FACT_VALUE, TYPE "/available_instances", PATH_PLAIN },
	{ FACT_VALUE, TYPE "/description", PATH_PLAIN },
	/* proposed on the lists, never merged: some drivers out of the tree may carry them */
	{ FACT_VALUE, TYPE "/software_version", PATH_RARE },
	{ FACT_VALUE, TYPE "/migration_version", PATH_RARE },
	{ FACT_VALUE, TYPE "/dynamic_resources", PATH_RARE },
	{ FACT_VALUE, TYPE "/compatible_type", PATH_RARE },
	{ FACT_VALUE, TYPE "/compatible_pci_ids", PATH_RARE },
	{ FACT_VALUE, TYPE "/compatible_chpid_type", PATH_RARE },

	/* instances */
	{ FACT_NAMES, "/sys/bus/mdev/devices", PATH_PLAIN },
	{ FACT_LINK, INSTANCE, PATH_PLAIN },
	{ FACT_LINK, INSTANCE "/mdev_type", PATH_PLAIN },
	{ FACT_LINK, INSTANCE "/driver", PATH_PLAIN },
	{ FACT_LINK, INSTANCE "/iommu_group", PATH_PLAIN },
	{ FACT_NAMES, INSTANCE "/vfio-dev", PATH_PLAIN },
	{ FACT_NAMES, INSTANCE "/iommu_group/devices", PATH_PLAIN },
	{ FACT_NAMES, "/sys/kernel/debug/vfio", PATH_PLAIN },
	{ FACT_VALUE, "/sys/kernel/debug/vfio/*/migration/state", PATH_PLAIN },
	{ FACT_VALUE, "/sys/kernel/debug/vfio/*/migration/features", PATH_PLAIN },

	/* settings of instances, by the names that their drivers give them */
	{ FACT_VALUE, INSTANCE "/aggregator", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/intel_vgpu/aggregator", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/nvidia/vgpu_params", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/vendor/sample_mdev_dev", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/matrix", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/guest_matrix", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/control_domains", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/software_version", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/migration/self/software_version", PATH_ATTR },
	{ FACT_VALUE, INSTANCE "/migration_version", PATH_ATTR },

	/* crypto adapters of s390 (vfio_ap) */
	{ FACT_VALUE, "/sys/bus/matrix/devices/matrix/features", PATH_PLAIN },
	{ FACT_VALUE, "/sys/bus/ap/devices/*/hwtype", PATH_PLAIN },
	{ FACT_VALUE, "/sys/bus/ap/devices/*/ap_functions", PATH_PLAIN },

	/* who else hands out devices here: the services that are enabled */
	{ FACT_LINK, SERVICES "/nova-compute.service", PATH_PLAIN },
	{ FACT_LINK, SERVICES "/openstack-nova-compute.service", PATH_PLAIN },
	{ FACT_LINK, SERVICES "/kubelet.service", PATH_PLAIN },
	{ FACT_LINK, SERVICES "/pveproxy.service", PATH_PLAIN },
	{ FACT_LINK, SERVICES "/vdsmd.service", PATH_PLAIN },

	/*
	 * Drivers that offer devices by another way, or only after something was switched on. Where
	 * a driver is absent this costs one failed opening of its folder.
	 */
	{ FACT_LINK, NVIDIA, PATH_PLAIN },
	{ FACT_LINK, NVIDIA "/physfn", PATH_PLAIN },
	{ FACT_VALUE, NVIDIA "/modalias", PATH_PLAIN },
	{ FACT_VALUE, NVIDIA "/sriov_totalvfs", PATH_PLAIN },
	{ FACT_VALUE, NVIDIA "/sriov_numvfs", PATH_PLAIN },
	{ FACT_VALUE, NVIDIA "/nvidia/current_vgpu_type", PATH_PLAIN },
	{ FACT_VALUE, NVIDIA "/nvidia/creatable_vgpu_types", PATH_PLAIN },
	{ FACT_LINK, NVIDIA "/iommu_group", PATH_PLAIN },
	{ FACT_NAMES, NVIDIA "/vfio-dev", PATH_PLAIN },
	{ FACT_LINK, I915, PATH_PLAIN },
	{ FACT_VALUE, I915 "/modalias", PATH_PLAIN },
	{ FACT_VALUE, "/sys/bus/ap/apmask", PATH_PLAIN },
	{ FACT_NAMES, "/sys/bus/ap/drivers/vfio_ap", PATH_PLAIN },

	/* mdevctl, and its definitions */
	{ FACT_VALUE, "/usr/sbin/mdevctl", PATH_EXISTS },
	{ FACT_VALUE, "/usr/bin/mdevctl", PATH_EXISTS },
	{ FACT_NAMES, "/etc/mdevctl.d", PATH_PLAIN },
	{ FACT_NAMES, "/etc/mdevctl.d/*", PATH_PLAIN },
	{ FACT_VALUE, "/etc/mdevctl.d/*/*", PATH_JSON },

	/* users of instances */
	{ FACT_LINK, "/proc/self/ns/pid", PATH_LIVE | PATH_USERS },
	{ FACT_LINK, "/proc/<pid>/fd/*", PATH_USERS | PATH_VFIO_ONLY },
	{ FACT_VALUE, "/proc/<pid>/cmdline", PATH_USERS | PATH_CMDLINE },

	/* what happens at boot: mdevctl's rule, modules that are loaded, who makes functions */
	{ FACT_VALUE, "/etc/udev/rules.d/*", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/run/udev/rules.d/60-mdevctl.rules", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/usr/local/lib/udev/rules.d/60-mdevctl.rules", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/usr/lib/udev/rules.d/60-mdevctl.rules", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/lib/udev/rules.d/60-mdevctl.rules", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/etc/modules", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/etc/modules-load.d/*", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/run/modules-load.d/*", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/usr/lib/modules-load.d/*", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/etc/modprobe.d/*", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/etc/systemd/system/*", PATH_BOOT | PATH_LONG },
	{ FACT_VALUE, "/etc/rc.local", PATH_BOOT | PATH_LONG },
	/* Modules that matter by being there, and a switch of one. */
	{ FACT_NAMES, "/sys/module/nvidia_vgpu_vfio", PATH_PLAIN },
	{ FACT_NAMES, "/sys/module/kvmgt", PATH_PLAIN },
	{ FACT_VALUE, "/sys/module/i915/parameters/enable_gvt", PATH_PLAIN },

	/*
	 * Modules. The listing is there for its existence alone: a module without version and
	 * srcversion is still a module. It is one directory of a dozen names for each of a few.
	 */
	{ FACT_NAMES, "/sys/module/<module>", PATH_PLAIN },
	{ FACT_VALUE, "/sys/module/<module>/version", PATH_PLAIN },
	{ FACT_VALUE, "/sys/module/<module>/srcversion", PATH_PLAIN },
	{ FACT_VALUE, "/sys/module/<module>/taint", PATH_PLAIN },
};

const guint path_row_count = G_N_ELEMENTS(path_rows);
