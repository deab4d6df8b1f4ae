// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/create.h"

#include <string.h>

#include "core/cards.h"
#include "core/explain.h"
#include "core/plan/place.h"
#include "core/text.h"
#include "tui/widgets/dialog.h"
#include "tui/widgets/prompt.h"
#include "tui/wizards/review.h"

#define LABEL_COLUMNS 9
#define COUNT_MAX 1024

typedef enum { FIELD_TYPE, FIELD_PLACE, FIELD_UUID, FIELD_COUNT, FIELD_BUTTONS, FIELDS } Field;

typedef struct {
	View base;
	Ui *ui;
	int host;
	Field focus;
	char *type, *card; /* ids; card NULL: the first one with room */
	Prompt find, uuid, count;
	Buttons buttons;
	char *error;
	bool warned; /* of what Esc would discard */
} Create;

static const char *const labels[] = { "Cancel", "Review", NULL };

/* ---- choices ------------------------------------------------------------------------------ */

static const Inventory *inventory_of(const Create *create)
{
	return snapshot_host(create->ui->hosts, create->host)->inventory;
}

static int compare_ids(gconstpointer a, gconstpointer b)
{
	return natural_compare(*(const char *const *)a, *(const char *const *)b);
}

/* The ids of all types of the host, in order; strings of the inventory. */
static GPtrArray *type_ids(const Inventory *inventory)
{
	GPtrArray *ids = g_ptr_array_new();
	for (guint p = 0; inventory && p < inventory->parents->len; p++) {
		const Parent *parent = g_ptr_array_index(inventory->parents, p);
		for (guint t = 0; t < parent->types->len; t++) {
			const Type *type = g_ptr_array_index(parent->types, t);
			if (!g_ptr_array_find_with_equal_func(ids, type->id, g_str_equal, NULL))
				g_ptr_array_add(ids, (char *)type->id);
		}
	}
	g_ptr_array_sort(ids, compare_ids);
	return ids;
}

/* The names of the cards that offer the chosen type; the first is NULL: any. */
static GPtrArray *card_names(const Create *create)
{
	const Inventory *inventory = inventory_of(create);
	GPtrArray *names = g_ptr_array_new();
	g_ptr_array_add(names, NULL);
	for (guint i = 0; inventory && create->type && i < inventory->cards->len; i++) {
		const Card *card = g_ptr_array_index(inventory->cards, i);
		const CardType *type = card_type(card, create->type);
		if (type && type->offers->len > 0)
			g_ptr_array_add(names, (char *)card->name);
	}
	return names;
}

/* Steps `*value` to the next of `choices`; true if it changed. */
static void cycle(char **value, const GPtrArray *choices, int step)
{
	guint at = 0;
	if (choices->len == 0)
		return;
	for (guint i = 0; i < choices->len; i++) {
		if (g_strcmp0(g_ptr_array_index(choices, i), *value) == 0)
			at = i;
	}
	at = (at + choices->len + (guint)step) % choices->len;
	g_free(*value);
	*value = g_strdup(g_ptr_array_index(choices, at));
}

static const Type *chosen_type(const Create *create)
{
	const Inventory *inventory = inventory_of(create);
	for (guint p = 0; inventory && create->type && p < inventory->parents->len; p++) {
		const Type *type =
			parent_type(g_ptr_array_index(inventory->parents, p), create->type);
		if (type)
			return type;
	}
	return NULL;
}

/* The first type whose id or name holds what was typed. */
static void find_type(Create *create)
{
	const Inventory *inventory = inventory_of(create);
	g_autofree char *needle = g_utf8_casefold(create->find.text, -1);
	g_autoptr(GPtrArray) ids = type_ids(inventory);
	for (guint i = 0; i < ids->len; i++) {
		g_autofree char *old = create->type;
		create->type = g_strdup(g_ptr_array_index(ids, i));
		const Type *type = chosen_type(create);
		g_autofree char *text = g_strdup_printf("%s %s", create->type,
		                                        type && type->name.s ? type->name.s : "");
		g_autofree char *valid = g_utf8_make_valid(text, -1);
		g_autofree char *folded = g_utf8_casefold(valid, -1);
		if (strstr(folded, needle)) {
			g_clear_pointer(&create->card, g_free);
			return;
		}
		g_free(create->type);
		create->type = g_steal_pointer(&old);
	}
}

/* ---- to the review page ------------------------------------------------------------------- */

static void say_error(Create *create, char *text)
{
	g_free(create->error);
	create->error = text;
}

/* Which functions the program picked: "A40 41:00.0: 41:00.6, 41:00.7". New text, or NULL. */
static char *picked_words(const Inventory *inventory, const Plan *plan)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const Parent *before = NULL;
	for (guint i = 0; i < plan->steps->len; i++) {
		const Step *step = g_ptr_array_index(plan->steps, i);
		const Parent *parent = inventory_parent(inventory, step->parent);
		if (!parent || !parent->physfn || parent == before)
			continue;
		if (before && before->card == parent->card)
			g_string_append_printf(text, ", %s", bdf_short(parent->name));
		else
			g_string_append_printf(text, "%s%s: %s",
			                       before ? "; " : "Functions picked of ",
			                       parent->card->label, bdf_short(parent->name));
		before = parent;
	}
	return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static void review(Create *create)
{
	const HostView *host = snapshot_host(create->ui->hosts, create->host);
	g_autofree char *refusal = ui_refusal(create->ui, create->host);
	g_autoptr(Problem) problem = NULL;
	guint64 count = 1;
	Status status = STATUS_DONE;
	if (refusal) {
		say_error(create, g_steal_pointer(&refusal));
		return;
	}
	if (!create->type) {
		say_error(create, g_strdup("Choose a type."));
		return;
	}
	if (!g_ascii_string_to_unsigned(create->count.text, 10, 1, COUNT_MAX, &count, NULL)) {
		say_error(create,
		          g_strdup_printf("The count is a number from 1 to %d.", COUNT_MAX));
		return;
	}
	const char *uuid = create->uuid.len ? create->uuid.text : NULL;
	if (uuid && !g_uuid_string_is_valid(uuid)) {
		say_error(create,
		          g_strdup("That is not a uuid: 8-4-4-4-12 hex digits, or nothing."));
		return;
	}
	if (uuid && count != 1) {
		say_error(create,
		          g_strdup("One uuid is for one instance: leave it empty, or count 1."));
		return;
	}
	g_autofree char *where = create->card ? g_strconcat(PLACE_CARD, create->card, NULL) : NULL;
	Plan *plan = plan_create(host->inventory, host->address->label, where, create->type, uuid,
	                         (guint)count, &status, &problem);
	say_error(create, plan ? NULL
	                       : g_strdup_printf("%s%s%s", problem->text, problem->hint ? ": " : "",
	                                         problem->hint ? problem->hint : ""));
	g_autofree char *picked = plan ? picked_words(host->inventory, plan) : NULL;
	if (plan)
		review_open(create->ui, create->host, plan, picked, &create->base);
}

/* ---- drawing ------------------------------------------------------------------------------ */

static void draw_choice(const Create *create, Surface *surface, Rect line, Field field,
                        const char *text)
{
	bool here = create->focus == field;
	surface_putf(surface, line.x, line.y, line.w, here ? ROLE_BUTTON_FOCUS : ROLE_NORMAL,
	             "< %s >", text);
	if (here)
		surface_set_cursor(surface, line.x, line.y);
}

static char *type_words(const Create *create)
{
	const Type *type = chosen_type(create);
	if (!create->type)
		return g_strdup("none is offered here");
	if (!type)
		return g_strdup_printf("%s (not offered here)", create->type);
	return g_strdup_printf("%s%s%s", type->id, type->name.s ? "  " : "",
	                       type->name.s ? type->name.s : "");
}

static char *room_words(const CardType *type)
{
	g_autofree char *why = NULL;
	if (type->unreadable == type->offers->len)
		return g_strdup("room unknown");
	if (explain_card_zero(type, &why) != ZERO_NOT)
		return g_strdup_printf("0: %s", why);
	return g_strdup_printf("%s%" G_GINT64_FORMAT " available",
	                       type->offers->len > 1 ? "up to " : "", type->available);
}

static char *card_words(const Create *create)
{
	const Inventory *inventory = inventory_of(create);
	const Card *card =
		inventory && create->card ? inventory_card(inventory, create->card) : NULL;
	if (!create->card)
		return g_strdup("the first one with room");
	const CardType *type = card && create->type ? card_type(card, create->type) : NULL;
	if (!type)
		return g_strdup_printf("%s (gone)", create->card);
	g_autofree char *room = room_words(type);
	return g_strdup_printf("%s  %s", card->label, room);
}

static void create_draw(View *view, Surface *surface)
{
	static const char *const names[] = { "Type", "Card", "UUID", "Count" };
	Create *create = (Create *)view;
	const HostView *host = snapshot_host(create->ui->hosts, create->host);
	g_autofree char *title = g_strdup_printf("Create on %s", host->address->label);
	Rect in = dialog_frame(surface, MIN(surface_width(surface) - 2, 76), 12, title);
	Rect line = { in.x + LABEL_COLUMNS, in.y, in.w - LABEL_COLUMNS, 1 };
	g_autofree char *type = type_words(create), *card = card_words(create);
	for (int i = 0; i < FIELD_BUTTONS; i++)
		surface_put(surface, in.x, in.y + i, LABEL_COLUMNS - 1, ROLE_HEADING, names[i]);
	draw_choice(create, surface, line, FIELD_TYPE, type);
	line.y++;
	draw_choice(create, surface, line, FIELD_PLACE, card);
	line.y++;
	prompt_draw(&create->uuid, surface, line.x, line.y, MIN(line.w, 37),
	            create->focus == FIELD_UUID);
	if (!create->uuid.len && create->focus != FIELD_UUID)
		surface_put(surface, line.x, line.y, 37, ROLE_DIM, "(a new one)");
	line.y++;
	prompt_draw(&create->count, surface, line.x, line.y, MIN(line.w, 6),
	            create->focus == FIELD_COUNT);
	static const char *const hints[FIELDS] = {
		"Left and Right choose; typing finds a type.",
		"Left and Right choose; of a card's functions one with room is picked.",
		"Typed, or left empty for a new one.",
		"How many.",
		"",
	};
	const char *hint = create->focus == FIELD_TYPE && create->find.len ? create->find.text
	                                                                   : hints[create->focus];
	surface_put(surface, in.x, line.y + 1, in.w, ROLE_DIM, hint);
	if (create->error)
		text_wrapped(surface, (Rect){ in.x, line.y + 2, in.w, in.y + in.h - line.y - 4 },
		             ROLE_ERROR, create->error);
	buttons_draw(&create->buttons, surface, in.x, in.y + in.h - 1, in.w,
	             create->focus == FIELD_BUTTONS);
}

/* ---- keys --------------------------------------------------------------------------------- */

static Prompt *prompt_of(Create *create)
{
	switch (create->focus) {
	case FIELD_TYPE:
		return &create->find;
	case FIELD_UUID:
		return &create->uuid;
	case FIELD_COUNT:
		return &create->count;
	default:
		return NULL;
	}
}

static bool create_key(View *view, Key key)
{
	Create *create = (Create *)view;
	Prompt *prompt = prompt_of(create);
	bool choice = create->focus == FIELD_TYPE;
	if (!prompt || (choice && !key_is_text(key) && key != KEYCODE_BACKSPACE) ||
	    !prompt_key(prompt, key))
		return false;
	if (choice)
		find_type(create);
	create->warned = false;
	return true;
}

static void move_focus(Create *create, int step)
{
	create->focus = (Field)(((int)create->focus + step + FIELDS) % FIELDS);
	prompt_wipe(&create->find);
}

static void choose(Create *create, int step)
{
	g_autoptr(GPtrArray) choices =
		create->focus == FIELD_TYPE ? type_ids(inventory_of(create)) : card_names(create);
	cycle(create->focus == FIELD_TYPE ? &create->type : &create->card, choices, step);
	if (create->focus == FIELD_TYPE)
		g_clear_pointer(&create->card, g_free);
}

static void press(Create *create)
{
	if (create->focus != FIELD_BUTTONS) {
		move_focus(create, 1);
		return;
	}
	if (create->buttons.selected == 0)
		create->base.done = true;
	else
		review(create);
}

/* Esc asks once where something typed would be lost. */
static bool leave(Create *create)
{
	bool typed = create->uuid.len || strcmp(create->count.text, "1") != 0;
	if (!typed || create->warned)
		return false;
	create->warned = true;
	ui_say(create->ui, ROLE_WARNING, "What was typed would be lost. Once more to leave.");
	return true;
}

static bool create_action(View *view, ActionId id)
{
	Create *create = (Create *)view;
	bool choice = create->focus == FIELD_TYPE || create->focus == FIELD_PLACE;
	switch (id) {
	case ACTION_ACCEPT:
		press(create);
		return true;
	case ACTION_UP:
	case ACTION_PREVIOUS:
		move_focus(create, -1);
		return true;
	case ACTION_DOWN:
	case ACTION_NEXT:
		move_focus(create, 1);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		if (choice)
			choose(create, id == ACTION_LEFT ? -1 : 1);
		else if (create->focus == FIELD_BUTTONS)
			buttons_move(&create->buttons, id);
		return true;
	case ACTION_BACK:
	case ACTION_QUIT:
	case ACTION_INTERRUPT:
		return leave(create);
	default:
		return false;
	}
}

static void create_free(View *view)
{
	Create *create = (Create *)view;
	g_free(create->type);
	g_free(create->card);
	g_free(create->error);
	g_free(create);
}

static const ViewOps ops = {
	.context = CONTEXT_MOVE,
	.title = "the create page",
	.draw = create_draw,
	.key = create_key,
	.action = create_action,
	.free = create_free,
};

void create_wizard(Ui *ui, int host, const char *card_name, const char *type_id)
{
	g_autofree char *refusal = ui_refusal(ui, host);
	if (refusal) {
		ui_say(ui, ROLE_WARNING, "%s", refusal);
		return;
	}
	Create *create = g_new0(Create, 1);
	*create = (Create){ .base.ops = &ops,
		            .ui = ui,
		            .host = host,
		            .focus = FIELD_TYPE,
		            .buttons = { labels, 1 } };
	prompt_set(&create->count, "1");
	create->type = g_strdup(type_id);
	create->card = g_strdup(card_name);
	if (chosen_type(create)) {
		create->focus = FIELD_BUTTONS; /* all is filled: Enter goes on to the review */
	} else {
		g_autoptr(GPtrArray) ids = type_ids(inventory_of(create));
		g_free(create->type);
		const Card *card =
			card_name ? inventory_card(inventory_of(create), card_name) : NULL;
		const CardType *first =
			card && card->types->len ? g_ptr_array_index(card->types, 0) : NULL;
		create->type = g_strdup(first      ? first->id
		                        : ids->len ? g_ptr_array_index(ids, 0)
		                                   : NULL);
	}
	ui_push(ui, &create->base);
}
