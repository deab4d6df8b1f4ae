// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/attrs.h"

#include <string.h>

#include "tui/widgets/dialog.h"
#include "tui/wizards/attr_list.h"
#include "tui/wizards/review.h"

#define BELOW 5 /* a hint, what is wrong, the buttons */

typedef struct {
	View base;
	Ui *ui;
	ThingName name;
	AttrList list;
	char *before; /* as the list was */
	bool on_buttons;
	Buttons buttons;
	char *error;
	bool warned; /* of what Esc would discard */
} Attrs;

static const char *const labels[] = { "Cancel", "Review", NULL };

static void say_error(Attrs *page, char *text)
{
	g_free(page->error);
	page->error = text;
}

static void review(Attrs *page)
{
	Thing thing = thing_find(page->ui, &page->name);
	g_autoptr(Problem) problem = NULL;
	Status status = STATUS_DONE;
	char *wrong = thing.definition ? NULL : g_strdup("It is not defined any more.");
	g_autoptr(GArray) attrs = wrong ? NULL : attr_list_read(&page->list, &wrong);
	say_error(page, wrong);
	if (wrong)
		return;
	Plan *plan = plan_attrs(thing.inventory, thing.label, thing.definition, attrs, &status,
	                        &problem);
	if (plan)
		review_open(page->ui, page->name.host, plan,
		            "An instance that runs keeps what it was started with.", &page->base);
	else
		say_error(page, problem_words(problem));
}

static void attrs_draw(View *view, Surface *surface)
{
	Attrs *page = (Attrs *)view;
	g_autofree char *title = g_strdup_printf("Attributes of %s", page->name.id);
	int want = (int)page->list.rows->len + BELOW + 2;
	Rect in = dialog_frame(surface, MIN(surface_width(surface) - 2, 76), MAX(want, 12), title);
	Rect rows = { in.x, in.y, in.w, MAX(in.h - BELOW, 1) };
	int y = in.y + rows.h, bottom = in.y + in.h - 1;
	attr_list_draw(&page->list, surface, rows, !page->on_buttons);
	surface_put(surface, in.x, y, in.w, ROLE_DIM,
	            "key=value, written in this order; PgUp and PgDn move a row.");
	if (page->error)
		text_wrapped(surface, (Rect){ in.x, y + 1, in.w, bottom - y - 1 }, ROLE_ERROR,
		             page->error);
	buttons_draw(&page->buttons, surface, in.x, bottom, in.w, page->on_buttons);
}

static bool attrs_key(View *view, Key key)
{
	Attrs *page = (Attrs *)view;
	if (page->on_buttons || !attr_list_key(&page->list, key))
		return false;
	page->warned = false;
	return true;
}

static void press(Attrs *page)
{
	if (!page->on_buttons)
		page->on_buttons = !attr_list_action(&page->list, ACTION_DOWN);
	else if (page->buttons.selected == 0)
		page->base.done = true;
	else
		review(page);
}

static bool leave(Attrs *page)
{
	g_autofree char *now = attr_list_text(&page->list);
	if (strcmp(now, page->before) == 0 || page->warned)
		return false;
	page->warned = true;
	ui_say(page->ui, ROLE_WARNING, "What was typed would be lost. Once more to leave.");
	return true;
}

static bool attrs_action(View *view, ActionId id)
{
	Attrs *page = (Attrs *)view;
	switch (id) {
	case ACTION_ACCEPT:
		press(page);
		return true;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		page->on_buttons = !page->on_buttons;
		return true;
	case ACTION_BACK:
	case ACTION_QUIT:
	case ACTION_INTERRUPT:
		return leave(page);
	default:
		break;
	}
	if (!page->on_buttons) {
		/* Down from the last row goes on to the buttons. */
		bool used = attr_list_action(&page->list, id);
		page->on_buttons = !used && id == ACTION_DOWN;
		return used || page->on_buttons;
	}
	if (id == ACTION_UP)
		page->on_buttons = false;
	return id == ACTION_UP || buttons_move(&page->buttons, id);
}

static void attrs_free(View *view)
{
	Attrs *page = (Attrs *)view;
	thing_name_clear(&page->name);
	attr_list_clear(&page->list);
	g_free(page->before);
	g_free(page->error);
	g_free(page);
}

static const ViewOps ops = {
	.context = CONTEXT_MOVE,
	.title = "the attributes",
	.draw = attrs_draw,
	.key = attrs_key,
	.action = attrs_action,
	.free = attrs_free,
};

void attrs_wizard(Ui *ui, const ThingName *name)
{
	Thing thing = thing_find(ui, name);
	Attrs *page = g_new0(Attrs, 1);
	*page = (Attrs){ .base.ops = &ops,
		         .ui = ui,
		         .name = thing_name(name->host, name->id, thing.definition->parent),
		         .buttons = { labels, 1 } };
	attr_list_init(&page->list, thing.definition->attrs);
	page->before = attr_list_text(&page->list);
	ui_push(ui, &page->base);
}
