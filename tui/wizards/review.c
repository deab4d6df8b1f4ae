// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/review.h"

#include <string.h>

#include "tui/widgets/dialog.h"
#include "tui/widgets/prompt.h"
#include "tui/widgets/viewer.h"

typedef enum { REVIEW_ASK, REVIEW_RUNNING, REVIEW_DONE } ReviewState;

typedef struct {
	View base;
	Ui *ui;
	int host;
	Plan *plan; /* until it is applied */
	Plan *back; /* what takes it back, once it is done; or NULL */
	guint64 request;
	View *opener;
	ReviewState state;
	Viewer *viewer;
	Buttons buttons;
	Prompt name; /* of a protected host */
	bool protect;
	bool applied;
	ReviewAfter after; /* or NULL */
	void *data;        /* its own */
	GDestroyNotify free_data;
} Review;

enum { BUTTON_CANCEL, BUTTON_COPY, BUTTON_APPLY };
enum { BUTTON_CLOSE, BUTTON_UNDO };
static const char *const ask_labels[] = { "Cancel", "Copy as commands", "Apply", NULL };
static const char *const close_labels[] = { "Close", NULL };
static const char *const undo_labels[] = { "Close", "Undo", NULL };

/* ---- text --------------------------------------------------------------------------------- */

/* What is done to the host, exactly: a command, a write, or a whole file. */
static void add_deed(Viewer *viewer, const Step *step)
{
	if (step->argv) {
		g_autofree char *command = step_command(step);
		viewer_addf(viewer, ROLE_NORMAL, 6, "   run on %s: %s", step->host, command);
	} else if (!step->value) {
		viewer_addf(viewer, ROLE_NORMAL, 6, "   remove %s on %s", step->path, step->host);
	} else if (!strchr(step->value, '\n')) {
		viewer_addf(viewer, ROLE_NORMAL, 6, "   write %s to %s on %s", step->value,
		            step->path, step->host);
	} else {
		g_auto(GStrv) lines = g_strsplit(step->value, "\n", -1);
		viewer_addf(viewer, ROLE_NORMAL, 6, "   write to %s on %s:", step->path,
		            step->host);
		for (char **line = lines; *line; line++)
			if (**line)
				viewer_addf(viewer, ROLE_DIM, 8, "     %s", *line);
	}
}

static void add_step(Viewer *viewer, guint n, const Step *step)
{
	viewer_addf(viewer, ROLE_HEADING, 4, "%u. %s", n, step->text);
	add_deed(viewer, step);
	for (char **p = step->preconditions; p && *p; p++)
		viewer_addf(viewer, ROLE_NORMAL, 6, "   before: %s", *p);
	if (step->undo)
		viewer_addf(viewer, ROLE_NORMAL, 6, "   undo:   %s", step->undo->text);
}

static void fill(Review *review, const char *intro)
{
	const Plan *plan = review->plan;
	viewer_add(review->viewer, ROLE_TITLE, 0, plan->purpose);
	if (intro)
		viewer_add(review->viewer, ROLE_NORMAL, 2, intro);
	viewer_add(review->viewer, ROLE_NORMAL, 0, "");
	for (guint i = 0; i < plan->steps->len; i++)
		add_step(review->viewer, i + 1, g_ptr_array_index(plan->steps, i));
}

static void show_results(Review *review, const FleetReply *reply)
{
	Viewer *viewer = review->viewer;
	viewer_clear(viewer);
	viewer_add(viewer, ROLE_TITLE, 0, reply->plan->purpose);
	viewer_add(viewer, ROLE_NORMAL, 0, "");
	for (guint i = 0; i < reply->results->len; i++) {
		const StepResult *result = g_ptr_array_index(reply->results, i);
		viewer_addf(viewer, result->ok ? ROLE_READY : ROLE_ERROR, 8, "%-8s%s",
		            !result->ok       ? "failed"
		            : result->changed ? "done"
		                              : "as it was",
		            result->text);
		if (result->problem && result->problem->hint)
			viewer_addf(viewer, ROLE_NORMAL, 8, "        %s", result->problem->hint);
	}
	if (reply->problem) {
		viewer_addf(viewer, ROLE_ERROR, 8, "nothing was done: %s", reply->problem->text);
		if (reply->problem->hint)
			viewer_addf(viewer, ROLE_NORMAL, 8, "        %s", reply->problem->hint);
	}
}

static void copy_commands(Review *review)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < review->plan->steps->len; i++) {
		g_autofree char *command = step_command(g_ptr_array_index(review->plan->steps, i));
		g_string_append_printf(text, "%s\n", command);
	}
	ui_copy(review->ui, text->str);
}

/* ---- behaviour ---------------------------------------------------------------------------- */

static const char *label_of(const Review *review)
{
	return snapshot_host(review->ui->hosts, review->host)->address->label;
}

static void apply(Review *review)
{
	/* The host may have gone silent, or turned out to be another, since the page was opened. */
	g_autofree char *refusal = ui_refusal(review->ui, review->host);
	if (refusal) {
		ui_say(review->ui, ROLE_ERROR, "%s", refusal);
		return;
	}
	if (review->protect && strcmp(review->name.text, label_of(review)) != 0) {
		ui_say(review->ui, ROLE_WARNING,
		       "This host is protected: type its name, %s, to apply.", label_of(review));
		return;
	}
	review->request =
		fleet_run(review->ui->fleet, (guint)review->host, g_steal_pointer(&review->plan));
	review->state = REVIEW_RUNNING;
	review->applied = true;
	review->buttons = (Buttons){ close_labels, 0 };
}

/* The page asks again, this time for what takes the plan back. */
static void ask_back(Review *review)
{
	review->plan = g_steal_pointer(&review->back);
	review->state = REVIEW_ASK;
	review->buttons = (Buttons){ ask_labels, BUTTON_CANCEL };
	prompt_wipe(&review->name);
	viewer_clear(review->viewer);
	fill(review, NULL);
}

static void close_page(Review *review)
{
	review->base.done = true;
	if (review->applied && review->opener)
		review->opener->done = true;
}

static void press(Review *review)
{
	if (review->back && review->buttons.selected == BUTTON_UNDO)
		ask_back(review);
	else if (review->state != REVIEW_ASK || review->buttons.selected == BUTTON_CANCEL)
		close_page(review);
	else if (review->buttons.selected == BUTTON_COPY)
		copy_commands(review);
	else
		apply(review);
}

static void review_draw(View *view, Surface *surface)
{
	static const char *const titles[] = { "Review: nothing has changed yet", "Applying",
		                              "What came of it" };
	Review *review = (Review *)view;
	Rect in = dialog_frame(surface, MIN(surface_width(surface) - 2, 110),
	                       surface_height(surface) - 4, titles[review->state]);
	bool ask_name = review->protect && review->state == REVIEW_ASK;
	int bottom = in.y + in.h - 1;
	Rect text = { in.x, in.y, in.w, in.h - (ask_name ? 3 : 2) };
	viewer_draw(review->viewer, surface, text, false);
	if (review->state == REVIEW_RUNNING)
		surface_putf(surface, in.x, bottom - 1, in.w, ROLE_ACTION, "Waiting for %s ...",
		             label_of(review));
	buttons_draw(&review->buttons, surface, in.x, bottom, in.w, true);
	if (ask_name) {
		int n = surface_put(surface, in.x, bottom - 1, in.w, ROLE_WARNING,
		                    "Protected host. Its name, to apply: ");
		prompt_draw(&review->name, surface, in.x + n, bottom - 1, in.w - n, true);
	}
}

static bool review_key(View *view, Key key)
{
	Review *review = (Review *)view;
	/* The arrows belong to the buttons, so the field takes characters and Backspace only. */
	if (!review->protect || review->state != REVIEW_ASK ||
	    (!key_is_text(key) && key != KEYCODE_BACKSPACE))
		return false;
	return prompt_key(&review->name, key);
}

static bool review_action(View *view, ActionId id)
{
	Review *review = (Review *)view;
	switch (id) {
	case ACTION_ACCEPT:
		press(review);
		return true;
	case ACTION_COPY:
		if (review->plan)
			copy_commands(review);
		return true;
	case ACTION_BACK:
	case ACTION_QUIT:
	case ACTION_INTERRUPT:
		close_page(review);
		return true;
	default:
		break;
	}
	return buttons_move(&review->buttons, id) || viewer_action(review->viewer, id);
}

static bool review_reply(View *view, const FleetReply *reply)
{
	Review *review = (Review *)view;
	if (review->state != REVIEW_RUNNING || reply->id != review->request)
		return false;
	review->state = REVIEW_DONE;
	show_results(review, reply);
	if (review->after)
		review->after(reply, review->data);
	review->after = NULL; /* an undo is another plan */
	review->back = plan_undo(reply->plan, reply->results);
	if (review->back->steps->len > 0)
		review->buttons = (Buttons){ undo_labels, BUTTON_CLOSE };
	else
		g_clear_pointer(&review->back, plan_free);
	return true;
}

static void review_free(View *view)
{
	Review *review = (Review *)view;
	plan_free(review->plan);
	plan_free(review->back);
	if (review->free_data)
		review->free_data(review->data);
	viewer_free(review->viewer);
	g_free(review);
}

static const ViewOps ops = {
	.context = CONTEXT_TEXT,
	.title = "the review page",
	.draw = review_draw,
	.key = review_key,
	.action = review_action,
	.reply = review_reply,
	.free = review_free,
};

static Review *review_new(Ui *ui, int host, Plan *plan, const char *intro, View *opener)
{
	Review *review = g_new0(Review, 1);
	*review = (Review){ .base.ops = &ops,
		            .ui = ui,
		            .host = host,
		            .plan = plan,
		            .opener = opener,
		            .viewer = viewer_new(),
		            .buttons = { ask_labels, BUTTON_CANCEL } };
	review->protect = snapshot_host(ui->hosts, host)->address->protect;
	fill(review, intro);
	ui_push(ui, &review->base);
	return review;
}

void review_open(Ui *ui, int host, Plan *plan, const char *intro, View *opener)
{
	review_new(ui, host, plan, intro, opener);
}

void review_open_then(Ui *ui, int host, Plan *plan, const char *intro, View *opener,
                      ReviewAfter after, void *data, GDestroyNotify free_data)
{
	Review *review = review_new(ui, host, plan, intro, opener);
	review->after = after;
	review->data = data;
	review->free_data = free_data;
}
