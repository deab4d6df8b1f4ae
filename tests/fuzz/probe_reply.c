// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A scan's reply of any content, in pieces of any size, whole or cut off: the same facts however it
 * is cut up, and never facts of half a reply. The first three bytes of the input say how.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/backend.h"
#include "remote/probe.h"
#include "remote/probe_reply.h"

typedef struct {
	GString *out; /* what the host says */
	gsize at, end;
	guint piece; /* at most so many bytes at a time */
	gsize cut;   /* so many bytes of the end are lost */
	const uint8_t *body;
	gsize body_len;
} Host;

static gssize host_read(void *data, char *buffer, gsize size, gint64 deadline, GCancellable *cancel,
                        GError **error)
{
	Host *host = data;
	gsize n = MIN(MIN(size, host->piece), host->end - host->at);
	memcpy(buffer, host->out->str + host->at, n);
	host->at += n;
	return (gssize)n;
}

/* Answers the script with its token's greeting, and a request with the body. */
static bool host_write(void *data, const char *bytes, gsize size, gint64 deadline,
                       GCancellable *cancel, GError **error)
{
	Host *host = data;
	static char token[33];

	if (g_str_has_prefix(bytes, "T='")) {
		g_strlcpy(token, bytes + 3, sizeof token);
		g_string_append_printf(host->out, "hello\n%s ready\n", token);
		host->end = host->out->len;
		return true;
	}
	g_string_append_printf(host->out, "%s begin 1\n", token);
	g_string_append_len(host->out, (const char *)host->body, (gssize)host->body_len);
	g_string_append_printf(host->out, "%s end 1 0\n", token);
	host->end = host->out->len - MIN(host->cut, host->out->len - host->at);
	return true;
}

/* The facts that arrive, as text; NULL and a code where there are none. */
static char *scan(const uint8_t *body, gsize len, guint piece, gsize cut, int *code)
{
	static const ProbeLine line = { host_read, host_write };
	Host host = { g_string_new(NULL), 0, 0, piece, cut, body, len };
	g_autoptr(GError) error = NULL;
	g_autoptr(Probe) probe = probe_start(&line, &host, "/root", 60000, NULL, &error);
	CHECK(probe);
	g_autoptr(Facts) facts = probe_scan(probe, true, 60000, NULL, &error);
	CHECK(!facts == !!error);
	g_string_free(host.out, TRUE);
	if (error) {
		CHECK(error->domain == BACKEND_ERROR);
		fuzz_check_clean(error->message, "");
		*code = error->code;
		return NULL;
	}
	facts_set_note(facts, "taken", "1");
	g_autoptr(Inventory) inventory = inventory_new(facts);
	fuzz_check_inventory(inventory);
	return fuzz_check_facts(facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return -1;
	guint piece = 1 + data[0];
	gsize cut = 1 + data[1] * 256u + data[2];
	const uint8_t *body = data + 3;
	gsize len = size - 3;
	int code = 0, other = 0;

	g_autofree char *whole = scan(body, len, 32768, 0, &code);
	g_autofree char *pieces = scan(body, len, piece, 0, &other);
	CHECK(g_strcmp0(whole, pieces) == 0 && code == other);
	g_autofree char *half = scan(body, len, piece, cut, &other);
	CHECK(!half && other == BACKEND_ERROR_UNREACHABLE);
	return 0;
}
