// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/acts.h"

#include "tui/widgets/dialog.h"
#include "tui/widgets/list.h"
#include "tui/wizards/attrs.h"
#include "tui/wizards/refusal.h"
#include "tui/wizards/review.h"
#include "tui/wizards/thing.h"
#include "tui/wizards/vf_type.h"

#define KEY_COLUMNS 3
#define NAME_COLUMNS 18

/* ---- why not ------------------------------------------------------------------------------ */

static const char *needs_definition(const Thing *thing)
{
	return thing->definition ? NULL : "it is not defined";
}

static const char *needs_sound(const Thing *thing)
{
	const char *why = needs_definition(thing);
	return why ? why : thing->definition->error ? "its definition is broken" : NULL;
}

static const char *start_why(const Thing *thing)
{
	const char *why = needs_sound(thing);
	return why ? why : thing->definition->active ? "it is active already" : NULL;
}

static const char *stop_why(const Thing *thing)
{
	const char *why = needs_definition(thing);
	return why                         ? "it is not defined: Remove (F8) would lose it"
	       : thing->definition->active ? NULL
	                                   : "it is not active";
}

static const char *autostart_why(const Thing *thing)
{
	const char *why = needs_sound(thing);
	return why ? why : thing->definition->autostart ? "it is started at boot already" : NULL;
}

static const char *manual_why(const Thing *thing)
{
	const char *why = needs_sound(thing);
	return why ? why : thing->definition->autostart ? NULL : "it is not started at boot";
}

static const char *define_why(const Thing *thing)
{
	const Instance *instance = thing->instance;
	if (thing->definition)
		return "it is defined already";
	if (!instance || !instance->uuid || !instance->parent_name ||
	    instance->type.state != READ_VALUE)
		return "its parent or its type is not known";
	return NULL;
}

/* ---- plans -------------------------------------------------------------------------------- */

static Plan *start(const Thing *thing, Status *status, Problem **problem)
{
	return plan_start(thing->inventory, thing->label, thing->definition, status, problem);
}

static Plan *stop(const Thing *thing, Status *status, Problem **problem)
{
	return plan_stop(thing->inventory, thing->label, thing->definition, false, status, problem);
}

static Plan *autostart(const Thing *thing, Status *status, Problem **problem)
{
	return plan_autostart(thing->inventory, thing->label, thing->definition, true, status,
	                      problem);
}

static Plan *manual(const Thing *thing, Status *status, Problem **problem)
{
	return plan_autostart(thing->inventory, thing->label, thing->definition, false, status,
	                      problem);
}

static Plan *define_as(const Thing *thing, bool at_boot, Status *status, Problem **problem)
{
	DefineWish wish = { .where = thing->instance->parent_name,
		            .type = thing->instance->type.s,
		            .uuid = thing->instance->uuid,
		            .autostart = at_boot };
	return plan_define(thing->inventory, thing->label, &wish, status, problem);
}

static Plan *define(const Thing *thing, Status *status, Problem **problem)
{
	return define_as(thing, false, status, problem);
}

static Plan *define_auto(const Thing *thing, Status *status, Problem **problem)
{
	return define_as(thing, true, status, problem);
}

static Plan *undefine(const Thing *thing, Status *status, Problem **problem)
{
	return plan_undefine(thing->inventory, thing->label, thing->definition, status, problem);
}

/* ---- the acts ----------------------------------------------------------------------------- */

/* Name, key and help are those of the action. */
typedef struct {
	ActionId id;
	const char *(*why_not)(const Thing *thing); /* NULL: it can be done */
	Plan *(*plan)(const Thing *thing, Status *status, Problem **problem);
	void (*open)(Ui *ui, const ThingName *name); /* instead of a plan: a page of its own */
	const char *intro;                           /* on the review page; or NULL */
} Act;

static const Act acts[] = {
	{ ACTION_START, start_why, start, NULL, NULL },
	{ ACTION_STOP, stop_why, stop, NULL,
	  "The definition stays: the instance can be started again." },
	{ ACTION_AUTOSTART, autostart_why, autostart, NULL, NULL },
	{ ACTION_MANUAL, manual_why, manual, NULL, "What runs goes on running." },
	{ ACTION_ATTRIBUTES, needs_sound, NULL, attrs_wizard, NULL },
	{ ACTION_DEFINE, define_why, define, NULL, NULL },
	{ ACTION_DEFINE_AUTO, define_why, define_auto, NULL, NULL },
	{ ACTION_UNDEFINE, needs_definition, undefine, NULL,
	  "An instance that runs goes on running, and is gone after a reboot." },
};

bool acts_has(ActionId id)
{
	for (gsize i = 0; i < G_N_ELEMENTS(acts); i++)
		if (acts[i].id == id)
			return true;
	return id == ACTION_VGPU_TYPE;
}

/* Does it, up to the review page; `opener` is the page with all acts, or NULL. */
static void act(Ui *ui, const ThingName *name, const Act *act, View *opener)
{
	Thing thing = thing_find(ui, name);
	g_autofree char *refusal = ui_refusal(ui, name->host);
	g_autoptr(Problem) problem = NULL;
	Status status = STATUS_DONE;
	if (refusal) {
		ui_say(ui, ROLE_WARNING, "%s", refusal);
		return;
	}
	const char *why = act->why_not(&thing);
	if (why) {
		ui_say(ui, ROLE_WARNING, "%s: not now, %s.", action_get(act->id)->name, why);
		return;
	}
	if (act->open) {
		act->open(ui, name);
		return;
	}
	Plan *plan = act->plan(&thing, &status, &problem);
	if (plan)
		review_open(ui, name->host, plan, act->intro, opener);
	else
		refusal_open(ui, "It cannot be done", problem, NULL);
}

/* ---- the page ----------------------------------------------------------------------------- */

typedef struct {
	View base;
	Ui *ui;
	ThingName name;
	List list;
} Acts;

static void draw_act(const Acts *page, Surface *surface, Rect line, const Act *act,
                     const Thing *thing)
{
	const Action *action = action_get(act->id);
	const char *why = thing->inventory ? act->why_not(thing) : "the host is not read";
	int x = line.x + 1, right = line.x + line.w;
	surface_put(surface, x, line.y, KEY_COLUMNS, ROLE_KEY,
	            keymap_keys(page->ui->keymap, act->id));
	x += KEY_COLUMNS;
	surface_put(surface, x, line.y, NAME_COLUMNS - 1, why ? ROLE_DIM : ROLE_NORMAL,
	            action->name);
	x += NAME_COLUMNS;
	surface_putf(surface, x, line.y, right - x, why ? ROLE_DIM : ROLE_NORMAL, "%s%s",
	             why ? "no: " : "", why ? why : action->help);
	if (act - acts == page->list.selected) {
		surface_restyle(surface, line, ROLE_CURSOR);
		surface_set_cursor(surface, line.x, line.y);
	}
}

/* "running, defined, started at boot": new text. */
static char *state_words(const Thing *thing)
{
	const Definition *definition = thing->definition;
	return g_strdup_printf("%s%s%s, %s",
	                       thing->instance && thing->instance->type.s ? thing->instance->type.s
	                       : definition && definition->type           ? definition->type
	                                                                  : "type unknown",
	                       thing->instance ? ", active, " : ", not active, ",
	                       thing->instance ? instance_use(thing->instance) : "no instance",
	                       !definition             ? "not defined"
	                       : definition->error     ? definition->error
	                       : definition->autostart ? "defined, started at boot"
	                                               : "defined, started by hand");
}

static void acts_draw(View *view, Surface *surface)
{
	Acts *page = (Acts *)view;
	Thing thing = thing_find(page->ui, &page->name);
	g_autofree char *title = g_strdup_printf("%s on %s", page->name.id, thing.label);
	g_autofree char *state = state_words(&thing);
	int n = (int)G_N_ELEMENTS(acts);
	Rect in = dialog_frame(surface, MIN(surface_width(surface) - 2, 76), n + 4, title);
	surface_put(surface, in.x, in.y, in.w, ROLE_HEADING, state);
	list_fit(&page->list, n, in.h - 2);
	for (int i = 0; i < page->list.rows && page->list.top + i < n; i++) {
		Rect line = { in.x, in.y + 2 + i, in.w, 1 };
		draw_act(page, surface, line, &acts[page->list.top + i], &thing);
	}
}

static bool acts_action(View *view, ActionId id)
{
	Acts *page = (Acts *)view;
	for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
		if (acts[i].id != id)
			continue;
		page->list.selected = (int)i;
		act(page->ui, &page->name, &acts[i], view);
		return true;
	}
	if (id != ACTION_ACCEPT)
		return list_move(&page->list, id, NULL, NULL);
	act(page->ui, &page->name, &acts[page->list.selected], view);
	return true;
}

static void acts_free(View *view)
{
	Acts *page = (Acts *)view;
	thing_name_clear(&page->name);
	g_free(page);
}

static const ViewOps ops = {
	.context = CONTEXT_ACTS,
	.title = "what can be done",
	.draw = acts_draw,
	.action = acts_action,
	.free = acts_free,
};

/* ---- opening ------------------------------------------------------------------------------ */

/* A card's functions, or one of them: all that there is to do is to give it a type. */
static bool open_function(Ui *ui, int host, const PairRow *row, PairSide side)
{
	const Instance *instance = row->instance[side];
	const Card *card = row->card[side];
	bool is_function = instance && instance->kind == INSTANCE_NVIDIA_VF;
	if (!is_function && (row->kind != ROW_CARD || !card || card->functions->len == 0))
		return false;
	vf_type_wizard(ui, host, card ? card->name : NULL, is_function ? instance->id : NULL);
	return true;
}

void acts_open(Ui *ui, int host, const PairRow *row, PairSide side, ActionId id)
{
	const char *thing = pair_row_id(row, side);
	if (open_function(ui, host, row, side))
		return;
	if (!thing || id == ACTION_VGPU_TYPE) {
		ui_say(ui, ROLE_WARNING, "Select an instance, a definition or a card's function.");
		return;
	}
	const char *parent = row->definition[side] ? row->definition[side]->parent
	                                           : row->instance[side]->parent_name;
	ThingName name = thing_name(host, thing, parent);
	for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
		if (acts[i].id != id)
			continue;
		act(ui, &name, &acts[i], NULL);
		thing_name_clear(&name);
		return;
	}
	Acts *page = g_new0(Acts, 1);
	*page = (Acts){ .base.ops = &ops, .ui = ui, .name = name };
	ui_push(ui, &page->base);
}
