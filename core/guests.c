// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/guests.h"

static void guest_free(gpointer data)
{
	Guest *guest = data;
	g_ptr_array_unref(guest->instances);
	g_free(guest);
}

static Guest *guest_of(GPtrArray *guests, GHashTable *by_pid, const InstanceUser *user)
{
	Guest *guest = g_hash_table_lookup(by_pid, &user->pid);
	if (guest)
		return guest;
	guest = g_new0(Guest, 1);
	guest->vm = user->vm;
	guest->pid = user->pid;
	guest->instances = g_ptr_array_new();
	g_ptr_array_add(guests, guest);
	g_hash_table_insert(by_pid, &guest->pid, guest);
	return guest;
}

GPtrArray *guests_new(const Inventory *inventory)
{
	GPtrArray *guests = g_ptr_array_new_with_free_func(guest_free);
	g_autoptr(GHashTable) by_pid = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < inventory->instances->len; i++) {
		Instance *instance = g_ptr_array_index(inventory->instances, i);
		for (guint u = 0; instance->users && u < instance->users->len; u++)
			g_ptr_array_add(guest_of(guests, by_pid,
			                         &g_array_index(instance->users, InstanceUser, u))
			                        ->instances,
			                instance);
	}
	return guests;
}
