// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Pairs of hosts for tests of rules: a world of two hosts, a and b, made of facts, and edits of it.
 * An edit is a line "HOST KIND PATH REST"; HOST is a, b or + for both; KIND is
 *   v PATH VALUE   l PATH TARGET   n PATH NAMES   x PATH (absent)   e PATH ERRNO (fails)
 *   m KEY VALUE (a note)           j TYPE (an idle instance of that type: $J)
 * In paths $P is the parent, $T its type that the source has, $M its module, $I the source's
 * instance, $J the target's, $D and $E their folders in debugfs, $S the folder of services, $V that
 * of a function under vendor VFIO; $t, $p,
 * $w, $u and $j are the bare names of type, parent, source and target.
 */

#include "core/compat/verdict.h"

#define SOURCE_UUID "11111111-1111-4111-8111-111111111111"
#define TARGET_UUID "22222222-2222-4222-8222-222222222222"

typedef enum { WORLD_MTTY, WORLD_NVIDIA, WORLD_AP, WORLD_GVT, WORLD_STRANGE } WorldKind;

typedef struct {
	Inventory *a, *b;
	const Instance *source; /* on a */
	const Type *type;       /* that type on a, or NULL */
} World;

/* `edits` may be NULL; lines end with a newline or the text. */
World *world_new(WorldKind kind, const char *edits);
void world_free(World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

/* A text with its $words replaced. New. */
char *world_text(WorldKind kind, const char *text);

/* The question of the world's source about b. */
CompatQuestion world_question(const World *world);
/* OursFunc: everything is ours. */
bool world_is_ours(const Side *side, const Instance *instance, void *data);
