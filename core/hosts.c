// SPDX-License-Identifier: GPL-2.0-or-later

/* One host address. */

#include "core/hosts.h"

#include "core/simulate/profile.h"

#include <gio/gio.h>
#include <string.h>

G_DEFINE_QUARK(mdevcon - hosts - error - quark, hosts_error)

void host_address_free(HostAddress *address)
{
	if (!address)
		return;
	char *texts[] = { address->label,     address->address, address->user,
		          address->name,      address->path,    address->ssh_config,
		          address->transport, address->sudo,    address->migrate_address };
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_strfreev(address->groups);
	g_strfreev(address->tags);
	g_free(address);
}

/* The error, with the address shown so that nothing in it reaches a terminal raw. */
static bool refuse(GError **error, const char *text, const char *why)
{
	g_autofree char *shown = g_strescape(text, NULL);
	g_set_error(error, HOSTS_ERROR, HOSTS_ERROR_ADDRESS, "host address \"%s\": %s", shown, why);
	return false;
}

static bool label_character(gunichar c)
{
	if (c == '/' || c == '=' || g_unichar_iscntrl(c) || g_unichar_isspace(c))
		return false;
	/* Among the format characters are those that turn the direction of text. */
	GUnicodeType type = g_unichar_type(c);
	return type != G_UNICODE_FORMAT && type != G_UNICODE_LINE_SEPARATOR &&
	       type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

bool host_label_is_valid(const char *label)
{
	if (!*label || *label == '-' || !g_utf8_validate(label, -1, NULL))
		return false;
	for (const char *at = label; *at; at = g_utf8_next_char(at))
		if (!label_character(g_utf8_get_char(at)))
			return false;
	return true;
}

/* Only what host names, aliases and addresses are made of: they stand in commands of ssh. */
static bool made_of(const char *text, const char *extra)
{
	if (!*text || *text == '-')
		return false;
	for (const char *s = text; *s; s++)
		if (!g_ascii_isalnum(*s) && !strchr(extra, *s))
			return false;
	return true;
}

bool host_user_is_valid(const char *user)
{
	return made_of(user, "._-+@\\$");
}

/* "fe80::1" or "fe80::1%eth0" */
static bool is_ipv6(const char *name)
{
	g_autofree char *bare = g_strndup(name, strcspn(name, "%"));
	return strchr(bare, ':') && g_hostname_is_ip_address(bare) && made_of(name, ".:%_-");
}

static bool parse_port(HostAddress *host, const char *text, GError **error)
{
	guint64 port = 0;
	if (!g_ascii_string_to_unsigned(text, 10, 1, 65535, &port, NULL))
		return refuse(error, host->address, "the port is not a number from 1 to 65535");
	host->port = (guint)port;
	return true;
}

/* NAME, [V6], and with `ports` NAME:PORT and [V6]:PORT. */
static bool parse_name(HostAddress *host, const char *text, bool ports, GError **error)
{
	const char *port = NULL;
	if (*text == '[') {
		const char *end = strchr(text, ']');
		if (!end)
			return refuse(error, host->address, "']' is missing");
		host->name = g_strndup(text + 1, (gsize)(end - text - 1));
		if (!is_ipv6(host->name))
			return refuse(error, host->address,
			              "no IPv6 address stands in the brackets");
		if (end[1] == ':')
			port = end + 2;
		else if (end[1])
			return refuse(error, host->address, "text after ']'");
	} else if (is_ipv6(text)) {
		host->name = g_strdup(text);
	} else {
		const char *colon = strchr(text, ':');
		host->name = colon ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);
		port = colon ? colon + 1 : NULL;
		if (!made_of(host->name, "._-+"))
			return refuse(error, host->address, "not the name of a host");
	}
	if (!port)
		return true;
	if (!ports)
		return refuse(error, host->address, "a port needs the form ssh://NAME:PORT");
	return parse_port(host, port, error);
}

static bool parse_ssh(HostAddress *host, const char *text, bool url, GError **error)
{
	host->kind = HOST_SSH;
	g_autofree char *rest = g_strdup(text);
	if (url && g_str_has_suffix(rest, "/"))
		rest[strlen(rest) - 1] = '\0';
	/* A user's name may hold an '@' of its own. */
	char *at = strrchr(rest, '@');
	if (at) {
		*at = '\0';
		host->user = g_strdup(rest);
		if (strchr(rest, ':'))
			return refuse(error, host->address,
			              "a password does not belong in an address");
		if (!host_user_is_valid(rest))
			return refuse(error, host->address, "not the name of a user");
	}
	return parse_name(host, at ? at + 1 : rest, url, error);
}

static bool parse_simulated(HostAddress *host, const char *profile, GError **error)
{
	host->kind = HOST_SIMULATED;
	host->path = g_strdup(profile);
	if (sim_profile_find(profile))
		return true;
	g_autoptr(GString) why = g_string_new("there is no such simulated host, but");
	for (guint i = 0; sim_profile_nth(i); i++)
		g_string_append_printf(why, " sim:%s", sim_profile_nth(i)->name);
	return refuse(error, host->address, why->str);
}

static bool parse_kind(HostAddress *host, const char *text, GError **error)
{
	if (strcmp(text, "local") == 0) {
		host->kind = HOST_LOCAL;
		host->path = g_strdup("/");
		return true;
	}
	if (g_str_has_prefix(text, "recorded:")) {
		host->kind = HOST_RECORDED;
		host->path = g_strdup(text + strlen("recorded:"));
		return *host->path || refuse(error, text, "recorded: needs a file or a folder");
	}
	if (g_str_has_prefix(text, "sim:"))
		return parse_simulated(host, text + strlen("sim:"), error);
	if (g_str_has_prefix(text, "ssh://"))
		return parse_ssh(host, text + strlen("ssh://"), true, error);
	if (strstr(text, "://"))
		return refuse(error, text, "of the forms with \"://\" only ssh:// is known");
	if (strchr(text, '/'))
		return refuse(error, text, "not the name of a host; a recording is recorded:PATH");
	return parse_ssh(host, text, false, error);
}

/* Without a label of its own a host goes by its name. */
static bool default_label(HostAddress *host, GError **error)
{
	if (host->kind == HOST_LOCAL)
		host->label = g_strdup("local");
	else if (host->kind == HOST_SSH)
		host->label = g_strdup(host->name);
	else
		host->label = g_path_get_basename(host->path);
	return host_label_is_valid(host->label) ||
	       refuse(error, host->address, "its name cannot be a label: put LABEL= before it");
}

/* Where the address begins, after "LABEL=". A path may hold '=' too, but after a "recorded:". */
static const char *after_label(const char *text)
{
	const char *equals = strchr(text, '=');
	static const char *const forms[] = { "recorded:", "sim:", "ssh://" };
	for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
		if (g_str_has_prefix(text, forms[i]))
			return text;
	return equals ? equals + 1 : text;
}

HostAddress *host_address_parse(const char *text, GError **error)
{
	g_autoptr(HostAddress) host = g_new0(HostAddress, 1);
	const char *address = after_label(text);
	host->address = g_strdup(address);
	host->groups = g_new0(char *, 1);
	host->tags = g_new0(char *, 1);
	if (address > text) {
		host->label = g_strndup(text, (gsize)(address - text - 1));
		if (!host_label_is_valid(host->label)) {
			refuse(error, text, "not a label: it may hold neither '/', '=' nor blanks");
			return NULL;
		}
	}
	if (!*address) {
		refuse(error, text, "empty");
		return NULL;
	}
	if (!parse_kind(host, address, error) || (!host->label && !default_label(host, error)))
		return NULL;
	return g_steal_pointer(&host);
}
