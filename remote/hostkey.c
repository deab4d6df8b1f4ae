// SPDX-License-Identifier: GPL-2.0-or-later
/* Is it the host it says it is? Index and recording: host_keys.c. */
#include <string.h>

#include "remote/host_keys.h"
#include "remote/session.h"

/* The algorithms that we accept for a key type, best first; the rows in order of preference. */
static const struct {
	const char *type, *algorithms;
} key_types[] = {
	{ "ssh-ed25519", "ssh-ed25519" },
	{ "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" },
	{ "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" },
	{ "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521" },
	{ "ssh-rsa", "rsa-sha2-512,rsa-sha2-256" },
};

static GPtrArray *all_files(const SshConfig *config)
{
	GPtrArray *files = g_ptr_array_new();

	for (guint i = 0; i < config->user_known_hosts->len; i++)
		g_ptr_array_add(files, config->user_known_hosts->pdata[i]);
	for (guint i = 0; i < config->global_known_hosts->len; i++)
		g_ptr_array_add(files, config->global_known_hosts->pdata[i]);
	return files;
}

/* The name in known_hosts; an alias stands there without a port. */
static const char *known_name(const SshConfig *config, guint *port)
{
	*port = config->host_key_alias ? 0 : config->port;
	return config->host_key_alias ? config->host_key_alias : config->hostname;
}

static char **known_types(const SshConfig *config)
{
	g_autoptr(GPtrArray) files = all_files(config);
	guint port;
	const char *host = known_name(config, &port);
	char **types = host_keys_types(files, host, port);

	if (!*types && port && port != 22) {
		g_strfreev(types);
		types = host_keys_types(files, host, 22);
	}
	return types;
}

char *session_host_key_algorithms(const SshConfig *config)
{
	g_auto(GStrv) known = known_types(config);
	GString *out = g_string_new(NULL);

	/* A host known by one type only must not look changed because it has others too. */
	for (int wanted = 1; wanted >= 0; wanted--) {
		for (guint i = 0; i < G_N_ELEMENTS(key_types); i++) {
			bool is_known =
				g_strv_contains((const char *const *)known, key_types[i].type);
			if (is_known == (wanted == 1))
				g_string_append_printf(out, "%s%s", out->len ? "," : "",
				                       key_types[i].algorithms);
		}
	}
	return g_string_free(out, FALSE);
}

/* Where a file marks the host so; new, or NULL. */
static char *marked_at(const SshConfig *config, HostKeyMark mark)
{
	g_autoptr(GPtrArray) files = all_files(config);
	guint port;
	const char *host = known_name(config, &port);
	char *where = host_keys_marked_at(files, host, port, mark);

	return where || !port || port == 22 ? where : host_keys_marked_at(files, host, 22, mark);
}

bool session_host_has_authority(const SshConfig *config)
{
	g_autofree char *where = marked_at(config, HOST_KEY_MARK_AUTHORITY);

	return where != NULL;
}

char *session_host_revoked_at(const SshConfig *config)
{
	return marked_at(config, HOST_KEY_MARK_REVOKED);
}

/* A host key in the forms that files and people know. */
typedef struct {
	const char *type;
	char *base64;
	char *fingerprint; /* "SHA256:..." */
} ShownKey;

static void shown_key_clear(ShownKey *key)
{
	if (key->base64)
		ssh_string_free_char(key->base64);
	if (key->fingerprint)
		ssh_string_free_char(key->fingerprint);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ShownKey, shown_key_clear)

static bool take_key(Session *session, ShownKey *shown)
{
	ssh_key key = NULL;
	unsigned char *hash = NULL;
	size_t len = 0;

	if (ssh_get_server_publickey(session_ssh(session), &key) != SSH_OK)
		return false;
	shown->type = ssh_key_type_to_char(ssh_key_type(key));
	bool ok = shown->type && ssh_pki_export_pubkey_base64(key, &shown->base64) == SSH_OK &&
	          ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len) == SSH_OK;
	if (ok)
		shown->fingerprint = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
	if (hash)
		ssh_clean_pubkey_hash(&hash);
	ssh_key_free(key);
	return ok && shown->fingerprint;
}

static HostKeyCheck look_up(const SshConfig *config, const ShownKey *key)
{
	g_autoptr(GPtrArray) files = all_files(config);
	guint port;
	const char *host = known_name(config, &port);
	HostKeyCheck check = host_keys_check(files, host, port, key->type, key->base64);

	if (check.result == HOST_KEY_UNKNOWN && port && port != 22) {
		/* As OpenSSH: a key known of the host by its bare name will do. */
		HostKeyCheck bare = host_keys_check(files, host, 22, key->type, key->base64);
		if (bare.result == HOST_KEY_OK || bare.result == HOST_KEY_REVOKED)
			return bare;
		host_key_check_clear(&bare);
	}
	return check;
}

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool refuse(GError **error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_HOSTKEY, text);
	return false;
}

/* A key that no file knows: the operator decides, or the user's configuration has decided. */
static bool unknown_key(SessionPlan *plan, const ShownKey *key, GError **error)
{
	const SshConfig *config = plan->config;
	g_auto(GStrv) known = known_types(config);
	guint port;
	const char *host = known_name(config, &port);

	/* "accept-new" is about new hosts: not about another key of a host that is known. */
	if (config->accept_new && !*known)
		return true;
	g_autofree char *place = session_place(plan);
	g_autofree char *text = g_strdup_printf(
		"The host key of %s (%s port %u) is not known.\n%s key fingerprint is\n%s%s\n"
		"Accept and record it?",
		place, config->hostname, config->port, key->type, key->fingerprint,
		*known ? "\nThe host is known by a key of another type." : "");
	g_autofree char *answer = session_ask(plan, QUESTION_HOSTKEY, text);
	if (!answer || !g_str_equal(answer, "yes"))
		return refuse(error, "unknown host key %s (%s); %s", key->type, key->fingerprint,
		              plan->options->ask ? "not accepted"
		                                 : "connect once with ssh or accept it in the "
		                                   "console");
	if (config->user_known_hosts->len == 0)
		return true; /* the user wants nothing recorded */
	g_autoptr(GError) failed = NULL;
	if (!host_keys_record(config->user_known_hosts->pdata[0], host, port, key->type,
	                      key->base64, &failed))
		return refuse(error, "the host key cannot be recorded: %s", failed->message);
	return true;
}

bool session_verify_host(Session *session, SessionPlan *plan, GError **error)
{
	g_auto(ShownKey) key = { NULL };

	if (!take_key(session, &key))
		return refuse(error, "the host showed no key that can be read");
	g_auto(HostKeyCheck) check = look_up(plan->config, &key);
	switch (check.result) {
	case HOST_KEY_OK:
		return true;
	case HOST_KEY_UNKNOWN:
		return unknown_key(plan, &key, error);
	case HOST_KEY_CHANGED:
		return refuse(error, "the host key has CHANGED: %s:%u has another %s key than %s",
		              check.file, check.line, key.type, key.fingerprint);
	default:
		return refuse(error, "the host key is revoked by %s:%u (%s)", check.file,
		              check.line, key.fingerprint);
	}
}
