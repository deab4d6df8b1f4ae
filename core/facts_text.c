// SPDX-License-Identifier: GPL-2.0-or-later

/* The text form of facts: mdevcon-facts(5). */

#include "core/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER "mdevcon-facts"
#define VERSION "1"
#define FIELDS_MAX 4

static void append_encoded(GString *out, const char *text, gsize len)
{
	static const char hex[] = "0123456789ABCDEF";
	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)text[i];
		if (c > 0x20 && c < 0x7f && c != '%') {
			g_string_append_c(out, (char)c);
			continue;
		}
		char code[] = { '%', hex[c >> 4], hex[c & 15] };
		g_string_append_len(out, code, sizeof code);
	}
}

static void append_field(GString *out, const char *text)
{
	g_string_append_c(out, ' ');
	append_encoded(out, text, strlen(text));
}

static void write_fact(GString *out, const Fact *fact)
{
	char number[16];
	if (fact->err) {
		g_string_append_printf(out, "e %c", (char)fact->kind);
		append_field(out, fact->path);
		append_field(out, errno_name(fact->err, number));
	} else {
		g_string_append_c(out, (char)fact->kind);
		append_field(out, fact->path);
		g_string_append_c(out, ' ');
		if (fact->kind != FACT_NAMES)
			append_encoded(out, fact->text, fact->len);
		for (guint i = 0; fact->kind == FACT_NAMES && fact->names[i]; i++) {
			if (i > 0)
				g_string_append_c(out, '/');
			append_encoded(out, fact->names[i], strlen(fact->names[i]));
		}
	}
	g_string_append_c(out, '\n');
}

GString *facts_write(const Facts *facts)
{
	GString *out = g_string_sized_new(4096);
	g_string_append(out, HEADER " " VERSION "\n");
	g_autoptr(GList) keys = facts_note_keys(facts);
	for (GList *at = keys; at; at = at->next) {
		g_string_append_c(out, 'm');
		append_field(out, at->data);
		append_field(out, facts_note(facts, at->data));
		g_string_append_c(out, '\n');
	}
	for (guint i = 0; i < facts_count(facts); i++)
		write_fact(out, facts_nth(facts, i));
	g_string_append(out, ".\n");
	return out;
}

/* ---- parsing ---- */

typedef struct {
	Facts *facts;
	GString *field; /* decoded value, reused */
	GString *path;
	const char *complaint;
} Parser;

typedef struct {
	const char *s;
	gsize len;
} Span;

static bool complain(Parser *parser, const char *complaint)
{
	parser->complaint = complaint;
	return false;
}

static bool decode(Parser *parser, Span in, GString *out)
{
	g_string_truncate(out, 0);
	for (gsize i = 0; i < in.len; i++) {
		guchar c = (guchar)in.s[i];
		if (c < 0x20 || c == 0x7f)
			return complain(parser, "control character");
		if (c != '%') {
			g_string_append_c(out, (char)c);
			continue;
		}
		int high = i + 2 < in.len ? g_ascii_xdigit_value(in.s[i + 1]) : -1;
		int low = i + 2 < in.len ? g_ascii_xdigit_value(in.s[i + 2]) : -1;
		if (high < 0 || low < 0)
			return complain(parser, "broken percent code");
		g_string_append_c(out, (char)(high * 16 + low));
		i += 2;
	}
	return true;
}

/* Like decode, for what becomes a C string. */
static bool decode_text(Parser *parser, Span in, GString *out)
{
	if (!decode(parser, in, out))
		return false;
	if (strlen(out->str) != out->len)
		return complain(parser, "NUL in a name");
	return true;
}

static bool decode_path(Parser *parser, Span in)
{
	if (!decode_text(parser, in, parser->path))
		return false;
	return parser->path->str[0] == '/' || complain(parser, "a path must begin with '/'");
}

static bool parse_note(Parser *parser, Span *fields)
{
	if (fields[1].len == 0)
		return complain(parser, "a note without a key");
	if (!decode_text(parser, fields[1], parser->path) ||
	    !decode_text(parser, fields[2], parser->field))
		return false;
	facts_set_note(parser->facts, parser->path->str, parser->field->str);
	return true;
}

static bool parse_text(Parser *parser, Span *fields)
{
	bool link = fields[0].s[0] == FACT_LINK;
	if (!decode_path(parser, fields[1]))
		return false;
	if (!(link ? decode_text : decode)(parser, fields[2], parser->field))
		return false;
	if (parser->field->len > FACTS_JSON_MAX)
		return complain(parser, "value too long");
	facts_add_text(parser->facts, link ? FACT_LINK : FACT_VALUE, parser->path->str,
	               parser->field->str, (gssize)parser->field->len);
	return true;
}

static bool parse_names(Parser *parser, Span *fields)
{
	if (!decode_path(parser, fields[1]))
		return false;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	Span rest = fields[2];
	while (rest.len > 0) {
		const char *slash = memchr(rest.s, '/', rest.len);
		Span name = { rest.s, slash ? (gsize)(slash - rest.s) : rest.len };
		if (!decode_text(parser, name, parser->field))
			return false;
		if (!facts_name_is_valid(parser->field->str) || (slash && name.len + 1 == rest.len))
			return complain(parser, "not a list of names");
		g_ptr_array_add(names, g_strdup(parser->field->str));
		gsize used = name.len + (slash ? 1 : 0);
		rest = (Span){ rest.s + used, rest.len - used };
	}
	g_ptr_array_add(names, NULL);
	facts_add_names(parser->facts, parser->path->str, (char **)names->pdata);
	return true;
}

static bool parse_error(Parser *parser, Span *fields)
{
	if (fields[1].len != 1 || !strchr("vln", fields[1].s[0]))
		return complain(parser, "unknown kind of reading");
	if (!decode_path(parser, fields[2]) || !decode_text(parser, fields[3], parser->field))
		return false;
	int err = errno_from_name(parser->field->str);
	if (err == 0)
		return complain(parser, "unknown error name");
	facts_add_error(parser->facts, (FactKind)fields[1].s[0], parser->path->str, err);
	return true;
}

static const struct {
	char tag;
	guint fields;
	bool (*parse)(Parser *parser, Span *fields);
} line_kinds[] = {
	{ 'm', 3, parse_note },  { 'v', 3, parse_text },  { 'l', 3, parse_text },
	{ 'n', 3, parse_names }, { 'e', 4, parse_error },
};

/* Cuts a line at single spaces; FIELDS_MAX + 1 says that there are too many. */
static guint split_fields(Span line, Span *fields)
{
	guint n = 0;
	for (;;) {
		const char *space = memchr(line.s, ' ', line.len);
		if (n == FIELDS_MAX)
			return n + 1;
		fields[n++] = (Span){ line.s, space ? (gsize)(space - line.s) : line.len };
		if (!space)
			return n;
		gsize used = (gsize)(space - line.s) + 1;
		line = (Span){ line.s + used, line.len - used };
	}
}

static bool parse_line(Parser *parser, Span line)
{
	Span fields[FIELDS_MAX];
	guint n = split_fields(line, fields);
	for (guint i = 0; i < G_N_ELEMENTS(line_kinds); i++) {
		if (fields[0].len != 1 || fields[0].s[0] != line_kinds[i].tag)
			continue;
		if (n != line_kinds[i].fields)
			return complain(parser, "wrong number of fields");
		return line_kinds[i].parse(parser, fields);
	}
	return complain(parser, "unknown kind of line");
}

static bool span_is(Span span, const char *text)
{
	return span.len == strlen(text) && memcmp(span.s, text, span.len) == 0;
}

/* Takes the next line off `rest`; false at the end. */
static bool next_line(Span *rest, Span *line)
{
	if (rest->len == 0)
		return false;
	const char *end = memchr(rest->s, '\n', rest->len);
	line->s = rest->s;
	line->len = end ? (gsize)(end - rest->s) : rest->len;
	gsize used = line->len + (end ? 1 : 0);
	*rest = (Span){ rest->s + used, rest->len - used };
	return true;
}

static bool check_header(Span line, GError **error)
{
	if (span_is(line, HEADER " " VERSION))
		return true;
	gsize n = strlen(HEADER " ");
	if (line.len > n && memcmp(line.s, HEADER " ", n) == 0)
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_FORMAT,
		            "line 1: another version of the format than " VERSION
		            ": written by another mdevcon");
	else
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_FORMAT,
		            "line 1: not a facts file (it does not begin with \"" HEADER "\")");
	return false;
}

/* All lines after the header. */
static bool parse_body(Parser *parser, Span rest, GError **error)
{
	Span line;
	bool whole = false;
	for (guint number = 2; next_line(&rest, &line); number++) {
		parser->complaint = NULL;
		if (whole)
			complain(parser, "text after the closing line");
		else if (span_is(line, "."))
			whole = true;
		else if (line.len == 0)
			complain(parser, "empty line");
		else if (line.s[0] != '#')
			parse_line(parser, line);
		if (parser->complaint) {
			g_set_error(error, FACTS_ERROR, FACTS_ERROR_FORMAT, "line %u: %s", number,
			            parser->complaint);
			return false;
		}
	}
	if (!whole)
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_TRUNCATED,
		            "the closing line is missing: cut off");
	return whole;
}

Facts *facts_parse(const char *text, gsize len, GError **error)
{
	if (len > FACTS_TEXT_MAX) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_TOO_BIG, "longer than %d bytes",
		            FACTS_TEXT_MAX);
		return NULL;
	}
	Span rest = { text, len }, line = { "", 0 };
	next_line(&rest, &line);
	if (!check_header(line, error))
		return NULL;
	g_autoptr(Facts) facts = facts_new();
	Parser parser = { facts, g_string_new(NULL), g_string_new(NULL), NULL };
	bool ok = parse_body(&parser, rest, error);
	g_string_free(parser.field, TRUE);
	g_string_free(parser.path, TRUE);
	return ok ? g_steal_pointer(&facts) : NULL;
}

/* ---- files ---- */

/* Reads at most FACTS_TEXT_MAX + 1 bytes, so that "too big" is seen without reading all of it. */
static int read_file(const char *filename, GString *out)
{
	/* O_NONBLOCK: a FIFO must not hold us; it is refused below. */
	int fd = open(filename, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	struct stat st;
	int err = fstat(fd, &st) < 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
	if (!err && !S_ISREG(st.st_mode))
		err = EMEDIUMTYPE;
	char buf[64 * 1024];
	while (!err && out->len <= FACTS_TEXT_MAX) {
		ssize_t n = read(fd, buf, sizeof buf);
		if (n == 0)
			break;
		if (n > 0)
			g_string_append_len(out, buf, n);
		else if (errno != EINTR)
			err = errno;
	}
	close(fd);
	return err;
}

Facts *facts_load(const char *filename, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int err = read_file(filename, text);
	if (err) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_IO, "%s: %s", filename,
		            err == EMEDIUMTYPE ? "not a regular file" : g_strerror(err));
		return NULL;
	}
	Facts *facts = facts_parse(text->str, text->len, error);
	if (!facts)
		g_prefix_error(error, "%s: ", filename);
	return facts;
}
