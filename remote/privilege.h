// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Root on a host where another user logs in: by sudo or doas without a password ("n", the default),
 * by sudo with one that is asked for once ("ask"), or not at all ("no").
 */

#include "core/backend.h"
#include "core/hosts.h"
#include "remote/probe.h"
#include "remote/secret.h"

typedef struct {
	Secret *password; /* once given, until it proves wrong */
	bool declined;    /* nobody gave one: not asked again */
	char *tool;       /* "sudo", "doas": what made us root; NULL: nothing did */
	char *trouble;    /* why not, where the operator should know; or NULL */
} Privilege;

void privilege_clear(Privilege *privilege);

/*
 * Makes the probe root if the host's settings say so and it is not. False and BACKEND_ERROR_*: the
 * line must be opened anew; where the password was not given (_AUTH) it is not asked for again.
 */
bool privilege_take(Privilege *privilege, Probe *probe, const HostAddress *address,
                    const BackendOptions *options, int deadline_ms, GCancellable *cancel,
                    GError **error);
