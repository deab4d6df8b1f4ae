// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/names.h"

const char *parent_kind_name(ParentKind kind)
{
	static const char *const names[] = {
		[PARENT_PCI] = "pci", [PARENT_VIRTUAL] = "virtual", [PARENT_CCW] = "ccw",
		[PARENT_AP] = "ap",   [PARENT_OTHER] = "other",
	};
	return names[kind];
}

const char *instance_kind_name(InstanceKind kind)
{
	static const char *const names[] = {
		[INSTANCE_MDEV] = "mdev", [INSTANCE_NVIDIA_VF] = "nvidia-vf"
	};
	return names[kind];
}

const char *tri_name(Tri tri)
{
	static const char *const names[] = {
		[TRI_UNKNOWN] = "unknown",
		[TRI_NO] = "no",
		[TRI_YES] = "yes",
	};
	return names[tri];
}

const char *host_state_name(HostState state)
{
	static const char *const names[] = {
		[HOST_CONNECTING] = "connecting", [HOST_UP] = "up",
		[HOST_STALE] = "stale",           [HOST_DOWN] = "down",
		[HOST_RECORDING] = "recorded",    [HOST_PAUSED] = "disconnected",
		[HOST_FORGOTTEN] = "forgotten",
	};
	return names[state];
}

const char *start_name(bool autostart)
{
	return autostart ? "auto" : "manual";
}

const char *step_kind_name(StepKind kind)
{
	static const char *const names[] = {
		[STEP_CREATE] = "create",         [STEP_REMOVE] = "remove",
		[STEP_DEFINE] = "define",         [STEP_UNDEFINE] = "undefine",
		[STEP_START] = "start",           [STEP_STOP] = "stop",
		[STEP_AUTOSTART] = "autostart",   [STEP_ATTRS] = "attrs",
		[STEP_WRITE_ATTR] = "write-attr", [STEP_VF_TYPE] = "vf-type",
	};
	return names[kind];
}
