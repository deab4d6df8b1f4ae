// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Operands that name one thing of a host: HOST/UUID, or HOST/PARENT/UUID. */

#include "cli/gather.h"

typedef struct {
	const char *target; /* as typed */
	HostAddress *host;
	char *parent; /* of HOST/PARENT/UUID, or NULL */
	char *uuid;   /* or the beginning of one; lower case */
} Item;

/* NULL for what is malformed (reported). */
Item *item_parse(Cli *cli, const char *operand);
void item_free(Item *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Item, item_free)

/* All of them (Item *), or NULL if one is malformed: then nothing is done at all. */
GPtrArray *items_parse(Cli *cli, char **operands);

/* Hosts to read: each once, in the order named, without those that must not be written to. */
GPtrArray *items_hosts(const Cli *cli, const GPtrArray *items);
/* Reports those of the others. */
void items_refuse(Cli *cli, const GPtrArray *items, GArray *statuses);
