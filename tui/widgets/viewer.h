// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Text to read: lines with roles, wrapped to the width, scrolled by the MOVE actions. UI thread. */

#include "tui/actions.h"
#include "tui/surface.h"

typedef struct Viewer Viewer;

Viewer *viewer_new(void);
void viewer_free(Viewer *viewer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Viewer, viewer_free)

/* Takes all lines away; the place one has scrolled to stays. */
void viewer_clear(Viewer *viewer);
/* Adds a line (newlines in it begin new ones); what wraps is indented by `indent` columns. */
void viewer_add(Viewer *viewer, Role role, int indent, const char *text);
void viewer_addf(Viewer *viewer, Role role, int indent, const char *format, ...)
	G_GNUC_PRINTF(4, 5);
/* "name   value" with the value at column 17; NULL values are left out. */
void viewer_field(Viewer *viewer, const char *name, const char *value);
/* Draws what fits, and where more is. With `cursor` the hardware cursor stands on the first line.
 */
void viewer_draw(Viewer *viewer, Surface *surface, Rect area, bool cursor);
bool viewer_action(Viewer *viewer, ActionId id);
/* All lines as text, unwrapped. New. */
char *viewer_text(const Viewer *viewer);
guint viewer_count(const Viewer *viewer);
void viewer_to_end(Viewer *viewer);

/* Breaks text at blanks (or anywhere, where a word is too long) and at newlines. char * array. */
GPtrArray *text_wrap(const char *text, int columns);
