// SPDX-License-Identifier: GPL-2.0-or-later

/* Cases of the rules on configuration. */

#include "tests/unit/rule_cases.h"

const RuleCase config_cases[] = {
	{ "R40", CASE_PASS, WORLD_MTTY, "b j $t\na v $I/aggregator 4\nb v $J/aggregator 4",
	  ASK_NAMED, VERDICT_READY, LEVEL_OK, "aggregator 4" },
	{ "R40", CASE_FAIL, WORLD_MTTY, "b j $t\na v $I/aggregator 4\nb v $J/aggregator 1",
	  ASK_NAMED, VERDICT_ACTION, LEVEL_ACTION, "set aggregator=4 on the target (1 there)" },
	{ "R40", CASE_MORE, WORLD_MTTY, "a v $I/intel_vgpu/aggregator 2", 0, VERDICT_ACTION,
	  LEVEL_ACTION, "set intel_vgpu/aggregator=2 on the target (none there)" },
	{ "R40", CASE_ABSENT, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, NULL },
	{ "R40", CASE_UNREAD, WORLD_MTTY, "b j $t\na v $I/aggregator 4\nb e $J/aggregator EACCES",
	  ASK_NAMED, VERDICT_ACTION, LEVEL_UNKNOWN, "aggregator could not be read on b" },
	{ "R41", CASE_PASS, WORLD_MTTY,
	  "a v $T/dynamic_resources aggregator,vgpu_params\nb j $t\na v $I/nvidia/vgpu_params "
	  "x=1\nb v $J/nvidia/vgpu_params x=1",
	  ASK_NAMED, VERDICT_READY, LEVEL_OK, "nvidia/vgpu_params x=1" },
	{ "R41", CASE_FAIL, WORLD_MTTY,
	  "a v $T/dynamic_resources aggregator,vgpu_params\na v $I/nvidia/vgpu_params x=1", 0,
	  VERDICT_ACTION, LEVEL_ACTION, "set nvidia/vgpu_params=x=1 on the target (none there)" },
	{ "R41", CASE_MORE, WORLD_MTTY, "a v $T/dynamic_resources fps", 0, VERDICT_ACTION,
	  LEVEL_UNKNOWN, "the type wants fps copied, and it could not be read" },
	{ "R41", CASE_ABSENT, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, NULL },
	{ "R41", CASE_UNREAD, WORLD_MTTY,
	  "a v $T/dynamic_resources aggregator,vgpu_params\na e $T/dynamic_resources EIO", 0,
	  VERDICT_ACTION, LEVEL_UNKNOWN,
	  "the type wants what dynamic_resources names copied, and it could not be read" },
	{ "R42", CASE_PASS, WORLD_MTTY,
	  "a v $T/compatible_pci_ids 0xab\nb v $T/compatible_pci_ids 171, 172", 0, VERDICT_ACTION,
	  LEVEL_OK, "compatible_pci_ids 0xab" },
	{ "R42", CASE_FAIL, WORLD_MTTY,
	  "a v $T/compatible_pci_ids 1,2\nb v $T/compatible_pci_ids 1,3", 0, VERDICT_INCOMPATIBLE,
	  LEVEL_INCOMPATIBLE, "compatible_pci_ids: 1,3 there does not hold 1,2" },
	{ "R42", CASE_MORE, WORLD_MTTY, "a v $T/compatible_chpid_type 1", 0, VERDICT_ACTION,
	  LEVEL_WARN, "compatible_chpid_type only on a: 1" },
	{ "R42", CASE_MORE, WORLD_MTTY, "a v $T/compatible_type x\nb v $T/compatible_type y", 0,
	  VERDICT_ACTION, LEVEL_INFO, "compatible_type: x here, y there (managers ignore it)" },
	{ "R42", CASE_ABSENT, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_OK, NULL },
	{ "R42", CASE_UNREAD, WORLD_MTTY,
	  "+ v $T/compatible_pci_ids 1\nb e $T/compatible_pci_ids EIO", 0, VERDICT_UNKNOWN,
	  LEVEL_UNKNOWN, "compatible_pci_ids could not be read on b" },
	{ "R43", CASE_PASS, WORLD_MTTY,
	  "b j $t\na n /etc/mdevctl.d $p\na n /etc/mdevctl.d/$p $u\na v /etc/mdevctl.d/$p/$u "
	  "{\"mdev_type\":\"$t\",\"start\":\"manual\",\"attrs\":[{\"assign_adapter\":\"5\"},{"
	  "\"assign_domain\":\"0xab\"}]}\nb n /etc/mdevctl.d $p\nb n /etc/mdevctl.d/$p $j\nb v "
	  "/etc/mdevctl.d/$p/$j "
	  "{\"mdev_type\":\"$t\",\"start\":\"manual\",\"attrs\":[{\"assign_domain\":\"171\"},{"
	  "\"assign_adapter\":\"0x5\"}]}",
	  ASK_NAMED, VERDICT_READY, LEVEL_OK, "the same attributes" },
	{ "R43", CASE_FAIL, WORLD_MTTY,
	  "a n /etc/mdevctl.d $p\na n /etc/mdevctl.d/$p $u\na v /etc/mdevctl.d/$p/$u "
	  "{\"mdev_type\":\"$t\",\"start\":\"manual\",\"attrs\":[{\"assign_adapter\":\"5\"},{"
	  "\"assign_domain\":\"0xab\"}]}",
	  0, VERDICT_ACTION, LEVEL_ACTION,
	  "apply on target: assign_adapter=5, assign_domain=0xab" },
	{ "R43", CASE_MORE, WORLD_MTTY,
	  "b j $t\na n /etc/mdevctl.d $p\na n /etc/mdevctl.d/$p $u\na v /etc/mdevctl.d/$p/$u "
	  "{\"mdev_type\":\"$t\",\"start\":\"manual\",\"attrs\":[{\"assign_adapter\":\"5\"},{"
	  "\"assign_domain\":\"0xab\"}]}\nb n /etc/mdevctl.d $p\nb n /etc/mdevctl.d/$p $j\nb v "
	  "/etc/mdevctl.d/$p/$j "
	  "{\"mdev_type\":\"$t\",\"start\":\"manual\",\"attrs\":[{\"assign_adapter\":\"6\"}]}",
	  ASK_NAMED, VERDICT_ACTION, LEVEL_ACTION,
	  "apply on target: assign_adapter=5, assign_domain=0xab" },
	{ "R43", CASE_ABSENT, WORLD_MTTY, NULL, 0, VERDICT_ACTION, LEVEL_INFO,
	  "created outside mdevctl: configuration unknown" },
	{ "R43", CASE_UNREAD, WORLD_MTTY,
	  "b j $t\na n /etc/mdevctl.d $p\na n /etc/mdevctl.d/$p $u\na v /etc/mdevctl.d/$p/$u {}\na "
	  "e /etc/mdevctl.d/$p/$u EACCES",
	  ASK_NAMED, VERDICT_ACTION, LEVEL_UNKNOWN,
	  "the definition of $u cannot be read: Permission denied" },
	{ "R44", CASE_PASS, WORLD_MTTY,
	  "b j $t\na v $I/vendor/sample_mdev_dev This is MDEV $u\nb v $J/vendor/sample_mdev_dev "
	  "This is MDEV $j",
	  ASK_NAMED, VERDICT_READY, LEVEL_OK, NULL },
	{ "R44", CASE_FAIL, WORLD_MTTY,
	  "b j $t\na v $I/nvidia/vgpu_params a=1\nb v $J/nvidia/vgpu_params a=2", ASK_NAMED,
	  VERDICT_READY, LEVEL_WARN, "nvidia/vgpu_params differs: a=1 here, a=2 there" },
	{ "R44", CASE_MORE, WORLD_MTTY, "b j $t\na v $I/nvidia/vgpu_params a=1", ASK_NAMED,
	  VERDICT_READY, LEVEL_WARN, "nvidia/vgpu_params differs: a=1 here, none there" },
	{ "R44", CASE_ABSENT, WORLD_MTTY, "b j $t", ASK_NAMED, VERDICT_READY, LEVEL_OK, NULL },
	{ "R44", CASE_UNREAD, WORLD_MTTY,
	  "b j $t\na v $I/nvidia/vgpu_params a=1\nb e $J/nvidia/vgpu_params EIO", ASK_NAMED,
	  VERDICT_READY, LEVEL_UNKNOWN, "nvidia/vgpu_params could not be read on b" },
};
const guint config_case_count = G_N_ELEMENTS(config_cases);
