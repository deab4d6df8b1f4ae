// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/remove.h"

#include "tui/views/pair_model.h"
#include "tui/wizards/refusal.h"
#include "tui/wizards/review.h"

static void append_users(GString *text, const Instance *instance)
{
	for (guint i = 0; instance->users && i < instance->users->len; i++) {
		const InstanceUser *user = &g_array_index(instance->users, InstanceUser, i);
		g_string_append_printf(text, "\n  used by pid %" G_GINT64_FORMAT "%s%s", user->pid,
		                       user->vm ? ", guest " : "", user->vm ? user->vm : "");
	}
}

/* What it is, who uses it, whether it is defined. */
static char *describe(const Instance *instance, const char *label)
{
	GString *text = g_string_new(NULL);
	g_string_append_printf(text, "%s on %s, parent %s, is %s.", instance->id, label,
	                       instance->parent_name ? instance->parent_name : "unknown",
	                       instance_use(instance));
	if (instance->in_use_why)
		g_string_append_printf(text, "\n  %s", instance->in_use_why);
	append_users(text, instance);
	g_string_append(text,
	                instance->defined
	                        ? "\nIt is defined: its definition stays, and can start it again."
	                        : "\nIt is not defined: removed, it is gone.");
	return g_string_free(text, FALSE);
}

void remove_wizard(Ui *ui, int host, const Instance *instance)
{
	const HostView *view = snapshot_host(ui->hosts, host);
	g_autofree char *refusal = ui_refusal(ui, host);
	if (refusal) {
		ui_say(ui, ROLE_WARNING, "%s", refusal);
		return;
	}
	const char *label = view->address->label;
	const char *const ids[] = { instance->id, NULL };
	g_autofree char *what = describe(instance, label);
	g_autoptr(Problem) problem = NULL;
	Status status = STATUS_DONE;
	Plan *plan = plan_remove(view->inventory, label, ids, false, false, &status, &problem);
	if (plan)
		review_open(ui, host, plan, what, NULL);
	else
		refusal_open(ui, "It cannot be removed", problem, what);
}
