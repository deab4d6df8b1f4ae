// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/text_view.h"

#include "tui/widgets/dialog.h"

typedef struct {
	View base;
	Ui *ui;
	char *title;
	Viewer *viewer;
	TextFill fill;
	void *data;
	GDestroyNotify free_data;
} TextView;

static void text_draw(View *view, Surface *surface)
{
	TextView *text = (TextView *)view;
	Rect in =
		dialog_frame(surface, surface_width(surface), surface_height(surface), text->title);
	viewer_draw(text->viewer, surface, in, true);
}

static bool text_action(View *view, ActionId id)
{
	TextView *text = (TextView *)view;
	if (id == ACTION_COPY) {
		g_autofree char *all = viewer_text(text->viewer);
		ui_copy(text->ui, all);
		return true;
	}
	if (id == ACTION_ACCEPT) {
		view->done = true;
		return true;
	}
	return viewer_action(text->viewer, id);
}

static void text_update(View *view)
{
	TextView *text = (TextView *)view;
	viewer_clear(text->viewer);
	text->fill(text->viewer, text->ui, text->data);
}

static void text_free(View *view)
{
	TextView *text = (TextView *)view;
	if (text->free_data)
		text->free_data(text->data);
	viewer_free(text->viewer);
	g_free(text->title);
	g_free(text);
}

static const ViewOps ops = {
	.context = CONTEXT_TEXT,
	.title = "text",
	.draw = text_draw,
	.action = text_action,
	.update = text_update,
	.free = text_free,
};

void text_view_open(Ui *ui, const char *title, TextFill fill, void *data, GDestroyNotify free_data,
                    bool at_end)
{
	TextView *text = g_new0(TextView, 1);
	*text = (TextView){ .base.ops = &ops,
		            .ui = ui,
		            .title = g_strdup(title),
		            .fill = fill,
		            .data = data,
		            .free_data = free_data,
		            .viewer = viewer_new() };
	text_update(&text->base);
	if (at_end)
		viewer_to_end(text->viewer);
	ui_push(ui, &text->base);
}
