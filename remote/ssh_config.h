// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#include "core/backend.h"
#include "core/hosts.h"

/* The options of one host, resolved from the user's SSH configuration. Owned strings. */
typedef struct {
	char *hostname;
	char *user;
	guint port;
	GPtrArray *identity_files; /* char *, absolute; those given, or OpenSSH's defaults */
	bool identities_only;
	char *identity_agent;          /* socket; NULL: $SSH_AUTH_SOCK; "none": no agent */
	GPtrArray *user_known_hosts;   /* char *; the first is where new keys are written */
	GPtrArray *global_known_hosts; /* char * */
	char *host_key_alias;          /* NULL: the host name */
	bool accept_new;               /* StrictHostKeyChecking no, off or accept-new */
	char *jump; /* ProxyJump: "[USER@]HOST[:PORT]", more of them with commas */
	char *proxy_command;
	char *control_path;      /* of a shared connection, which may not be there */
	char *preferred;         /* PreferredAuthentications; NULL: the usual order */
	GPtrArray *certificates; /* char *: CertificateFile */
	bool no_public_key, no_password, no_keyboard;
	bool batch_mode;
	bool pkcs11, known_hosts_command, revoked_host_keys; /* one is given */
	guint password_prompts;
	int connect_timeout_s; /* 0: not set */
} SshConfig;

/*
 * Asks `ssh -G`, which alone knows all of the configuration language, or libssh's parser where no
 * ssh client is installed. Blocking up to the deadline; any thread. Errors are BACKEND_ERROR_*.
 */
SshConfig *ssh_config_resolve(const HostAddress *address, const char *file, gint64 deadline,
                              GCancellable *cancel, GError **error);
void ssh_config_free(SshConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SshConfig, ssh_config_free)

/* Parses the output of `ssh -G`. Never fails: unknown lines are passed over. */
SshConfig *ssh_config_parse(const char *text);

/* All of it at its defaults. Free with ssh_config_free. */
SshConfig *ssh_config_new(void);
/* "~/x" → below the home directory. New. */
char *ssh_config_expand_home(const char *path);
