// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/add_host.h"

#include "tui/widgets/dialog.h"
#include "tui/widgets/prompt.h"

typedef struct {
	View base;
	Ui *ui;
	Prompt address;
	char *problem;
} AddHost;

bool add_host_now(Ui *ui, const char *text, char **problem)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *stripped = g_strstrip(g_strdup(text));
	g_autoptr(HostAddress) address = host_address_parse(stripped, &error);
	if (!address) {
		*problem = g_strdup(error->message);
		return false;
	}
	if (fleet_find(ui->fleet, address->label) >= 0) {
		*problem = g_strdup_printf("There is a host %s already; LABEL=%s gives it another "
		                           "name.",
		                           address->label, address->address);
		return false;
	}
	ui_say(ui, ROLE_NORMAL, "Added %s.", address->label);
	fleet_add(ui->fleet, g_steal_pointer(&address));
	return true;
}

static void add_draw(View *view, Surface *surface)
{
	AddHost *add = (AddHost *)view;
	Rect in = dialog_frame(surface, MIN(surface_width(surface) - 2, 72), 8, "Add a host");
	int n = surface_put(surface, in.x, in.y, in.w, ROLE_HEADING, "Address: ");
	text_wrapped(surface, (Rect){ in.x, in.y + 2, in.w, in.h - 2 },
	             add->problem ? ROLE_ERROR : ROLE_NORMAL,
	             add->problem ? add->problem
	                          : "NAME, user@NAME or ssh://user@NAME:PORT as ssh takes it; "
	                            "recorded:FILE, local. LABEL= before it names it. It is "
	                            "there until the console ends.");
	prompt_draw(&add->address, surface, in.x + n, in.y, in.w - n, true);
}

static bool add_key(View *view, Key key)
{
	AddHost *add = (AddHost *)view;
	if (!prompt_key(&add->address, key))
		return false;
	g_clear_pointer(&add->problem, g_free);
	return true;
}

static bool add_action(View *view, ActionId id)
{
	AddHost *add = (AddHost *)view;
	if (id != ACTION_ACCEPT)
		return false;
	g_clear_pointer(&add->problem, g_free);
	view->done = add_host_now(add->ui, add->address.text, &add->problem);
	return true;
}

static void add_free(View *view)
{
	AddHost *add = (AddHost *)view;
	g_free(add->problem);
	g_free(add);
}

static const ViewOps ops = {
	.context = CONTEXT_MOVE,
	.title = "adding a host",
	.draw = add_draw,
	.key = add_key,
	.action = add_action,
	.free = add_free,
};

void add_host_open(Ui *ui)
{
	AddHost *add = g_new0(AddHost, 1);
	*add = (AddHost){ .base.ops = &ops, .ui = ui };
	ui_push(ui, &add->base);
}
