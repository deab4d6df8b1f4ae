// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/output/guest_row.h"

#include "core/output/names.h"

guint guest_row_devices(const GuestRow *row)
{
	return row->guest ? row->guest->instances->len : 1;
}

const Instance *guest_row_device(const GuestRow *row, guint nth)
{
	return row->guest ? g_ptr_array_index(row->guest->instances, nth) : row->instance;
}

static char *name_cell(const void *row)
{
	const Guest *guest = ((const GuestRow *)row)->guest;
	if (!guest)
		return NULL;
	return guest->vm ? g_strdup(guest->vm)
	                 : g_strdup_printf("pid %" G_GINT64_FORMAT, guest->pid);
}

static char *host_cell(const void *row)
{
	return g_strdup(((const GuestRow *)row)->address->label);
}

static char *count_cell(const void *row)
{
	return g_strdup_printf("%u", guest_row_devices(row));
}

/* What one of the devices says; NULL where it says nothing. */
typedef const char *(*DeviceWord)(const GuestRow *row, guint nth);

/* The words of all devices, each once, in order. */
static char *device_words(const GuestRow *row, DeviceWord word)
{
	g_autoptr(GPtrArray) said = g_ptr_array_new();
	for (guint i = 0; i < guest_row_devices(row); i++) {
		const char *one = word(row, i);
		if (one && !g_ptr_array_find_with_equal_func(said, one, g_str_equal, NULL))
			g_ptr_array_add(said, (char *)one);
	}
	if (said->len == 0)
		return NULL;
	g_ptr_array_add(said, NULL);
	return g_strjoinv(", ", (char **)said->pdata);
}

static const char *id_word(const GuestRow *row, guint nth)
{
	return row->short_ids ? row->short_ids[nth] : guest_row_device(row, nth)->id;
}

static const char *type_word(const GuestRow *row, guint nth)
{
	const TextReading *type = &guest_row_device(row, nth)->type;
	return type->state == READ_VALUE ? type->s : type->state == READ_UNREADABLE ? "?" : NULL;
}

static const char *defined_word(const GuestRow *row, guint nth)
{
	const Instance *instance = guest_row_device(row, nth);
	return instance->defined ? start_name(instance->autostart) : NULL;
}

static const char *use_word(const GuestRow *row, guint nth)
{
	return tri_name(guest_row_device(row, nth)->in_use);
}

static const char *parent_word(const GuestRow *row, guint nth)
{
	const char *name = guest_row_device(row, nth)->parent_name;
	return name ? bdf_short(name) : NULL;
}

static char *ids_cell(const void *row)
{
	return device_words(row, id_word);
}

static char *types_cell(const void *row)
{
	return device_words(row, type_word);
}

static char *parents_cell(const void *row)
{
	return device_words(row, parent_word);
}

static char *use_cell(const void *row)
{
	return device_words(row, use_word);
}

static char *defined_cell(const void *row)
{
	return device_words(row, defined_word);
}

static char *pid_cell(const void *row)
{
	const Guest *guest = ((const GuestRow *)row)->guest;
	return guest ? g_strdup_printf("%" G_GINT64_FORMAT, guest->pid) : NULL;
}

const Column guest_columns[] = {
	{ "guest", "name", "GUEST", ALIGN_LEFT, WIDTH_WHOLE, name_cell },
	{ "host", NULL, "HOST", ALIGN_LEFT, WIDTH_WHOLE, host_cell },
	{ "types", "type", "TYPES", ALIGN_LEFT, WIDTH_CUT, types_cell },
	{ "count", NULL, "DEVICES", ALIGN_RIGHT, WIDTH_WHOLE, count_cell, .drop = 3 },
	{ "use", NULL, "IN USE", ALIGN_LEFT, WIDTH_WHOLE, use_cell },
	{ "defined", NULL, "DEFINED", ALIGN_LEFT, WIDTH_WHOLE, defined_cell, .drop = 2 },
	{ "pid", "pid", "PID", ALIGN_RIGHT, WIDTH_WHOLE, pid_cell, .drop = 4 },
	{ "parents", NULL, "ON", ALIGN_LEFT, WIDTH_CUT, parents_cell, .drop = 5 },
	{ "devices", "devices", "INSTANCES", ALIGN_LEFT, WIDTH_CUT, ids_cell },
};
const guint guest_column_count = G_N_ELEMENTS(guest_columns);
