// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * R45: crypto adapters of s390. QEMU cannot migrate them (hw/vfio/ap.c: unmigratable): they are
 * unplugged before and plugged in again behind, which is a plan. Where a kernel says that it can,
 * every queue of the source must exist on the target, free, on a card that is not older.
 */

#include "core/compat/driver.h"
#include "core/compat/rules.h"

#include <string.h>

static bool is_ap(const Case *c)
{
	return c->parent->kind == PARENT_AP || g_strcmp0(c->parent->module, "vfio_ap") == 0 ||
	       g_strcmp0(c->there->device_api.s, "vfio-ap") == 0;
}

static bool says_migratable(const Inventory *inventory, Tri seen)
{
	return seen == TRI_YES || (inventory->ap_features.state == READ_VALUE &&
	                           strstr(inventory->ap_features.s, "migratable"));
}

/* The plan that is left: the guest migrates without its crypto device. */
static void offer_unplug(Judging *j)
{
	const Case *c = j->c;
	const char *id = c->instance ? c->instance->id : c->type_id;

	say(j, AP_UNPLUG, reading_of(NULL), reading_of(NULL), NULL);
	j->score.offers_plan = true;
	if (wants_todo(j))
		add_todo(j, TODO_UNPLUG, c->source.host, id, NULL, NULL,
		         g_strdup_printf("unplug %s from its guest on %s", id, c->source.host));
	if (wants_todo(j))
		add_todo(j, TODO_MIGRATE, c->source.host, NULL, NULL, NULL,
		         g_strdup_printf("migrate the guest to %s", c->target.host));
	if (wants_todo(j))
		add_todo(j, TODO_PLUG, c->target.host, NULL, NULL, NULL,
		         g_strdup_printf("plug the instance on %s into the guest", c->target.host));
}

/* The queues of a matrix, one a line. NULL-terminated, new. */
static GStrv queues_of(const char *matrix)
{
	g_auto(GStrv) lines = g_strsplit_set(matrix, " \n\t", -1);
	g_autoptr(GStrvBuilder) queues = g_strv_builder_new();

	for (char **line = lines; *line; line++)
		if (strchr(*line, '.'))
			g_strv_builder_add(queues, *line);
	return g_strv_builder_end(queues);
}

/* The other instance on the target that has the queue, or NULL. */
static const Instance *holder_of(const Case *c, const char *queue)
{
	const GPtrArray *instances = c->target.inventory->instances;

	for (guint i = 0; i < instances->len; i++) {
		const Instance *instance = g_ptr_array_index(instances, i);
		TextReading matrix = setting_of(instance, "matrix");
		if (instance == c->named || matrix.state != READ_VALUE)
			continue;
		g_auto(GStrv) queues = queues_of(matrix.s);
		if (g_strv_contains((const char *const *)queues, queue))
			return instance;
	}
	return NULL;
}

static TextReading card_type(const Inventory *inventory, const char *name)
{
	for (guint i = 0; i < inventory->ap_cards->len; i++) {
		const ApCard *card = &g_array_index(inventory->ap_cards, ApCard, i);
		if (g_str_equal(card->name, name))
			return card->hwtype;
	}
	return reading_of(NULL);
}

/* The card of a queue: same type or newer. True if it is. */
static bool judge_card(Judging *j, const char *queue)
{
	g_autofree char *name = g_strdup_printf("card%.2s", queue);
	TextReading s = card_type(j->c->source.inventory, name);
	TextReading t = card_type(j->c->target.inventory, name);

	if (!has_value(s) || !has_value(t)) {
		say(j, AP_UNREAD, s, t, name, NULL);
		return false;
	}
	if (g_ascii_strtoll(t.s, NULL, 10) >= g_ascii_strtoll(s.s, NULL, 10))
		return true;
	say(j, AP_CARD, s, t, name, NULL);
	return false;
}

static bool judge_queue(Judging *j, const char *queue)
{
	const Case *c = j->c;
	char **bound = c->target.inventory->ap_queues;

	if (!bound || !g_strv_contains((const char *const *)bound, queue)) {
		say(j, AP_QUEUE_MISSING, reading_of(queue), reading_of(NULL), queue, NULL);
		return false;
	}
	const Instance *holder = holder_of(c, queue);
	if (holder) {
		say(j, AP_QUEUE_TAKEN, reading_of(queue), reading_of(holder->id), queue, holder->id,
		    NULL);
		return false;
	}
	return judge_card(j, queue);
}

/* A setting that must be the same text on a target that exists. True if it is. */
static bool judge_equal(Judging *j, const char *name)
{
	TextReading s = setting_of(j->c->instance, name), t = setting_of(j->c->named, name);

	if (!has_value(s) || !has_value(t)) {
		say(j, AP_UNREAD, s, t, name, NULL);
		return false;
	}
	if (g_str_equal(s.s, t.s))
		return true;
	say(j, AP_DIFFERS, s, t, name, NULL);
	return false;
}

static void judge_matrix(Judging *j)
{
	TextReading matrix = setting_of(j->c->instance, "matrix");

	if (!has_value(matrix)) {
		say(j, AP_UNREAD, matrix, reading_of(NULL), "matrix", NULL);
		return;
	}
	if (j->c->named && (!judge_equal(j, "matrix") || !judge_equal(j, "control_domains")))
		return;
	g_auto(GStrv) queues = queues_of(matrix.s);
	for (char **queue = queues; *queue; queue++)
		if (!judge_queue(j, *queue))
			return;
	g_autofree char *list = g_strjoinv(", ", queues);
	say(j, AP_SAME, reading_of(list), reading_of(list), NULL);
}

bool rule_vfio_ap(Judging *j)
{
	const Case *c = j->c;

	if (!is_ap(c))
		return true;
	if (!says_migratable(c->source.inventory, c->migrates_here) ||
	    !says_migratable(c->target.inventory, c->migrates_there))
		offer_unplug(j);
	else if (c->instance)
		judge_matrix(j);
	return true;
}
