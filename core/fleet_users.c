// SPDX-License-Identifier: GPL-2.0-or-later

/* One reading of a host: what changed since the last, and who uses its instances. */

#include "core/fleet_private.h"

#include <string.h>

static void digest_bytes(GChecksum *sum, const char *bytes, gsize len)
{
	if (bytes)
		g_checksum_update(sum, (const guchar *)bytes, (gssize)len);
	g_checksum_update(sum, (const guchar *)"", 1);
}

/* What a change shows by: every reading but those of processes. */
static char *digest_facts(const Facts *facts)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);

	for (guint i = 0; i < facts_count(facts); i++) {
		const Fact *fact = facts_nth(facts, i);
		if (fact_is_of_process(fact))
			continue;
		digest_bytes(sum, fact->path, strlen(fact->path));
		digest_bytes(sum, (const char *)&fact->err, sizeof fact->err);
		digest_bytes(sum, fact->text, fact->text ? fact->len : 0);
		for (char **name = fact->names; name && *name; name++)
			digest_bytes(sum, *name, strlen(*name));
	}
	return g_strdup(g_checksum_get_string(sum));
}

static const char *const users_notes[] = { "users", "hidden" };

static void copy_users(Facts *to, const Facts *from)
{
	for (guint i = 0; i < facts_count(from); i++) {
		const Fact *fact = facts_nth(from, i);
		if (fact_is_of_process(fact))
			facts_add(to, fact);
	}
	for (guint i = 0; i < G_N_ELEMENTS(users_notes); i++)
		if (facts_note(from, users_notes[i]))
			facts_set_note(to, users_notes[i], facts_note(from, users_notes[i]));
}

/*
 * Keeps what the processes said, so that the scans between may be cheap. As text: mostly they say
 * nothing, and facts take forty kB to say it.
 */
static void keep_users(HostSlot *slot, const Facts *facts)
{
	g_autoptr(Facts) users = facts_new();

	copy_users(users, facts);
	GString *text = facts_write(users);
	g_free(slot->users);
	slot->users = g_strndup(text->str, text->len);
	g_string_free(text, TRUE);
	slot->users_us = g_get_monotonic_time();
}

static void put_users(Facts *facts, const HostSlot *slot)
{
	g_autoptr(Facts) users = facts_parse(slot->users, strlen(slot->users), NULL);

	if (users)
		copy_users(facts, users);
}

Facts *fleet_read(HostSlot *slot, bool *changed, GError **error)
{
	bool wants_users =
		slot->users_us == 0 || g_get_monotonic_time() - slot->users_us >= USERS_US;
	g_autoptr(Facts) facts =
		backend_scan(slot->backend, wants_users ? SCAN_USERS : 0, slot->cancel, error);
	if (!facts)
		return NULL;

	g_autofree char *digest = digest_facts(facts);
	*changed = g_strcmp0(digest, slot->digest) != 0;
	if (*changed && !wants_users) {
		Facts *again = backend_scan(slot->backend, SCAN_USERS, slot->cancel, error);
		facts_free(facts);
		facts = again;
		if (!facts)
			return NULL;
		wants_users = true;
		g_free(digest);
		digest = digest_facts(facts);
	}
	if (wants_users)
		keep_users(slot, facts);
	else
		put_users(facts, slot);
	g_free(slot->digest);
	slot->digest = g_steal_pointer(&digest);
	return g_steal_pointer(&facts);
}
