// SPDX-License-Identifier: GPL-2.0-or-later
/* The ssh program's messages (OpenSSH's sshconnect.c, readconf.c), read for their cause. */
#include "remote/openssh_words.h"

#include <string.h>

#include "core/text.h"
#include "remote/session.h"

#define SHOWN_MAX 400

char *openssh_words(const char *text, gsize len)
{
	g_autofree char *copy = g_strndup(text, len);
	g_auto(GStrv) lines = g_strsplit_set(copy, "\r\n", -1);
	GString *out = g_string_new(NULL);

	for (char **l = lines; *l && out->len < SHOWN_MAX; l++) {
		if (!*g_strstrip(*l) || g_str_has_prefix(*l, "@@") || g_str_has_prefix(*l, "@ "))
			continue;
		g_autofree char *visible = text_visible(*l, -1);
		g_string_append_printf(out, "%s%s", out->len ? "; " : "", visible);
	}
	return g_string_free(out, FALSE);
}

/* "Offending ED25519 key in FILE:LINE": the place, safe to show. New, or NULL. */
static char *offending(const char *text)
{
	const char *line = strstr(text, "Offending ");
	const char *place = line ? strstr(line, " in ") : NULL;

	return place ? text_visible(place + 4, (gssize)strcspn(place + 4, "\r\n")) : NULL;
}

static char *changed(const char *text, const SshConfig *config)
{
	g_autofree char *place = offending(text);

	(void)config;
	return g_strdup_printf("the host key has CHANGED: %s has another",
	                       place ? place : "a known_hosts file");
}

static char *revoked(const char *text, const SshConfig *config)
{
	g_autofree char *place = session_host_revoked_at(config);

	(void)text;
	return g_strdup_printf("the host key is revoked by %s",
	                       place ? place : "the SSH configuration");
}

static char *as_said(const char *text, const SshConfig *config)
{
	(void)config;
	return openssh_words(text, strlen(text));
}

static char *unknown(const char *text, const SshConfig *config)
{
	g_autofree char *words = as_said(text, config);

	return g_strdup_printf("unknown host key (%s); connect once with ssh or accept it in the "
	                       "console",
	                       words);
}

static char *no_server(const char *text, const SshConfig *config)
{
	g_autofree char *words = as_said(text, config);

	return g_strdup_printf("did not answer as an SSH server: %s", words);
}

static char *refused(const char *text, const SshConfig *config)
{
	g_autofree char *words = openssh_words(text, strlen(text));
	g_autofree char *user = text_visible(config->user, -1);

	return g_strdup_printf("login as %s refused: %s", user, words);
}

/* The first row whose words were said decides. */
static const struct {
	const char *said;
	BackendErrorCode code;
	char *(*message)(const char *text, const SshConfig *config);
} causes[] = {
	{ "REVOKED HOST KEY", BACKEND_ERROR_HOSTKEY, revoked },
	{ "marked as revoked", BACKEND_ERROR_HOSTKEY, revoked },
	{ "HAS CHANGED", BACKEND_ERROR_HOSTKEY, changed },
	{ "Host key verification failed", BACKEND_ERROR_HOSTKEY, unknown },
	{ "Permission denied", BACKEND_ERROR_AUTH, refused },
	{ "Too many authentication failures", BACKEND_ERROR_AUTH, refused },
	{ "kex_exchange_identification", BACKEND_ERROR_UNREACHABLE, no_server },
	{ "anner exchange", BACKEND_ERROR_UNREACHABLE, no_server },
	{ "ssh_dispatch_run_fatal", BACKEND_ERROR_UNREACHABLE, no_server },
	{ "Bad packet length", BACKEND_ERROR_UNREACHABLE, no_server },
	{ "", BACKEND_ERROR_UNREACHABLE, as_said },
};

void openssh_explain(const char *text, gsize len, const SshConfig *config, GError *error)
{
	g_autofree char *copy = g_strndup(text, len);
	guint i = 0;

	while (!strstr(copy, causes[i].said))
		i++;
	g_free(error->message);
	error->code = causes[i].code;
	error->message = causes[i].message(copy, config);
	if (!*error->message) {
		g_free(error->message);
		error->message =
			g_strdup("did not answer as an SSH server: ssh ended without a word");
	}
}
