// SPDX-License-Identifier: GPL-2.0-or-later
/* The probe goes on as root, in a shell that sudo or doas starts. */
#include <string.h>

#include "core/backend.h"
#include "remote/probe_private.h"
#include "remote/probe_script.h"

/* What a tool that makes us root says, and how it is answered. */
typedef struct {
	Probe *probe;
	char go[64], ask[64];
	ProbePassword password;
	void *data;
	bool asked;
	gint64 deadline;
	GCancellable *cancel;
} Becoming;

/* Passes over everything up to the end of `mark`. False if it has not come. */
static bool pass_over(Probe *probe, const char *mark)
{
	char *at = memmem(probe->in->str, probe->in->len, mark, strlen(mark));

	if (!at)
		return false;
	g_string_erase(probe->in, 0, at - probe->in->str + (gssize)strlen(mark));
	probe->scanned = 0;
	return true;
}

static void wipe(char *password)
{
	if (password)
		explicit_bzero(password, strlen(password));
	g_free(password);
}

/* Only now: what is sent where none is asked for is taken for a command. */
static bool give_password(Becoming *becoming, GError **error)
{
	Probe *probe = becoming->probe;
	gint64 began = g_get_monotonic_time();
	char *password = becoming->password(becoming->data, becoming->asked);

	becoming->asked = true;
	becoming->deadline += g_get_monotonic_time() - began;
	if (!password || strpbrk(password, "\n\r")) {
		wipe(password);
		g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_AUTH,
		                    "sudo's password was not given");
		return false;
	}
	bool sent = probe_send(probe, password, becoming->deadline, becoming->cancel, error) &&
	            probe_send(probe, "\n", becoming->deadline, becoming->cancel, error);
	wipe(password);
	return sent;
}

/* The word behind "NONCE go ", once its line is there. New, or NULL. */
static char *taken_tool(Probe *probe, const char *go)
{
	char *at = memmem(probe->in->str, probe->in->len, go, strlen(go));
	char *word = at ? at + strlen(go) : NULL;
	char *end = at ? memchr(word, '\n', (gsize)(probe->in->str + probe->in->len - word)) : NULL;

	if (!end)
		return NULL;
	char *tool = g_strndup(word, (gsize)(end - word));
	g_string_erase(probe->in, 0, end + 1 - probe->in->str);
	probe->scanned = 0;
	return tool;
}

/* Until one of: root (1), the tool gave up (0 and *why), an error (-1). */
static int await_root(Becoming *becoming, char **tool, char **why, GError **error)
{
	Probe *probe = becoming->probe;
	g_autofree char *end = g_strdup_printf("%s end ", probe->token);

	for (;;) {
		if ((*tool = taken_tool(probe, becoming->go)))
			return 1;
		if (becoming->password && pass_over(probe, becoming->ask) &&
		    !give_password(becoming, error))
			return -1;
		char *at = memmem(probe->in->str, probe->in->len, end, strlen(end));
		if (at && strchr(at, '\n')) {
			*at = '\0';
			g_string_truncate(probe->in, (gsize)(at - probe->in->str));
			*why = probe_last_words(probe);
			g_string_truncate(probe->in, 0);
			probe->scanned = 0;
			return 0;
		}
		if (!probe_fill(probe, GREETING_MAX, becoming->deadline, becoming->cancel, error))
			return -1;
	}
}

int probe_become(Probe *probe, ProbePassword password, void *password_data, char **tool, char **why,
                 int deadline_ms, GCancellable *cancel, GError **error)
{
	Becoming becoming = { .probe = probe,
		              .password = password,
		              .data = password_data,
		              .deadline = probe_deadline(deadline_ms),
		              .cancel = cancel };
	char nonce[TOKEN_SIZE];
	GString *request = g_string_new(NULL);

	*tool = *why = NULL;
	/* Another one than the frames': it stands in the tool's arguments. */
	if (!probe_make_token(nonce, error))
		return -1;
	g_snprintf(becoming.go, sizeof becoming.go, "\n%s go ", nonce);
	g_snprintf(becoming.ask, sizeof becoming.ask, "%sask", nonce);
	g_string_printf(request, "become %" G_GUINT64_FORMAT " %s %s ", ++probe->id,
	                password ? "ask" : "n", nonce);
	probe_append_argument(request, PROBE_LOADER);
	g_string_append_c(request, '\n');
	bool sent = probe_send(probe, request->str, becoming.deadline, cancel, error);
	g_string_free(request, TRUE);
	int result = sent ? await_root(&becoming, tool, why, error) : -1;
	if (result != 1)
		return result;
	g_autofree char *script = probe_script(probe->token, probe->root);
	return probe_send(probe, script, becoming.deadline, cancel, error) &&
	                       probe_await_ready(probe, becoming.deadline, cancel, error)
	               ? 1
	               : -1;
}
