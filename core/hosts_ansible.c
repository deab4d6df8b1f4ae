// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * What an inventory program says with --list: Ansible's dynamic inventory in JSON
 * (docs.ansible.com, "Developing dynamic inventory"). Of the variables only host, port and user are
 * used: those of the host, then of its groups, nearest first, then of `all`.
 */

#include "core/hosts.h"

#include <gio/gio.h>
#include <jansson.h>
#include <string.h>

#define DEPTH_MAX 32 /* of groups within groups */

typedef struct {
	const char *name; /* of the program, for messages */
	json_t *root;
	GPtrArray *order;       /* char *: hosts, as they come */
	GHashTable *membership; /* host → GPtrArray of const char *, groups, nearest first */
	GHashTable *heights;    /* group → int *: what lies below it; -1: being looked at */
	GError *error;          /* the first one */
} Reader;

/* `shown` is text of the program, or NULL. */
static void complain(Reader *reader, const char *what, const char *shown)
{
	if (reader->error)
		return;
	g_autofree char *safe = shown ? g_strescape(shown, NULL) : NULL;
	g_set_error(&reader->error, HOSTS_ERROR, HOSTS_ERROR_FILE, "%s --list: %s%s%s%s",
	            reader->name, what, safe ? " \"" : "", safe ? safe : "", safe ? "\"" : "");
}

/* ---- who is in what ---- */

static GPtrArray *groups_of(Reader *reader, const char *host)
{
	GPtrArray *groups = g_hash_table_lookup(reader->membership, host);

	if (!groups) {
		groups = g_ptr_array_new();
		g_ptr_array_add(reader->order, g_strdup(host));
		g_hash_table_insert(reader->membership, g_strdup(host), groups);
	}
	return groups;
}

static void take_hosts(Reader *reader, const json_t *list, const char *group)
{
	gsize i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		const char *host = json_string_value(item);
		if (!host) {
			complain(reader, "a host that is no text, in group", group);
			return;
		}
		GPtrArray *groups = groups_of(reader, host);
		if (!g_ptr_array_find_with_equal_func(groups, group, g_str_equal, NULL))
			g_ptr_array_add(groups, (char *)group);
	}
}

static const json_t *children_of(const Reader *reader, const char *group)
{
	return json_object_get(json_object_get(reader->root, group), "children");
}

/*
 * The hosts of the group `below` and of those below it, as members of `group`. `seen`: groups
 * below may be reached on many ways.
 */
static void take_group(Reader *reader, const char *below, const char *group, GHashTable *seen)
{
	const json_t *content = json_object_get(reader->root, below);
	gsize i;
	json_t *item;

	if (!g_hash_table_add(seen, (char *)below))
		return;
	/* The older form: a list of hosts alone. */
	take_hosts(reader, json_is_array(content) ? content : json_object_get(content, "hosts"),
	           group);
	json_array_foreach(children_of(reader, below), i, item)
	{
		if (json_string_value(item) && !reader->error)
			take_group(reader, json_string_value(item), group, seen);
	}
}

/* How many groups lie below one another: those that have none are nearest to hosts. */
static int height_of(Reader *reader, const char *group, int depth)
{
	int *known = g_hash_table_lookup(reader->heights, group);
	gsize i;
	json_t *item;

	if (known && *known >= 0)
		return *known;
	if (known || depth > DEPTH_MAX) {
		complain(reader, "groups lie too deep, or in each other:", group);
		return 0;
	}
	int *height = g_new(int, 1);
	*height = -1; /* on the way */
	g_hash_table_insert(reader->heights, (char *)group, height);
	int tallest = -1;
	json_array_foreach(children_of(reader, group), i, item)
	{
		if (json_string_value(item) && !reader->error)
			tallest =
				MAX(tallest, height_of(reader, json_string_value(item), depth + 1));
	}
	*height = tallest + 1;
	return *height;
}

static void take_groups(Reader *reader)
{
	const char *group;
	json_t *content;

	for (int height = 0; height <= DEPTH_MAX; height++) {
		json_object_foreach(reader->root, group, content)
		{
			if (strcmp(group, "_meta") == 0 || height_of(reader, group, 0) != height)
				continue;
			if (reader->error)
				return;
			g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
			take_group(reader, group, group, seen);
		}
	}
}

/* ---- variables ---- */

static const char *const host_keys[] = { "ansible_host", "ansible_ssh_host", NULL };
static const char *const port_keys[] = { "ansible_port", "ansible_ssh_port", NULL };
static const char *const user_keys[] = { "ansible_user", "ansible_ssh_user", NULL };

static json_t *variable_of(const json_t *variables, const char *const *keys)
{
	for (; *keys; keys++) {
		json_t *value = json_object_get(variables, *keys);
		if (value && !json_is_null(value))
			return value;
	}
	return NULL;
}

static json_t *group_variable(const Reader *reader, const char *group, const char *const *keys)
{
	return variable_of(json_object_get(json_object_get(reader->root, group), "vars"), keys);
}

/* Text or a whole number, as text; NULL: not given. New. */
static char *variable(Reader *reader, const char *host, const GPtrArray *groups,
                      const char *const *keys)
{
	json_t *all = json_object_get(json_object_get(reader->root, "_meta"), "hostvars");
	json_t *value = variable_of(json_object_get(all, host), keys);

	for (guint i = 0; !value && i < groups->len; i++)
		value = group_variable(reader, g_ptr_array_index(groups, i), keys);
	if (!value)
		value = group_variable(reader, "all", keys);
	if (!value)
		return NULL;
	if (json_is_integer(value))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_string(value))
		return g_strdup(json_string_value(value));
	g_autofree char *what = g_strdup_printf("%s is neither text nor a number, for", keys[0]);
	complain(reader, what, host);
	return NULL;
}

/* ---- hosts ---- */

static char *address_text(const char *host, const char *name, const char *port, const char *user)
{
	const char *machine = name ? name : host;
	bool v6 = strchr(machine, ':') != NULL;

	return g_strconcat(host, "=ssh://", user ? user : "", user ? "@" : "", v6 ? "[" : "",
	                   machine, v6 ? "]" : "", port ? ":" : "", port ? port : "", NULL);
}

static void take_groups_of(HostAddress *address, const GPtrArray *groups)
{
	g_autoptr(GStrvBuilder) list = g_strv_builder_new();

	for (guint i = 0; i < groups->len; i++)
		if (host_label_is_valid(g_ptr_array_index(groups, i)))
			g_strv_builder_add(list, g_ptr_array_index(groups, i));
	g_strfreev(address->groups);
	address->groups = g_strv_builder_end(list);
}

static HostAddress *make_host(Reader *reader, const char *host)
{
	const GPtrArray *groups = g_hash_table_lookup(reader->membership, host);
	g_autofree char *name = variable(reader, host, groups, host_keys),
			*port = variable(reader, host, groups, port_keys),
			*user = variable(reader, host, groups, user_keys);
	g_autofree char *text = address_text(host, name, port, user);
	g_autoptr(GError) cause = NULL;

	/* A label that holds a '=' or an '@' would be taken apart at the wrong place. */
	if (!host_label_is_valid(host)) {
		complain(reader, "not a label:", host);
		return NULL;
	}
	HostAddress *address = host_address_parse(text, &cause);
	if (!address) {
		complain(reader, cause->message, NULL);
		return NULL;
	}
	/* "recorded:x" may be a label, but then its text means another thing. */
	if (address->kind != HOST_SSH || strcmp(address->label, host) != 0) {
		complain(reader, "not a label for a host over SSH:", host);
		host_address_free(address);
		return NULL;
	}
	take_groups_of(address, groups);
	return address;
}

GPtrArray *hosts_parse_ansible(const char *name, const char *text, gsize len, GError **error)
{
	json_error_t where;
	Reader reader = { .name = name, .root = json_loadb(text, len, 0, &where) };
	g_autoptr(GPtrArray) hosts =
		g_ptr_array_new_with_free_func((GDestroyNotify)host_address_free);

	reader.order = g_ptr_array_new_with_free_func(g_free);
	reader.membership = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                                          (GDestroyNotify)g_ptr_array_unref);
	reader.heights = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	if (!reader.root)
		complain(&reader, "not JSON:", where.text);
	else if (!json_is_object(reader.root))
		complain(&reader, "not an object of groups", NULL);
	else
		take_groups(&reader);
	for (guint i = 0; i < reader.order->len && !reader.error; i++) {
		HostAddress *address = make_host(&reader, g_ptr_array_index(reader.order, i));
		if (address)
			g_ptr_array_add(hosts, address);
		if (reader.error)
			break;
	}
	g_ptr_array_unref(reader.order);
	g_hash_table_destroy(reader.membership);
	g_hash_table_destroy(reader.heights);
	json_decref(reader.root);
	if (reader.error) {
		g_propagate_error(error, reader.error);
		return NULL;
	}
	return g_steal_pointer(&hosts);
}
