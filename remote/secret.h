// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A password that is kept: in memory that is neither swapped nor dumped, nor given to children. */

typedef struct Secret Secret;

/* A copy of `text`; the caller wipes his. NULL where no such memory is to be had, or text is long.
 */
Secret *secret_new(const char *text);
/* A copy in ordinary memory, for the caller to wipe. */
char *secret_text(const Secret *secret);
/* Wipes and frees. Takes NULL. */
void secret_free(Secret *secret);
