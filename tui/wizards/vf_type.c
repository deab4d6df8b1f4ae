// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/vf_type.h"

#include <string.h>

#include "core/cards.h"
#include "tui/widgets/dialog.h"
#include "tui/wizards/choice.h"
#include "tui/wizards/review.h"
#include "tui/wizards/thing.h"

#define LABEL_COLUMNS 10
#define NONE "0"

typedef enum { FIELD_FUNCTION, FIELD_TYPE, FIELD_BUTTONS, FIELDS } Field;

typedef struct {
	View base;
	Ui *ui;
	int host;
	Field focus;
	char *card; /* NULL: only that function */
	char *function;
	char *type; /* number, "0": none */
	Buttons buttons;
	char *error;
} VfType;

static const char *const labels[] = { "Cancel", "Review", NULL };

/* ---- choices ------------------------------------------------------------------------------ */

static const Inventory *inventory_of(const VfType *page)
{
	return snapshot_host(page->ui->hosts, page->host)->inventory;
}

static const Function *function_of(const VfType *page)
{
	const Inventory *inventory = inventory_of(page);
	return inventory && page->function ? vendor_function(inventory, page->function) : NULL;
}

/* Names of the card's functions that a type can be given to; strings of the inventory. */
static GPtrArray *functions_of(const VfType *page)
{
	const Inventory *inventory = inventory_of(page);
	const Card *card = inventory && page->card ? inventory_card(inventory, page->card) : NULL;
	GPtrArray *names = g_ptr_array_new();
	for (guint i = 0; card && i < card->functions->len; i++) {
		const Function *function = g_ptr_array_index(card->functions, i);
		if (vendor_function(inventory, function->name))
			g_ptr_array_add(names, (char *)function->name);
	}
	if (names->len == 0 && page->function)
		g_ptr_array_add(names, page->function);
	return names;
}

/* Cuts a line "ID : NAME" in two; false for a heading. */
static bool read_line(char *line, const char **id, const char **name)
{
	char *colon = strchr(line, ':');
	guint64 n;
	if (!colon)
		return false;
	*colon = '\0';
	*id = g_strstrip(line);
	*name = g_strstrip(colon + 1);
	return g_ascii_string_to_unsigned(*id, 10, 1, G_MAXUINT, &n, NULL);
}

static char **creatable_lines(const Function *function)
{
	const char *text = function ? function->creatable.s : NULL;
	return g_strsplit(text ? text : "", "\n", -1);
}

/* The name of a type that can be created, or NULL. New. */
static char *type_name(const Function *function, const char *type)
{
	g_auto(GStrv) lines = creatable_lines(function);
	const char *id, *name;
	for (char **line = lines; *line; line++)
		if (read_line(*line, &id, &name) && strcmp(id, type) == 0)
			return g_strdup(name);
	return NULL;
}

/* None, and what can be created: numbers, owned. */
static GPtrArray *types_of(const Function *function)
{
	GPtrArray *types = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) lines = creatable_lines(function);
	const char *id, *name;
	g_ptr_array_add(types, g_strdup(NONE));
	for (char **line = lines; *line; line++)
		if (read_line(*line, &id, &name))
			g_ptr_array_add(types, g_strdup(id));
	return types;
}

/* What one most likely wants: to clear a type that is set, or the first that can be made. */
static void suggest_type(VfType *page)
{
	const Function *function = function_of(page);
	g_autoptr(GPtrArray) types = types_of(function);
	bool has = function && function->vgpu_type.n != 0;
	g_free(page->type);
	page->type = g_strdup(g_ptr_array_index(types, !has && types->len > 1 ? 1 : 0));
}

/* ---- to the review page ------------------------------------------------------------------- */

static void say_error(VfType *page, char *text)
{
	g_free(page->error);
	page->error = text;
}

static void review(VfType *page)
{
	const HostView *host = snapshot_host(page->ui->hosts, page->host);
	const Function *function = function_of(page);
	char *refusal = ui_refusal(page->ui, page->host);
	g_autoptr(Problem) problem = NULL;
	Status status = STATUS_DONE;
	if (!refusal && !function)
		refusal = g_strdup("That function is not there any more.");
	say_error(page, refusal);
	if (refusal)
		return;
	Plan *plan = plan_vf_type(host->inventory, host->address->label, function->name,
	                          (guint)function->vgpu_type.n,
	                          (guint)g_ascii_strtoull(page->type, NULL, 10), &status, &problem);
	if (plan)
		review_open(page->ui, page->host, plan, NULL, &page->base);
	else
		say_error(page, problem_words(problem));
}

/* ---- drawing ------------------------------------------------------------------------------ */

static char *function_words(const VfType *page)
{
	const Function *function = function_of(page);
	if (!function)
		return g_strdup_printf("%s (gone)", page->function ? page->function : "none");
	if (function->vgpu_type.n == 0)
		return g_strdup_printf("%s  no type set", bdf_short(function->name));
	return g_strdup_printf("%s  nvidia-%" G_GINT64_FORMAT " set", bdf_short(function->name),
	                       function->vgpu_type.n);
}

static char *type_words(const VfType *page)
{
	const Function *function = function_of(page);
	if (strcmp(page->type, NONE) == 0)
		return g_strdup("none: clear it");
	g_autofree char *name = function ? type_name(function, page->type) : NULL;
	return g_strdup_printf("nvidia-%s%s%s", page->type, name ? "  " : "", name ? name : "");
}

static void vf_draw(View *view, Surface *surface)
{
	VfType *page = (VfType *)view;
	const char *label = snapshot_host(page->ui->hosts, page->host)->address->label;
	g_autofree char *title = g_strdup_printf("vGPU type on %s", label);
	g_autofree char *function = function_words(page), *type = type_words(page);
	Rect in = dialog_frame(surface, MIN(surface_width(surface) - 2, 76), 10, title);
	Rect line = { in.x + LABEL_COLUMNS, in.y, in.w - LABEL_COLUMNS, 1 };
	int bottom = in.y + in.h - 1;
	surface_put(surface, in.x, in.y, LABEL_COLUMNS - 1, ROLE_HEADING, "Function");
	surface_put(surface, in.x, in.y + 1, LABEL_COLUMNS - 1, ROLE_HEADING, "Type");
	choice_draw(surface, line, page->focus == FIELD_FUNCTION, function);
	line.y++;
	choice_draw(surface, line, page->focus == FIELD_TYPE, type);
	surface_put(surface, in.x, in.y + 2, in.w, ROLE_DIM,
	            "Left and Right choose. A type that is set is cleared before another.");
	if (page->error)
		text_wrapped(surface, (Rect){ in.x, in.y + 3, in.w, bottom - in.y - 3 }, ROLE_ERROR,
		             page->error);
	buttons_draw(&page->buttons, surface, in.x, bottom, in.w, page->focus == FIELD_BUTTONS);
}

/* ---- keys --------------------------------------------------------------------------------- */

static void choose(VfType *page, int step)
{
	g_autoptr(GPtrArray) choices = NULL;
	say_error(page, NULL);
	if (page->focus == FIELD_TYPE) {
		choices = types_of(function_of(page));
		choice_step(&page->type, choices, step);
	} else {
		choices = functions_of(page);
		choice_step(&page->function, choices, step);
		suggest_type(page);
	}
}

static void press(VfType *page)
{
	if (page->focus != FIELD_BUTTONS)
		page->focus++;
	else if (page->buttons.selected == 0)
		page->base.done = true;
	else
		review(page);
}

static bool vf_action(View *view, ActionId id)
{
	VfType *page = (VfType *)view;
	switch (id) {
	case ACTION_ACCEPT:
		press(page);
		return true;
	case ACTION_UP:
	case ACTION_PREVIOUS:
		page->focus = (Field)((page->focus + FIELDS - 1) % FIELDS);
		return true;
	case ACTION_DOWN:
	case ACTION_NEXT:
		page->focus = (Field)((page->focus + 1) % FIELDS);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		if (page->focus == FIELD_BUTTONS)
			return buttons_move(&page->buttons, id);
		choose(page, id == ACTION_LEFT ? -1 : 1);
		return true;
	default:
		return false;
	}
}

static void vf_free(View *view)
{
	VfType *page = (VfType *)view;
	g_free(page->card);
	g_free(page->function);
	g_free(page->type);
	g_free(page->error);
	g_free(page);
}

static const ViewOps ops = {
	.context = CONTEXT_MOVE,
	.title = "the vGPU type",
	.draw = vf_draw,
	.action = vf_action,
	.free = vf_free,
};

void vf_type_wizard(Ui *ui, int host, const char *card_name, const char *function)
{
	g_autofree char *refusal = ui_refusal(ui, host);
	if (refusal) {
		ui_say(ui, ROLE_WARNING, "%s", refusal);
		return;
	}
	VfType *page = g_new0(VfType, 1);
	*page = (VfType){ .base.ops = &ops,
		          .ui = ui,
		          .host = host,
		          .card = g_strdup(card_name),
		          .function = g_strdup(function),
		          .focus = function ? FIELD_TYPE : FIELD_FUNCTION,
		          .buttons = { labels, 1 } };
	g_autoptr(GPtrArray) functions = functions_of(page);
	if (!function && functions->len > 0)
		page->function = g_strdup(g_ptr_array_index(functions, 0));
	suggest_type(page);
	ui_push(ui, &page->base);
}
