// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/pair_private.h"

/* What stands there while nothing was said: what is wrong with what is shown, else a promise. */
static char *standing_message(const PairView *pair, Role *role)
{
	*role = ROLE_WARNING;
	for (int s = 0; s < SIDE_COUNT; s++) {
		const HostView *host = pair_host(pair, (PairSide)s);
		if (host && host->state == HOST_STALE)
			return g_strdup_printf("%s does not answer for %d s: %s",
			                       host->address->label,
			                       (int)(host->silent_us / G_USEC_PER_SEC),
			                       host->error ? host->error : "what is shown is old");
	}
	for (int s = 0; s < SIDE_COUNT; s++) {
		const HostView *host = pair_host(pair, (PairSide)s);
		if (host && host->inventory && host->inventory->errors->len)
			return g_strdup_printf("%s: %u unreadable (F3 or 6)", host->address->label,
			                       host->inventory->errors->len);
	}
	*role = ROLE_NORMAL;
	for (int s = 0; s < SIDE_COUNT; s++) {
		const HostView *host = pair_host(pair, (PairSide)s);
		if (host && host->inventory && host->inventory->instances->len &&
		    host->inventory->notes[0])
			return g_strdup_printf("%s: %s", host->address->label,
			                       host->inventory->notes[0]);
	}
	return g_strdup("Nothing changes before you press Apply.");
}

void pair_draw_message(const PairView *pair, Surface *surface, Rect area)
{
	int x = area.x + 1, right = area.x + area.w - 1;
	if (pair->filtering) {
		x += surface_put(surface, x, area.y, -1, ROLE_HEADING, "Filter: ");
		int w = MAX((right - x) / 2, 8);
		prompt_draw(&pair->filter, surface, x, area.y, w, true);
		surface_putf(surface, x + w + 2, area.y, right - x - w - 2, ROLE_NORMAL,
		             "%u of %u match", pair->model->matches, pair->model->things);
		return;
	}
	if (pair->ui->message) {
		surface_put(surface, x, area.y, right - x, pair->ui->message_role,
		            pair->ui->message);
		return;
	}
	if (pair->filter.len) {
		surface_putf(surface, x, area.y, right - x, ROLE_HEADING,
		             "Filter: %s   %u of %u match   Esc clears", pair->filter.text,
		             pair->model->matches, pair->model->things);
		return;
	}
	Role role;
	g_autofree char *text = standing_message(pair, &role);
	surface_put(surface, x, area.y, right - x, role, text);
}
