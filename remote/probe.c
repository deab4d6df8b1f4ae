// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/probe_private.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "core/text.h"
#include "remote/probe_reply.h"
#include "remote/probe_script.h"

#define DROP_DEADLINE_MS 5000
#define RUN_REPLY_MAX (2 * BACKEND_OUTPUT_MAX)

gint64 probe_deadline(int ms)
{
	return g_get_monotonic_time() + (gint64)ms * 1000;
}

static bool set_protocol(GError **error, const char *text)
{
	g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_PROTOCOL, text);
	return false;
}

/* Random: nothing on the host can know it. */
bool probe_make_token(char *token, GError **error)
{
	guchar bytes[16];

	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
		return set_protocol(error, "no random numbers");
	for (guint i = 0; i < sizeof bytes; i++)
		g_snprintf(token + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

/* Reads once more. False at the end of the line, or on error. */
bool probe_fill(Probe *probe, gsize max, gint64 deadline, GCancellable *cancel, GError **error)
{
	char buffer[32768];

	if (probe->in->len > max)
		return set_protocol(error, "the reply is longer than any reply should be");
	gssize n = probe->line->read(probe->data, buffer, sizeof buffer, deadline, cancel, error);
	if (n < 0)
		return false;
	if (n == 0) {
		g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		                    "the line dropped before the reply was whole");
		return false;
	}
	g_string_append_len(probe->in, buffer, n);
	return true;
}

/*
 * Waits for a line that begins with the token. Its rest stands in *frame (new); what came before it
 * in *body (new, *len bytes). Both are taken from the input.
 */
static bool next_frame(Probe *probe, gsize max, gint64 deadline, GCancellable *cancel, char **body,
                       gsize *len, char **frame, GError **error)
{
	gsize token_len = strlen(probe->token);

	for (;;) {
		char *start = probe->in->str, *end;
		while ((end = memchr(start + probe->scanned, '\n',
		                     probe->in->len - probe->scanned))) {
			char *line = start + probe->scanned;
			gsize next = (gsize)(end - start) + 1;
			if ((gsize)(end - line) > token_len &&
			    memcmp(line, probe->token, token_len) == 0 && line[token_len] == ' ') {
				*len = probe->scanned;
				*body = g_malloc(*len + 1);
				memcpy(*body, start, *len);
				(*body)[*len] = '\0';
				*frame = g_strndup(line + token_len + 1,
				                   (gsize)(end - line) - token_len - 1);
				g_string_erase(probe->in, 0, (gssize)next);
				probe->scanned = 0;
				return true;
			}
			probe->scanned = next;
		}
		if (!probe_fill(probe, max, deadline, cancel, error))
			return false;
	}
}

/* Sends one request line. */
bool probe_send(Probe *probe, const char *line, gint64 deadline, GCancellable *cancel,
                GError **error)
{
	return probe->line->write(probe->data, line, strlen(line), deadline, cancel, error);
}

void probe_free(Probe *probe)
{
	if (!probe)
		return;
	g_free(probe->root);
	g_string_free(probe->in, TRUE);
	g_free(probe);
}

/* What a login shell said instead of becoming ours, as text to show: its last line. New. */
char *probe_last_words(const Probe *probe)
{
	g_autofree char *text = g_strndup(probe->in->str, probe->in->len);
	char *last = strrchr(g_strchomp(text), '\n');

	return text_visible(last ? last + 1 : text, -1);
}

/* "ready EUID" */
static bool take_ready(Probe *probe, const char *frame, GError **error)
{
	guint64 euid;

	if (!g_str_has_prefix(frame, "ready"))
		return set_protocol(error, "the probe began out of step");
	probe->euid = g_str_has_prefix(frame, "ready ") &&
	                              g_ascii_string_to_unsigned(frame + strlen("ready "), 10, 0,
	                                                         G_MAXUINT32, &euid, NULL)
	                      ? (gint64)euid
	                      : -1;
	return true;
}

gint64 probe_euid(const Probe *probe)
{
	return probe->euid;
}

bool probe_await_ready(Probe *probe, gint64 deadline, GCancellable *cancel, GError **error)
{
	g_autofree char *body = NULL, *frame = NULL;
	g_autoptr(GError) failed = NULL;
	gsize len;

	if (next_frame(probe, GREETING_MAX, deadline, cancel, &body, &len, &frame, &failed))
		return take_ready(probe, frame, error);
	g_autofree char *words = probe_last_words(probe);
	if (*words && failed->code == BACKEND_ERROR_UNREACHABLE)
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_AUTH,
		            "the login shell ended before the probe began; it said: %s", words);
	else
		g_propagate_error(error, g_steal_pointer(&failed));
	return false;
}

Probe *probe_start(const ProbeLine *line, void *data, const char *root, int deadline_ms,
                   GCancellable *cancel, GError **error)
{
	g_autoptr(Probe) probe = g_new0(Probe, 1);
	gint64 deadline = probe_deadline(deadline_ms);

	probe->line = line;
	probe->data = data;
	probe->root = g_strdup(root);
	probe->in = g_string_new(NULL);
	if (!probe_make_token(probe->token, error))
		return NULL;
	g_autofree char *script = probe_script(probe->token, root);
	g_autoptr(GError) failed = NULL;
	/* A login shell that ended takes no script, but what it said can still be read. */
	if (!probe_send(probe, script, deadline, cancel, &failed) &&
	    failed->code != BACKEND_ERROR_UNREACHABLE) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return NULL;
	}
	return probe_await_ready(probe, deadline, cancel, error) ? g_steal_pointer(&probe) : NULL;
}

Facts *probe_scan(Probe *probe, ScanFlags flags, int deadline_ms, GCancellable *cancel,
                  GError **error)
{
	gint64 deadline = probe_deadline(deadline_ms);
	g_autofree char *request = NULL, *begin = NULL, *end = NULL;
	g_autofree char *before = NULL, *body = NULL, *first = NULL, *last = NULL;
	gsize len;

	probe->id++;
	request = g_strdup_printf("scan %" G_GUINT64_FORMAT " %d %d\n", probe->id,
	                          (flags & SCAN_USERS) != 0, (flags & SCAN_BOOT) != 0);
	begin = g_strdup_printf("begin %" G_GUINT64_FORMAT, probe->id);
	end = g_strdup_printf("end %" G_GUINT64_FORMAT " 0", probe->id);
	if (!probe_send(probe, request, deadline, cancel, error) ||
	    !next_frame(probe, PROBE_REPLY_MAX, deadline, cancel, &before, &len, &first, error) ||
	    !next_frame(probe, PROBE_REPLY_MAX, deadline, cancel, &body, &len, &last, error))
		return NULL;
	if (!g_str_equal(first, begin) || !g_str_equal(last, end)) {
		set_protocol(error, "the reply is out of step");
		return NULL;
	}
	Facts *facts = probe_reply_facts(body, len, probe->root, error);
	if (facts) {
		g_autofree char *now =
			g_strdup_printf("%" G_GINT64_FORMAT, g_get_real_time() / G_USEC_PER_SEC);
		facts_set_note(facts, "source", *probe->root ? "tree" : "live");
		facts_set_note(facts, "taken", now);
	}
	return facts;
}

/* The result in "end ID RESULT": an errno. -1 and error if the frame is another one. */
static int frame_result(const Probe *probe, const char *frame, GError **error)
{
	g_autofree char *begin = g_strdup_printf("end %" G_GUINT64_FORMAT " ", probe->id);

	if (!g_str_has_prefix(frame, begin)) {
		set_protocol(error, "the reply is out of step");
		return -1;
	}
	const char *result = frame + strlen(begin);
	return g_str_equal(result, "0") ? 0 : probe_errno(result);
}

/*
 * The deadline passed: silences the one that would report, so that its late frame cannot stand in
 * the middle of another reply. If it was quicker after all, its result counts.
 */
static int drop(Probe *probe, GCancellable *cancel, GError **error)
{
	gint64 deadline = probe_deadline(DROP_DEADLINE_MS);
	g_autofree char *request = g_strdup_printf("drop %" G_GUINT64_FORMAT "\n", probe->id);
	int result = ETIMEDOUT;

	if (!probe_send(probe, request, deadline, cancel, error))
		return -1;
	for (;;) {
		g_autofree char *body = NULL, *frame = NULL;
		gsize len;
		if (!next_frame(probe, GREETING_MAX, deadline, cancel, &body, &len, &frame, error))
			return -1;
		if (g_str_equal(frame, "end drop 0"))
			return result;
		result = frame_result(probe, frame, error);
		if (result < 0)
			return -1;
	}
}

/* Sends a request whose reply is one frame with a result. */
static int ask_result(Probe *probe, const char *request, int deadline_ms, GCancellable *cancel,
                      GError **error)
{
	gint64 deadline = probe_deadline(deadline_ms);
	g_autofree char *body = NULL, *frame = NULL;
	g_autoptr(GError) failed = NULL;
	gsize len;

	if (!probe_send(probe, request, deadline, cancel, error))
		return -1;
	if (next_frame(probe, GREETING_MAX, deadline, cancel, &body, &len, &frame, &failed))
		return frame_result(probe, frame, error);
	if (g_error_matches(failed, BACKEND_ERROR, BACKEND_ERROR_TIMEOUT))
		return drop(probe, cancel, error);
	g_propagate_error(error, g_steal_pointer(&failed));
	return -1;
}

/* "VERB ID ARGUMENT..." of up to two arguments; the second may be NULL. */
static int request(Probe *probe, const char *verb, const char *first, const char *second,
                   int deadline_ms, GCancellable *cancel, GError **error)
{
	GString *line = g_string_new(NULL);

	g_string_printf(line, "%s %" G_GUINT64_FORMAT " ", verb, ++probe->id);
	probe_append_argument(line, first);
	if (second) {
		g_string_append_c(line, ' ');
		probe_append_argument(line, second);
	}
	g_string_append_c(line, '\n');
	int result = ask_result(probe, line->str, deadline_ms, cancel, error);
	g_string_free(line, TRUE);
	return result;
}

int probe_write(Probe *probe, const char *path, const char *value, int deadline_ms,
                GCancellable *cancel, GError **error)
{
	return request(probe, "write", path, value, deadline_ms, cancel, error);
}

int probe_open(Probe *probe, const char *devnode, int deadline_ms, GCancellable *cancel,
               GError **error)
{
	return request(probe, "open", devnode, NULL, deadline_ms, cancel, error);
}

int probe_put(Probe *probe, const char *path, const char *text, int deadline_ms,
              GCancellable *cancel, GError **error)
{
	return request(probe, text ? "put" : "unlink", path, text, deadline_ms, cancel, error);
}

static char *run_line(Probe *probe, const char *const *argv, const char *input)
{
	GString *line = g_string_new(NULL);

	g_string_printf(line, "run %" G_GUINT64_FORMAT " =", ++probe->id);
	probe_append_argument(line, input);
	for (; *argv; argv++) {
		g_string_append(line, " =");
		probe_append_argument(line, *argv);
	}
	g_string_append_c(line, '\n');
	return g_string_free(line, FALSE);
}

/* "ran STATUS" with the output before it, then "end ID 0" with the errors before it. */
static int run_reply(Probe *probe, CommandOutput *output, gint64 deadline, GCancellable *cancel,
                     GError **error)
{
	g_autofree char *ran = NULL, *end = NULL;
	guint64 status = 0;
	gsize len;

	if (!next_frame(probe, RUN_REPLY_MAX, deadline, cancel, &output->out, &len, &ran, error))
		return -1;
	if (!g_str_has_prefix(ran, "ran ") ||
	    !g_ascii_string_to_unsigned(ran + strlen("ran "), 10, 0, 255, &status, NULL)) {
		set_protocol(error, "the reply is out of step");
		return -1;
	}
	output->status = (int)status;
	/* Before a frame stands the end of a line that is not the program's. */
	if (len > 0)
		output->out[len - 1] = '\0';
	if (!next_frame(probe, RUN_REPLY_MAX, deadline, cancel, &output->err, &len, &end, error))
		return -1;
	if (len > 0)
		output->err[len - 1] = '\0';
	return frame_result(probe, end, error);
}

int probe_run(Probe *probe, const char *const *argv, const char *input, int deadline_ms,
              CommandOutput *output, GCancellable *cancel, GError **error)
{
	gint64 deadline = probe_deadline(deadline_ms);
	g_autofree char *line = run_line(probe, argv, input);
	g_autoptr(GError) failed = NULL;

	if (!probe_send(probe, line, deadline, cancel, error))
		return -1;
	int result = run_reply(probe, output, deadline, cancel, &failed);
	if (result >= 0)
		return result;
	command_output_clear(output);
	if (!g_error_matches(failed, BACKEND_ERROR, BACKEND_ERROR_TIMEOUT)) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return -1;
	}
	return drop(probe, cancel, error);
}

int probe_ping(Probe *probe, int deadline_ms, GCancellable *cancel, GError **error)
{
	g_autofree char *request = g_strdup_printf("ping %" G_GUINT64_FORMAT "\n", ++probe->id);
	g_autofree char *changed = g_strdup_printf("end %" G_GUINT64_FORMAT " changed", probe->id);
	gint64 deadline = probe_deadline(deadline_ms);
	g_autofree char *body = NULL, *frame = NULL;
	gsize len;

	if (!probe_send(probe, request, deadline, cancel, error) ||
	    !next_frame(probe, GREETING_MAX, deadline, cancel, &body, &len, &frame, error))
		return -1;
	if (g_str_equal(frame, changed))
		return 1;
	int result = frame_result(probe, frame, error);
	if (result > 0)
		set_protocol(error, "the reply is out of step");
	return result == 0 ? 0 : -1;
}
