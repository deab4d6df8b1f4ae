// SPDX-License-Identifier: GPL-2.0-or-later
/* The output of `ssh -G`: one table, an option a row. */
#include <stdlib.h>
#include <string.h>

#include "remote/ssh_config.h"

#define TIMEOUT_MAX_S 86400
#define PASSWORD_PROMPTS 3 /* as OpenSSH */
#define PROMPTS_MAX 20

SshConfig *ssh_config_new(void)
{
	SshConfig *config = g_new0(SshConfig, 1);

	config->identity_files = g_ptr_array_new_with_free_func(g_free);
	config->certificates = g_ptr_array_new_with_free_func(g_free);
	config->password_prompts = PASSWORD_PROMPTS;
	config->user_known_hosts = g_ptr_array_new_with_free_func(g_free);
	config->global_known_hosts = g_ptr_array_new_with_free_func(g_free);
	return config;
}

void ssh_config_free(SshConfig *config)
{
	if (!config)
		return;
	g_free(config->hostname);
	g_free(config->user);
	g_ptr_array_unref(config->identity_files);
	g_free(config->identity_agent);
	g_ptr_array_unref(config->user_known_hosts);
	g_ptr_array_unref(config->global_known_hosts);
	g_free(config->host_key_alias);
	g_free(config->jump);
	g_free(config->proxy_command);
	g_free(config->preferred);
	g_free(config->control_path);
	g_ptr_array_unref(config->certificates);
	g_free(config);
}

/* "~/x" → below the home directory. New. */
char *ssh_config_expand_home(const char *path)
{
	if (path[0] == '~' && (path[1] == '/' || !path[1]))
		return g_strconcat(g_get_home_dir(), path + 1, NULL);
	return g_strdup(path);
}

/* A number within its bounds; anything else ("none") is 0: not set. */
static guint number_up_to(const char *value, guint most)
{
	guint64 n = 0;

	return g_ascii_string_to_unsigned(value, 10, 0, most, &n, NULL) ? (guint)n : 0;
}

static bool is_yes(const char *value)
{
	return g_str_equal(value, "yes") || g_str_equal(value, "true");
}

/* ---- setters: `field` is where the row's offset points to ---- */

static void set_text(void *field, const char *value)
{
	char **text = field;

	g_free(*text);
	*text = g_str_equal(value, "none") ? NULL : g_strdup(value);
}

static void set_port(void *field, const char *value)
{
	*(guint *)field = number_up_to(value, 65535);
}

static void set_timeout(void *field, const char *value)
{
	*(int *)field = (int)number_up_to(value, TIMEOUT_MAX_S);
}

static void set_prompts(void *field, const char *value)
{
	*(guint *)field = number_up_to(value, PROMPTS_MAX);
}

static void set_yes(void *field, const char *value)
{
	*(bool *)field = is_yes(value);
}

static void set_no(void *field, const char *value)
{
	*(bool *)field = g_str_equal(value, "no") || g_str_equal(value, "false");
}

static void set_given(void *field, const char *value)
{
	*(bool *)field = !g_str_equal(value, "none");
}

static void set_accept(void *field, const char *value)
{
	*(bool *)field = g_str_equal(value, "no") || g_str_equal(value, "off") ||
	                 g_str_equal(value, "false") || g_str_equal(value, "accept-new");
}

static void add_file(void *field, const char *value)
{
	if (!g_str_equal(value, "none"))
		g_ptr_array_add(*(GPtrArray **)field, ssh_config_expand_home(value));
}

/* A list of files, separated by spaces; names in quotes may hold some. */
static void add_files(void *field, const char *value)
{
	g_auto(GStrv) words = NULL;

	if (!g_shell_parse_argv(value, NULL, &words, NULL))
		words = g_strsplit(value, " ", -1);
	for (char **w = words; *w; w++) {
		if (**w && !g_str_equal(*w, "/dev/null"))
			add_file(field, *w);
	}
}

/* "SSH_AUTH_SOCK" and "$NAME" stand for what the environment says. */
static void set_agent(void *field, const char *value)
{
	char **agent = field;
	const char *name = g_str_equal(value, "SSH_AUTH_SOCK") ? value : NULL;

	if (!name && value[0] == '$')
		name = value + 1;
	const char *path = name ? g_getenv(name) : value;
	g_free(*agent);
	*agent = path ? ssh_config_expand_home(path) : g_strdup("none");
}

#define AT(field) G_STRUCT_OFFSET(SshConfig, field)

static const struct {
	const char *key;
	void (*set)(void *field, const char *value);
	gsize offset;
} options[] = {
	{ "batchmode", set_yes, AT(batch_mode) },
	{ "certificatefile", add_file, AT(certificates) },
	{ "connecttimeout", set_timeout, AT(connect_timeout_s) },
	{ "controlpath", set_text, AT(control_path) },
	{ "globalknownhostsfile", add_files, AT(global_known_hosts) },
	{ "hostkeyalias", set_text, AT(host_key_alias) },
	{ "hostname", set_text, AT(hostname) },
	{ "identitiesonly", set_yes, AT(identities_only) },
	{ "identityagent", set_agent, AT(identity_agent) },
	{ "identityfile", add_file, AT(identity_files) },
	{ "kbdinteractiveauthentication", set_no, AT(no_keyboard) },
	{ "knownhostscommand", set_given, AT(known_hosts_command) },
	{ "numberofpasswordprompts", set_prompts, AT(password_prompts) },
	{ "passwordauthentication", set_no, AT(no_password) },
	{ "pkcs11provider", set_given, AT(pkcs11) },
	{ "port", set_port, AT(port) },
	{ "preferredauthentications", set_text, AT(preferred) },
	{ "proxycommand", set_text, AT(proxy_command) },
	{ "proxyjump", set_text, AT(jump) },
	{ "pubkeyauthentication", set_no, AT(no_public_key) },
	{ "revokedhostkeys", set_given, AT(revoked_host_keys) },
	{ "stricthostkeychecking", set_accept, AT(accept_new) },
	{ "user", set_text, AT(user) },
	{ "userknownhostsfile", add_files, AT(user_known_hosts) },
};

static void set_option(SshConfig *config, const char *key, const char *value)
{
	for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
		if (g_str_equal(options[i].key, key))
			options[i].set(G_STRUCT_MEMBER_P(config, options[i].offset), value);
	}
}

SshConfig *ssh_config_parse(const char *text)
{
	SshConfig *config = ssh_config_new();
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **l = lines; *l; l++) {
		char *space = strchr(g_strchomp(*l), ' ');
		if (!space)
			continue;
		*space = '\0';
		g_autofree char *key = g_ascii_strdown(*l, -1);
		set_option(config, key, g_strchug(space + 1));
	}
	return config;
}
