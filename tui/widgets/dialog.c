// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/widgets/dialog.h"

#include "tui/layout.h"
#include "tui/widgets/viewer.h"

Rect dialog_frame(Surface *surface, int w, int h, const char *title)
{
	Rect screen = surface_area(surface);
	screen.h -= 2; /* the message and the footer stay in sight */
	Rect box = layout_center(screen, w, h);
	surface_fill(surface, box, ' ', ROLE_NORMAL);
	surface_box(surface, box, ROLE_BORDER_FOCUS);
	int n = surface_put(surface, box.x + 2, box.y, box.w - 5, ROLE_TITLE, title);
	surface_put(surface, box.x + 1, box.y, 1, ROLE_TITLE, " ");
	surface_put(surface, box.x + 2 + n, box.y, 1, ROLE_TITLE, " ");
	Rect inside = layout_inside(box);
	return (Rect){ inside.x + 1, inside.y, MAX(inside.w - 2, 0), inside.h };
}

void buttons_draw(const Buttons *buttons, Surface *surface, int x, int y, int w, bool focused)
{
	int right = x + w;
	for (int i = 0; buttons->labels[i]; i++) {
		bool here = focused && i == buttons->selected;
		g_autofree char *text = g_strdup_printf("[ %s ]", buttons->labels[i]);
		if (here)
			surface_set_cursor(surface, x, y);
		x += surface_put(surface, x, y, right - x, here ? ROLE_BUTTON_FOCUS : ROLE_BUTTON,
		                 text);
		x += 2;
	}
}

bool buttons_move(Buttons *buttons, ActionId id)
{
	int n = 0, delta;
	while (buttons->labels[n])
		n++;
	if (id == ACTION_RIGHT || id == ACTION_NEXT)
		delta = 1;
	else if (id == ACTION_LEFT || id == ACTION_PREVIOUS)
		delta = n - 1;
	else
		return false;
	if (n == 0)
		return false;
	buttons->selected = (buttons->selected + delta) % n;
	return true;
}

int text_wrapped(Surface *surface, Rect area, Role role, const char *text)
{
	g_autoptr(GPtrArray) lines = text_wrap(text, area.w);
	int used = MIN((int)lines->len, area.h);
	for (int i = 0; i < used; i++)
		surface_put(surface, area.x, area.y + i, area.w, role, g_ptr_array_index(lines, i));
	return used;
}
