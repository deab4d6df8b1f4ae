// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What the makers of the parts of an inventory share. Internal to inventory_new. */

#include "core/inventory.h"

typedef struct {
	Inventory *inventory;
	const Facts *facts;
	DeviceNamer namer;     /* or NULL */
	GStringChunk *strings; /* of the inventory */
	GHashTable *shared;    /* those of them that may be shared */
	GString *path;         /* scratch for paths */
	/* empty arrays, shared by all instances that have none */
	GArray *no_users, *no_attrs, *no_settings;
} Builder;

/* Copies into the inventory; NULL stays NULL. `build_shared` is for text that repeats. */
const char *build_string(Builder *b, const char *text);
const char *build_shared(Builder *b, const char *text);

/* "BASE/NAME" in scratch memory, where the first `base` bytes of b->path are the base. */
const char *build_path(Builder *b, gsize base, const char *name);
/* Sets the base and returns its length. */
gsize build_base(Builder *b, const char *first, const char *second);

/* Readings with their text copied. Errors of readings have their rows already (errors pass). */
TextReading build_text(Builder *b, const char *path);
/* A whole number; text that is none within the bounds costs a row. */
NumReading build_number(Builder *b, const char *path, gint64 min, gint64 max);
/* Basename of a link's target as a reading. */
TextReading build_link_base(Builder *b, const char *path);
/* The same as text or NULL. */
const char *build_link_name(Builder *b, const char *path);

/* Whether a folder could be listed. */
ReadState build_list_state(Builder *b, const char *path);

/* Where the link at `path` leads: lexically, without the root; the path itself if it is no link. */
char *build_resolve(Builder *b, const char *path);

/* One more row. `code` is static or the inventory's; the other texts are copied. */
void build_error(Builder *b, const char *code, int err, const char *scope, const char *path,
                 const char *text, const char *hint);

/* "A40", or "10de:2235" for a device that nobody names. The subsystem's ids may be NULL. */
const char *build_device_name(Builder *b, const char *vendor, const char *device,
                              const char *sub_vendor, const char *sub_device);
/* "A40 41:00.0" */
const char *build_device_label(Builder *b, const char *device_name, const char *bdf);

/* An instance of which only its name is known. */
Instance *build_instance_new(Builder *b, InstanceKind kind, const char *id);
/* IOMMU group and vfio device below the first `base` bytes of b->path. */
void build_vfio(Builder *b, Instance *instance, gsize base);
/* Where the bus lists its instances. */
#define INSTANCES "/sys/bus/mdev/devices"

/* "0000:3b:00.4" */
bool name_is_bdf(const char *name);

/* The parts, in this order. */
void build_host(Builder *b);
void build_parents(Builder *b);
void build_instances(Builder *b);
void build_functions(Builder *b);
void build_vfs(Builder *b); /* behind the instances of the mdev bus */
void build_users(Builder *b);
void build_definitions(Builder *b);
/* A row for every reading that failed. */
void build_reading_errors(Builder *b);
