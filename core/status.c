// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/status.h"

#include "core/backend.h"

static const StatusRow statuses[] = {
	{ STATUS_DONE, "done", "What was asked for is done, or was so already." },
	{ STATUS_FAILED, "failed", "The operation failed, or several failed in different ways." },
	{ STATUS_USAGE, "usage", "The command line, or a file that it names, makes no sense." },
	{ STATUS_NOT_FOUND, "not found", "There is no such host, parent, type or instance." },
	{ STATUS_REFUSED, "refused",
	  "Not done: read-only, in use, protected, or managed by somebody else." },
	{ STATUS_PRIVILEGE, "needs privilege", "The user on the host may not do this." },
	{ STATUS_UNREACHABLE, "unreachable",
	  "None of the hosts asked could be reached, or none let us in." },
	{ STATUS_PARTLY, "partly done", "Some hosts or items are done, others failed." },
	{ STATUS_INTERRUPTED, "interrupted", "Ended by ^C." },
};

const StatusRow *status_nth(guint nth)
{
	return nth < G_N_ELEMENTS(statuses) ? &statuses[nth] : NULL;
}

Problem *problem_new(const char *host, const char *code, int err, const char *scope,
                     const char *path, const char *text, const char *hint)
{
	Problem *problem = g_new0(Problem, 1);
	problem->host = g_strdup(host);
	problem->code = g_strdup(code);
	problem->err = err;
	problem->scope = g_strdup(scope);
	problem->path = g_strdup(path);
	problem->text = g_strdup(text);
	problem->hint = g_strdup(hint);
	return problem;
}

Problem *problem_copy(const Problem *p)
{
	return p ? problem_new(p->host, p->code, p->err, p->scope, p->path, p->text, p->hint)
	         : NULL;
}

void problem_free(Problem *problem)
{
	if (!problem)
		return;
	g_free(problem->host);
	g_free(problem->code);
	g_free(problem->scope);
	g_free(problem->path);
	g_free(problem->text);
	g_free(problem->hint);
	g_free(problem);
}

char *problem_words(const Problem *problem)
{
	return g_strdup_printf("%s%s%s", problem->text, problem->hint ? ": " : "",
	                       problem->hint ? problem->hint : "");
}

/* One row per BackendErrorCode: how it is called outside, and what to do about it. */
static const struct {
	const char *code;
	Status status;
	const char *hint;
} backend_errors[] = {
	[BACKEND_ERROR_UNREACHABLE] = { "UNREACHABLE", STATUS_UNREACHABLE, NULL },
	[BACKEND_ERROR_AUTH] = { "AUTH", STATUS_UNREACHABLE,
	                         "try `ssh` to that host: the same keys are used" },
	[BACKEND_ERROR_HOSTKEY] = { "HOSTKEY", STATUS_UNREACHABLE, NULL },
	[BACKEND_ERROR_PROTOCOL] = { "PROTOCOL", STATUS_UNREACHABLE, NULL },
	[BACKEND_ERROR_TIMEOUT] = { "TIMEOUT", STATUS_UNREACHABLE, NULL },
	[BACKEND_ERROR_CANCELLED] = { "CANCELLED", STATUS_INTERRUPTED, NULL },
	[BACKEND_ERROR_READ_ONLY] = { "READONLY", STATUS_REFUSED, "a recording cannot be changed" },
	[BACKEND_ERROR_NOT_FOUND] = { "ENOENT", STATUS_UNREACHABLE, NULL },
	[BACKEND_ERROR_FORMAT] = { "PARSE", STATUS_UNREACHABLE, NULL },
	[BACKEND_ERROR_UNSUPPORTED] = { "EOPNOTSUPP", STATUS_REFUSED, NULL },
};

Problem *problem_from_backend(const char *host, const GError *error, Status *status)
{
	const char *code = "FAILED", *hint = NULL;
	Status means = STATUS_FAILED;

	if (error->domain == BACKEND_ERROR && error->code >= 0 &&
	    error->code < (int)G_N_ELEMENTS(backend_errors)) {
		code = backend_errors[error->code].code;
		hint = backend_errors[error->code].hint;
		means = backend_errors[error->code].status;
	}
	if (status)
		*status = means;
	return problem_new(host, code, 0, "host", NULL, error->message, hint);
}

Status status_combine(const Status *items, guint n)
{
	guint done = 0;

	for (guint i = 0; i < n; i++)
		done += items[i] == STATUS_DONE;
	if (done == n)
		return STATUS_DONE;
	if (done > 0)
		return STATUS_PARTLY;
	for (guint i = 1; i < n; i++)
		if (items[i] != items[0])
			return STATUS_FAILED;
	return items[0];
}
