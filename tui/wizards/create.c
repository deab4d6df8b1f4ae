// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/create.h"

#include <string.h>

#include "core/cards.h"
#include "core/plan/place.h"
#include "tui/wizards/choice.h"
#include "tui/wizards/create_private.h"
#include "tui/wizards/review.h"

#define COUNT_MAX 1024

static const char *const labels[] = { "Cancel", "Review", NULL };

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

/* What is wrong with the fields, NULL if nothing is. New text. */
static char *check_fields(const Create *create, guint64 *count)
{
	char *refusal = ui_refusal(create->ui, create->host);
	if (refusal)
		return refusal;
	if (!create->type)
		return g_strdup("Choose a type.");
	if (!g_ascii_string_to_unsigned(create->count.text, 10, 1, COUNT_MAX, count, NULL))
		return g_strdup_printf("The count is a number from 1 to %d.", COUNT_MAX);
	if (create->uuid.len && !g_uuid_string_is_valid(create->uuid.text))
		return g_strdup("That is not a uuid: 8-4-4-4-12 hex digits, or nothing.");
	if (create->uuid.len && *count != 1)
		return g_strdup("One uuid is for one instance: leave it empty, or count 1.");
	return NULL;
}

static Plan *plan_of(Create *create, guint count, const GArray *attrs, Status *status,
                     Problem **problem)
{
	const HostView *host = snapshot_host(create->ui->hosts, create->host);
	const char *label = host->address->label;
	g_autofree char *where = create->card ? g_strconcat(PLACE_CARD, create->card, NULL) : NULL;
	DefineWish wish = { .where = where,
		            .type = create->type,
		            .uuid = create->uuid.len ? create->uuid.text : NULL,
		            .autostart = create->keep == KEEP_AUTOSTART,
		            .attrs = attrs,
		            .count = count,
		            .start = true };
	if (create->keep != KEEP_BOOT)
		return plan_define(host->inventory, label, &wish, status, problem);
	if (attrs->len > 0)
		return plan_create_with_attrs(host->inventory, label, &wish, status, problem);
	return plan_create(host->inventory, label, where, wish.type, wish.uuid, count, status,
	                   problem);
}

static void review(Create *create)
{
	g_autoptr(Problem) problem = NULL;
	guint64 count = 1;
	Status status = STATUS_DONE;
	char *wrong = check_fields(create, &count);
	g_autoptr(GArray) attrs = wrong ? NULL : attr_list_read(&create->attrs, &wrong);
	say_error(create, wrong);
	if (wrong)
		return;
	Plan *plan = plan_of(create, (guint)count, attrs, &status, &problem);
	if (!plan) {
		say_error(create, problem_words(problem));
		return;
	}
	g_autofree char *picked = picked_words(create_inventory(create), plan);
	review_open(create->ui, create->host, plan, picked, &create->base);
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
	if (create->focus == FIELD_ATTRS && attr_list_key(&create->attrs, key)) {
		create->warned = false;
		return true;
	}
	bool choice = create->focus == FIELD_TYPE;
	if (!prompt || (choice && !key_is_text(key) && key != KEYCODE_BACKSPACE) ||
	    !prompt_key(prompt, key))
		return false;
	if (choice)
		create_find_type(create);
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
	g_autoptr(GPtrArray) choices = NULL;
	if (create->focus == FIELD_KEEP) {
		create->keep = (Keep)(((int)create->keep + KEEPS + step) % KEEPS);
		return;
	}
	if (create->focus == FIELD_PLACE) {
		choices = create_card_names(create);
		choice_step(&create->card, choices, step);
		return;
	}
	choices = create_type_ids(create_inventory(create));
	choice_step(&create->type, choices, step);
	g_clear_pointer(&create->card, g_free);
}

static void press(Create *create)
{
	/* Enter in the list goes to its next row, and past the empty one on. */
	if (create->focus == FIELD_ATTRS && attr_list_action(&create->attrs, ACTION_DOWN))
		return;
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
	bool typed = create->uuid.len || strcmp(create->count.text, "1") != 0 ||
	             !attr_list_is_empty(&create->attrs);
	if (!typed || create->warned)
		return false;
	create->warned = true;
	ui_say(create->ui, ROLE_WARNING, "What was typed would be lost. Once more to leave.");
	return true;
}

static bool create_action(View *view, ActionId id)
{
	Create *create = (Create *)view;
	bool choice = create->focus == FIELD_TYPE || create->focus == FIELD_PLACE ||
	              create->focus == FIELD_KEEP;
	if (create->focus == FIELD_ATTRS && attr_list_action(&create->attrs, id))
		return true;
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
	attr_list_clear(&create->attrs);
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
	attr_list_init(&create->attrs, NULL);
	create->type = g_strdup(type_id);
	create->card = g_strdup(card_name);
	if (create_type(create)) {
		create->focus = FIELD_BUTTONS; /* all is filled: Enter goes on to the review */
	} else {
		g_autoptr(GPtrArray) ids = create_type_ids(create_inventory(create));
		g_free(create->type);
		const Card *card =
			card_name ? inventory_card(create_inventory(create), card_name) : NULL;
		const CardType *first =
			card && card->types->len ? g_ptr_array_index(card->types, 0) : NULL;
		create->type = g_strdup(first      ? first->id
		                        : ids->len ? g_ptr_array_index(ids, 0)
		                                   : NULL);
	}
	ui_push(ui, &create->base);
}
