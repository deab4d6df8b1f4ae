// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/privilege.h"

#include <string.h>

/* Who is asked for sudo's password. */
typedef struct {
	Privilege *privilege;
	const char *label;
	const BackendOptions *options;
	GCancellable *cancel;
} Asking;

void privilege_clear(Privilege *privilege)
{
	g_clear_pointer(&privilege->password, secret_free);
	g_clear_pointer(&privilege->tool, g_free);
	g_clear_pointer(&privilege->trouble, g_free);
}

/* The remembered password first; once it proved wrong it is forgotten. */
static char *give_password(void *data, bool again)
{
	Asking *asking = data;
	Privilege *privilege = asking->privilege;

	if (again)
		g_clear_pointer(&privilege->password, secret_free);
	if (privilege->password)
		return secret_text(privilege->password);
	Question question = { .kind = QUESTION_PASSWORD,
		              .host = asking->label,
		              .text = again ? "That was wrong. Password for sudo"
		                            : "Password for sudo" };
	char *answer = asking->options->ask(&question, asking->cancel, asking->options->ask_data);
	if (answer)
		privilege->password = secret_new(answer);
	return answer;
}

bool privilege_take(Privilege *privilege, Probe *probe, const HostAddress *address,
                    const BackendOptions *options, int deadline_ms, GCancellable *cancel,
                    GError **error)
{
	bool asks = g_strcmp0(address->sudo, "ask") == 0 && options->ask && !privilege->declined;
	Asking asking = { privilege, address->label, options, cancel };
	g_autofree char *why = NULL;

	g_clear_pointer(&privilege->tool, g_free);
	g_clear_pointer(&privilege->trouble, g_free);
	if (probe_euid(probe) <= 0 || g_strcmp0(address->sudo, "no") == 0)
		return true;
	g_autoptr(GError) failed = NULL;
	int result = probe_become(probe, asks ? give_password : NULL, &asking, &privilege->tool,
	                          &why, deadline_ms, cancel, &failed);
	if (result < 0) {
		privilege->declined |= g_error_matches(failed, BACKEND_ERROR, BACKEND_ERROR_AUTH);
		g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	if (result == 0)
		g_clear_pointer(&privilege->password, secret_free);
	if (result == 0 && address->sudo)
		privilege->trouble = g_strdup_printf(
			"no root there: %s",
			*why ? why : "sudo and doas want a password, or are not there");
	return true;
}
