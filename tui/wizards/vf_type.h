// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* The vGPU type of a function of NVIDIA's vendor VFIO: set or cleared. UI thread. */

#include "tui/view.h"

/* Opens the page for a function, or for those of a card; either may be NULL, not both. */
void vf_type_wizard(Ui *ui, int host, const char *card_name, const char *function);
