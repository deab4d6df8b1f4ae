// SPDX-License-Identifier: GPL-2.0-or-later

/* Helpers of the makers, and the rows for readings that failed. */

#include "core/inventory_build.h"

#include <errno.h>
#include <string.h>

const char *build_string(Builder *b, const char *text)
{
	return text ? g_string_chunk_insert(b->strings, text) : NULL;
}

const char *build_shared(Builder *b, const char *text)
{
	if (!text)
		return NULL;
	/* The chunk's own table for this would stay as long as the inventory. */
	char *known = g_hash_table_lookup(b->shared, text);
	if (!known) {
		known = g_string_chunk_insert(b->strings, text);
		g_hash_table_add(b->shared, known);
	}
	return known;
}

gsize build_base(Builder *b, const char *first, const char *second)
{
	g_string_assign(b->path, first);
	g_string_append_c(b->path, '/');
	g_string_append(b->path, second);
	return b->path->len;
}

const char *build_path(Builder *b, gsize base, const char *name)
{
	g_string_truncate(b->path, base);
	g_string_append_c(b->path, '/');
	g_string_append(b->path, name);
	return b->path->str;
}

TextReading build_text(Builder *b, const char *path)
{
	TextReading reading = facts_text(b->facts, path);
	if (reading.state == READ_VALUE)
		reading.s = build_shared(b, reading.s);
	return reading;
}

NumReading build_number(Builder *b, const char *path, gint64 min, gint64 max)
{
	TextReading text = facts_text(b->facts, path);
	NumReading number = { .state = text.state, .err = text.err };
	if (text.state != READ_VALUE)
		return number;
	g_autofree char *trimmed = g_strstrip(g_strdup(text.s));
	if (g_ascii_string_to_signed(trimmed, 10, min, max, &number.n, NULL))
		return number;
	build_error(b, "PARSE", EINVAL, "field", path, "not a number", NULL);
	return (NumReading){ .state = READ_UNREADABLE, .err = EINVAL };
}

static const char *base_of(const char *target)
{
	const char *slash = strrchr(target, '/');
	return slash ? slash + 1 : target;
}

TextReading build_link_base(Builder *b, const char *path)
{
	TextReading reading = facts_text(b->facts, path);
	if (reading.state == READ_VALUE)
		reading.s = build_shared(b, base_of(reading.s));
	return reading;
}

const char *build_link_name(Builder *b, const char *path)
{
	TextReading reading = build_link_base(b, path);
	return reading.state == READ_VALUE && *reading.s ? reading.s : NULL;
}

ReadState build_list_state(Builder *b, const char *path)
{
	const Fact *fact = facts_get(b->facts, path);
	if (!fact || fact->err == ENOENT)
		return READ_ABSENT;
	return fact->names ? READ_VALUE : READ_UNREADABLE;
}

char *build_resolve(Builder *b, const char *path)
{
	TextReading target = facts_text(b->facts, path);
	if (target.state != READ_VALUE)
		return g_strdup(path);
	GString *out = g_string_new(path);
	g_string_truncate(out, target.s[0] == '/' ? 0 : (gsize)(base_of(path) - path - 1));
	for (const char *at = target.s; *at;) {
		gsize n = strcspn(at, "/");
		if (n == 2 && at[0] == '.' && at[1] == '.') {
			char *slash = strrchr(out->str, '/');
			g_string_truncate(out, slash ? (gsize)(slash - out->str) : 0);
		} else if (n > 0 && !(n == 1 && at[0] == '.')) {
			g_string_append_c(out, '/');
			g_string_append_len(out, at, (gssize)n);
		}
		at += n + strspn(at + n, "/");
	}
	if (out->len == 0)
		g_string_append_c(out, '/');
	return g_string_free(out, FALSE);
}

void build_error(Builder *b, const char *code, int err, const char *scope, const char *path,
                 const char *text, const char *hint)
{
	ScanError *row = g_new0(ScanError, 1);
	row->code = code;
	row->err = err;
	row->scope = scope;
	row->path = build_string(b, path);
	row->text = build_string(b, text);
	row->hint = build_string(b, hint);
	g_ptr_array_add(b->inventory->errors, row);
}

bool name_is_bdf(const char *name)
{
	gsize domain = strspn(name, "0123456789abcdefABCDEF");
	const char *s = name + domain;
	if (domain < 4 || s[0] != ':')
		return false;
	for (int i = 0; i < 2; i++)
		if (!g_ascii_isxdigit(s[1 + i]))
			return false;
	if (s[3] != ':')
		return false;
	for (int i = 0; i < 2; i++)
		if (!g_ascii_isxdigit(s[4 + i]))
			return false;
	return s[6] == '.' && g_ascii_isxdigit(s[7]) && s[8] == '\0';
}

const char *bdf_short(const char *name)
{
	return name_is_bdf(name) && g_str_has_prefix(name, "0000:") ? name + strlen("0000:") : name;
}

const char *build_device_name(Builder *b, const char *vendor, const char *device,
                              const char *sub_vendor, const char *sub_device)
{
	g_autofree char *name = b->namer ? b->namer(vendor, device, sub_vendor, sub_device) : NULL;
	if (!name)
		name = g_strdup_printf("%s:%s", vendor, device);
	return build_shared(b, name);
}

const char *build_device_label(Builder *b, const char *device_name, const char *bdf)
{
	g_autofree char *label = g_strdup_printf("%s %s", device_name, bdf_short(bdf));
	return build_string(b, label);
}

/* ---- rows for readings that failed ---- */

#define MDEV_BUS "/sys/class/mdev_bus/"
#define DEFINITIONS "/etc/mdevctl.d/"
#define DEBUGFS "/sys/kernel/debug"
#define SERVICES "/etc/systemd/"

static const char *hint_for(int err, const char *path)
{
	if (g_str_has_prefix(path, DEBUGFS) && (err == EACCES || err == EPERM))
		return "read as root to see migration states";
	if (err == EACCES || err == EPERM)
		return "read as root, or with sudo";
	if (err == EIO || err == ENODEV)
		return "read again; if it stays, look into the kernel log for the driver";
	return NULL;
}

static const char *scope_for(const Fact *fact)
{
	static const char *const of_host[] = { "/sys/class/mdev_bus", "/sys/bus/mdev/devices",
		                               "/etc/mdevctl.d", "/proc" };
	for (guint i = 0; i < G_N_ELEMENTS(of_host); i++)
		if (strcmp(fact->path, of_host[i]) == 0)
			return "host";
	return fact->kind == FACT_NAMES ? "device" : "field";
}

/* A folder among the units of systemd, a device in place of a text: nothing that runs at boot. */
static bool is_no_text_of_boot(const Fact *fact)
{
	static const char *const folders[] = { "/etc/systemd/system/", "/etc/udev/rules.d/",
		                               "/etc/modules-load.d/", "/etc/modprobe.d/" };
	for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
		if (g_str_has_prefix(fact->path, folders[i]))
			return fact->err == EISDIR || fact->err == EMEDIUMTYPE;
	return false;
}

/* Failures that cost nobody anything. */
static bool is_harmless(Builder *b, const Fact *fact)
{
	const char *path = fact->path;
	/* In a tree made by hand a parent may stand on the bus as a directory. */
	if (fact->kind == FACT_LINK && fact->err == EINVAL && g_str_has_prefix(path, MDEV_BUS))
		return !strchr(path + strlen(MDEV_BUS), '/');
	/* debugfs is closed to others than root: worth a row only where something is missed. */
	if (g_str_has_prefix(path, DEBUGFS))
		return b->inventory->instances->len == 0;
	/* Nobody misses a manager's service that cannot be seen, and /sys/bus/ap is s390's. */
	if (g_str_has_prefix(path, SERVICES))
		return true;
	/* The scripts of mdevctl lie beside the folders of parents; stray files beside uuids. */
	if (g_str_has_prefix(path, DEFINITIONS)) {
		g_autofree char *base = g_path_get_basename(path);
		return g_str_has_prefix(path, DEFINITIONS "scripts.d") ||
		       (fact->kind == FACT_VALUE && !g_uuid_string_is_valid(base));
	}
	if (!g_str_has_prefix(path, MDEV_BUS))
		return is_no_text_of_boot(fact);
	/* vendor and device are PCI's; other devices use the names for folders of their own. */
	static const char *const pci_only[] = { "vendor", "device", "subsystem_vendor",
		                                "subsystem_device" };
	const char *slash = strrchr(path, '/');
	g_autofree char *name =
		g_strndup(path + strlen(MDEV_BUS), strcspn(path + strlen(MDEV_BUS), "/"));
	Parent *parent = inventory_parent(b->inventory, name);
	for (guint i = 0; i < G_N_ELEMENTS(pci_only); i++)
		if (strcmp(slash + 1, pci_only[i]) == 0)
			return parent && parent->kind != PARENT_PCI;
	return false;
}

static const char *text_for(int err, const char *path, char *buf, gsize size)
{
	if (err == EMEDIUMTYPE)
		return "not a regular file";
	if (err == EFBIG) {
		g_snprintf(buf, size, "longer than %d bytes",
		           g_str_has_prefix(path, DEFINITIONS) ? FACTS_JSON_MAX : FACTS_VALUE_MAX);
		return buf;
	}
	return err == E2BIG ? "too many names" : g_strerror(err);
}

/* Definitions say themselves what is wrong with their bytes. */
static bool is_binary(const Fact *fact)
{
	return fact->kind == FACT_VALUE && fact->text && memchr(fact->text, '\0', fact->len) &&
	       !g_str_has_prefix(fact->path, DEFINITIONS);
}

void build_reading_errors(Builder *b)
{
	const char *cut = facts_note(b->facts, "cut");
	if (cut)
		build_error(b, "E2BIG", E2BIG, "host", cut,
		            "more to read than is bearable: this and what follows was left out",
		            NULL);
	for (guint i = 0; i < facts_count(b->facts); i++) {
		const Fact *fact = facts_nth(b->facts, i);
		if (is_binary(fact) && !is_harmless(b, fact))
			build_error(b, "PARSE", EILSEQ, "field", fact->path, "holds a zero byte",
			            NULL);
		if (!fact->err || fact->err == ENOENT || is_harmless(b, fact))
			continue;
		char number[16], text[64];
		build_error(b, build_shared(b, errno_name(fact->err, number)), fact->err,
		            scope_for(fact), fact->path,
		            text_for(fact->err, fact->path, text, sizeof text),
		            hint_for(fact->err, fact->path));
	}
}
