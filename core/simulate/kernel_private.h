// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* State of a simulated kernel, for the files of this folder. All of it under `lock`. */

#include "core/simulate/kernel.h"

#define SIM_DEFINITIONS "/etc/mdevctl.d"
#define SIM_MAJOR 244 /* of /dev/vfio/N, where the kernel gave it in the transcripts */

typedef struct SimGuest SimGuest;
typedef struct SimMatrix SimMatrix;

typedef struct {
	const SimCard *card;
	guint function; /* 0: physical; n: nth virtual one */
	bool present;   /* a virtual function that is switched on */
	char *path;     /* below /sys/devices */
	const char *name;
	int group;           /* IOMMU group, -1: none */
	const SimType *type; /* vendor VFIO: current_vgpu_type */
	SimGuest *holder;    /* vendor VFIO */
} SimDevice;

typedef struct {
	char uuid[37];
	bool removing; /* off the bus, waiting for its guest */
	SimDevice *parent;
	const SimType *type;
	guint group, slot; /* slot: minor of /dev/vfio/GROUP and number of vfioN */
	SimGuest *holder;
	SimMatrix *matrix; /* vfio_ap */
	char *params;      /* NVIDIA's vgpu_params, NULL: none */
} SimInstance;

struct SimGuest {
	gint64 pid;
	char *name;
	char **devices; /* as given at its start */
};

typedef struct SimInjection SimInjection;

typedef struct {
	guint id;
	void (*heard)(const SimEvent *event, void *data);
	void *data;
} SimListener;

struct SimKernel {
	gatomicrefcount refs;
	const SimProfile *profile;
	char *hostname, *machine_id, *boot_id;
	GMutex lock;
	GCond changed;      /* a guest left, an injection was taken back, somebody was cancelled */
	GPtrArray *devices; /* SimDevice, absent functions too */
	GPtrArray *instances; /* SimInstance, in order of creation */
	GPtrArray *guests;    /* SimGuest */
	GPtrArray *injections;
	guint mended; /* how often injections were taken back */
	GTree *files; /* below /etc/mdevctl.d: path → GBytes, NULL for a folder */
	guint8 apmask[32], aqmask[32]; /* of the AP bus; see matrix.h */
	guint32 steps;
	/* events: queued under `lock`, told under `telling` */
	guint64 seqnum;
	GQueue pending;
	GRecMutex telling;
	GArray *listeners; /* SimListener; both locks to change it */
	guint last_listener;
};

/* How long an operation may wait. */
typedef struct {
	GCancellable *cancel;
	gint64 end; /* monotonic µs; 0: for ever */
} SimWait;

/* Waits for `changed` once: 0, -EINTR or -ETIMEDOUT. */
int kernel_wait(SimKernel *kernel, const SimWait *wait);
/* Has `cancel` wake those who wait, from here until kernel_forget_cancel. Without the lock. */
gulong kernel_mind_cancel(SimKernel *kernel, GCancellable *cancel);
void kernel_forget_cancel(GCancellable *cancel, gulong id);
/* With the lock. */
int kernel_list(SimKernel *kernel, const char *path, const SimWait *wait, char ***names);
gssize kernel_read(SimKernel *kernel, const char *path, const SimWait *wait, GString *out);
int kernel_readlink(SimKernel *kernel, const char *path, const SimWait *wait, GString *out);

/* ---- instances.c ---- */

guint kernel_available(const SimKernel *kernel, const SimDevice *parent, const SimType *type);
gssize kernel_create(SimKernel *kernel, SimDevice *parent, const SimType *type, const char *bytes,
                     gsize len);
gssize kernel_remove(SimKernel *kernel, SimInstance *instance, const char *bytes, gsize len,
                     const SimWait *wait);
/* Does the removals that wait for nobody any more. */
void kernel_finish_removals(SimKernel *kernel);
SimInstance *kernel_instance(const SimKernel *kernel, const char *uuid);
void instance_free(SimInstance *instance);
/* Sysfs path of an instance, new. */
char *instance_path(const SimInstance *instance);

/* ---- devices.c ---- */

void devices_add(SimKernel *kernel, const SimCard *card);
void device_free(SimDevice *device);
/* Has mdev_supported_types. */
bool device_is_parent(const SimKernel *kernel, const SimDevice *device);
SimDevice *kernel_device(const SimKernel *kernel, const char *name);
/* A write of `sriov_numvfs`. */
gssize device_set_vfs(SimKernel *kernel, SimDevice *device, const char *bytes, gsize len);
guint device_count_vfs(const SimKernel *kernel, const SimDevice *device);
/* Vendor VFIO: has nodes in /dev/vfio of its own; and the number of these. */
bool device_is_vendor_function(const SimDevice *device);
guint device_slot(const SimKernel *kernel, const SimDevice *device);
/* Vendor VFIO: units left for a function, and a write of `current_vgpu_type`. */
bool device_can_take(const SimKernel *kernel, const SimDevice *device, const SimType *type);
gssize device_set_type(SimKernel *kernel, SimDevice *device, const char *bytes, gsize len);

/* ---- others ---- */

/* 0, or -errno of the injection that matches; may wait. `real`: resolved path, NULL: the same. */
int kernel_injected(SimKernel *kernel, const char *op, const char *path, const char *real,
                    const SimWait *wait);
void injection_free(SimInjection *injection);
void guest_free(SimGuest *guest);
SimGuest *kernel_guest(const SimKernel *kernel, gint64 pid);

/* Queues an event; further arguments are properties as "KEY=VALUE" formats done, up to NULL. */
void kernel_emit(SimKernel *kernel, const char *action, const char *subsystem, const char *sysfs,
                 ...) G_GNUC_NULL_TERMINATED;
/* Tells what is queued. Without the lock. */
void kernel_tell(SimKernel *kernel);
void kernel_drop_events(SimKernel *kernel);

/* A number as the kernel's kstrtoul takes it: base by prefix, one newline at the end. */
bool parse_number(const char *bytes, gsize len, guint64 *n);
