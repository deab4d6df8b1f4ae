// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The inventory: what the facts of one host mean. Made by one pure function, immutable afterwards,
 * reference-counted, and so shared between threads without locks. Strings live in the inventory.
 * Field names follow the JSON of contract.md.
 */

#include "core/facts.h"
#include "core/reading.h"

typedef struct Inventory Inventory;
typedef struct Parent Parent;
typedef struct Type Type;
typedef struct Instance Instance;

typedef struct Card Card;

typedef enum { PARENT_PCI, PARENT_VIRTUAL, PARENT_CCW, PARENT_AP, PARENT_OTHER } ParentKind;

/* One thing that could not be read or parsed: exactly one row, naming the file. */
typedef struct {
	const char *code;  /* "EACCES", "PARSE", ... */
	int err;           /* errno or 0 */
	const char *scope; /* "field", "device", "host", "application" */
	const char *path;  /* host path, or NULL */
	const char *text;
	const char *hint; /* one actionable sentence, or NULL */
} ScanError;

/*
 * Files of a type that were proposed on the mailing lists in 2019 and 2020 and never merged; NULL
 * for nearly every type. Rules look at them only where one exists.
 */
typedef struct {
	TextReading software_version, migration_version, dynamic_resources;
	TextReading compatible_type, compatible_pci_ids, compatible_chpid_type;
} TypeRare;

struct Type {
	Parent *parent;
	const char *id;
	TextReading name, device_api, description;
	NumReading available; /* available_instances */
	TypeRare *rare;       /* or NULL */
	GPtrArray *instances; /* Instance *, by uuid */
};

struct Parent {
	const char *name;
	const char *path; /* resolved, without the root */
	ParentKind kind;
	const char *physfn; /* BDF of the physical function, or NULL */
	const char *driver; /* NULL: no driver link */
	const char *module; /* NULL: not known */
	TextReading module_version, module_srcversion;
	TextReading module_taint; /* "O": not of the kernel's tree; empty: of the tree */
	NumReading numa_node;
	TextReading vendor, device, subsystem_vendor, subsystem_device; /* four hex digits, no 0x */
	/* The card's: of the physical function where this is a virtual one, else its own. */
	TextReading board_vendor, board_device, board_subsystem_vendor, board_subsystem_device;
	const char *device_name; /* "A40", or "10de:2235"; NULL: no PCI device */
	const char *label;       /* what to call it on a screen; never NULL */
	bool actionable;         /* its name may stand in a write */
	int types_err;           /* errno of the listing of its types, or 0 */
	GPtrArray *types;        /* Type *, by id */
	const Card *card;        /* that it is a function of, or is by itself (core/cards.h) */
};

/*
 * A PCI function of a driver that can offer devices by other ways than the mdev bus, or only after
 * something was switched on. It explains hosts and cards without types (core/explain.h).
 */
typedef struct {
	const char *name; /* BDF */
	const char *driver;
	const char *physfn; /* or NULL */
	const char *device_name, *label;
	NumReading totalvfs, numvfs;
	/* NVIDIA's vendor VFIO: the type in use, 0 for none; absent: this is not how it works. */
	NumReading vgpu_type;
	TextReading creatable; /* nvidia/creatable_vgpu_types: lines "ID : NAME" */
} Function;

/* What must be on, or there, before some drivers offer devices. */
typedef struct {
	TextReading enable_gvt; /* i915's parameter; absent: an i915 without GVT-g */
	bool kvmgt;             /* its module is loaded */
	bool vgpu_module;       /* nvidia_vgpu_vfio is loaded */
	bool ap_bus, vfio_ap;   /* the AP bus; vfio_ap's driver on it */
	guint ap_queues;        /* that vfio_ap drives */
} Switches;

typedef struct {
	gint64 pid;
	const char *vm; /* from -name, or NULL */
} InstanceUser;

typedef struct {
	const char *key, *value;
} Attr;

/* An mdev, or a virtual function to which NVIDIA's vendor VFIO gave a vGPU type. */
typedef enum { INSTANCE_MDEV, INSTANCE_NVIDIA_VF } InstanceKind;

/* A setting of an instance: the attribute's path below it, and its value with the own uuid masked.
 */
typedef struct {
	const char *name; /* "nvidia/vgpu_params"; static */
	TextReading value;
} InstanceAttr;

struct Instance {
	InstanceKind kind;
	const char *id;          /* as the bus names it: a uuid, or a BDF */
	const char *uuid;        /* NULL if the name is not a uuid */
	Parent *parent;          /* NULL: its parent was not seen */
	const char *parent_name; /* from its path; NULL where even that is unreadable */
	TextReading type;        /* basename of mdev_type; "nvidia-N" for a vGPU type */
	const char *type_name;   /* of a vGPU type, where a function still lists it; or NULL */
	Type *type_ref;          /* that type, if its parent offers it */
	const char *driver;
	NumReading iommu_group;
	NumReading group_members; /* devices in that group, itself included */
	const char *vfio_dev;     /* "vfio3", or NULL */
	bool place_hidden;        /* one of the two could not be read: it may have users */
	const char *path;         /* resolved */
	Tri in_use;
	const char *in_use_why; /* for TRI_UNKNOWN: why it cannot be told; else NULL */
	GArray *users;          /* InstanceUser */
	bool actionable;
	bool defined, autostart;
	bool ours;           /* the journal says that mdevcon made it, since that host started */
	const char *differs; /* how it differs from its definition, in words; NULL: it does not */
	GArray *attrs;       /* Attr, in order, of the definition */
	const char *definition_error; /* its definition cannot be read: why; else NULL */
	GArray *settings; /* InstanceAttr, those that exist, in the order of the table */
	/*
	 * Of debugfs (Linux 6.8, CONFIG_VFIO_DEBUGFS, root): YES where its folder has migration/,
	 * NO where it has none, UNKNOWN with the reason where nothing can be seen.
	 */
	Tri migration;
	const char *migration_why; /* for TRI_UNKNOWN; else NULL */
	TextReading migration_state, migration_features;
};

typedef struct {
	const char *uuid;
	const char *parent;
	const char *type; /* NULL if it could not be parsed */
	bool autostart;
	GArray *attrs; /* Attr, in order */
	bool active;
	const char *file;
	const char *text;  /* the file; NULL if it could not be read */
	const char *error; /* what is wrong with the file, or NULL */
} Definition;

/* A crypto card of s390. */
typedef struct {
	const char *name;      /* "card05" */
	TextReading hwtype;    /* decimal */
	TextReading functions; /* ap_functions, hex */
} ApCard;

struct Inventory {
	/* host */
	gint64 taken_at;  /* seconds since the epoch */
	bool live;        /* read from a running system */
	gint64 euid;      /* -1: not known */
	const char *user; /* who logged in */
	const char *via;  /* "sudo", "doas": what made him root; or NULL */
	TextReading arch, hostname, kernel, machine_id, boot_id;
	const char *mdevctl;                      /* path of its mdevctl, or NULL: it has none */
	ReadState parents_state, instances_state; /* of the lists of the two buses */
	ReadState definitions_state;              /* of /etc/mdevctl.d */
	/* Who else hands out devices ("OpenStack Nova"), NULL at the end; whether all was seen. */
	const char **managers;
	ReadState managers_state;
	TextReading ap_features; /* of the vfio_ap driver */
	char **ap_queues;        /* "05.00ab": bound to vfio_ap; NULL: not known */
	GArray *ap_cards;        /* ApCard */
	bool has_mdev_bus;       /* /sys/class/mdev_bus exists */
	const char *empty_why;   /* no parent: why, as far as sysfs tells; NULL otherwise */
	char **notes;            /* what else could offer devices here and does not, sentences */
	Switches switches;
	Tri users_known;        /* YES: every process was looked into, "no" is proved */
	GPtrArray *parents;     /* Parent *, by name */
	GPtrArray *functions;   /* Function *, by driver, name */
	GPtrArray *cards;       /* Card *, by name */
	GPtrArray *instances;   /* Instance *, by id */
	GPtrArray *definitions; /* Definition *, by parent, uuid */
	GPtrArray *errors;      /* ScanError * */
};

/* Pure: facts → inventory. Never fails; what is wrong stands in `errors`. Any thread. */
Inventory *inventory_new(const Facts *facts);
/*
 * The same, with names for PCI devices: `namer` gives new text for ids of four hex digits (the
 * subsystem's may be NULL), or NULL for a device that it does not know.
 */
typedef char *(*DeviceNamer)(const char *vendor, const char *device, const char *subsystem_vendor,
                             const char *subsystem_device);
Inventory *inventory_new_named(const Facts *facts, DeviceNamer namer);
Inventory *inventory_ref(Inventory *inventory);
void inventory_unref(Inventory *inventory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inventory, inventory_unref)

/* Lookups; NULL if there is none. */
Parent *inventory_parent(const Inventory *inventory, const char *name);
Type *parent_type(const Parent *parent, const char *type_id);
Definition *inventory_definition(const Inventory *inventory, const char *parent, const char *uuid);
/*
 * An instance by uuid or by any prefix of it, a virtual function as "vf:BDF"; `*matches` (may be
 * NULL) counts those that match.
 */
Instance *inventory_instance(const Inventory *inventory, const char *prefix, guint *matches);

#define DEFINITIONS_FOLDER "/etc/mdevctl.d"
/* /etc/mdevctl.d/PARENT/UUID, of names that may stand in a path: nothing else is written there. */
bool definition_path_is_valid(const char *path);

/* "41:00.0" for "0000:41:00.0": as lspci writes it; other names stay. Points into `name`. */
const char *bdf_short(const char *name);
/* True if the name may stand in a path that is written: [A-Za-z0-9._:+-]+, neither "." nor "..". */
bool name_is_actionable(const char *name);
