// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/compat/rules.h"

#include <string.h>

/*
 * The table of rules, in order of evaluation. docs/compatibility.md is made from it. A rule without
 * a function is evaluated elsewhere: its row is the place to look it up.
 */

/* Level, and whether the outcome may decide the verdict. */
#define SAME LEVEL_OK, true
#define NOTE LEVEL_INFO, false
#define DIFF LEVEL_WARN, false
#define FINE LEVEL_OK, false
#define TODO LEVEL_ACTION, true
#define APPLY LEVEL_ACTION, false
#define BUSY LEVEL_BLOCKED, true
#define NEVER LEVEL_INCOMPATIBLE, true
#define DARK LEVEL_UNKNOWN, true  /* essential, and not known */
#define OPEN LEVEL_UNKNOWN, false /* not known, and worth knowing */

#define FACT CERTAIN_FACT
#define VENDOR CERTAIN_VENDOR
#define THREAD CERTAIN_THREAD
#define GUESS CERTAIN_HEURISTIC

const Rule compat_rules[] = {
	/* ---- hosts ---- */
	{ "R00", "snapshot-valid", GUESS, AT_PAIR, .fixed = true, .judge = rule_snapshot,
	  .inputs = "both hosts' readings as a whole, their age",
	  .outcomes = { [SNAPSHOT_NONE] = { DARK,
	                                    "nothing is known of {dst}: it has not answered" },
	                [SNAPSHOT_PARTIAL] = { DARK, "what is known of {1} is incomplete: {2} "
	                                             "cannot be read" },
	                [SNAPSHOT_OLD] = { DARK,
	                                   "what is known of {1} is {2} s old: read it again" } } },
	{ "R01", "distinct-host", GUESS, AT_PAIR, .judge = rule_distinct, .fixed = true,
	  .inputs = "machine-id, boot_id",
	  .outcomes = { [HOST_SAME] = { DIFF, "both sides are the same host: a local test only" },
	                [HOST_CLONE] = { DIFF, "both hosts have the machine id {here:8}: clones?" },
	                [HOST_UNREAD] = { OPEN, "cannot tell {src} and {dst} apart: a machine-id "
	                                        "is unreadable" },
	                [DEVICE_SAME] = { NEVER, "source and target are the same device: {1}" },
	                [DEVICE_PERHAPS_SAME] = { DARK, "{1} may be the source itself: a "
	                                                "machine-id is unreadable" } } },
	{ "R02", "arch", FACT, AT_PAIR, .judge = rule_arch, .inputs = "kernel.arch or uname -m",
	  .outcomes = { [ARCH_SAME] = { SAME, "{here}" },
	                [ARCH_DIFFERS] = { NEVER, "{here} -> {there}: guests cannot be live "
	                                          "migrated across architectures" },
	                [ARCH_UNREAD] = { DARK, "the architecture of {1} could not be read" } } },

	/* ---- type ---- */
	{ "R10", "source-is-mdev", FACT, AT_PAIR, .judge = rule_is_mdev,
	  .inputs = "the source's mdev_type link",
	  .outcomes = { [MDEV_NOT] = { NEVER, "{1} is not a mediated device: it has no mdev_type" },
	                [MDEV_UNREAD] = { DARK, "the type of {1} could not be read" } } },
	{ "R15", "vendor-vfio-type", FACT, AT_PAIR, .judge = rule_vendor_vfio,
	  .inputs = "NVIDIA's current_vgpu_type and creatable_vgpu_types",
	  .outcomes = { [VENDOR_CREATE] = { TODO, "write {1} to current_vgpu_type of {2}" },
	                [VENDOR_FULL] = { BUSY, "vGPU type {1} is not creatable now on {dst}: a "
	                                        "full card lists nothing" },
	                [VENDOR_NAME] = { DIFF,
	                                  "vGPU type {1} is called {here} here, {there} there" },
	                [VENDOR_REUSE] = { SAME, "reuse {1}" },
	                [VENDOR_USED] = { BUSY, "{1} is in use" },
	                [VENDOR_USE_UNREAD] = { DARK, "is {1} in use? not known" },
	                [VENDOR_OTHER] = { NEVER, "{1} is {there}, not {here}" },
	                [VENDOR_FRAMEWORK] = { NEVER, "different framework on each side: {1} here, "
	                                              "{2} there" },
	                [VENDOR_UNREAD] = { DARK,
	                                    "what {1} on {dst} can take could not be read" } } },
	{ "R11", "type-id-equal", FACT, AT_PAIR, .judge = rule_type_equal,
	  .inputs = "the source's type id, the target parent's list of types",
	  .outcomes = { [TYPE_OFFERED] = { SAME, "{dst}/{parent} offers {type}" },
	                [TYPE_NOT_ON_HOST] = { NEVER, "{dst} does not offer {type} (offers: {1})" },
	                [TYPE_NOT_ON_PARENT] = { NEVER, "{dst}/{parent} does not offer {type} "
	                                                "(offers: {1})" },
	                [TYPE_HOST_EMPTY] = { NEVER, "{dst}: {1}" },
	                [TYPE_UNREAD] = { DARK, "the types of {1} could not be read: does it offer "
	                                        "{type}?" } } },
	{ "R12", "namespace-near-miss", GUESS, AT_PAIR, .judge = rule_near_miss,
	  .inputs = "drivers, type ids and display names of both sides",
	  .outcomes = { [NEAR_SUFFIX] = { NEVER, "'{1}' exists there as {there}: types are per "
	                                         "driver, streams are not interchangeable" },
	                [NEAR_NAME] = { NEVER, "'{1}' is the display name of {there} too: a name "
	                                       "is not an identity" } } },
	{ "R13", "device-api-equal", FACT, AT_PAIR, .judge = rule_device_api,
	  .inputs = "device_api of the type on both sides",
	  .outcomes = { [API_SAME] = { SAME, "API {here}" },
	                [API_DIFFERS] = { NEVER, "device API differs: {here} here, {there} there: "
	                                         "the guest would see another device" },
	                [API_UNREAD] = { DARK, "device_api of {type} could not be read on {1}" },
	                [API_STRANGE] = { DARK,
	                                  "device API {here} is not one that VFIO knows" } } },
	{ "R14", "old-type-recommendation", FACT, AT_PAIR, .judge = rule_other_type,
	  .info_is_equal = true,
	  .inputs = "the named target instance's type, the other types of the parent",
	  .outcomes = { [OTHER_TYPE_NAMED] = { NEVER, "{1} is a {there}: create {type}, the "
	                                              "source's type, instead of using it" },
	                [OTHER_TYPE_THERE] = { NOTE, "create {type}, the source's type; not {1}, "
	                                             "expecting it to adapt" },
	                [OTHER_TYPE_UNREAD] = { DARK, "the type of {1} could not be read" } } },

	/* ---- does the driver migrate at all ---- */
	{ "R49", "known-drivers", FACT, AT_PAIR, .judge = rule_driver_migrates,
	  .inputs = "module, kernel release, taint, a table of drivers",
	  .outcomes = { [KNOWN_YES] = { SAME, "driver {there} is known to migrate" },
	                [KNOWN_NO] = { NEVER, "driver {there} is known not to migrate" },
	                [KNOWN_NOT_YET] = { NEVER,
	                                    "driver {1} migrates since Linux {2}; {3} runs {4}" },
	                [KNOWN_UNSURE] = { DARK, "driver {1} migrates since Linux {2}; is it the "
	                                         "own one of {3} ({4})? its taint cannot be read" },
	                [KNOWN_OPEN] = { OPEN,
	                                 "does this driver migrate? not known ({there})" } } },
	{ "R45", "vfio-ap", VENDOR, AT_PAIR, .judge = rule_vfio_ap, .fixed = true,
	  .inputs = "features, matrix, control_domains, queues of vfio_ap, hwtype, ap_functions",
	  .outcomes = { [AP_UNPLUG] = { NEVER, "crypto (AP) devices must be unplugged before "
	                                       "migration: plan available" },
	                [AP_SAME] = { FINE, "the same crypto queues: {here}" },
	                [AP_DIFFERS] = { NEVER, "{1} differs: {here} here, {there} there" },
	                [AP_QUEUE_MISSING] = { NEVER,
	                                       "queue {1} is not bound to vfio_ap on {dst}" },
	                [AP_QUEUE_TAKEN] = { BUSY, "queue {1} belongs to {2} on {dst}" },
	                [AP_CARD] = { NEVER, "crypto card {1} is type {here} here, {there} there" },
	                [AP_UNREAD] = { DARK, "crypto queues cannot be compared: {1} could not be "
	                                      "read" } } },
	{ "R46", "vfio-ccw", FACT, AT_PAIR, .judge = rule_vfio_ccw,
	  .inputs = "module or device API",
	  .outcomes = { [CCW_NEVER] = { NEVER, "vfio-ccw is unmigratable in QEMU" } } },
	{ "R47", "i915-GVTg", FACT, AT_PAIR, .judge = rule_gvt, .inputs = "the type's name",
	  .outcomes = { [GVT_NEVER] = { NEVER, "GVT-g migration was never merged into Linux: type "
	                                       "matches, driver cannot migrate" } } },
	{ "R50", "debugfs-migration", FACT, AT_PAIR, .judge = rule_debugfs, .info_is_equal = true,
	  .inputs = "/sys/kernel/debug/vfio/DEVICE/migration on both sides",
	  .outcomes = { [DEBUGFS_YES] = { FINE, "debugfs shows migration on {1}" },
	                [DEBUGFS_NO] = { NEVER, "driver on {1} has no migration support: debugfs "
	                                        "shows none for {2}" },
	                [DEBUGFS_UNREAD] = { OPEN, "cannot see whether the driver on {1} supports "
	                                           "migration: debugfs needs root" },
	                [DEBUGFS_ERROR] = { BUSY,
	                                    "{1} is in migration state ERROR: it needs a reset" },
	                [DEBUGFS_BUSY] = { DIFF,
	                                   "{1} is in migration state {here}, not RUNNING" } } },

	/* ---- capacity ---- */
	{ "R20", "idle-instance", FACT, AT_PAIR, .judge = rule_idle_instance,
	  .inputs = "instances of the type, their use and migration state, our journal",
	  .outcomes = { [REUSE_NAMED] = { SAME, "reuse {there}" },
	                [REUSE_OURS] = { TODO, "reuse idle {there}, which mdevcon made" },
	                [REUSE_STATE] = { BUSY, "{1} is in migration state {there}: remove it and "
	                                        "make it anew" },
	                [REUSE_OTHERS] = { BUSY, "0 creatable; {1} idle {type} that mdevcon did "
	                                         "not make: name {2} to use {2}" },
	                [REUSE_PERHAPS] = { BUSY, "0 creatable; {1} perhaps idle {type} that "
	                                          "mdevcon did not make" },
	                [REUSE_NOTHING] = { BUSY, "{1} is neither an instance nor a definition on "
	                                          "{dst}/{parent}" } } },
	{ "R21", "creatable", FACT, AT_PAIR, .judge = rule_creatable,
	  .inputs = "available_instances",
	  .outcomes = { [CREATE_ONE] = { TODO, "create 1 {type} ({there} left on {parent})" },
	                [CREATE_UNREAD] = { DARK, "available_instances of {type} on {dst}/{parent} "
	                                          "could not be read" } } },
	{ "R22", "no-capacity", FACT, AT_PAIR, .judge = rule_no_capacity,
	  .inputs = "available_instances, instances of the parent, our journal",
	  .outcomes = { [FULL_USED] = { BUSY, "no free {type} on {parent}: all {1} in use" },
	                [FULL_SHARED] = { BUSY, "no free {type} on {2}: {1}" },
	                [FULL_OURS] = { BUSY,
	                                "no free {type} on {parent}; mdevcon made idle {1} there: "
	                                "types share hardware, removing it may help" } } },
	{ "R24", "defined-inactive", FACT, AT_PAIR, .judge = rule_defined, .info_is_equal = true,
	  .inputs = "definitions of mdevctl, available_instances",
	  .outcomes = { [DEFINED_START] = { TODO, "start {there}, defined on {parent}" },
	                [DEFINED_FULL] = { BUSY, "{there} is defined, but no {type} can be created "
	                                         "on {parent}" },
	                [DEFINED_OTHER] = { NEVER, "{1} is defined as {there}, not as {type}" },
	                [DEFINED_UNREAD] = { DARK, "the definition of {1} cannot be read: {2}" },
	                [DEFINED_ALSO] = { NOTE, "{1} defined there and not started: {there}" } } },
	{ "R23", "other-parents", GUESS, AT_MAPPING, .info_is_equal = true,
	  .inputs = "the verdicts of all parents of the host",
	  .outcomes = { [OTHERS_TOO] = { NOTE, "{1} more parent{2} of {dst} could take it: up to "
	                                       "{3} in all" } } },
	{ "R25", "multi-device-matching", FACT, AT_MAPPING,
	  .inputs = "the verdicts of all devices of a guest, counters" },
	{ "R61", "target-idle", FACT, AT_PAIR, .judge = rule_target_idle,
	  .inputs = "who holds /dev/vfio nodes on the target",
	  .outcomes = { [TARGET_USED] = { BUSY, "{there:8} in use by {1}" },
	                [TARGET_UNREAD] = { DARK, "{there:8}: use unknown: {1}" },
	                [TARGET_PERHAPS] = { OPEN, "{there:8}: use unknown: {1}" } } },

	/* ---- identity of driver and software ---- */
	{ "R30", "module-equal", GUESS, AT_PAIR, .judge = rule_module,
	  .inputs = "driver/module links, /sys/module",
	  .outcomes = { [MODULE_SAME] = { FINE, "module {here}" },
	                [MODULE_DIFFERS] = { DIFF, "type names match but module {here} here, "
	                                           "{there} there" },
	                [MODULE_UNREAD] = { OPEN,
	                                    "which module drives {type} is not known on {1}" } } },
	{ "R31", "module-version", VENDOR, AT_PAIR, .judge = rule_module_version,
	  .inputs = "/sys/module/MODULE/version, policy nvidia_driver",
	  .outcomes = { [VERSION_DIFFERS] = { DIFF, "driver {1} {here} here, {there} there: its "
	                                            "stream is its own" },
	                [VERSION_OLDER] = { DIFF, "driver {1} {here} here, older {there} there: "
	                                          "its stream is its own" },
	                [VERSION_STRICT] = { NEVER, "driver {1} {here} here, {there} there: equal "
	                                            "versions are demanded ({2})" },
	                [VERSION_UNREAD] = { OPEN, "the version of driver {1} could not be read on "
	                                           "{2}" } } },
	{ "R32", "srcversion", GUESS, AT_PAIR, .judge = rule_srcversion,
	  .inputs = "/sys/module/MODULE/srcversion",
	  .outcomes = { [BUILD_SAME] = { FINE, "driver {1} {2}{here:8}" },
	                [BUILD_DIFFERS] = { NOTE, "driver {1}: another build there ({there:8} "
	                                          "there, {here:8} here)" },
	                [BUILD_UNREAD] = { OPEN, "builds of driver {1} cannot be compared: no "
	                                         "srcversion" } } },
	{ "R33", "kernel", FACT, AT_PAIR, .judge = rule_kernel, .info_is_equal = true,
	  .inputs = "kernel release, taint of the module",
	  .outcomes = { [KERNEL_DIFFERS] = { NOTE, "Linux {here} here, {there} there" },
	                [KERNEL_OLD] = { NEVER,
	                                 "Linux {1} on {2} has no VFIO migration v2 (needs 5.18)" },
	                [KERNEL_OLD_MODULE] = { NOTE,
	                                        "Linux {1} on {2} is older than 5.18; its driver "
	                                        "is not the kernel's own and may migrate" },
	                [KERNEL_OLD_UNSURE] = { DARK, "Linux {1} on {2} is older than 5.18: does "
	                                              "its driver migrate all the same? {3}" },
	                [KERNEL_UNREAD] = { DARK,
	                                    "the kernel release of {1} could not be read" } } },
	{ "R34", "software-version", THREAD, AT_PAIR, .judge = rule_software_version,
	  .info_is_equal = true, .inputs = "software_version of type or instance",
	  .outcomes = { [SOFTWARE_FITS] = { SAME, "software_version {here} -> {there}" },
	                [SOFTWARE_MAJOR] = { NEVER, "driver declares software_version {here} -> "
	                                            "{there}: major differs" },
	                [SOFTWARE_OLDER] = { NEVER, "driver declares software_version {here} -> "
	                                            "{there}: target minor older" },
	                [SOFTWARE_ODD] = { DARK,
	                                   "software_version {here} -> {there} is not a version" },
	                [SOFTWARE_UNREAD] = { DARK, "software_version could not be read on {1}" },
	                [SOFTWARE_ONE] = { DIFF, "software_version only on {1}: {2}" } } },
	{ "R35", "migration-version", THREAD, AT_PAIR, .judge = rule_migration_version,
	  .info_is_equal = true,
	  .inputs = "whether both sides have migration_version; the test itself on request "
	            "(--ask-driver)",
	  .outcomes = { [ASKABLE_BOTH] = { NOTE, "both drivers offer migration_version: "
	                                         "--ask-driver lets them judge" },
	                [ASKABLE_ONE] = { DIFF, "migration_version only on {1}" },
	                [ASKABLE_UNREAD] = { OPEN,
	                                     "migration_version could not be read on {1}" } } },
	{ "R36", "vendor-oracle", FACT, AT_REQUEST,
	  .inputs = "NVML's nvmlGetVgpuCompatibility, by a helper on the hosts" },
	{ "R48", "nvidia-board", VENDOR, AT_PAIR, .judge = rule_board, .fixed = true,
	  .inputs = "PCI ids of the cards",
	  .outcomes = { [BOARD_SAME] = { FINE, "board {here}" },
	                [BOARD_DIFFERS] = { NEVER,
	                                    "different GPU board: {here} here, {there} there" },
	                [BOARD_SUBSYSTEM] = { DIFF, "another variant of the GPU board: {here} "
	                                            "here, {there} there" },
	                [BOARD_OTHER_VENDOR] = { NOTE, "hardware differs: {here} here, {there} "
	                                               "there (the type decides)" },
	                [BOARD_UNREAD] = { DARK, "the GPU boards cannot be compared: PCI ids could "
	                                         "not be read on {1}" },
	                [BOARD_OTHER_UNREAD] = { NOTE, "hardware cannot be compared: PCI ids could "
	                                               "not be read on {1}" } } },

	/* ---- configuration ---- */
	{ "R40", "aggregator", THREAD, AT_PAIR, .judge = rule_aggregator,
	  .inputs = "aggregator, intel_vgpu/aggregator of the instance",
	  .outcomes = { [AGGREGATOR_SAME] = { FINE, "aggregator {here}" },
	                [AGGREGATOR_SET] = { APPLY,
	                                     "set {1}={here} on the target ({there} there)" },
	                [AGGREGATOR_UNREAD] = { OPEN, "{1} could not be read on {2}" } } },
	{ "R41", "dynamic-resources", THREAD, AT_PAIR, .judge = rule_dynamic_resources,
	  .inputs = "dynamic_resources of the type, the attributes that it names",
	  .outcomes = { [DYNAMIC_SAME] = { FINE, "{1} {here}" },
	                [DYNAMIC_SET] = { APPLY, "set {1}={here} on the target ({there} there)" },
	                [DYNAMIC_UNREAD] = { OPEN, "the type wants {1} copied, and it could not be "
	                                           "read" } } },
	{ "R42", "compatible-sets", THREAD, AT_PAIR, .judge = rule_compatible_sets,
	  .info_is_equal = true,
	  .inputs = "compatible_pci_ids, compatible_chpid_type, compatible_type of the type",
	  .outcomes = { [SETS_FIT] = { SAME, "{1} {here}" },
	                [SETS_MISS] = { NEVER, "{1}: {there} there does not hold {here}" },
	                [SETS_UNREAD] = { DARK, "{1} could not be read on {2}" },
	                [SETS_ONE] = { DIFF, "{1} only on {src}: {here}" },
	                [SETS_TYPE] = { NOTE, "compatible_type: {here} here, {there} there "
	                                      "(managers ignore it)" } } },
	{ "R43", "definition-attributes", FACT, AT_PAIR, .judge = rule_definition_attrs,
	  .info_is_equal = true, .inputs = "attrs of the mdevctl definitions",
	  .outcomes = { [ATTRS_SAME] = { FINE, "the same attributes" },
	                [ATTRS_APPLY] = { APPLY, "apply on target: {here}" },
	                [ATTRS_NONE] = { NOTE, "created outside mdevctl: configuration unknown" },
	                [ATTRS_UNREAD] = { OPEN, "the definition of {1} cannot be read: {2}" } } },
	{ "R44", "attribute-diff", GUESS, AT_PAIR, .judge = rule_settings,
	  .inputs = "the instances' own attributes, own uuid masked",
	  .outcomes = { [SETTING_DIFFERS] = { DIFF, "{1} differs: {here} here, {there} there" },
	                [SETTING_UNREAD] = { OPEN, "{1} could not be read on {2}" } } },

	/* ---- use ---- */
	{ "R60", "source-in-use", FACT, AT_PAIR, .judge = rule_source_use,
	  .inputs = "who holds /dev/vfio nodes on the source",
	  .outcomes = { [SOURCE_USED] = { SAME, "used by {1}" },
	                [SOURCE_IDLE] = { TODO, "{here:8} is idle: nothing to live-migrate, simply "
	                                        "have {type} there" },
	                [SOURCE_UNREAD] = { DARK, "is {here:8} in use? {1}" } } },
	{ "R62", "managed", GUESS, AT_PAIR, .judge = rule_managed, .fixed = true,
	  .inputs = "names of guests and instances, enabled services, autostart of definitions",
	  .outcomes = { [MANAGED_SOURCE] = { BUSY, "managed by {1} ({2}): use its own command" },
	                [MANAGED_FOREIGN] = { DIFF, "managed by {1} ({2}): taken all the same" },
	                [MANAGED_HOST] = { DIFF, "{1} is enabled on {2}: it may hand out the same "
	                                         "devices" },
	                [MANAGED_TARGET] = { BUSY, "{there} belongs to {1}: not offered" },
	                [MANAGED_AUTOSTART] = { DIFF, "{there} starts with its host: somebody may "
	                                              "count on it" },
	                [MANAGED_HIDDEN] = { DARK, "whose guest uses {1}? its name is hidden: read "
	                                           "as root" },
	                [MANAGED_UNREAD] = { OPEN,
	                                     "cannot see which managers are enabled on {1}" } } },
	{ "R63", "group-viable", FACT, AT_PAIR, .judge = rule_group,
	  .inputs = "the members of the instances' IOMMU groups",
	  .outcomes = { [GROUP_SHARED] = { DIFF, "{1} devices share the IOMMU group of {2}" },
	                [GROUP_UNREAD] = { OPEN, "the IOMMU group of {1} could not be read" } } },

	/* ---- evaluated elsewhere ---- */
	{ "R51", "probe-ioctl", FACT, AT_NOBODY, .inputs = "an opened device: too intrusive" },
	{ "R52", "qemu-blockers", FACT, AT_PREFLIGHT,
	  .inputs = "QMP query-migrate; libvirt asks by itself" },
	{ "R53", "enable-migration", FACT, AT_PREFLIGHT,
	  .inputs = "QEMU's command line or the domain XML" },
	{ "R54", "p2p", FACT, AT_PREFLIGHT,
	  .inputs = "migration features of all devices of the guest" },
	{ "R55", "viommu-post-copy", FACT, AT_PREFLIGHT,
	  .inputs = "the domain XML, the migration's options" },
	{ "R70", "libvirt-qemu-minimum", FACT, AT_PREFLIGHT,
	  .inputs = "versions of libvirt and QEMU" },
	{ "R71", "machine-type", FACT, AT_PREFLIGHT,
	  .inputs = "the guest's machine type, the target's list" },
	{ "R72", "cpu", VENDOR, AT_PREFLIGHT, .inputs = "libvirt's comparison of CPUs" },
	{ "R73", "numa", GUESS, AT_PREFLIGHT, .inputs = "numa_node, the guest's pinning" },
	{ "R74", "downtime-budget", GUESS, AT_PREFLIGHT,
	  .inputs = "size of the device's state, speed of the line" },
	{ "R75", "rest", GUESS, AT_PREFLIGHT, .inputs = "memory, disks, networks, snapshots" },
	{ "R76", "identity", FACT, AT_PREFLIGHT,
	  .inputs = "host UUIDs, names and uuids of active guests" },
	{ "R64", "race", GUESS, AT_STEP,
	  .inputs = "a new reading before each write, the errno of the write" },
	{ "R80", "verify-target", FACT, AT_STEP, .inputs = "mdev_type of what was created" },
	{ "R81", "uuid-plan", FACT, AT_STEP, .inputs = "whether the uuid is taken on the target" },
	{ "R82", "failure-clean-up", FACT, AT_STEP,
	  .inputs = "use of what was created, time since" },
};
const guint compat_rule_count = G_N_ELEMENTS(compat_rules);
G_STATIC_ASSERT(G_N_ELEMENTS(compat_rules) <= COMPAT_RULES_MAX);

const char *rule_certainty_name(RuleCertainty certainty)
{
	static const char *const names[] = { [CERTAIN_FACT] = "fact",
		                             [CERTAIN_VENDOR] = "vendor",
		                             [CERTAIN_THREAD] = "thread",
		                             [CERTAIN_HEURISTIC] = "heuristic" };
	return names[certainty];
}

bool rule_is_decisive(const Rule *rule)
{
	for (guint i = 0; i < OUTCOMES_MAX; i++)
		if (rule->outcomes[i].text && rule->outcomes[i].decides)
			return true;
	return false;
}

int rule_find(const char *id_or_name)
{
	for (guint i = 0; i < compat_rule_count; i++)
		if (g_ascii_strcasecmp(compat_rules[i].id, id_or_name) == 0 ||
		    strcmp(compat_rules[i].name, id_or_name) == 0)
			return (int)i;
	return -1;
}
