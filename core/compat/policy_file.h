// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A policy from a configuration file. */

#include "core/compat/policy.h"

/*
 * Takes the section [compat] of an INI file into `policy`; other sections are not looked at. False
 * with an error that names file and line (or the file, where it cannot be read).
 */
bool policy_load(CompatPolicy *policy, const char *filename, GError **error);
