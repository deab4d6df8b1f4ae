// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/refusal.h"

#include "tui/views/text_view.h"

static void fill(Viewer *viewer, Ui *ui, void *data)
{
	(void)ui;
	char **parts = data;
	viewer_add(viewer, ROLE_ERROR, 2, parts[0]);
	if (*parts[1])
		viewer_add(viewer, ROLE_NORMAL, 2, parts[1]);
	viewer_add(viewer, ROLE_NORMAL, 0, "");
	viewer_add(viewer, ROLE_NORMAL, 2, parts[2]);
}

void refusal_open(Ui *ui, const char *title, const Problem *problem, const char *what)
{
	const char *const parts[] = { problem->text, problem->hint ? problem->hint : "",
		                      what ? what : "", NULL };
	log_problem(ui->log, problem);
	text_view_open(ui, title, fill, g_strdupv((char **)parts), (GDestroyNotify)g_strfreev,
	               false);
}
