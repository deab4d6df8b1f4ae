// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* How hosts and things are named on the command line (contract.md, "Naming hosts" and below). */

#include "cli/cli.h"

/*
 * Reads --host, --hosts, --group and --root into cli->hosts. On failure the error is reported and
 * its status returned.
 */
Status naming_load(Cli *cli);

/*
 * The host that `text` names: a label of cli->hosts, or an address, which joins cli->hosts. NULL
 * when it is neither; that is reported.
 */
HostAddress *naming_host(Cli *cli, const char *text);

/* Adds to `hosts` what the operands name; without operands all named hosts; else this machine. */
Status naming_hosts(Cli *cli, GPtrArray *hosts);

/*
 * Splits HOST/REST at the first '/': `*rest` points into `operand` behind it, or is NULL. Returns
 * the host, or NULL (reported).
 */
HostAddress *naming_split(Cli *cli, const char *operand, const char **rest);

/* True for 36 characters of a uuid. */
bool naming_is_uuid(const char *text);
/* True for a uuid or the beginning of one: hexadecimal digits, and dashes where they belong. */
bool naming_is_uuid_prefix(const char *text);
