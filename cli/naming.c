// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/naming.h"

#include <string.h>

#include "core/simulate/demo.h"

#define UUID_LENGTH 36
#define PROGRAM_DEADLINE_MS 30000 /* an inventory may ask a cloud */

static HostAddress *find_label(const Cli *cli, const char *label)
{
	for (guint i = 0; i < cli->hosts->len; i++) {
		HostAddress *address = g_ptr_array_index(cli->hosts, i);
		if (g_str_equal(address->label, label))
			return address;
	}
	return NULL;
}

/* Takes `address`. False where another host goes by that label already (reported). */
static bool add_host(Cli *cli, HostAddress *address)
{
	if (find_label(cli, address->label)) {
		report_usage(&cli->report, "two hosts are called '%s': give one of them a LABEL=",
		             address->label);
		host_address_free(address);
		return false;
	}
	if (address->kind == HOST_LOCAL && cli->options.root) {
		g_free(address->path);
		address->path = g_canonicalize_filename(cli->options.root, NULL);
	}
	g_ptr_array_add(cli->hosts, address);
	return true;
}

static bool is_in_group(const HostAddress *address, const char *group)
{
	return !group ||
	       (address->groups && g_strv_contains((const char *const *)address->groups, group));
}

/* Takes what is `loaded`: hosts outside of the group asked for are left out. */
static Status add_hosts(Cli *cli, GPtrArray *loaded)
{
	Status status = STATUS_DONE;

	/* The array may or may not own its elements: from here on, only this function does. */
	g_ptr_array_set_free_func(loaded, NULL);
	for (guint i = 0; i < loaded->len; i++) {
		HostAddress *address = g_ptr_array_index(loaded, i);
		if (!is_in_group(address, cli->options.group) || status != STATUS_DONE)
			host_address_free(address);
		else if (!add_host(cli, address))
			status = STATUS_USAGE;
	}
	g_ptr_array_unref(loaded);
	return status;
}

static Status load_file(Cli *cli, const char *filename)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *loaded = hosts_is_program(filename)
	                            ? hosts_run(filename, PROGRAM_DEADLINE_MS, &error)
	                            : hosts_load(filename, &error);

	if (!loaded)
		return report_usage(&cli->report, "%s", error->message);
	return add_hosts(cli, loaded);
}

static Status check_group(Cli *cli)
{
	const char *group = cli->options.group;

	if (!group || cli->hosts->len > 0)
		return STATUS_DONE;
	if (!cli->options.hosts_file)
		return report_usage(&cli->report, "--group needs --hosts FILE");
	g_autofree char *text =
		g_strdup_printf("no host of %s is in group '%s'", cli->options.hosts_file, group);
	report_problem(&cli->report, problem_new(NULL, "ENOENT", 0, "application",
	                                         cli->options.hosts_file, text, NULL));
	return STATUS_NOT_FOUND;
}

Status naming_load(Cli *cli)
{
	Status status = STATUS_DONE;

	if (cli->options.demo)
		status = add_hosts(cli, demo_hosts());
	if (status == STATUS_DONE && cli->options.hosts_file)
		status = load_file(cli, cli->options.hosts_file);
	if (status == STATUS_DONE)
		status = check_group(cli);
	for (guint i = 0; i < cli->options.hosts->len && status == STATUS_DONE; i++) {
		g_autoptr(GError) error = NULL;
		HostAddress *address =
			host_address_parse(g_ptr_array_index(cli->options.hosts, i), &error);
		if (!address)
			status = report_usage(&cli->report, "--host: %s", error->message);
		else if (!add_host(cli, address))
			status = STATUS_USAGE;
	}
	cli->n_named = cli->hosts->len;
	return status;
}

HostAddress *naming_host(Cli *cli, const char *text)
{
	g_autoptr(GError) error = NULL;
	HostAddress *known = find_label(cli, text);

	if (known)
		return known;
	HostAddress *address = host_address_parse(text, &error);
	if (!address) {
		report_usage(&cli->report, "%s", error->message);
		return NULL;
	}
	/* The same address twice is one host. */
	known = find_label(cli, address->label);
	if (known && g_str_equal(known->address, address->address)) {
		host_address_free(address);
		return known;
	}
	return add_host(cli, address) ? address : NULL;
}

Status naming_hosts(Cli *cli, GPtrArray *hosts)
{
	if (cli->n_operands == 0 && cli->n_named == 0 && !naming_host(cli, "local"))
		return STATUS_USAGE;
	if (cli->n_operands == 0) {
		g_ptr_array_extend(hosts, cli->hosts, NULL, NULL);
		return STATUS_DONE;
	}
	for (guint i = 0; i < cli->n_operands; i++) {
		HostAddress *address = naming_host(cli, cli->operands[i]);
		if (!address)
			return STATUS_USAGE;
		if (!g_ptr_array_find(hosts, address, NULL))
			g_ptr_array_add(hosts, address);
	}
	return STATUS_DONE;
}

HostAddress *naming_split(Cli *cli, const char *operand, const char **rest)
{
	const char *slash = strchr(operand, '/');
	g_autofree char *host = slash ? g_strndup(operand, slash - operand) : g_strdup(operand);

	*rest = slash ? slash + 1 : NULL;
	/* "ssh:" and "recorded:" are what is left of an address that was split. */
	if (slash && (g_str_has_suffix(host, ":") || strchr(host, '=') ||
	              g_str_has_prefix(host, "recorded:"))) {
		report_usage(
			&cli->report,
			"'%s': an address needs a label here: --host LABEL=ADDRESS, then LABEL/...",
			operand);
		return NULL;
	}
	if (*host == '\0') {
		report_usage(&cli->report, "'%s' names no host: HOST/... is wanted", operand);
		return NULL;
	}
	return naming_host(cli, host);
}

bool naming_is_uuid_prefix(const char *text)
{
	gsize len = strlen(text);

	if (len == 0 || len > UUID_LENGTH)
		return false;
	for (gsize i = 0; i < len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? text[i] != '-' : !g_ascii_isxdigit(text[i]))
			return false;
	}
	return true;
}

bool naming_is_uuid(const char *text)
{
	return strlen(text) == UUID_LENGTH && naming_is_uuid_prefix(text);
}
