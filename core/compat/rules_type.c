// SPDX-License-Identifier: GPL-2.0-or-later

/* The type: equal ids and an equal device API, or nothing. */

#include "core/compat/near_miss.h"
#include "core/compat/rules.h"

#include <errno.h>
#include <string.h>

/* Device APIs a kernel knows (include/uapi/linux/vfio.h, VFIO_DEVICE_API_*_STRING). */
static const char *const device_apis[] = {
	"vfio-pci", "vfio-platform", "vfio-amba", "vfio-ccw", "vfio-ap", NULL,
};

/* R10: the type link of the instance is the authority. */
bool rule_is_mdev(Judging *j)
{
	const Instance *instance = j->c->instance;

	if (j->c->type_id && (!instance || has_value(instance->type)))
		return true;
	TextReading type = instance ? instance->type : reading_of(NULL);
	say(j, is_unread(type) ? MDEV_UNREAD : MDEV_NOT, type, reading_of(NULL),
	    instance ? instance->id : "?", NULL);
	return false;
}

/* What the parent, or the host where none was asked for, offers instead: at most four. New text. */
static char *offers(const Case *c)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GString *out = g_string_new(NULL);
	const GPtrArray *parents = c->target.inventory->parents;

	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		if (c->parent && parent != c->parent)
			continue;
		for (guint k = 0; k < parent->types->len; k++) {
			const Type *type = g_ptr_array_index(parent->types, k);
			if (g_hash_table_add(seen, (char *)type->id) &&
			    g_hash_table_size(seen) <= 4)
				g_string_append_printf(out, "%s%s", out->len ? ", " : "", type->id);
		}
	}
	if (g_hash_table_size(seen) > 4)
		g_string_append_printf(out, " and %u more", g_hash_table_size(seen) - 4);
	if (out->len == 0)
		g_string_append(out, "none");
	return g_string_free(out, FALSE);
}

/* The name of a parent whose types could not be listed, of those asked for; NULL: none. */
static const char *unread_parent(const Case *c)
{
	const GPtrArray *parents = c->target.inventory->parents;

	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		if ((!c->parent || parent == c->parent) && parent->types_err &&
		    parent->types_err != ENOENT)
			return parent->name;
	}
	return NULL;
}

/* R11: byte for byte, or nothing. A miss ends the evaluation, behind R12's explanation. */
bool rule_type_equal(Judging *j)
{
	const Case *c = j->c;
	TextReading id = reading_of(c->type_id), none = reading_of(NULL);

	if (c->there) {
		say(j, TYPE_OFFERED, id, id, NULL);
		return true;
	}
	const char *unread = unread_parent(c);
	if (unread) {
		g_autofree char *where = g_strdup_printf("%s/%s", c->target.host, unread);
		say(j, TYPE_UNREAD, id, (TextReading){ .state = READ_UNREADABLE }, where, NULL);
		return false;
	}
	if (c->target.inventory->empty_why) {
		say(j, TYPE_HOST_EMPTY, id, none, c->target.inventory->empty_why, NULL);
		return false;
	}
	g_autofree char *list = wants_text(j) ? offers(c) : NULL;
	say(j, c->parent ? TYPE_NOT_ON_PARENT : TYPE_NOT_ON_HOST, id, none, list, NULL);
	return true;
}

/* R12: explains a miss, never softens it. */
bool rule_near_miss(Judging *j)
{
	const Case *c = j->c;
	const GPtrArray *parents = c->target.inventory->parents;

	if (c->there)
		return true;
	for (guint i = 0; i < parents->len; i++) {
		const Parent *parent = g_ptr_array_index(parents, i);
		if (c->parent && parent != c->parent)
			continue;
		for (guint k = 0; k < parent->types->len; k++) {
			const Type *type = g_ptr_array_index(parent->types, k);
			NearMiss miss = near_miss(c->type, c->type_id, type);
			if (miss == MISS_FAR)
				continue;
			say(j, miss == MISS_SUFFIX ? NEAR_SUFFIX : NEAR_NAME,
			    reading_of(c->type_id), reading_of(type->id),
			    miss == MISS_SUFFIX ? type_suffix(type->id, parent) : type->name.s,
			    NULL);
			return false;
		}
	}
	return false;
}

/* R13: the guest sees the API. */
bool rule_device_api(Judging *j)
{
	const Case *c = j->c;

	if (!c->there)
		return false;
	TextReading s = c->type ? c->type->device_api : reading_of(NULL);
	TextReading t = c->there->device_api;
	if (!has_value(s) || !has_value(t)) {
		say(j, API_UNREAD, s, t, !has_value(s) ? c->source.host : c->target.host, NULL);
		return true;
	}
	if (!g_str_equal(s.s, t.s)) {
		say(j, API_DIFFERS, s, t, NULL);
		return false;
	}
	say(j, g_strv_contains(device_apis, s.s) ? API_SAME : API_STRANGE, s, t, NULL);
	return true;
}

/*
 * What generations of one type have in common: "i915-GVTg_V" of i915-GVTg_V5_4. Ids that are
 * numbers behind the driver's name (nvidia-558, mtty-2) have nothing of the kind: 0.
 */
static gsize stem_length(const Type *type)
{
	const char *suffix = type_suffix(type->id, type->parent);
	gsize letters = strcspn(suffix, "0123456789");

	return letters > 0 && suffix[letters] ? (gsize)(suffix - type->id) + letters : 0;
}

/* R14: the source's type is what is made, whatever else looks like it. */
bool rule_other_type(Judging *j)
{
	const Case *c = j->c;

	if (c->named) {
		TextReading type = c->named->type;
		if (!has_value(type)) {
			say(j, OTHER_TYPE_UNREAD, reading_of(c->type_id), type, c->named->id, NULL);
			return false;
		}
		if (g_str_equal(type.s, c->type_id))
			return true;
		say(j, OTHER_TYPE_NAMED, reading_of(c->type_id), type, c->named->id, NULL);
		return false;
	}
	gsize stem = stem_length(c->there);
	for (guint i = 0; stem > 0 && i < c->parent->types->len; i++) {
		const Type *other = g_ptr_array_index(c->parent->types, i);
		if (other == c->there || strncmp(other->id, c->there->id, stem) != 0)
			continue;
		say(j, OTHER_TYPE_THERE, reading_of(c->type_id), reading_of(other->id), other->id,
		    NULL);
		return true;
	}
	return true;
}
