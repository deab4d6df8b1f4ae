// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * Who uses an instance. A user that is found is a fact; that there is none is one only where every
 * process could be looked into. Anything else is "unknown", with the reason.
 */

#include "core/inventory_build.h"

#include <string.h>

#define UUID_LENGTH 36
#define FIRST_PID_NAMESPACE "pid:[4026531836]"
#define DELETED " (deleted)"

typedef struct {
	GHashTable *by_node; /* "/dev/vfio/3", or an instance's id in lower case → GArray of pids */
	GHashTable *names;   /* pid → name of the guest, owned by the inventory */
} Users;

static void add_user(Users *users, const char *key, gsize len, gint64 pid)
{
	g_autofree char *node = g_ascii_strdown(key, (gssize)len);
	GArray *pids = g_hash_table_lookup(users->by_node, node);
	if (!pids) {
		pids = g_array_new(FALSE, FALSE, sizeof pid);
		g_hash_table_insert(users->by_node, g_steal_pointer(&node), pids);
	}
	g_array_append_val(pids, pid);
}

/* ---- command lines ---- */

/* A QEMU option's value up to the next comma; a doubled comma stands for one. */
static const char *next_option(const char *at, GString *out)
{
	g_string_truncate(out, 0);
	for (; *at; at++) {
		if (*at == ',' && at[1] != ',')
			return at + 1;
		if (*at == ',')
			at++;
		g_string_append_c(out, *at);
	}
	return at;
}

/* "guest=web01,debug-threads=on" or "web01,process=x" → "web01" */
static const char *guest_name(Builder *b, const char *value)
{
	g_autoptr(GString) option = g_string_new(NULL);
	for (const char *at = value; *at;) {
		bool first = at == value;
		at = next_option(at, option);
		if (g_str_has_prefix(option->str, "guest="))
			return build_string(b, option->str + strlen("guest="));
		if (first && option->len > 0 && !strchr(option->str, '='))
			return build_string(b, option->str);
	}
	return NULL;
}

static void add_uuids(Users *users, const char *line, gint64 pid)
{
	for (const char *at = line; *at;) {
		gsize run = strspn(at, "0123456789abcdefABCDEF-");
		g_autofree char *text = run == UUID_LENGTH ? g_strndup(at, run) : NULL;
		if (text && g_uuid_string_is_valid(text))
			add_user(users, text, run, pid);
		at += MAX(run, 1);
	}
}

/* A reduced command line: the program, then -name X, -uuid X and parts of device options. */
static void read_cmdline(Builder *b, Users *users, const char *text, gint64 pid)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 1; lines[0] && lines[i]; i++) {
		bool name = strcmp(lines[i], "-name") == 0;
		if (!name && strcmp(lines[i], "-uuid") != 0) {
			add_uuids(users, lines[i], pid);
			continue;
		}
		/* The guest's own uuid may look like an instance's: it is not looked at. */
		const char *vm = lines[i + 1] && name ? guest_name(b, lines[i + 1]) : NULL;
		if (lines[i + 1])
			i++;
		if (vm)
			g_hash_table_insert(users->names, g_memdup2(&pid, sizeof pid), (char *)vm);
	}
}

/* ---- descriptors ---- */

static void read_descriptor(Users *users, const char *target, gint64 pid)
{
	gsize len = strlen(target);
	if (g_str_has_suffix(target, DELETED))
		len -= strlen(DELETED);
	add_user(users, target, len, pid);
}

static void read_process_fact(Builder *b, Users *users, const Fact *fact)
{
	if (!fact->text || !g_str_has_prefix(fact->path, "/proc/"))
		return;
	const char *number = fact->path + strlen("/proc/");
	char *rest;
	gint64 pid = g_ascii_strtoll(number, &rest, 10);
	if (!g_ascii_isdigit(*number) || pid <= 0)
		return;
	if (fact->kind == FACT_LINK && g_str_has_prefix(rest, "/fd/") &&
	    g_str_has_prefix(fact->text, "/dev/vfio/"))
		read_descriptor(users, fact->text, pid);
	else if (fact->kind == FACT_VALUE && strcmp(rest, "/cmdline") == 0)
		read_cmdline(b, users, fact->text, pid);
}

/* ---- instances ---- */

/* NULL where "no user was found" proves that there is none; else why it does not. */
static const char *why_unproved(Builder *b)
{
	const char *looked = facts_note(b->facts, "users");
	const char *hidden = facts_note(b->facts, "hidden");
	bool live = b->inventory->live, root = b->inventory->euid == 0;
	if (!looked || strcmp(looked, "yes") != 0)
		return live ? "not looked for" : "the recording says nothing of processes";
	if (facts_note(b->facts, "cut"))
		return "not all of the host could be read";
	TextReading space = facts_text(b->facts, "/proc/self/ns/pid");
	if (live && space.state == READ_VALUE && strcmp(space.s, FIRST_PID_NAMESPACE) != 0)
		return "inside another PID namespace";
	if (!hidden || strcmp(hidden, "0") != 0)
		return live && root ? "processes are hidden, even from root"
		                    : "processes of others are hidden: read as root";
	if (!live)
		return NULL;
	if (!root)
		return "processes of others may be hidden: read as root";
	return space.state == READ_VALUE ? NULL : "cannot tell whether all processes are visible";
}

static void take_users(Users *users, Instance *instance, const char *key)
{
	GArray *pids = g_hash_table_lookup(users->by_node, key);
	for (guint i = 0; pids && i < pids->len; i++) {
		InstanceUser user = { .pid = g_array_index(pids, gint64, i) };
		bool known = false;
		for (guint k = 0; k < instance->users->len; k++)
			known = known ||
			        g_array_index(instance->users, InstanceUser, k).pid == user.pid;
		if (known)
			continue;
		user.vm = g_hash_table_lookup(users->names, &user.pid);
		if (instance->users->len == 0) {
			g_array_unref(instance->users);
			instance->users = g_array_new(FALSE, FALSE, sizeof user);
		}
		g_array_append_val(instance->users, user);
	}
}

static void find_users(Users *users, Instance *instance)
{
	g_autofree char *id = g_ascii_strdown(instance->id, -1);
	take_users(users, instance, id);
	char node[64];
	if (instance->iommu_group.state == READ_VALUE) {
		static const char *const places[] = { "/dev/vfio/", "/dev/vfio/noiommu-" };
		for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
			g_snprintf(node, sizeof node, "%s%" G_GINT64_FORMAT, places[i],
			           instance->iommu_group.n);
			take_users(users, instance, node);
		}
	}
	if (instance->vfio_dev) {
		g_autofree char *path = g_strconcat("/dev/vfio/devices/", instance->vfio_dev, NULL);
		take_users(users, instance, path);
	}
}

static void judge(Instance *instance, const char *why)
{
	if (instance->users->len > 0) {
		instance->in_use = TRI_YES;
	} else if (why) {
		instance->in_use_why = why;
	} else if (instance->iommu_group.state != READ_VALUE && !instance->vfio_dev) {
		instance->in_use_why =
			"it shows neither an IOMMU group nor a vfio device to look for";
	} else if (instance->place_hidden) {
		instance->in_use_why = "its IOMMU group or vfio device could not be read";
	} else {
		instance->in_use = TRI_NO;
	}
}

void build_users(Builder *b)
{
	Users users = {
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
		                      (GDestroyNotify)g_array_unref),
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
	};
	for (guint i = 0; i < facts_count(b->facts); i++)
		read_process_fact(b, &users, facts_nth(b->facts, i));
	const char *why = why_unproved(b);
	b->inventory->users_known = why ? TRI_UNKNOWN : TRI_YES;
	for (guint i = 0; i < b->inventory->instances->len; i++) {
		Instance *instance = g_ptr_array_index(b->inventory->instances, i);
		if (g_hash_table_size(users.by_node) > 0)
			find_users(&users, instance);
		judge(instance, why);
	}
	g_hash_table_destroy(users.by_node);
	g_hash_table_destroy(users.names);
}
