// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What simulated hosts are made of: const tables of drivers, their types, the cards they drive, and
 * hosts put together from these. Sizes and wording follow the real drivers; where that is not
 * proved by a transcript or by source, the table says so.
 */

#include <glib.h>
#include <stdbool.h>

typedef struct {
	const char *id;          /* as sysfs shows it: driver name, dash, own name */
	const char *name;        /* `name`; NULL: the id again */
	const char *description; /* NULL: no such file */
	guint cost;              /* units of the pool */
	const char *detail;      /* what the driver's own attribute of an instance says, or NULL */
} SimType;

/* A driver on the mdev bus. */
typedef struct {
	const char *name, *module;
	const char *device_api;
	const SimType *types;
	guint n_types;
	/*
	 * Room. Instances take units of a pool, and a create without room fails with `full` after
	 * the device was announced; `most` counts instances of a parent in the mdev core, which
	 * refuses with EUSERS before that (drivers/vfio/mdev/mdev_core.c).
	 */
	guint pool;
	bool pool_of_card; /* shared by all functions of a card; one instance a function */
	bool uniform;      /* all instances of a card cost the same */
	int full;
	guint most;
	const char *attribute; /* file in the instance's folder `vendor`, or NULL */
	bool migrates;         /* has VFIO migration operations */
} SimDriver;

/* A device as it is built in: with SR-IOV its functions are devices of their own. */
typedef struct {
	const char *path;        /* below /sys/devices */
	const char *subsystem;   /* below /sys: "class/mtty", "bus/pci" */
	const char *bus_driver;  /* who drives the device itself, or NULL */
	const char *bus_module;  /* whose module, or NULL */
	const SimDriver *driver; /* who offers mdev types on it, or NULL */
	bool vendor_vfio;        /* driver's types are set on the functions, without mdev */
	bool is_pci;
	guint16 vendor, device, subsystem_vendor, subsystem_device;
	guint32 class;
	int numa_node;
	guint vfs, vfs_total; /* virtual functions at start, and at most */
} SimCard;

typedef struct {
	const char *name, *version, *srcversion; /* NULL: no such file */
	guint size;
	const char *uses; /* another module, or NULL */
} SimModule;

/* How a simulated host is reached. */
typedef enum {
	SIM_LINE_GOOD,
	SIM_LINE_REFUSED,
	SIM_LINE_AUTH,     /* nobody may log in */
	SIM_LINE_HOSTKEY,  /* asks whether this is the host */
	SIM_LINE_HANG,     /* connects and says nothing more */
	SIM_LINE_SLOW,     /* each request takes two seconds */
	SIM_LINE_FLAPPING, /* every third request finds the line down */
} SimLine;

typedef enum {
	SIM_MDEV = 1 << 0,    /* the mdev bus exists */
	SIM_DEBUGFS = 1 << 1, /* CONFIG_VFIO_DEBUGFS */
	SIM_CDEV = 1 << 2,    /* CONFIG_VFIO_DEVICE_CDEV: /dev/vfio/devices */
	SIM_MDEVCTL = 1 << 3, /* /etc/mdevctl.d exists */
	SIM_AP = 1 << 4,      /* crypto cards of a mainframe */
	SIM_LIVELY = 1 << 5,  /* instances and guests come and go by themselves */
} SimFeatures;

typedef struct {
	const char *name, *summary;
	const char *release, *arch;
	SimFeatures features;
	SimLine line;
	const SimCard *const *cards;     /* NULL-terminated */
	const SimModule *const *modules; /* NULL-terminated */
	guint instances;                 /* that are there from the start */
} SimProfile;

/* The profile of that name, or NULL. */
const SimProfile *sim_profile_find(const char *name);
/* For lists of them: NULL past the end. */
const SimProfile *sim_profile_nth(guint i);
