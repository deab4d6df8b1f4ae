// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* An overlay with text to read: details, help and messages are made of it. UI thread. */

#include "tui/view.h"
#include "tui/widgets/viewer.h"

/* Fills an empty viewer; called again whenever the snapshot changes. */
typedef void (*TextFill)(Viewer *viewer, Ui *ui, void *data);

/*
 * Opens the overlay. `title` is copied; `data` is the filler's, freed with `free_data` (may be
 * NULL). With `at_end` it shows the last lines first.
 */
void text_view_open(Ui *ui, const char *title, TextFill fill, void *data, GDestroyNotify free_data,
                    bool at_end);
