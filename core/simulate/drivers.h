// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Cards that profiles are put together from. */

#include "core/simulate/profile.h"

extern const SimCard sim_card_mtty, sim_card_mdpy, sim_card_mbochs;                 /* samples */
extern const SimCard sim_card_a40_first, sim_card_a40_second, sim_card_a40_without; /* mdev */
extern const SimCard sim_card_l40s_first, sim_card_l40s_second;                     /* vendor */
extern const SimCard sim_card_gvt;
extern const SimCard sim_card_matrix, sim_card_subchannel;
