// SPDX-License-Identifier: GPL-2.0-or-later
/* What `ssh HOST` can do and libssh 0.10 cannot: those hosts are reached by the ssh program. */
#include <string.h>
#include <sys/stat.h>

#include "core/text.h"
#include "remote/host_keys.h"
#include "remote/session.h"
#include "remote/transport.h"

static bool has_proxy_command(const SshConfig *config)
{
	return config->proxy_command != NULL;
}

static bool has_more_jumps(const SshConfig *config)
{
	return config->jump && strchr(config->jump, ',');
}

static bool exists(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 && S_ISREG(st.st_mode);
}

/* Given, or where ssh looks for one by itself. */
static bool has_certificate(const SshConfig *config)
{
	if (config->certificates->len)
		return true;
	for (guint i = 0; i < config->identity_files->len; i++) {
		g_autofree char *name =
			g_strconcat(config->identity_files->pdata[i], "-cert.pub", NULL);
		if (exists(name))
			return true;
	}
	return false;
}

static bool has_security_key(const SshConfig *config)
{
	for (guint i = 0; i < config->identity_files->len; i++) {
		g_autofree char *name = g_strconcat(config->identity_files->pdata[i], ".pub", NULL);
		g_autofree char *text = NULL;
		if (exists(name) && g_file_get_contents(name, &text, NULL, NULL) &&
		    g_str_has_prefix(text, "sk-"))
			return true;
	}
	return false;
}

static bool has_pkcs11(const SshConfig *config)
{
	return config->pkcs11;
}

/* None of the methods that libssh is asked to try. */
static bool prefers_others(const SshConfig *config)
{
	static const char *const ours[] = { "publickey", "password", "keyboard-interactive" };

	if (!config->preferred)
		return false;
	g_auto(GStrv) methods = g_strsplit(config->preferred, ",", -1);
	for (guint i = 0; i < G_N_ELEMENTS(ours); i++) {
		if (g_strv_contains((const char *const *)methods, ours[i]))
			return false;
	}
	return true;
}

static bool has_authority(const SshConfig *config)
{
	return session_host_has_authority(config);
}

static bool has_other_keys(const SshConfig *config)
{
	return config->known_hosts_command || config->revoked_host_keys;
}

/* A live master would let `ssh HOST` in without any question. */
bool openssh_is_shared(const SshConfig *config)
{
	struct stat st;

	return config->control_path && stat(config->control_path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static const struct {
	bool (*holds)(const SshConfig *config);
	const char *why;
} reasons[] = {
	{ openssh_is_shared, "ControlPath: a shared connection is open" },
	{ has_proxy_command, "ProxyCommand" },
	{ has_more_jumps, "ProxyJump over more than one host" },
	{ has_certificate, "a user certificate" },
	{ has_pkcs11, "PKCS11Provider" },
	{ has_security_key, "a security key" },
	{ prefers_others, "PreferredAuthentications" },
	{ has_authority, "@cert-authority in known_hosts" },
	{ has_other_keys, "KnownHostsCommand or RevokedHostKeys" },
};

char *transport_needs_openssh(const SshConfig *config)
{
	for (guint i = 0; i < G_N_ELEMENTS(reasons); i++) {
		if (reasons[i].holds(config))
			return g_strdup(reasons[i].why);
	}
	return NULL;
}
