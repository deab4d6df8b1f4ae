// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/help.h"

#include "core/compat/verdict.h"
#include "tui/views/text_view.h"

typedef struct {
	Context context;
	const char *title;
} Place;

static void add_context(Viewer *viewer, const Ui *ui, Context context)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const Action *action = action_get((ActionId)i);
		if (action->context == context)
			viewer_addf(viewer, ROLE_NORMAL, 18, "%c %-16s%s",
			            action->changes ? '*' : ' ',
			            keymap_keys(ui->keymap, (ActionId)i), action->help);
	}
}

/* Its own keys first, then those that it shares with other places. */
static void add_place(Viewer *viewer, const Ui *ui, const Place *place)
{
	viewer_addf(viewer, ROLE_HEADING, 0, "Keys of %s", place->title);
	for (int c = CONTEXT_COUNT - 1; c > CONTEXT_MOVE; c--) {
		if (context_hears(place->context, (Context)c))
			add_context(viewer, ui, (Context)c);
	}
	viewer_add(viewer, ROLE_NORMAL, 0, "");
}

static void add_section(Viewer *viewer, const Ui *ui, Context context, const char *heading)
{
	viewer_add(viewer, ROLE_HEADING, 0, heading);
	add_context(viewer, ui, context);
	viewer_add(viewer, ROLE_NORMAL, 0, "");
}

static void add_signs(Viewer *viewer, bool ascii)
{
	static const struct {
		VerdictKind kind;
		const char *means;
	} signs[] = {
		{ VERDICT_READY, "READY: no known obstacle" },
		{ VERDICT_ACTION, "READY AFTER n STEPS: what is missing can be made" },
		{ VERDICT_BLOCKED, "BLOCKED NOW: by something that can change" },
		{ VERDICT_INCOMPATIBLE, "CANNOT: these do not fit" },
		{ VERDICT_UNKNOWN, "CANNOT TELL: something could not be read" },
	};
	viewer_add(viewer, ROLE_HEADING, 0, "Signs");
	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
		viewer_addf(viewer, ROLE_NORMAL, 18, "  %-16s%s",
		            verdict_sign(signs[i].kind, ascii), signs[i].means);
	viewer_addf(viewer, ROLE_NORMAL, 18, "  %-16s%s", ascii ? "* o ?" : "● ○ ?",
	            "an instance in use, idle, or not known to be either");
	viewer_add(viewer, ROLE_NORMAL, 18,
	           "  A to D          assurance: how much speaks for a verdict (A most)");
}

static void fill(Viewer *viewer, Ui *ui, void *data)
{
	const Place *place = data;
	if (place->context > CONTEXT_MOVE)
		add_place(viewer, ui, place);
	if (place->context == CONTEXT_PAIR)
		viewer_add(
			viewer, ROLE_NORMAL, 0,
			"* opens a review page: nothing changes before Apply is pressed there.\n");
	add_section(viewer, ui, CONTEXT_MOVE, "Moving");
	add_section(viewer, ui, CONTEXT_ALL, "Everywhere");
	add_signs(viewer, ui->ascii);
}

void help_open(Ui *ui, Context context, const char *title)
{
	Place *place = g_new(Place, 1);
	*place = (Place){ context, title };
	text_view_open(ui, "Help", fill, place, g_free, false);
}
